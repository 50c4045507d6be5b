//! `approval-digest-mismatch`: an approval of another text than this one.

use super::{Check, DocumentContext, Rule};
use crate::catalogue::Phase;
use crate::diagnostic::{Finding, Severity};
use crate::front_matter::{Digest, content_digest, digestible};

pub(super) static RULE: Rule = Rule {
    id: "approval-digest-mismatch",
    summary: "content that changed since it was approved",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/approval-digest-mismatch.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(approvals) = context.root().and_then(|root| root.get("approvals")) else { return };
    let approved = approvals.get("status").and_then(|node| node.as_str()) == Some("approved");
    // What was replaced or retired needs no approval any more.
    let over = matches!(context.phase(), Some(Phase::Replaced | Phase::Retired | Phase::Rejected));
    if !approved || over {
        return;
    }
    let Some(node) = approvals.get("digest") else { return };
    let Some(Ok(recorded)) = node.as_str().map(str::parse::<Digest>) else { return };
    let front_matter = &context.document.front_matter;
    let actual = content_digest(context.text(), front_matter);
    if recorded != actual {
        findings.push(
            Finding::new(node.span(), "the document changed after it was approved")
                .label("digest of what was approved")
                .help(match digestible(front_matter) {
                    true => format!(
                        "the content is now {actual}: undo the change, or let the owner approve \
                         it again"
                    ),
                    false => "write front matter as one key per line and without aliases: in any \
                              other form the digest would cover itself"
                        .to_owned(),
                }),
        );
    }
}
