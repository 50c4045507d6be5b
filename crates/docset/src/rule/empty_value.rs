//! `empty-value`: a required key that says nothing.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "empty-value",
    summary: "a required key without a value",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/empty-value.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root() else { return };
    // As in `missing-key`: without a known type, what every type needs.
    let required: Vec<&str> = match context.kind {
        Some(kind) => kind.required.iter().map(String::as_str).collect(),
        None => context.catalogue().required_by_all().collect(),
    };
    for entry in root.entries() {
        let Some(name) = entry.key.as_str() else {
            continue;
        };
        if entry.value.is_blank() && required.contains(&name) {
            findings.push(
                Finding::new(entry.key.span(), format!("`{name}` has no value"))
                    .help("give it one; the document needs it"),
            );
        }
    }
}
