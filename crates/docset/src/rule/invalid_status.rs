//! `invalid-status`: a status outside the lifecycle.

use super::left_over_placeholder::is_placeholder;
use super::{Check, DocumentContext, Rule, mend};
use crate::diagnostic::{Finding, Severity, excerpt};

pub(super) static RULE: Rule = Rule {
    id: "invalid-status",
    summary: "a status that the type does not have",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/invalid-status.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(node) = context.root().and_then(|root| root.get("status")) else {
        return;
    };
    // A blank one is the business of `empty-value`.
    let Some(name) = node.as_str().filter(|name| !name.trim().is_empty()) else {
        return;
    };
    let known: Vec<&str> = match context.kind {
        Some(kind) => kind.statuses.iter().map(|status| &*status.name).collect(),
        None => context.catalogue().status_names(),
    };
    if known.contains(&name) || is_placeholder(name) {
        return;
    }
    let message = match context.kind {
        Some(kind) => format!("the type `{}` has no status `{}`", kind.name, excerpt(name)),
        None => format!("unknown status `{}`", excerpt(name)),
    };
    let finding = Finding::new(node.span(), message);
    findings.push(mend(finding, context.text(), node, known.iter().copied(), || {
        format!("use one of {}", known.join(", "))
    }));
}
