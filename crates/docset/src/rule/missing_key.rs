//! `missing-key`: front matter that does not say enough.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::yaml::NodeKind;

pub(super) static RULE: Rule = Rule {
    id: "missing-key",
    summary: "a required key that is not there",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/missing-key.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root().filter(|root| root.kind() == NodeKind::Mapping) else {
        return;
    };
    let catalogue = context.catalogue();
    // Without a known type, only the keys that every type needs can be missing.
    let required: Vec<&str> = match context.kind {
        Some(kind) => kind.required.iter().map(String::as_str).collect(),
        None => catalogue.required_by_all().collect(),
    };
    for key in required.into_iter().filter(|key| root.entry(key).is_none()) {
        let owners = match (key, context.kind) {
            ("owner_role", Some(kind)) if !kind.owner_roles.is_empty() => {
                format!("usually {}", kind.owner_roles.join(" or "))
            }
            _ => String::new(),
        };
        let title =
            catalogue.keys.get(key).map_or_else(String::new, |key| uncapitalized(&key.title));
        let about: Vec<&str> =
            [&*title, &*owners].into_iter().filter(|part| !part.is_empty()).collect();
        let about =
            if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
        findings.push(
            Finding::new(context.end_of_front_matter(), format!("front matter has no `{key}`"))
                .label(format!("front matter ends without `{key}`"))
                .help(format!("add `{key}:`{about}")),
        );
    }
}

/// A title in the middle of a sentence; `SLO` and its kin stay capital.
fn uncapitalized(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), chars.as_str()) {
        (Some(first), rest) if !rest.starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => title.to_owned(),
    }
}
