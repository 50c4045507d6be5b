//! `wrong-value-type`: a value of another kind than the key takes.

use super::left_over_placeholder::is_placeholder;
use super::{Check, DocumentContext, KeyPath, Rule};
use crate::catalogue::{KeyConfig, KeyKind};
use crate::diagnostic::{Applicability, Finding, Severity, excerpt};
use crate::edit::Edit;
use crate::front_matter::Digest;
use crate::yaml::{Node, NodeKind};

pub(super) static RULE: Rule = Rule {
    id: "wrong-value-type",
    summary: "a value of the wrong kind",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/wrong-value-type.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    for key in context.keys {
        if let (Some(name), Some(config)) = (key.name, key.config) {
            value(context.text(), KeyPath::top(name), key.entry.value, config, findings);
        }
    }
}

fn value(
    text: &str,
    name: KeyPath<'_>,
    node: Node<'_, '_>,
    key: &KeyConfig,
    findings: &mut Vec<Finding>,
) {
    if node.is_null() || node.as_str().is_some_and(is_placeholder) {
        return;
    }
    let scalar = node.kind() == NodeKind::Scalar;
    match key.kind {
        KeyKind::Any => {}
        KeyKind::Mapping => match node.kind() {
            NodeKind::Mapping => {
                for entry in node.entries() {
                    let Some(inner) = entry.key.as_str() else {
                        continue;
                    };
                    if let Some(key) = key.keys.get(inner) {
                        value(text, name.inner(inner), entry.value, key, findings);
                    }
                }
            }
            _ => findings.push(wrong(name, node, "a mapping")),
        },
        KeyKind::Number => findings.extend(number(text, name, node)),
        KeyKind::Numbers | KeyKind::Texts if scalar => {
            findings.push(lonely(text, name, node, key.kind));
        }
        KeyKind::Numbers => match node.kind() {
            NodeKind::Sequence => {
                findings.extend(node.items().filter_map(|item| number(text, name, item)));
            }
            _ => findings.push(wrong(name, node, "a list of numbers")),
        },
        KeyKind::Texts | KeyKind::References if node.kind() == NodeKind::Sequence => {
            let odd = node.items().filter(|item| item.kind() != NodeKind::Scalar);
            findings.extend(odd.map(|item| wrong(name, item, "a list of single values")));
        }
        KeyKind::Texts => findings.push(wrong(name, node, "a list of texts")),
        KeyKind::References if !scalar => findings.push(wrong(name, node, "ids of documents")),
        _ if !scalar => findings.push(wrong(name, node, "one text")),
        KeyKind::Digest => {
            let text = node.as_str().filter(|_| !node.is_blank());
            if let Some(text) = text.filter(|text| text.parse::<Digest>().is_err()) {
                findings.push(
                    Finding::new(
                        node.span(),
                        format!("`{name}` is `{}`, which is no digest", excerpt(text)),
                    )
                    .help("leave it to the approval to write `sha256:` and 64 hexadecimal digits"),
                );
            }
        }
        _ => {}
    }
    if let Some(text) = node.as_str().filter(|_| !key.values.is_empty())
        && !key.values.iter().any(|value| value.replace('_', "-") == text.replace('_', "-"))
    {
        findings.push(
            Finding::new(node.span(), format!("`{name}` cannot be `{}`", excerpt(text)))
                .help(crate::nearest::suggestion(text, key.values.iter().map(String::as_str))),
        );
    }
}

fn wrong(name: KeyPath<'_>, node: Node<'_, '_>, expected: &str) -> Finding {
    let found = match node.as_str() {
        Some(text) => format!("`{}`", excerpt(text)),
        None => node.kind().describe().to_owned(),
    };
    let help = match expected {
        "a mapping" => "put `key: value` lines below it, indented",
        "one text" => "write one value behind the key",
        "ids of documents" => "name one `doc_id`, or several in brackets: `[a, b]`",
        _ => "write single values in brackets: `[a, b]`",
    };
    Finding::new(node.span(), format!("`{name}` takes {expected}, found {found}")).help(help)
}

/// One value where a list belongs.
fn lonely(text: &str, name: KeyPath<'_>, node: Node<'_, '_>, kind: KeyKind) -> Finding {
    let expected = if kind == KeyKind::Numbers { "a list of numbers" } else { "a list of texts" };
    let finding = wrong(name, node, expected).help("put it in brackets: `[…]`");
    let raw = node.span().text(text).unwrap_or_default();
    // What brackets would take apart or read otherwise stays as it is.
    let in_quotes = raw.starts_with(['"', '\'']);
    let plain = !raw.is_empty()
        && (in_quotes || !node.is_quoted() && !raw.contains([',', '[', ']', '{', '}', '#', '\n']));
    let number = kind != KeyKind::Numbers || node.as_integer().is_some();
    if !plain || !number || node.is_alias() {
        return finding;
    }
    let edits = vec![Edit::insert(node.span().start, "["), Edit::insert(node.span().end, "]")];
    finding.fix(Applicability::Safe, "put it in brackets", edits)
}

/// What is wrong with a positive number, if anything is.
fn number(text: &str, name: KeyPath<'_>, node: Node<'_, '_>) -> Option<Finding> {
    if node.as_integer().is_some_and(|number| number > 0) {
        return None;
    }
    if node.as_str().is_some_and(is_placeholder) {
        return None;
    }
    let finding = wrong(name, node, "numbers above 0");
    let digits = node.as_str().map(|text| text.trim_start_matches('#'));
    let digits = digits.filter(|digits| {
        digits.parse::<u32>().is_ok_and(|number| number > 0) && !digits.starts_with(['+', '0'])
    });
    Some(match digits {
        // A block scalar spans its line end too, and stays as it is.
        Some(digits) if node.span().text(text).is_some_and(|raw| !raw.contains('\n')) => {
            finding.help(format!("write it as `{digits}`")).fix(
                Applicability::Safe,
                format!("write it as `{digits}`"),
                vec![Edit::replace(node.span(), digits)],
            )
        }
        _ => finding.help("write the number of the issue or pull request, without `#`"),
    })
}
