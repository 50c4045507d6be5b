//! What a run came to, and how it is written.

use std::io::Write;

use countersign_github::{GitHubError, RepositoryName, Usage};
use countersign_report::terminal::{CLEAN, Console, FAILED, FINDINGS, Fault};
use countersign_runner::OutputFormat;
use serde_json::{Value, json};

use super::super::cli::SyncArguments;
use super::text;
use crate::plan::{Plan, PlanError, StateChange, Step, describe};
use crate::sync::{Effect, SyncError};

/// What a run came to.
pub(super) struct Run {
    pub(super) reports: Vec<Report>,
    pub(super) usage: Usage,
}

/// What came of one repository.
pub(super) struct Report {
    pub(super) repository: RepositoryName,
    /// The plan, as far as there is one.
    pub(super) plan: Option<Plan>,
    /// The steps that were left when the run came to it.
    pub(super) left: Vec<Step>,
    pub(super) effects: Effects,
    pub(super) problem: Option<Problem>,
}

/// What was done.
#[derive(Default)]
pub(super) struct Effects(pub(super) Vec<Effect>);

/// Why it did not come to an end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error(transparent)]
    GitHub(#[from] GitHubError),
    #[error(transparent)]
    Sync(#[from] SyncError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error("the labels changed since the plan was made; plan again")]
    Changed(Vec<StateChange>),
    #[error("cannot remember in the file of the plan how far it is: {0}")]
    Journal(String),
    #[error("stopped; run it again to go on")]
    Stopped,
}

impl Problem {
    /// What to do.
    pub(super) fn help(&self) -> Option<String> {
        match self {
            Self::GitHub(error) | Self::Sync(SyncError::GitHub(error)) => Some(error.help()),
            Self::Sync(_) => Some("look at these issues, then run it again".to_owned()),
            _ => None,
        }
    }

    /// What changed, one line each.
    pub(super) fn details(&self) -> String {
        match self {
            Self::Changed(changes) => describe(changes),
            _ => String::new(),
        }
    }
}

impl Report {
    pub(super) fn new(repository: RepositoryName) -> Self {
        let effects = Effects::default();
        Self { repository, plan: None, left: Vec::new(), effects, problem: None }
    }

    /// What became of it, in one word.
    pub(super) fn outcome(&self, apply: bool) -> &'static str {
        match &self.problem {
            Some(Problem::Changed(_)) => "changed",
            Some(Problem::Stopped) => "stopped",
            Some(_) => "failed",
            None if self.left.is_empty() => "unchanged",
            None if apply => "done",
            None => "planned",
        }
    }

    pub(super) fn code(&self, apply: bool) -> u8 {
        match &self.problem {
            Some(Problem::Changed(_)) => FINDINGS,
            Some(_) => FAILED,
            None if self.plan.as_ref().is_some_and(Plan::is_blocked) => FINDINGS,
            None if !apply && !self.left.is_empty() => FINDINGS,
            None => CLEAN,
        }
    }
}

impl Run {
    /// The exit code: that of the worst report.
    pub(super) fn code(&self, apply: bool) -> u8 {
        self.reports.iter().map(|report| report.code(apply)).max().unwrap_or(CLEAN)
    }
}

pub(super) fn write(
    run: &Run,
    apply: bool,
    arguments: &SyncArguments,
    out: &mut Console,
) -> Result<(), Fault> {
    if arguments.output.print.format == OutputFormat::Json {
        let value = json!({
            "version": 1,
            "applied": apply,
            "repositories":
                run.reports.iter().map(|report| value(report, apply)).collect::<Vec<_>>(),
            "requests": run.usage.requests,
            "requests_not_modified": run.usage.not_modified,
        });
        serde_json::to_writer_pretty(&mut *out, &value)?;
        writeln!(out)?;
        return Ok(());
    }
    for report in &run.reports {
        text::write(report, apply, out)?;
    }
    let changes = run.reports.iter().any(|report| report.outcome(apply) == "planned");
    if changes && let Some(file) = &arguments.save_plan {
        let file = file.display();
        writeln!(out, "Nothing was changed. To apply this: labels sync --plan {file} --apply")?;
    } else if changes {
        writeln!(out, "Nothing was changed; --apply makes the changes.")?;
    }
    Ok(())
}

fn value(report: &Report, apply: bool) -> Value {
    let error = report.problem.as_ref().map(|problem| {
        json!({
            "message": problem.to_string(),
            "help": problem.help(),
            "details": problem.details().lines().collect::<Vec<_>>(),
        })
    });
    let effects: Vec<Value> = report.effects.0.iter().map(effect).collect();
    json!({
        "repository": report.repository.to_string(),
        "outcome": report.outcome(apply),
        "digest": report.plan.as_ref().map(Plan::digest),
        "steps": report.left,
        "notes": report.plan.as_ref().map(|plan| &plan.notes),
        "effects": effects,
        "error": error,
    })
}

fn effect(effect: &Effect) -> Value {
    match effect {
        Effect::Created(name) => json!({ "effect": "created", "label": name }),
        Effect::Renamed(from, to) => json!({ "effect": "renamed", "label": from, "to": to }),
        Effect::Updated(name) => json!({ "effect": "updated", "label": name }),
        Effect::Labelled(number, name) => {
            json!({ "effect": "labelled", "number": number, "label": name })
        }
        Effect::Merged(from, into) => json!({ "effect": "merged", "label": from, "into": into }),
        Effect::Deleted(name) => json!({ "effect": "deleted", "label": name }),
        Effect::Kept(name) => json!({ "effect": "kept", "label": name }),
    }
}
