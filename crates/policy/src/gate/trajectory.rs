//! The way of an issue through the stages.

use countersign_docset::docset::issue_path;
use countersign_process::{Process, Stage};

use super::condition::{Look as _, fails, holds};
use super::facts::{DocsetFile, Facts, Rules};
use super::labels::name_of;
use super::remedy::command;
use super::shown;
use crate::{Judgement, Reason};

/// The profile that the gate goes by, and whether it may.
pub(super) fn profile(facts: &Facts, rules: Rules<'_>) -> (String, Reason) {
    const RULE: &str = "profile";
    let recorded = facts.profile_on_record(rules.process).to_owned();
    let number = facts.issue.to_string();
    let sync = |profile: &str| command(&["docset", "sync", "issue", &number, "--profile", profile]);
    let exists = |profile: &str| rules.process.profiles.contains_key(profile);
    // Before there is a docset file, nothing is on record that could be cut short.
    let first = facts.docset == DocsetFile::Missing;
    let asked = facts.profile.clone().unwrap_or_else(|| recorded.clone());
    if asked == recorded || first {
        let name = shown(&asked);
        let condition = if exists(&asked) {
            holds(RULE, format!("the issue goes by the profile `{name}`"))
        } else {
            let known: Vec<&str> = rules.process.profiles.keys().map(String::as_str).collect();
            fails(RULE, format!("there is no profile `{name}`"))
                .in_file(issue_path(facts.issue))
                .remedy(format!("`{}`; there are {}", sync("PROFILE"), known.join(", ")))
        };
        return (asked, condition.saw("profile", name));
    }
    let (was, is) = (shown(&recorded), shown(&asked));
    let condition = |state, message: String| {
        Reason::new(RULE, state, message)
            .saw("profile on record", was.clone())
            .saw("profile asked for", is.clone())
    };
    // What was skipped cannot be told from what was forgotten, unless it is on record.
    let condition = condition(
        Judgement::Fails,
        format!("the issue has the profile `{was}`, and `{is}` is asked for"),
    )
    .remedy(format!("an owner agrees, and the change is put on record: `{}`", sync(&asked)));
    (asked, condition)
}

/// The stage that the issue is in: what its docset file says; `None` if it is in none.
pub(super) fn current<'f>(facts: &'f Facts, process: &Process) -> Option<&'f str> {
    let stage = facts.docset()?.stage.as_deref()?;
    process.stages.contains_key(stage).then_some(stage)
}

/// The condition that the stage may follow the one that the issue is in.
pub(super) const RULE: &str = "legal-transition";

/// That the stage may follow the one that the issue is in.
pub(super) fn legal(
    facts: &Facts,
    rules: Rules<'_>,
    profile: &str,
    name: &str,
    stage: &Stage,
) -> Reason {
    let stages = rules.process.profiles.get(profile).map_or(&[][..], Vec::as_slice);
    let current = current(facts, rules.process);
    let at = |wanted: &str| stages.iter().position(|stage| stage == wanted);
    let condition = |state, message: String| {
        Reason::new(RULE, state, message)
            .saw("stage on record", current.unwrap_or("none"))
            .saw("profile", shown(profile))
    };
    if stage.from_any {
        return condition(Judgement::Holds, format!("`{name}` may follow any stage"));
    }
    let Some(current) = current else {
        return match stages.first() {
            Some(first) if first == name => condition(
                Judgement::Holds,
                format!("`{name}` is the first stage of `{}`", shown(profile)),
            ),
            Some(first) => condition(
                Judgement::Fails,
                format!(
                    "the issue is in no stage yet, and `{}` begins with `{first}`",
                    shown(profile)
                ),
            )
            .remedy(format!(
                "an owner sets `{}`; an issue that is further has it on record: `{}`",
                starting_label(first, rules),
                command(&["docset", "sync", "issue", &facts.issue.to_string(), "--stage", "STAGE"]),
            )),
            None => condition(
                Judgement::Fails,
                format!("the profile `{}` has no stages", shown(profile)),
            ),
        };
    };
    if current == name {
        return condition(Judgement::Holds, format!("the issue is in `{name}`"));
    }
    let next = rules.process.next(profile, Some(current)).unwrap_or_default();
    if next.contains(&name) {
        return condition(Judgement::Holds, format!("`{name}` may follow `{current}`"));
    }
    match (at(current), at(name)) {
        (_, None) => condition(
            Judgement::Fails,
            format!("the profile `{}` has no stage `{name}`", shown(profile)),
        )
        .remedy(format!(
            "an owner moves the issue to a profile that has it: `{}`",
            command(&["docset", "sync", "issue", &facts.issue.to_string(), "--profile", "PROFILE"]),
        )),
        (Some(from), Some(to)) if to > from => {
            let next = stages.get(from + 1).map_or(name, String::as_str);
            condition(
                Judgement::Fails,
                format!("`{next}` follows `{current}`, and `{name}` comes later"),
            )
            .remedy(format!("an owner sets `{}`", starting_label(next, rules)))
        }
        (Some(_), Some(_)) => {
            condition(Judgement::Fails, format!("`{name}` comes before `{current}`"))
                .remedy(format!("an owner sets `{}` to go back", starting_label("rethink", rules)))
        }
        (None, Some(_)) => condition(
            Judgement::Fails,
            format!(
                "the profile `{}` does not go through `{current}`, where the issue is",
                shown(profile)
            ),
        )
        .remedy(format!(
            "an owner says where it is: `{}`",
            command(&["docset", "sync", "issue", &facts.issue.to_string(), "--stage", "STAGE"]),
        )),
    }
}

/// The name of the label that starts the stage.
pub(super) fn starting_label<'a>(stage: &'a str, rules: Rules<'a>) -> &'a str {
    let trigger = rules.process.stages.get(stage).map(|stage| &stage.start.label);
    trigger.map_or(stage, |key| name_of(key, rules))
}
