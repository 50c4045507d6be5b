//! Plans and results for people.

use std::io::{self, Write};

use countersign_markup::shown::{escape, excerpt};
use countersign_report::terminal::Console;

use super::report::Report;
use crate::plan::{NoteKind, RemoteLabel, Step};
use crate::sync::Effect;

/// The result in one line: `acme/product: 3 to create, 1 to rename`.
pub(super) fn headline(report: &Report, apply: bool) -> String {
    format!("{}: {}", report.repository, summary(report, apply))
}

fn summary(report: &Report, apply: bool) -> String {
    let done = effects(report);
    match &report.problem {
        Some(problem) if done.is_empty() => problem.to_string(),
        Some(problem) => format!("{done}; then {problem}"),
        None if report.left.is_empty() => "nothing to change".to_owned(),
        None if apply => done,
        None => steps(report),
    }
}

/// `3 created, 1 renamed`
fn effects(report: &Report) -> String {
    type Is = fn(&Effect) -> bool;
    let kinds: [(&str, Is); 7] = [
        ("merged", |effect| matches!(effect, Effect::Merged(..))),
        ("issues labelled", |effect| matches!(effect, Effect::Labelled(..))),
        ("renamed", |effect| matches!(effect, Effect::Renamed(..))),
        ("updated", |effect| matches!(effect, Effect::Updated(..))),
        ("created", |effect| matches!(effect, Effect::Created(..))),
        ("deleted", |effect| matches!(effect, Effect::Deleted(..))),
        ("kept", |effect| matches!(effect, Effect::Kept(..))),
    ];
    let counts = kinds.map(|(what, is)| {
        let count = report.effects.0.iter().filter(|effect| is(effect)).count();
        (count, what)
    });
    join(&counts)
}

/// `3 to create, 1 to rename`
fn steps(report: &Report) -> String {
    type Is = fn(&Step) -> bool;
    let kinds: [(&str, Is); 5] = [
        ("to merge", |step| matches!(step, Step::Merge { .. })),
        ("to rename", |step| matches!(step, Step::Rename { .. })),
        ("to update", |step| matches!(step, Step::Update { .. })),
        ("to create", |step| matches!(step, Step::Create { .. })),
        ("to delete", |step| matches!(step, Step::Delete { .. })),
    ];
    let counts = kinds.map(|(what, is)| {
        let count = report.left.iter().filter(|step| is(step)).count();
        (count, what)
    });
    join(&counts)
}

fn join(counts: &[(usize, &str)]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    parts.join(", ")
}

/// The report of one repository, with every step if nothing was done yet.
pub(super) fn write(report: &Report, apply: bool, out: &mut Console) -> io::Result<()> {
    let name = out.bold(&report.repository.to_string());
    writeln!(out, "{name}: {}", escape(&summary(report, apply)))?;
    if !apply {
        for step in &report.left {
            writeln!(out, "  {}", one(step))?;
        }
    }
    for effect in &report.effects.0 {
        if let Effect::Kept(label) = effect {
            writeln!(out, "  kept    `{}` is in use, so it is not deleted", excerpt(label))?;
        }
    }
    for note in report.plan.iter().flat_map(|plan| &plan.notes) {
        let kind = match note.kind {
            NoteKind::Kept => "kept",
            NoteKind::Blocked => "blocked",
        };
        writeln!(out, "  {kind:7} `{}` {}", excerpt(&note.label), escape(&note.text))?;
    }
    if let Some(problem) = &report.problem {
        for line in problem.details().lines() {
            writeln!(out, "  {}", escape(line))?;
        }
        if let Some(help) = problem.help() {
            writeln!(out, "  help: {}", escape(&help))?;
        }
    }
    Ok(())
}

/// A step in one line: `create  run:intake`.
pub(super) fn one(step: &Step) -> String {
    match step {
        Step::Create { label } => format!("create  {}", excerpt(&label.name)),
        Step::Delete { label } => format!("delete  {} (unused)", excerpt(&label.name)),
        Step::Merge { from, into } => format!(
            "merge   {} -> {} (its issues get the other label, then it is deleted)",
            excerpt(from),
            excerpt(into)
        ),
        Step::Rename { from, to } => {
            let looks = looks(from, to);
            let and = if looks.is_empty() { "" } else { "; " };
            format!("rename  {} -> {}{and}{looks}", excerpt(&from.name), excerpt(&to.name))
        }
        Step::Update { from, to } => {
            let name = if from.name == to.name {
                excerpt(&to.name)
            } else {
                format!("{} -> {}", excerpt(&from.name), excerpt(&to.name))
            };
            format!("update  {name}: {}", looks(from, to))
        }
    }
}

/// What changes besides the name.
fn looks(from: &RemoteLabel, to: &RemoteLabel) -> String {
    let mut parts = Vec::new();
    if from.color != to.color {
        parts.push(format!("colour {} -> {}", excerpt(&from.color), excerpt(&to.color)));
    }
    if from.description != to.description {
        parts.push(format!(
            "description \"{}\" -> \"{}\"",
            excerpt(&from.description),
            excerpt(&to.description)
        ));
    }
    if parts.is_empty() && from.name.to_lowercase() == to.name.to_lowercase() {
        parts.push("case of the name".to_owned());
    }
    parts.join(", ")
}
