//! What may happen to an issue now, and why the rest may not.

use countersign_docset::docset::{self, State as Progress};
use countersign_process::Step;
use serde::Serialize;

use super::artifact::word;
use super::condition::is_in_the_way;
use super::facts::{Facts, Rules};
use super::remedy::command;
use super::{artifact, enter, labels, shown, trajectory};
use crate::Reason;

/// What may happen next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    /// The issue.
    pub issue: u64,
    /// Its profile.
    pub profile: String,
    /// The stage that it is in; `None` if it is in none.
    pub stage: Option<String>,
    /// What holds everything up, whatever is meant to happen; empty if nothing does.
    pub barriers: Vec<Reason>,
    /// What can be done, in the order in which it makes sense.
    pub moves: Vec<Move>,
}

/// Something that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MoveKind {
    /// A document that the stage produces is still to be written.
    Write,
    /// A draft is to be laid before its owner.
    Submit,
    /// An owner approves.
    Approve,
    /// The stage is done again.
    Revise,
    /// Another stage starts.
    Start,
    /// Back to an earlier stage.
    Rethink,
    /// The issue is given up.
    Abort,
}

/// One thing that can be done, or cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    /// What it is.
    pub kind: MoveKind,
    /// The stage that it is about.
    pub stage: String,
    /// What it is, in one line.
    pub title: String,
    /// Who does it.
    pub who: Vec<String>,
    /// Whether it can be done now.
    pub possible: bool,
    /// How: a command, or a label to be set.
    pub how: String,
    /// Why not, if it is not possible: the conditions that do not hold.
    pub reasons: Vec<Reason>,
}

/// What may happen to the issue of `facts`.
#[must_use]
pub fn next(facts: &Facts, rules: Rules<'_>) -> Next {
    let (profile, condition) = trajectory::profile(facts, rules);
    let current = trajectory::current(facts, rules.process);
    // Labels that are not known hold nothing up here: nothing is started either.
    let barriers = match &facts.labels {
        None => Vec::new(),
        Some(_) => {
            let barriers = labels::barriers(facts, rules);
            barriers.into_iter().filter(|barrier| is_in_the_way(barrier)).collect()
        }
    };
    let mut moves = Vec::new();
    if let Some(stage) = current {
        of_documents(facts, rules, stage, &mut moves);
        moves.extend(revise(facts, rules, stage, &profile, &condition, &barriers));
    }
    let Ok(successors) = rules.process.next(&profile, current) else {
        let stage = current.map(str::to_owned);
        return Next { issue: facts.issue, profile, stage, barriers: vec![condition], moves };
    };
    // Of the stages that do not follow, people ask why: all of the profile are listed.
    let ahead = rules.process.profiles.get(&profile).into_iter().flatten();
    let at = |wanted: &str| rules.process.position(wanted);
    let ahead = ahead
        .filter(|stage| !successors.contains(&stage.as_str()) && at(stage) > current.and_then(at));
    let stages: Vec<&str> = successors.iter().copied().chain(ahead.map(String::as_str)).collect();
    for name in stages {
        let Some(stage) = rules.process.stages.get(name) else { continue };
        let conditions = enter::of_stage(facts, rules, &profile, condition.clone(), name, false);
        let mut reasons = failed(conditions);
        reasons.extend(barriers.iter().cloned().filter(|_| !stage.from_any));
        let kind = match (stage.from_any, name) {
            (true, "abort") => MoveKind::Abort,
            (true, _) => MoveKind::Rethink,
            (false, _) => MoveKind::Start,
        };
        moves.push(Move {
            kind,
            stage: name.to_owned(),
            title: format!("{}: {name}", stage.title.en),
            who: vec!["Owner".to_owned()],
            possible: reasons.is_empty(),
            how: format!("set `{}`", labels::name_of(&stage.start.label, rules)),
            reasons,
        });
    }
    // What is always possible comes behind what leads on.
    moves.sort_by_key(|one| match one.kind {
        MoveKind::Write | MoveKind::Submit => 0,
        MoveKind::Approve => 1,
        MoveKind::Revise => 2,
        MoveKind::Start if one.possible => 3,
        MoveKind::Rethink => 4,
        MoveKind::Abort => 5,
        MoveKind::Start => 6,
    });
    Next { issue: facts.issue, profile, stage: current.map(str::to_owned), barriers, moves }
}

fn failed(conditions: Vec<Reason>) -> Vec<Reason> {
    conditions.into_iter().filter(|condition| is_in_the_way(condition)).collect()
}

/// What is to be done with the documents of the stage that the issue is in.
fn of_documents(facts: &Facts, rules: Rules<'_>, name: &str, moves: &mut Vec<Move>) {
    let Some(stage) = rules.process.stages.get(name) else { return };
    let mut push = |kind, title: String, who: &[String], how: String| {
        let stage = name.to_owned();
        let who = who.to_vec();
        moves.push(Move { kind, stage, title, who, possible: true, how, reasons: Vec::new() });
    };
    let owner = ["Owner".to_owned()];
    for kind in stage.produces.indispensable() {
        if !artifact::is_approved(kind, rules) {
            continue;
        }
        let documents: Vec<_> = facts
            .of_kind(kind)
            .filter_map(|record| Some((record, docset::state(record)?)))
            .collect();
        if documents.is_empty() {
            let issue = facts.issue.to_string();
            let how = command(&["docset", "new", kind, "--issue", &issue, "--title", "TITLE"]);
            push(MoveKind::Write, format!("write the {kind}"), &stage.roles, how);
        }
        for (record, progress) in documents {
            let id = shown(artifact::name(record));
            let word = word(record);
            let approve = artifact::approve(record);
            match progress {
                Progress::Draft if artifact::is_submitted(record, rules) => {
                    let how = command(&["docset", "submit", &word]);
                    push(
                        MoveKind::Submit,
                        format!("lay `{id}` before its owner"),
                        &stage.roles,
                        how,
                    );
                }
                Progress::Draft | Progress::InReview => {
                    push(MoveKind::Approve, format!("approve `{id}`"), &owner, approve);
                }
                Progress::Stale => {
                    push(
                        MoveKind::Approve,
                        format!("read and approve `{id}` again"),
                        &owner,
                        approve,
                    );
                }
                Progress::Approved | Progress::Missing => {}
            }
        }
    }
}

/// Doing the stage again.
fn revise(
    facts: &Facts,
    rules: Rules<'_>,
    name: &str,
    profile: &str,
    condition: &Reason,
    barriers: &[Reason],
) -> Option<Move> {
    let stage = rules.process.stages.get(name)?;
    let (_, trigger) = stage.triggers().find(|(step, _)| *step == Step::Revise)?;
    let mut reasons = failed(enter::of_stage(facts, rules, profile, condition.clone(), name, true));
    reasons.extend(barriers.iter().cloned());
    Some(Move {
        kind: MoveKind::Revise,
        stage: name.to_owned(),
        title: format!("do {name} again"),
        who: vec!["Owner".to_owned()],
        possible: reasons.is_empty(),
        how: format!("set `{}`", labels::name_of(&trigger.label, rules)),
        reasons,
    })
}
