//! A trigger that starts nothing, because no workflow waits for it.

use std::collections::BTreeSet;

use countersign_markup::span::Span;
use countersign_report::{Finding, RuleDescriptor, Severity};

use super::literal_label_name::{literals, meant};
use crate::catalogue::{Catalogue, Class};
use crate::lint::workflow::Workflow;

pub(in crate::lint) const RULE: RuleDescriptor = super::rule(
    "unheard-trigger",
    Severity::Warning,
    "No workflow listens to a trigger of the catalogue",
    "The owner sets the label, and nothing happens. Add the workflow, or take the label out of the catalogue with `labels: without:`.",
);

/// A finding for each trigger that none of `workflows`, by file name, listens to.
pub(in crate::lint) fn check(
    workflows: &[(&str, &Workflow<'_>)],
    catalogue: &Catalogue,
    push: &mut impl FnMut(Finding),
) {
    // What a workflow calls runs on the caller's event.
    let mut hearing: BTreeSet<&str> =
        workflows.iter().filter(|(_, it)| it.listens).map(|(name, _)| *name).collect();
    let mut size = 0;
    while hearing.len() > size {
        size = hearing.len();
        for (name, workflow) in workflows {
            if hearing.contains(name) {
                hearing.extend(workflow.calls.iter().map(String::as_str));
            }
        }
    }
    let mut heard: BTreeSet<&str> = BTreeSet::new();
    for (_, workflow) in workflows.iter().filter(|(name, _)| hearing.contains(name)) {
        for occurrence in &workflow.occurrences {
            occurrence.expression.each(&mut |part| {
                let label = part.variable().and_then(|name| catalogue.by_variable(name));
                heard.extend(label.map(|label| label.key.as_str()));
            });
            for (_, literal, how) in literals(&occurrence.expression, catalogue) {
                heard.extend(meant(catalogue, literal, how).iter().map(|label| label.key.as_str()));
            }
        }
    }
    let triggers = catalogue.labels().iter().filter(|label| label.class == Class::Trigger);
    for label in triggers.filter(|label| !heard.contains(label.key.as_str())) {
        let message = format!("no workflow listens to `{}`", label.name);
        let help = format!(
            "let a workflow that runs on `labeled` compare with `vars.{}`, or put `{}` under `labels: without:` in countersign.yaml",
            label.variable, label.key,
        );
        push(Finding::new(Span::at(0), message).help(help));
    }
}
