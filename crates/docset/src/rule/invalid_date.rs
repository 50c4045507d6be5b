//! `invalid-date`: a day that cannot be read, or never was.

use super::left_over_placeholder::is_placeholder;
use super::{Check, DocumentContext, KeyPath, Rule, inside_quotes};
use crate::catalogue::{KeyConfig, KeyKind};
use crate::diagnostic::{Applicability, Finding, Severity, excerpt};
use crate::document::Date;
use crate::edit::Edit;
use crate::yaml::Node;
pub(super) static RULE: Rule = Rule {
    id: "invalid-date",
    summary: "a date that is not a day written `YYYY-MM-DD`",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/invalid-date.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    for key in context.keys {
        if let (Some(name), Some(config)) = (key.name, key.config) {
            date(context.text(), KeyPath::top(name), key.entry.value, config, findings);
        }
    }
}

fn date(
    text: &str,
    name: KeyPath<'_>,
    node: Node<'_, '_>,
    key: &KeyConfig,
    findings: &mut Vec<Finding>,
) {
    if key.kind == KeyKind::Mapping {
        for entry in node.entries() {
            let Some(inner) = entry.key.as_str() else { continue };
            if let Some(key) = key.keys.get(inner) {
                date(text, name.inner(inner), entry.value, key, findings);
            }
        }
        return;
    }
    let Some(value) = node.as_str().filter(|_| key.kind == KeyKind::Date) else { return };
    let is_date = Date::parse(value).is_some();
    if !is_date && !value.trim().is_empty() && !is_placeholder(value) {
        findings.push(invalid(text, name, node, value));
    }
}

fn invalid(text: &str, name: KeyPath<'_>, node: Node<'_, '_>, value: &str) -> Finding {
    let message = format!("`{name}` is `{}`, which is no day", excerpt(value));
    let finding = Finding::new(node.span(), message);
    match Date::parse_lenient(value) {
        Some(date) => finding.help(format!("write it as `{date}`")).fix(
            Applicability::Safe,
            format!("write it as `{date}`"),
            vec![Edit::replace(inside_quotes(text, node), date.to_string())],
        ),
        None => finding.help("write year, month and day as `YYYY-MM-DD`"),
    }
}
