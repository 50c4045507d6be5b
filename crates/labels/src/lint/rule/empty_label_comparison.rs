//! A comparison that is true when there is neither label nor variable.

use countersign_markup::shown::excerpt;
use countersign_report::{Finding, RuleDescriptor, Severity};

use super::is_event_label;
use crate::lint::expression::{Expression, Kind, Operator};
use crate::lint::workflow::{Occurrence, Workflow};

pub(in crate::lint) const RULE: RuleDescriptor = super::rule(
    "empty-label-comparison",
    Severity::Warning,
    "A comparison of a label with a variable is true when both are missing",
    "`null == ''` is true: without a label in the event and with a variable that nobody set, the condition holds and the workflow starts. `startsWith(…, '')` and `contains(text, '')` always hold.\n\nWrite `vars.RUN_PRD_LABEL != '' && github.event.label.name == vars.RUN_PRD_LABEL`.",
);

/// Looks at one expression of `workflow`. Where the workflow also runs on events without a
/// label, an equality is an error and not a matter of caution.
pub(in crate::lint) fn check(
    occurrence: &Occurrence<'_>,
    workflow: &Workflow<'_>,
    push: &mut impl FnMut(Finding, Severity),
) {
    let mut known: Vec<&Expression> = Vec::new();
    let mut under = occurrence.under;
    while let Some(outer) = under.and_then(|at| workflow.occurrences.get(at)) {
        conjuncts(&outer.expression, &mut known);
        under = outer.under;
    }
    descend(&occurrence.expression, &known, &mut |trap| {
        let (part, variable, how) = trap;
        let variable = excerpt(&variable.to_ascii_uppercase());
        let (message, severity) = match how {
            Trap::Equal if workflow.runs_without_label => (
                format!(
                    "true when the event has no label and `{variable}` is not set; this workflow runs on such events"
                ),
                Severity::Error,
            ),
            Trap::Equal => (
                format!("true when the event has no label and `{variable}` is not set"),
                Severity::Warning,
            ),
            Trap::Always => {
                (format!("true for every label when `{variable}` is not set"), Severity::Error)
            }
        };
        let help = format!("write `vars.{variable} != '' && …` before it");
        push(
            Finding::new(occurrence.locate(part.span), message)
                .label("empty equals missing")
                .help(help),
            severity,
        );
    });
}

#[derive(Clone, Copy)]
enum Trap {
    /// `null == ''`.
    Equal,
    /// Every text begins with the empty one, and contains it.
    Always,
}

/// Walks `expression`, knowing that each of `known` holds where it is evaluated.
fn descend<'e>(
    expression: &'e Expression,
    known: &[&'e Expression],
    found: &mut impl FnMut((&'e Expression, &'e str, Trap)),
) {
    match &expression.kind {
        Kind::Binary(Operator::And, left, right) => {
            // Either side is of no consequence unless the other holds.
            let beside = |side: &'e Expression| {
                let mut known = known.to_vec();
                conjuncts(side, &mut known);
                known
            };
            descend(left, &beside(right), found);
            descend(right, &beside(left), found);
        }
        Kind::Binary(Operator::Equal, left, right) => {
            for (label, variable) in [(left, right), (right, left)] {
                if let (true, Some(name)) = (is_event_label(label), variable.variable())
                    && !known.iter().any(|it| rules_out(it, name) || needs_label(it))
                {
                    found((expression, name, Trap::Equal));
                }
            }
        }
        Kind::Call(function, arguments) => {
            if let ("startswith" | "endswith" | "contains", [text, part]) =
                (function.as_str(), arguments.as_slice())
                && is_event_label(text)
                && let Some(name) = part.variable()
                && !known.iter().any(|it| rules_out(it, name))
            {
                found((expression, name, Trap::Always));
            }
            arguments.iter().for_each(|it| descend(it, known, found));
        }
        Kind::Not(of) => descend(of, &[], found),
        Kind::Binary(_, left, right) => {
            descend(left, known, found);
            descend(right, known, found);
        }
        Kind::Index(..) | Kind::Property(..) | Kind::Constant | Kind::Text(_) | Kind::Name(_) => {}
    }
}

/// What holds when `expression` does.
fn conjuncts<'e>(expression: &'e Expression, into: &mut Vec<&'e Expression>) {
    if let Kind::Binary(Operator::And, left, right) = &expression.kind {
        conjuncts(left, into);
        conjuncts(right, into);
    } else {
        into.push(expression);
    }
}

/// Whether `condition` cannot hold while the variable is empty: `vars.X != ''`, or `vars.X`.
fn rules_out(condition: &Expression, name: &str) -> bool {
    let is_it = |it: &Expression| it.variable() == Some(name);
    match &condition.kind {
        Kind::Binary(Operator::NotEqual, left, right) => {
            (is_it(left) && is_empty(right)) || (is_it(right) && is_empty(left))
        }
        _ => is_it(condition),
    }
}

/// Whether `condition` cannot hold while the event has no label.
fn needs_label(condition: &Expression) -> bool {
    let is_label = |it: &Expression| {
        it.path().is_some_and(|path| path.starts_with(&["github", "event", "label"]))
    };
    let is_action =
        |it: &Expression| it.path().is_some_and(|path| path == ["github", "event", "action"]);
    let labeled = |it: &Expression| matches!(&it.kind, Kind::Text(text) if matches!(text.to_ascii_lowercase().as_str(), "labeled" | "unlabeled"));
    match &condition.kind {
        Kind::Binary(Operator::NotEqual, left, right) => {
            (is_label(left) && is_empty(right)) || (is_label(right) && is_empty(left))
        }
        Kind::Binary(Operator::Equal, left, right) => {
            (is_action(left) && labeled(right)) || (is_action(right) && labeled(left))
        }
        _ => is_label(condition),
    }
}

fn is_empty(expression: &Expression) -> bool {
    matches!(&expression.kind, Kind::Text(text) if text.is_empty())
}
