//! `missing-successor`: a document replaced by nothing.

use super::{Check, DocumentContext, Rule};
use crate::catalogue::Phase;
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "missing-successor",
    summary: "a superseded document that names no successor",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/missing-successor.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root().filter(|_| context.phase() == Some(Phase::Replaced)) else {
        return;
    };
    if root.get("superseded_by").is_none_or(|node| node.is_blank()) {
        let Some(status) = root.get("status") else { return };
        findings.push(
            Finding::new(status.span(), "the document is superseded, but not by any document")
                .help("name the successor in `superseded_by`, or set another status"),
        );
    }
}
