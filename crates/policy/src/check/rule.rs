//! Rules: whether they ask for values that there are.

use countersign_labels::Class;
use countersign_markup::nearest::suggestion;
use countersign_process::{Condition, Value};

use super::Found;
use crate::Policy;
use crate::fact::UNKNOWN_CLASS;
use crate::request::Permission;

pub(super) fn check(policy: &Policy, found: &mut Vec<Found>) {
    let process = policy.process();
    for (id, rule) in &process.rules {
        for (fact, condition) in rule.when.iter().chain(&rule.unless) {
            let Condition::OneOf(values) = condition else { continue };
            let Some(known) = known(policy, fact) else { continue };
            for value in values.iter().map(Value::to_string) {
                if !known.contains(&value) {
                    found.push(Found {
                        rule: "unknown-value",
                        place: Some(rule.place.clone()),
                        message: format!(
                            "the rule `{id}` asks whether `{fact}` is `{value}`, which it never is"
                        ),
                        help: suggestion(&value, known.iter().map(String::as_str)),
                    });
                }
            }
        }
    }
    let classes = known(policy, "label.class").unwrap_or_default();
    for delegation in &process.delegations {
        for class in delegation.labels.iter().filter(|class| !classes.contains(class)) {
            found.push(Found {
                rule: "unknown-value",
                place: Some(delegation.place.clone()),
                message: format!("labels of a class `{class}` are delegated, and there is none"),
                help: suggestion(class, classes.iter().map(String::as_str)),
            });
        }
    }
}

/// The values that a fact can have; `None` if nobody can say.
fn known(policy: &Policy, fact: &str) -> Option<Vec<String>> {
    let process = policy.process();
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Some(match fact {
        "actor.role" => process.roles.keys().cloned().collect(),
        "actor.permission" => owned(&Permission::ALL.map(Permission::as_str)),
        "issue.stage" => process.stages.keys().cloned().collect(),
        "issue.profile" => process.profiles.keys().cloned().collect(),
        "issue.blocked" | "issue.open_input" | "role_in_stage" => owned(&["true", "false"]),
        "label.action" => owned(&["add", "remove"]),
        "label.class" => {
            let mut classes: Vec<String> = owned(&Class::ALL.map(Class::as_str));
            classes.push(UNKNOWN_CLASS.to_owned());
            classes
        }
        "label.name" => policy.labels().labels().iter().map(|label| label.key.clone()).collect(),
        _ => return None,
    })
}
