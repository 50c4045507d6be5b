//! `missing-approval-digest`: an approval that is bound to no text.

use super::{Check, DocumentContext, Rule};
use crate::catalogue::Phase;
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "missing-approval-digest",
    summary: "an approval that is not bound to the content",
    severity: Severity::Note,
    page: include_str!("../../../../docs/rules/missing-approval-digest.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(approvals) = context.root().and_then(|root| root.get("approvals")) else { return };
    let Some(status) = approvals.get("status").filter(|node| node.as_str() == Some("approved"))
    else {
        return;
    };
    let over = matches!(context.phase(), Some(Phase::Replaced | Phase::Retired | Phase::Rejected));
    if !over && approvals.get("digest").is_none_or(|digest| digest.is_blank()) {
        findings.push(
            Finding::new(status.span(), "the approval has no digest of what was approved")
                .help("approve it again: an approval without a digest cannot show a later change"),
        );
    }
}
