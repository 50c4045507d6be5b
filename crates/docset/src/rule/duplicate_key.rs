//! `duplicate-key`: one key, two meanings.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::span::Span;
use crate::yaml::Node;
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-key",
    summary: "a key that appears twice",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/duplicate-key.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root() else { return };
    look(root, findings);
}

fn look(node: Node<'_, '_>, findings: &mut Vec<Finding>) {
    let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
    for entry in node.entries() {
        let span = entry.key.span();
        let Some(key) = entry.key.as_str() else { continue };
        if let Some(first) = seen.insert(key, span) {
            findings.push(
                Finding::new(span, format!("the key `{}` appears twice", excerpt(key)))
                    .related(None, first, "first here")
                    .help("keep one of the two; readers disagree about which one counts"),
            );
        }
        if !entry.value.is_alias() {
            look(entry.value, findings);
        }
    }
    for item in node.items().filter(|item| !item.is_alias()) {
        look(item, findings);
    }
}
