//! What the runner is told of a run.

use std::io::Write as _;

use countersign_markup::shown::escape;
use countersign_report::annotation;
use countersign_report::terminal::{CLEAN, Console, Fault};
use countersign_runner::{Sign, Step};

use super::report::{Report, Run};
use super::text::{headline, one};
use crate::plan::NoteKind;
use crate::sync::Effect;

pub(super) fn tell(
    step: &mut Step,
    run: &Run,
    apply: bool,
    out: &mut Console,
) -> Result<(), Fault> {
    let sign = if run.code(apply) == CLEAN { Sign::Good } else { Sign::Bad };
    step.summary.heading(sign, "labels sync");
    step.summary.list(run.reports.iter().map(|report| headline(report, apply)));
    let what = if apply { "Change that was made, or was to be" } else { "Change to be made" };
    let rows = run.reports.iter().flat_map(|report| {
        report.left.iter().map(|step| vec![report.repository.to_string(), one(step)])
    });
    step.summary.table(&["Repository", what], rows);
    let notes = run.reports.iter().flat_map(|report| {
        report.plan.iter().flat_map(|plan| &plan.notes).map(|note| {
            let kind = match note.kind {
                NoteKind::Kept => "kept",
                NoteKind::Blocked => "blocked",
            };
            vec![
                report.repository.to_string(),
                note.label.clone(),
                format!("{kind}: {}", note.text),
            ]
        })
    });
    step.summary.table(&["Repository", "Label", "Left alone"], notes);
    let mut commands = String::new();
    for report in run.reports.iter().filter(|report| report.code(apply) != CLEAN) {
        let help = match &report.problem {
            Some(problem) => problem.help(),
            None if apply => None,
            None => Some("run it with `apply: true`".to_owned()),
        };
        let help = help.map(|help| format!("\n{}", escape(&help))).unwrap_or_default();
        let message = format!("{}{help}", escape(&headline(report, apply)));
        commands.push_str(&annotation("error", "labels sync", None, &message));
        commands.push('\n');
    }
    out.write_all(step.annotations(&commands, &std::env::current_dir()?).as_bytes())?;
    let made = |report: &Report| {
        report.effects.0.iter().filter(|effect| !matches!(effect, Effect::Kept(_))).count()
    };
    let count = |report: &Report| if apply { made(report) } else { report.left.len() };
    step.output("changes", run.reports.iter().map(count).sum::<usize>())?;
    Ok(())
}
