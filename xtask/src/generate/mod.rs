//! `cargo xtask generate`: files that are derived from the code and committed.

mod action_tables;
mod pages;
mod rule_table;
mod schemas;
mod workflows;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use diffy::DiffOptions;

use crate::docset::Docset;
use crate::files;
use crate::workspace::Workspace;

/// Whether to write or to compare.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail if a file is not as it would be written
    #[arg(long)]
    check: bool,
}

/// A file and what it must say.
#[derive(Debug)]
struct Generated {
    /// From the root of the repository.
    path: PathBuf,
    text: String,
}

/// Writes the files, or compares them.
///
/// # Errors
///
/// If docset does not build or a file cannot be written.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    if arguments.check {
        return Ok(match check(workspace) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                println!("{error:#}");
                ExitCode::FAILURE
            }
        });
    }
    let docset = Docset::build(workspace)?;
    let generated = everything(workspace, &docset)?;
    write(workspace, &left_over(workspace, &generated)?, &generated)?;
    pages::run(workspace, &docset, pages::Mode::Write)?;
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask publish-workflows`: of all that is generated, only the reusable workflows,
/// for which nothing has to be built.
///
/// # Errors
///
/// If a file cannot be read or written.
pub(crate) fn publish_workflows(workspace: &Workspace) -> Result<ExitCode> {
    let generated = workflows::generate(workspace)?;
    write(workspace, &workflows::left_over(workspace, &generated)?, &generated)?;
    Ok(ExitCode::SUCCESS)
}

fn write(workspace: &Workspace, left_over: &[PathBuf], generated: &[Generated]) -> Result<()> {
    for stale in left_over {
        std::fs::remove_file(workspace.root().join(stale))?;
        println!("removed {}", stale.display());
    }
    for Generated { path, text } in generated {
        let full = workspace.root().join(path);
        if files::read(&full).ok().as_ref() != Some(text) {
            files::write(&full, text)?;
            println!("wrote {}", path.display());
        }
    }
    Ok(())
}

/// Fails if a committed file is not as it would be written.
///
/// # Errors
///
/// With a summary of the differences.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let docset = Docset::build(workspace)?;
    let generated = everything(workspace, &docset)?;
    let mut stale: Vec<String> = left_over(workspace, &generated)?
        .iter()
        .map(|path| format!("{}: nothing writes it any more", path.display()))
        .collect();
    for Generated { path, text } in &generated {
        match files::read(&workspace.root().join(path)) {
            Err(_) => stale.push(format!("{}: missing", path.display())),
            Ok(present) if present != *text => {
                stale.push(format!("{}: stale\n{}", path.display(), difference(&present, text)));
            }
            Ok(_) => {}
        }
    }
    if stale.is_empty() {
        println!("  {} generated files are up to date", generated.len());
        return pages::run(workspace, &docset, pages::Mode::Check);
    }
    bail!("run `cargo xtask generate` and commit:\n{}", stale.join("\n"))
}

fn everything(workspace: &Workspace, docset: &Docset) -> Result<Vec<Generated>> {
    let mut generated = schemas::generate(workspace, docset)?;
    generated.push(rule_table::generate(workspace, docset)?);
    generated.extend(workflows::generate(workspace)?);
    generated.extend(action_tables::generate(workspace)?);
    Ok(generated)
}

/// A folder to run docset in, away from this repository's own `countersign.yaml`: what
/// is generated is about the default catalogue.
fn folder_without_configuration(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target("tmp/generate");
    files::make_folder(&folder)?;
    Ok(folder)
}

/// Schemas of types that are no more, and copies of workflows that are no more.
fn left_over(workspace: &Workspace, generated: &[Generated]) -> Result<Vec<PathBuf>> {
    let folder = Path::new(schemas::FOLDER);
    let mut paths = workflows::left_over(workspace, generated)?;
    let entries = std::fs::read_dir(workspace.root().join(folder)).into_iter().flatten();
    for entry in entries {
        let path = folder.join(entry?.file_name());
        if generated.iter().all(|generated| generated.path != path) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The first lines of a difference: enough to see what changed.
fn difference(present: &str, wanted: &str) -> String {
    const LINES: usize = 12;
    let unified = DiffOptions::new().set_context_len(1).create_patch(present, wanted).to_string();
    let mut lines = unified.lines();
    let mut shown: Vec<String> =
        lines.by_ref().take(LINES).map(|line| format!("  {line}")).collect();
    match lines.count() {
        0 => {}
        more => shown.push(format!("  … and {more} more lines")),
    }
    shown.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_short() {
        let long: String = (0..100).map(|number| format!("{number}\n")).collect();
        let shown = difference("", &long);
        assert_eq!(shown.lines().count(), 13);
        assert!(shown.ends_with("more lines"), "{shown}");
        assert!(difference("a\n", "b\n").contains("  -a\n  +b"));
    }
}
