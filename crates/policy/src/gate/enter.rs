//! Whether a stage may start.

use countersign_docset::docset::{issue_path, pr_path};
use countersign_process::Stage;

use super::condition::{Look as _, fails, holds, noted};
use super::facts::{DocsetFile, Facts, Rules};
use super::remedy::command;
use super::{Gate, Verdict, artifact, labels, shown, trajectory};
use crate::{Judgement, Reason};

/// Whether the stage `wanted` (or the one that the trigger label says) may start for the
/// issue of `facts`; with `revise`, whether it may be revised.
#[must_use]
pub fn enter(facts: &Facts, rules: Rules<'_>, wanted: Option<(&str, bool)>) -> Verdict {
    let (profile, profile_condition) = trajectory::profile(facts, rules);
    let wanted_label = wanted.and_then(|(stage, revise)| trigger_of(stage, revise, rules));
    let (one, question) = labels::one_trigger(facts, rules, wanted_label);
    let mut conditions = vec![one];
    let triggers = facts.labels.as_deref().map(|names| labels::triggers(names, rules));
    let only = match triggers.as_deref() {
        Some([only]) => Some(only),
        _ => None,
    };
    let started = only.and_then(|trigger| trigger.starts.clone());
    let target = match (wanted, &started) {
        (Some((stage, revise)), _) => Some((stage.to_owned(), revise)),
        (None, started) => started.clone(),
    };
    if let Some(trigger) = only {
        conditions.extend(right_trigger(trigger, wanted, wanted_label, rules));
        conditions.push(labels::allowed_sender(facts, rules, &trigger.name));
    }
    conditions.extend(labels::barriers(facts, rules));
    let Some((name, revise)) = target else {
        return Verdict::of(Gate::Enter, facts, None, false, &profile, conditions, question);
    };
    conditions.extend(of_stage(facts, rules, &profile, profile_condition, &name, revise));
    let stage = Some(name.as_str());
    Verdict::of(Gate::Enter, facts, stage, revise, &profile, conditions, question)
}

/// The conditions that labels have no part in.
pub(super) fn of_stage(
    facts: &Facts,
    rules: Rules<'_>,
    profile: &str,
    profile_condition: Reason,
    name: &str,
    revise: bool,
) -> Vec<Reason> {
    let mut conditions = vec![profile_condition];
    let Some(stage) = rules.process.stages.get(name) else {
        let message = format!("there is no stage `{}`", shown(name));
        conditions.push(fails("known-stage", message));
        return conditions;
    };
    if revise {
        conditions.push(revisable(facts, rules, name, stage));
    } else {
        conditions.push(trajectory::legal(facts, rules, profile, name, stage));
        conditions.extend(artifact::needed(facts, rules, stage, profile));
    }
    let needs = match (&stage.revise, revise) {
        (Some(trigger), true) => &trigger.needs,
        _ => &stage.needs.things,
    };
    for thing in needs {
        match packages(thing, rules, profile, name) {
            Some(stages) => conditions.extend(artifact::packages(facts, rules, stages.into_iter())),
            None => conditions.extend(self::thing(thing, facts, rules, name, stage)),
        }
    }
    if let DocsetFile::Unreadable(why) = &facts.docset {
        let message = format!("the docset file cannot be read: {}", shown(why));
        let sync = command(&["docset", "sync", "issue", &facts.issue.to_string()]);
        conditions.push(
            fails("docset-is-current", message)
                .in_file(issue_path(facts.issue))
                .remedy(format!("mend it, or remove it and run `{sync}`")),
        );
    }
    conditions
}

fn trigger_of<'a>(stage: &str, revise: bool, rules: Rules<'a>) -> Option<&'a str> {
    let stage = rules.process.stages.get(stage)?;
    let trigger = if revise { stage.revise.as_ref()? } else { &stage.start };
    Some(&trigger.label)
}

/// That the trigger label is that of the stage.
fn right_trigger(
    trigger: &labels::Trigger,
    wanted: Option<(&str, bool)>,
    wanted_label: Option<&str>,
    rules: Rules<'_>,
) -> Option<Reason> {
    const RULE: &str = "trigger-of-stage";
    let name = shown(&trigger.name);
    let starts = match &trigger.starts {
        None => {
            let message = format!("`{name}` starts no stage of this process");
            return Some(fails(RULE, message).remedy(format!(
                "an owner removes `{name}`, or gives a stage that label under `process: stages:`"
            )));
        }
        Some(starts) => starts,
    };
    let (stage, revise) = wanted?;
    let said = |stage: &str, revise: bool| match revise {
        true => format!("the revision of `{stage}`"),
        false => format!("`{stage}`"),
    };
    if (starts.0.as_str(), starts.1) == (stage, revise) {
        let message = format!("`{name}` starts {}", said(stage, revise));
        return Some(holds(RULE, message));
    }
    let message =
        format!("`{name}` starts {}, not {}", said(&starts.0, starts.1), said(stage, revise));
    let label = wanted_label.map_or(stage, |key| labels::name_of(key, rules));
    Some(fails(RULE, message).remedy(format!("an owner removes `{name}`, and sets `{label}`")))
}

/// That the stage can be revised: there is something to revise, and the issue is there.
fn revisable(facts: &Facts, rules: Rules<'_>, name: &str, stage: &Stage) -> Reason {
    const RULE: &str = trajectory::RULE;
    let current = trajectory::current(facts, rules.process);
    let condition = |state, message: String| {
        Reason::new(RULE, state, message).saw("stage on record", current.unwrap_or("none"))
    };
    if stage.revise.is_none() {
        return condition(Judgement::Fails, format!("`{name}` is never revised"));
    }
    match current {
        Some(current) if current == name => {
            condition(Judgement::Holds, format!("the issue is in `{name}`"))
        }
        _ => condition(
            Judgement::Fails,
            format!("the issue is not in `{name}`, so that there is nothing to revise"),
        )
        .remedy(format!(
            "an owner sets `{}`, or `{}` to go back",
            trajectory::starting_label(name, rules),
            trajectory::starting_label("rethink", rules),
        )),
    }
}

/// The stages whose documents show that a thing is there: a product is ready for its
/// release when all that was promised before is approved, and released when that of the
/// release is.
fn packages<'p>(thing: &str, rules: Rules<'p>, profile: &str, name: &str) -> Option<Vec<&'p str>> {
    let stages = rules.process.profiles.get(profile)?.iter().map(String::as_str);
    match thing {
        "readiness" => Some(stages.take_while(|stage| *stage != name).collect()),
        "release" => Some(stages.filter(|stage| *stage == "release").collect()),
        _ => None,
    }
}

/// A thing that the stage needs, as far as a checkout can show it.
fn thing(
    thing: &str,
    facts: &Facts,
    rules: Rules<'_>,
    name: &str,
    stage: &Stage,
) -> Option<Reason> {
    const RULE: &str = "needed-thing";
    // What may follow any stage must not wait for one: giving up is always possible.
    let thing = if stage.from_any && thing == "docset" { "status" } else { thing };
    let issue = facts.issue.to_string();
    Some(match thing {
        // The gate is about one, and looks at the other.
        "issue" | "repository" => return None,
        "docset" if facts.docset != DocsetFile::Missing => {
            holds(RULE, "the issue has a docset file").in_file(issue_path(facts.issue))
        }
        "docset" => fails(RULE, format!("issue {issue} has no docset file"))
            .in_file(issue_path(facts.issue))
            .remedy(command(&["docset", "sync", "issue", &issue])),
        "pull-request" => match facts.pull_requests.keys().next() {
            Some(number) => {
                let message = format!("pull request {number} is about the issue");
                holds(RULE, message).in_file(pr_path(*number))
            }
            None => {
                let message = format!("no docset file of a pull request names issue {issue}");
                fails(RULE, message).remedy("docset sync pr NUMBER --changed-since origin/main")
            }
        },
        "draft" => {
            let kinds = stage.produces.documents();
            let documents = kinds.map(|product| facts.of_kind(product.kind).count());
            match documents.sum::<usize>() {
                0 => {
                    let message = format!("there is no document of `{name}` yet");
                    fails(RULE, message).remedy(format!(
                        "an owner sets `{}`",
                        trajectory::starting_label(name, rules)
                    ))
                }
                number => {
                    let message = format!("there are {}", artifact::count(number, "document"));
                    holds(RULE, format!("{message} of `{name}`"))
                }
            }
        }
        "documents" => match facts.documents().count() {
            0 => fails(RULE, format!("no document names issue {issue}")),
            number => {
                let message = artifact::count(number, "document");
                holds(RULE, format!("{message} of the issue"))
            }
        },
        other => {
            let title = rules.process.things.get(other).map_or(other, |title| &title.en);
            let message = format!("{}: on the word of whoever starts the stage", shown(title));
            noted(RULE, message)
        }
    })
}
