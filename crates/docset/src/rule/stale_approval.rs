//! `stale-approval`: an approval that is older than the text.

use super::{Check, DocumentContext, Rule};
use crate::catalogue::Phase;
use crate::diagnostic::{Finding, Severity};
use crate::document::Date;
use crate::yaml::Node;

pub(super) static RULE: Rule = Rule {
    id: "stale-approval",
    summary: "a document updated after its approval",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/stale-approval.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root() else { return };
    let Some(approvals) = root.get("approvals") else { return };
    let approved = approvals.get("status").and_then(|node| node.as_str()) == Some("approved");
    // A digest says for certain what dates only suggest.
    let digest = approvals.get("digest").is_some_and(|digest| !digest.is_blank());
    let over = matches!(context.phase(), Some(Phase::Replaced | Phase::Retired | Phase::Rejected));
    if !approved || digest || over {
        return;
    }
    let (Some(updated), Some(at)) = (root.get("updated_at"), approvals.get("approved_at")) else {
        return;
    };
    let date = |node: Node<'_, '_>| node.as_str().and_then(Date::parse);
    let (Some(updated_on), Some(approved_on)) = (date(updated), date(at)) else { return };
    if updated_on > approved_on {
        findings.push(
            Finding::new(
                updated.span(),
                format!("updated on {updated_on}, after the approval on {approved_on}"),
            )
            .related(None, at.span(), "approved here")
            .help("let the owner approve the present text"),
        );
    }
}
