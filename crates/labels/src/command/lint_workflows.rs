//! `labels lint-workflows`.

use std::io::Write as _;
use std::path::{Component, Path, PathBuf};

use clap::Args;
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, stopped};
use countersign_report::{Format, Output, Sources, Summary, Tool};
use countersign_runner::{PrintArguments, RootArguments, Step};

use crate::catalogue::Catalogue;
use crate::config::LabelsConfig;
use crate::lint::{RULES, find, lint};

/// The arguments of `labels lint-workflows`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  labels lint-workflows                                all workflows of the repository
  labels lint-workflows .github/workflows/start.yml    one; what no workflow does is not asked
  labels lint-workflows --format github                annotations in a pull request

Exit codes: 0 nothing to report, 1 findings, 2 the job could not be done.")]
pub(super) struct LintWorkflowsArguments {
    /// Files and folders. Without any: .github/workflows, reusable-workflows and
    /// templates/github/workflows
    paths: Vec<PathBuf>,

    #[command(flatten)]
    print: PrintArguments<Format>,

    /// Fail when there are more warnings than this
    #[arg(long, value_name = "N")]
    max_warnings: Option<usize>,

    #[command(flatten)]
    root: RootArguments,
}

pub(super) fn run(
    arguments: &LintWorkflowsArguments,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    let root = arguments.root.find()?.canonicalize()?;
    let catalogue = Catalogue::new(&LabelsConfig::load(&root)?)?;
    let here = std::env::current_dir()?;
    let paths: Vec<String> =
        arguments.paths.iter().map(|path| from_root(&root, &here, path)).collect();
    // Below the root itself there is far more than workflows.
    let paths = if paths.iter().any(|path| path == ".") { Vec::new() } else { paths };
    let (files, scope) = find(&root, &paths)?;
    let diagnostics = lint(&catalogue, &files, scope);
    let summary = Summary::new(files.len(), &diagnostics);
    let mut sources = Sources::new(root);
    for file in files {
        sources.set(&*file.path, file.text);
    }
    let output = Output {
        tool: Tool {
            name: "labels",
            version: env!("CARGO_PKG_VERSION"),
            command: "lint-workflows",
            subject: "workflow",
            rules: RULES,
        },
        diagnostics: &diagnostics,
        summary: &summary,
        sources: &sources,
    };
    let styling = out.styling();
    match arguments.print.format {
        // These quote workflows in a log that the runner reads.
        Format::Human | Format::Concise => {
            stopped(out, |out| {
                output.write(arguments.print.format, styling, out).map_err(Fault::from)
            })?;
        }
        format => output.write(format, styling, out)?,
    }
    out.flush()?;
    let too_many = arguments.max_warnings.is_some_and(|most| summary.warnings > most);
    let code = if summary.errors > 0 || too_many { FINDINGS } else { CLEAN };
    if let Some(step) = step {
        step.summary.markdown(&output.text(Format::Markdown)?);
        let annotations = step.annotations(&output.text(Format::Github)?, sources.root());
        out.write_all(annotations.as_bytes())?;
        step.output("result", if code == CLEAN { "clean" } else { "findings" })?;
        step.output("findings", summary.errors + summary.warnings)?;
    }
    Ok(code)
}

/// A path that counts from the working folder, counted from the root, with `/`. One that
/// leads out of the root stays as it is, and is refused later.
fn from_root(root: &Path, here: &Path, path: &Path) -> String {
    let mut full = PathBuf::new();
    for part in here.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                full.pop();
            }
            part => full.push(part),
        }
    }
    let full = full.canonicalize().unwrap_or(full);
    match full.strip_prefix(root) {
        Ok(inside) if inside.as_os_str().is_empty() => ".".to_owned(),
        Ok(inside) => {
            let parts: Vec<_> =
                inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            parts.join("/")
        }
        Err(_) => path.display().to_string(),
    }
}
