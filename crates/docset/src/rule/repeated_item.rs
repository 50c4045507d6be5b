//! `repeated-item`: the same thing said twice in one list.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity, excerpt};

pub(super) static RULE: Rule = Rule {
    id: "repeated-item",
    summary: "a list that names something twice",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/repeated-item.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root() else { return };
    for entry in root.entries() {
        let mut seen: Vec<&str> = Vec::new();
        for item in entry.value.items() {
            let Some(text) = item.as_str() else { continue };
            if seen.contains(&text) {
                findings.push(
                    Finding::new(item.span(), format!("`{}` is in the list twice", excerpt(text)))
                        .help("name it once"),
                );
            } else if seen.len() < MOST {
                seen.push(text);
            }
        }
    }
}

/// Comparing each with each is quick only for lists that a person wrote.
const MOST: usize = 200;
