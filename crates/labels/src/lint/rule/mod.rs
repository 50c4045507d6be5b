//! The rules for labels in workflows, one per file.

pub(super) mod empty_label_comparison;
pub(super) mod literal_label_name;
mod malformed;
pub(super) mod unheard_trigger;
pub(super) mod unknown_label_variable;

use countersign_report::{RuleDescriptor, Severity};

use super::expression::Expression;

/// Id of the rule for expressions that cannot be read.
pub(super) const MALFORMED_EXPRESSION: &str = malformed::EXPRESSION.id;
/// Id of the rule for files that cannot be read.
pub(super) const MALFORMED_WORKFLOW: &str = malformed::WORKFLOW.id;

/// All rules, by id.
pub static RULES: &[RuleDescriptor] = &[
    empty_label_comparison::RULE,
    literal_label_name::RULE,
    malformed::EXPRESSION,
    malformed::WORKFLOW,
    unheard_trigger::RULE,
    unknown_label_variable::RULE,
];

/// Whether the expression is the name of the label that an event is about.
fn is_event_label(expression: &Expression) -> bool {
    expression.path().is_some_and(|path| path == ["github", "event", "label", "name"])
}

/// Whether the expression holds names of labels of an event: `github.event.label.name`,
/// `github.event.issue.labels.*.name`, and calls on them.
fn holds_labels(expression: &Expression) -> bool {
    let mut holds = false;
    expression.each(&mut |part| {
        if let Some(["github", "event", rest @ ..]) = part.path().as_deref() {
            holds |= rest.contains(&"label") || rest.contains(&"labels");
        }
    });
    holds
}

const fn rule(
    id: &'static str,
    severity: Severity,
    summary: &'static str,
    page: &'static str,
) -> RuleDescriptor {
    RuleDescriptor { id, summary, severity, page }
}
