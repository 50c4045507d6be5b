//! `incomplete-approval`: an approval that does not say whose it is.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "incomplete-approval",
    summary: "an approval without who, when or which request",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/incomplete-approval.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(approvals) = context.root().and_then(|root| root.get("approvals")) else { return };
    let Some(status) = approvals.get("status").filter(|node| node.as_str() == Some("approved"))
    else {
        return;
    };
    let missing: Vec<&str> = ["request_id", "approved_by", "approved_at"]
        .into_iter()
        .filter(|key| approvals.get(key).is_none_or(|value| value.is_blank()))
        .collect();
    if !missing.is_empty() {
        findings.push(
            Finding::new(
                status.span(),
                format!("the approval does not say `{}`", missing.join("`, `")),
            )
            .help("an approval counts only with the request, who approved it and the day"),
        );
    }
}
