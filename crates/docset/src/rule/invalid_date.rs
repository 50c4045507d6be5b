//! `invalid-date`: a day that cannot be read, or never was.

use super::left_over_placeholder::is_placeholder;
use super::{Check, DocumentContext, Rule, inside_quotes};
use crate::catalogue::{KeyConfig, KeyKind};
use crate::diagnostic::{Applicability, Finding, Severity, excerpt};
use crate::document::Date;
use crate::edit::Edit;
use crate::yaml::Node;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "invalid-date",
    summary: "a date that is not a day written `YYYY-MM-DD`",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/invalid-date.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root() else { return };
    dates(context.text(), root, "", &context.catalogue().keys, findings);
}

fn dates(
    text: &str,
    node: Node<'_, '_>,
    parent: &str,
    keys: &BTreeMap<String, KeyConfig>,
    findings: &mut Vec<Finding>,
) {
    for entry in node.entries() {
        let Some(name) = entry.key.as_str() else { continue };
        let Some(key) = keys.get(name) else { continue };
        let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
        match (key.kind, entry.value.as_str()) {
            (KeyKind::Mapping, _) => dates(text, entry.value, &path, &key.keys, findings),
            (KeyKind::Date, Some(value))
                if Date::parse(value).is_none()
                    && !value.trim().is_empty()
                    && !is_placeholder(value) =>
            {
                findings.push(invalid(text, &path, entry.value, value));
            }
            _ => {}
        }
    }
}

fn invalid(text: &str, name: &str, node: Node<'_, '_>, value: &str) -> Finding {
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
