//! `docset upgrade`.

use std::collections::BTreeSet;
use std::io::Write;

use serde::Serialize;

use super::UpgradeArguments;
use super::github::{Done, carry_out, lock, real, say, source};
use crate::command::{CLEAN, Console, FINDINGS, Fault, diff, root};
use crate::github::{
    Action, LOCK_FILE, Plan, Source, Step, Template, present, read_lock, templates, upgrade,
};
use crate::nearest::suggestion;
use countersign_report::terminal::stopped;
use countersign_runner::OutputFormat;

/// The version of the JSON.
const SHAPE: u32 = 1;

pub(super) fn run(arguments: &UpgradeArguments, out: &mut Console) -> Result<u8, Fault> {
    let (root, _) = root::of(&arguments.root)?;
    let root = real(&root)?;
    let writes = !(arguments.check || arguments.dry_run || arguments.diff);
    let _lock = if writes { Some(lock(&root)?) } else { None };
    let (former, text) = read_lock(&root)?.ok_or_else(|| {
        format!("there is no `{LOCK_FILE}`: `docset init --github` installs what can be upgraded")
    })?;
    let source = source(&arguments.source, Some(&former))?;
    let templates = templates(&former.language).unwrap_or_default();
    let keep = keep(&arguments.keep, &templates)?;
    let there = present(&root, &templates)?;
    let plan = upgrade(&templates, &source, &there, (&former, &text), &keep);
    if writes {
        carry_out(&plan, &root)?;
    }
    let done = if writes { Done::Yes } else { Done::Would };
    match arguments.print.format {
        OutputFormat::Json => json(&plan, &source, done, out)?,
        OutputFormat::Human if arguments.diff => differences(&plan, out)?,
        OutputFormat::Human => say(&plan, done, out)?,
    }
    out.flush()?;
    if arguments.print.format == OutputFormat::Human && plan.has_conflict() {
        let hint = if arguments.diff { "" } else { ", which `docset upgrade --diff` shows" };
        let text = format!(
            "error: edits and the new version are in each other's way; bring over what you want of \
             it{hint}, then `docset upgrade --keep PATH`\n"
        );
        countersign_report::terminal::say(&text);
    }
    let open = plan.has_conflict() || arguments.check && !plan.is_done();
    Ok(if open { FINDINGS } else { CLEAN })
}

/// The files to keep, each of which must be one of ours.
fn keep(paths: &[String], templates: &[Template]) -> Result<BTreeSet<String>, Fault> {
    let known = || templates.iter().map(|template| template.path);
    let check = |path: &String| match known().any(|known| known == path.trim_start_matches("./")) {
        true => Ok(path.trim_start_matches("./").to_owned()),
        false => {
            let help = suggestion(path, known().collect::<Vec<_>>());
            Err(format!("`{path}` is nothing that was installed; {help}").into())
        }
    };
    paths.iter().map(check).collect()
}

/// What would change. For a conflict, what the new version changed, or, where nobody knows
/// what it changed, how it differs from the file.
fn differences(plan: &Plan, out: &mut Console) -> Result<(), Fault> {
    stopped(out, |out| {
        for step in &plan.steps {
            let Some(after) = &step.after else { continue };
            let before = match step.action {
                Action::Conflict => step.base.as_ref().or(step.before.as_ref()),
                _ => step.before.as_ref(),
            };
            if step.action == Action::Conflict {
                writeln!(out, "# not written: {}", step.note)?;
            }
            write!(out, "{}", diff::patch(&step.path, before.map(String::as_str), after))?;
        }
        Ok(())
    })
}

#[derive(Serialize)]
struct Shape<'p> {
    version: u32,
    uses: String,
    written: bool,
    files: Vec<File<'p>>,
}

#[derive(Serialize)]
struct File<'p> {
    path: &'p str,
    action: Action,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'p str,
}

impl<'p> File<'p> {
    fn new(step: &'p Step) -> Self {
        Self { path: &step.path, action: step.action, note: &step.note }
    }
}

fn json(plan: &Plan, source: &Source, done: Done, out: &mut Console) -> Result<(), Fault> {
    let shape = Shape {
        version: SHAPE,
        uses: source.to_string(),
        written: done == Done::Yes,
        files: plan.steps.iter().map(File::new).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &shape)?;
    writeln!(out)?;
    Ok(())
}
