//! `malformed-id`: an id that is none.

use super::left_over_placeholder::is_placeholder;
use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::document::is_id;

pub(super) static RULE: Rule = Rule {
    id: "malformed-id",
    summary: "an id that is not a prefix and a number",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/malformed-id.md"),
    options: &["patterns"],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(node) = context.root().and_then(|root| root.get("doc_id")) else {
        return;
    };
    // A blank one is the business of `empty-value`.
    let Some(id) = node.as_str().filter(|id| !id.trim().is_empty()) else {
        return;
    };
    let patterns = context.patterns();
    let fits = if patterns.is_empty() {
        is_id(id)
    } else {
        patterns.iter().any(|pattern| pattern.is_match(id))
    };
    if fits || is_placeholder(id) {
        return;
    }
    let finding = Finding::new(node.span(), format!("`{}` is no document id", excerpt(id)));
    let prefix = context.kind.and_then(|kind| kind.prefixes.first());
    findings.push(match (patterns, prefix) {
        ([], Some(prefix)) => finding.help(format!("write it like `{prefix}-0001`")),
        ([], None) => finding.help("write capital letters, a hyphen and a number: `ADR-0001`"),
        _ => finding.help(format!("it must match `{}`", patterns[0].as_str())),
    });
}
