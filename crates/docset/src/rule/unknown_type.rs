//! `unknown-type`: a type that the catalogue does not know.

use super::left_over_placeholder::is_placeholder;
use super::{Check, DocumentContext, Rule, mend};
use crate::diagnostic::{Finding, Severity, excerpt};

pub(super) static RULE: Rule = Rule {
    id: "unknown-type",
    summary: "a document type that the catalogue does not know",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-type.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(node) = context.root().and_then(|root| root.get("type")) else {
        return;
    };
    let Some(name) = node.as_str().filter(|_| context.kind.is_none()) else {
        return;
    };
    // A blank one is the business of `empty-value`.
    if is_placeholder(name) || name.trim().is_empty() {
        return;
    }
    let types = context.catalogue().types.keys().map(String::as_str);
    let finding = Finding::new(node.span(), format!("unknown document type `{}`", excerpt(name)));
    findings.push(mend(finding, context.text(), node, types, || {
        format!(
            "describe it under `docs: types: {}:`, or use one that `docset types` lists",
            excerpt(name)
        )
    }));
}
