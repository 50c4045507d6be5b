//! `unknown-role`: an owner that nobody is.

use super::left_over_placeholder::is_placeholder;
use super::{Check, DocumentContext, Rule, mend};
use crate::diagnostic::{Finding, Severity, excerpt};

pub(super) static RULE: Rule = Rule {
    id: "unknown-role",
    summary: "an owner role that the catalogue does not know",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-role.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(node) = context.root().and_then(|root| root.get("owner_role")) else {
        return;
    };
    // A blank one is the business of `empty-value`.
    let Some(name) = node.as_str().filter(|name| !name.trim().is_empty()) else {
        return;
    };
    let roles = &context.catalogue().roles;
    if roles.iter().any(|role| role == name) || is_placeholder(name) {
        return;
    }
    let known = roles.iter().map(String::as_str);
    let finding = Finding::new(node.span(), format!("unknown role `{}`", excerpt(name)));
    findings.push(mend(finding, context.text(), node, known, || {
        format!("use one of {}", roles.join(", "))
    }));
}
