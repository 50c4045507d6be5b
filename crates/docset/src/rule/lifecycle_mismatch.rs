//! `lifecycle-mismatch`: a status and an approval that contradict each other.

use super::{Check, DocumentContext, Rule};
use crate::catalogue::Phase;
use crate::diagnostic::{Finding, Severity, excerpt};

pub(super) static RULE: Rule = Rule {
    id: "lifecycle-mismatch",
    summary: "a status that the rest of the front matter contradicts",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/lifecycle-mismatch.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let (Some(root), Some(status)) = (context.root(), context.status()) else {
        return;
    };
    let Some(status_node) = root.get("status") else {
        return;
    };
    let needs_approval = context.kind.is_none_or(|kind| kind.approvals);
    let approval = root.get("approvals").and_then(|approvals| approvals.get("status"));
    let approval_text = approval.and_then(|node| node.as_str());
    let name = &status.name;
    let said = match (status.phase, approval_text) {
        (Phase::InForce, None) if needs_approval => {
            Some((format!("status is `{name}`, but no approval is recorded"), status_node))
        }
        (Phase::InForce, Some(other)) if other != "approved" && needs_approval => Some((
            format!("status is `{name}`, but the approval is `{}`", excerpt(other)),
            status_node,
        )),
        (Phase::Drafting | Phase::Review, Some("approved")) => {
            Some((format!("the approval is `approved`, but status is still `{name}`"), status_node))
        }
        (Phase::Rejected, Some("approved")) => {
            Some((format!("the approval is `approved`, but status is `{name}`"), status_node))
        }
        (Phase::InForce | Phase::Drafting | Phase::Review, _) => {
            let successor = root.get("superseded_by").filter(|node| !node.is_blank());
            successor.map(|node| {
                (format!("the document is superseded, but status is still `{name}`"), node)
            })
        }
        _ => None,
    };
    let Some((message, place)) = said else { return };
    let mut finding = Finding::new(place.span(), message)
        .help("let the owner's decision write both, or set them to what was decided");
    if let Some(approval) = approval.filter(|approval| approval.span() != place.span()) {
        finding = finding.related(None, approval.span(), "the approval stands here");
    }
    findings.push(finding);
}
