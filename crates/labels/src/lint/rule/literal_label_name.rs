//! A label spelt out where its variable should stand.

use countersign_markup::shown::excerpt;
use countersign_report::{Finding, RuleDescriptor, Severity};

use super::{holds_labels, is_event_label};
use crate::catalogue::{Catalogue, Label};
use crate::lint::expression::{Expression, Kind, Operator};
use crate::lint::workflow::Occurrence;
use crate::name::fold;

pub(in crate::lint) const RULE: RuleDescriptor = super::rule(
    "literal-label-name",
    Severity::Error,
    "A workflow spells a label out instead of using its variable",
    "A label that is renamed leaves behind every workflow that spells it out. Compare with the variable that `labels vars` keeps: `vars.RUN_PRD_LABEL`.",
);

/// How a literal text is compared with labels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Use {
    /// With a whole name.
    Name,
    /// With the beginning of a name.
    Prefix,
    /// With another part of a name.
    Part,
}

/// The literal texts of an expression that stand for labels.
pub(in crate::lint) fn literals<'e>(
    expression: &'e Expression,
    catalogue: &Catalogue,
) -> Vec<(&'e Expression, &'e str, Use)> {
    let mut found: Vec<(&Expression, &str, Use)> = Vec::new();
    expression.each(&mut |part| match &part.kind {
        Kind::Binary(Operator::Equal | Operator::NotEqual, left, right) => {
            for (text, other) in [(left, right), (right, left)] {
                if let (Kind::Text(name), true) = (&text.kind, holds_labels(other)) {
                    found.push((text, name, Use::Name));
                }
            }
        }
        Kind::Call(function, arguments) => {
            if let [first, second] = arguments.as_slice() {
                found.extend(in_call(function, first, second));
            }
        }
        // A name like `run:prd` is a label wherever it stands; `bug` is a word.
        Kind::Text(name) if catalogue.by_name(name).is_some() && !is_word(name) => {
            found.push((part, name, Use::Name));
        }
        _ => {}
    });
    // The empty text is the guard against variables that are not set.
    found.retain(|(_, name, _)| !name.is_empty());
    found.sort_by_key(|(text, _, _)| text.span);
    // The outer look, which knows what the text is compared with, came first.
    found.dedup_by_key(|(text, _, _)| text.span);
    found
}

fn in_call<'e>(
    function: &str,
    first: &'e Expression,
    second: &'e Expression,
) -> Option<(&'e Expression, &'e str, Use)> {
    let how = match function {
        "startswith" => Use::Prefix,
        "endswith" => Use::Part,
        // Of a list, an item is meant; of a text, a part.
        "contains" if is_event_label(first) => Use::Part,
        "contains" => Use::Name,
        _ => return None,
    };
    match (&first.kind, &second.kind) {
        (_, Kind::Text(name)) if holds_labels(first) => Some((second, name, how)),
        // contains('run:prd run:dev', github.event.label.name)
        (Kind::Text(list), _) if function == "contains" && holds_labels(second) => {
            Some((first, list, Use::Part))
        }
        // contains(fromJSON('["run:prd"]'), github.event.label.name)
        (Kind::Call(inner, of), _) if inner == "fromjson" && holds_labels(second) => {
            match of.as_slice() {
                [text] => match &text.kind {
                    Kind::Text(list) => Some((text, list, Use::Part)),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_word(name: &str) -> bool {
    name.chars().all(|char| char.is_alphanumeric() || char == '_')
}

/// The labels of the catalogue that a literal means.
pub(in crate::lint) fn meant<'c>(
    catalogue: &'c Catalogue,
    literal: &str,
    how: Use,
) -> Vec<&'c Label> {
    let folded = fold(literal);
    let fits = |label: &&Label| {
        let name = fold(&label.name);
        match how {
            Use::Name => name == folded,
            Use::Prefix => name.starts_with(&folded),
            Use::Part => name.contains(&folded) || is_listed(&folded, &name),
        }
    };
    catalogue.labels().iter().filter(fits).collect()
}

/// Whether a list, in whatever notation, holds a name as a whole.
fn is_listed(list: &str, name: &str) -> bool {
    let inside = |char: char| char.is_alphanumeric() || matches!(char, ':' | '-' | '_' | '.');
    list.match_indices(name).any(|(at, _)| {
        let before = list[..at].chars().next_back();
        let after = list[at + name.len()..].chars().next();
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

pub(in crate::lint) fn check(
    occurrence: &Occurrence<'_>,
    catalogue: &Catalogue,
    push: &mut impl FnMut(Finding),
) {
    for (text, name, how) in literals(&occurrence.expression, catalogue) {
        let span = occurrence.locate(text.span);
        let labels = meant(catalogue, name, how);
        let shown = excerpt(name);
        let (message, help) = match (how, labels.as_slice()) {
            (Use::Name, [label]) => (
                format!("the label `{shown}` is spelt out"),
                format!("use its variable: `vars.{}`", label.variable),
            ),
            (Use::Name, _) => (
                format!("the label `{shown}` is spelt out, and no catalogue has it"),
                match nearest(catalogue, name) {
                    Some(label) => {
                        format!("did you mean `{}`? use `vars.{}`", label.name, label.variable)
                    }
                    None => {
                        "add it to `labels: catalogue:` in countersign.yaml and use its variable"
                            .to_owned()
                    }
                },
            ),
            (_, labels) => {
                const MOST: usize = 3;
                let mut names: Vec<String> =
                    labels.iter().take(MOST).map(|it| format!("`vars.{}`", it.variable)).collect();
                if labels.len() > MOST {
                    names.push(format!("{} more", labels.len() - MOST));
                }
                let message = format!("labels are told by the text `{shown}`");
                let help = "compare with the variable of each label";
                match names.is_empty() {
                    true => (message, help.to_owned()),
                    false => (message, format!("{help}: {}", names.join(", "))),
                }
            }
        };
        push(Finding::new(span, message).label("spelt out here").help(help));
    }
}

fn nearest<'c>(catalogue: &'c Catalogue, name: &str) -> Option<&'c Label> {
    let names = catalogue.labels().iter().map(|label| label.name.as_str());
    countersign_markup::nearest::nearest(name, names).and_then(|name| catalogue.by_name(name))
}
