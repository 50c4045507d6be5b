//! Labels and workflows: whether the catalogue and the process speak of the same.

use countersign_labels::Class;
use countersign_markup::nearest::suggestion;
use countersign_process::Step;

use super::Found;
use crate::Policy;

pub(super) fn check(policy: &Policy, workflows: &[String], found: &mut Vec<Found>) {
    let (process, labels) = (policy.process(), policy.labels());
    let triggers = labels.labels().iter().filter(|label| label.class == Class::Trigger);
    for label in triggers.clone() {
        match process.started_by(&label.key) {
            None => found.push(Found {
                rule: "label-without-stage",
                place: None,
                message: format!("the trigger `{}` starts no stage", label.key),
                help: format!(
                    "give a stage `start: {{label: \"{}\"}}`, or take the label away: `labels: without:`",
                    label.key
                ),
            }),
            Some((stage, step, trigger)) => {
                let workflow = label.starts.as_deref().unwrap_or(&trigger.workflow);
                let agrees = label.stage.as_deref().is_none_or(|named| named == stage)
                    && label.revise == (step == Step::Revise)
                    && workflow == trigger.workflow;
                if !agrees {
                    let place = process.stages.get(stage).map(|stage| stage.place.clone());
                    found.push(Found {
                        rule: "label-without-stage",
                        place,
                        message: format!(
                            "the trigger `{}` starts `{}` of the stage `{stage}` here, and `{workflow}` of `{}` in the catalogue of labels",
                            label.key,
                            trigger.workflow,
                            label.stage.as_deref().unwrap_or(stage),
                        ),
                        help: "let both say the same".to_owned(),
                    });
                }
            }
        }
    }
    let keys: Vec<&str> = labels.labels().iter().map(|label| label.key.as_str()).collect();
    for (name, stage) in &process.stages {
        for (_, trigger) in stage.triggers() {
            let known = labels.by_key(&trigger.label);
            if known.is_none_or(|label| label.class != Class::Trigger) {
                let what =
                    if known.is_some() { "is no trigger" } else { "is not in the catalogue" };
                found.push(Found {
                    rule: "unknown-label",
                    place: Some(stage.place.clone()),
                    message: format!("the label `{}` of the stage `{name}` {what}", trigger.label),
                    help: format!(
                        "{}; describe it under `labels: catalogue:` with `class: trigger`",
                        suggestion(
                            &trigger.label,
                            triggers.clone().map(|label| label.key.as_str())
                        )
                    ),
                });
            }
        }
    }
    for (name, role) in &process.roles {
        for key in role.label.iter().filter(|key| labels.by_key(key).is_none()) {
            found.push(Found {
                rule: "unknown-label",
                place: Some(role.place.clone()),
                message: format!("the label `{key}` of the role `{name}` is not in the catalogue"),
                help: suggestion(key, keys.iter().copied()),
            });
        }
    }
    let known: Vec<&str> = process
        .stages
        .values()
        .flat_map(|stage| stage.triggers().map(|(_, trigger)| trigger.workflow.as_str()))
        .collect();
    for workflow in workflows.iter().filter(|name| !known.contains(&name.as_str())) {
        found.push(Found {
            rule: "workflow-without-stage",
            place: None,
            message: format!("no stage starts the workflow `{workflow}`"),
            help: suggestion(workflow, known.iter().copied()),
        });
    }
}
