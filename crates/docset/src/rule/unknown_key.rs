//! `unknown-key`: a key that nothing reads.

use super::{Check, DocumentContext, Key, Rule, inside_quotes};
use crate::catalogue::KeyConfig;
use crate::diagnostic::{Applicability, Finding, Severity, excerpt};
use crate::edit::Edit;
use crate::nearest::nearest;
use crate::yaml::{Entry, Node};

pub(super) static RULE: Rule = Rule {
    id: "unknown-key",
    summary: "a key that the type does not know",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-key.md"),
    options: &["names"],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root() else { return };
    let catalogue = context.catalogue();
    let allowed = &context.options().names;
    for Key { entry, name, config } in context.keys.iter().copied() {
        let Some(name) = name else {
            findings.push(
                Finding::new(entry.key.span(), "a key must be a name")
                    .help("write `name: value`; put the rest into the body"),
            );
            continue;
        };
        if allowed.iter().any(|allowed| allowed == name) {
            continue;
        }
        match (config, context.kind) {
            (Some(key), kind) if kind.is_none_or(|kind| kind.allows(name)) => {
                inside(entry.value, name, key, allowed, findings);
            }
            (Some(_), Some(kind)) => findings.push(
                Finding::new(
                    entry.key.span(),
                    format!("the type `{}` has no key `{name}`", kind.name),
                )
                .help(format!(
                    "remove it, or allow it: `docs: types: {}: optional: [{name}]`",
                    kind.name
                )),
            ),
            _ => {
                let known = catalogue.keys.keys().map(String::as_str);
                let known = known.filter(|key| context.kind.is_none_or(|kind| kind.allows(key)));
                findings.push(unknown(context, entry, name, &known.collect::<Vec<_>>(), root));
            }
        }
    }
}

/// A name that no catalogue has; a near miss of a key that is not there yet can be
/// mended.
fn unknown(
    context: &DocumentContext<'_>,
    entry: Entry<'_, '_>,
    name: &str,
    known: &[&str],
    parent: Node<'_, '_>,
) -> Finding {
    let finding = Finding::new(entry.key.span(), format!("unknown key `{}`", excerpt(name)));
    match nearest(name, known.iter().copied()) {
        Some(meant) if parent.entry(meant).is_none() => {
            let edit = Edit::replace(inside_quotes(context.text(), entry.key), meant);
            finding.help(format!("did you mean `{meant}`?")).fix(
                Applicability::Unsafe,
                format!("call it `{meant}`"),
                vec![edit],
            )
        }
        Some(meant) => finding.help(format!("remove it; `{meant}` is already there")),
        None => finding.help("remove it, or describe it under `docs: keys:`"),
    }
}

/// The keys of a mapping that the catalogue describes.
fn inside(
    node: Node<'_, '_>,
    parent: &str,
    key: &KeyConfig,
    allowed: &[String],
    findings: &mut Vec<Finding>,
) {
    if key.keys.is_empty() {
        return;
    }
    for entry in node.entries() {
        let Some(name) = entry.key.as_str() else { continue };
        let path = format!("{parent}.{name}");
        match key.keys.get(name) {
            Some(key) => inside(entry.value, &path, key, allowed, findings),
            None if allowed.contains(&path) => {}
            None => findings.push(
                Finding::new(
                    entry.key.span(),
                    format!("unknown key `{}` in `{parent}`", excerpt(name)),
                )
                .help(crate::nearest::suggestion(name, key.keys.keys().map(String::as_str))),
            ),
        }
    }
}
