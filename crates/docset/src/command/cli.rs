//! The arguments of `docset`, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

#[cfg(feature = "lifecycle")]
use super::life::LifeCommand;

use countersign_runner::{
    CompletionsArguments, OutputFormat, PrintArguments, ProgramArguments, RootArguments,
};

use crate::output::Format;

/// Checks Markdown documents with typed front matter: ids, lifecycle, approvals,
/// links, structure.
#[derive(Debug, Parser)]
#[command(
    name = "docset",
    version,
    arg_required_else_help = true,
    after_help = help()
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    #[command(flatten)]
    pub(super) program: ProgramArguments,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check documents and say what is wrong with them
    Check(Box<CheckArguments>),
    /// Write a configuration and a baseline for documents that are already there
    Adopt(AdoptArguments),
    /// The life of a document
    #[cfg(feature = "lifecycle")]
    #[command(flatten)]
    Life(LifeCommand),
    /// Print the page of a rule
    Explain(ExplainArguments),
    /// List all rules
    #[command(after_help = "\
Examples:
  docset rules                  each with its severity under the configuration
  docset rules --format json    with severities, defaults and options, for programs")]
    Rules(ListArguments),
    /// List the document types, or show one
    #[command(after_help = "\
Examples:
  docset types        names, id prefixes, stages, owners, titles
  docset types adr    what a decision record must have")]
    Types(TypesArguments),
    /// Print a JSON Schema: of the front matter of a type, or of the configuration
    Schema(SchemaArguments),
    #[command(after_help = CompletionsArguments::examples("docset"))]
    Completions(CompletionsArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset check                                      what countersign.yaml includes
  docset check docs/adr docs/prd.md                 folders, files, globs
  docset check --changed-since origin/main          only what a branch changed
  docset check --stdin-filename docs/a.md - <a.md   a text that is not saved yet
  docset check --fix                                apply safe fixes
  docset check --write-baseline                     from now on, fail only on new findings

Exit codes: 0 nothing to report, 1 findings, 2 the job could not be done.")]
pub(super) struct CheckArguments {
    /// Folders, files and globs; `-` for standard input. Without any: what the
    /// configuration includes
    pub(super) paths: Vec<String>,

    /// Root of the repository. Default: the nearest folder upwards of the paths
    /// that holds countersign.yaml or .git
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,

    #[command(flatten)]
    pub(super) print: PrintArguments<Format>,

    /// Write the findings to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// Only documents that differ from the merge base with this git revision
    #[arg(long, value_name = "REVISION")]
    pub(super) changed_since: Option<String>,

    /// The path that the text on standard input is to be saved under
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<String>,

    /// Apply fixes that leave the meaning of a document as it was
    #[arg(long)]
    pub(super) fix: bool,

    /// With --fix: apply guesses too
    #[arg(long, requires = "fix")]
    pub(super) unsafe_fixes: bool,

    /// With --fix: print the changes and write nothing
    #[arg(long, requires = "fix")]
    pub(super) diff: bool,

    /// File of known findings, which do not fail the run. Default: `docs: baseline:`
    /// of the configuration
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Write all findings into the baseline instead of showing them
    #[arg(long, conflicts_with_all = ["fix", "no_baseline"])]
    pub(super) write_baseline: bool,

    /// Show known findings too
    #[arg(long, conflicts_with = "baseline")]
    pub(super) no_baseline: bool,

    /// Fail when there are more warnings than this
    #[arg(long, value_name = "N")]
    pub(super) max_warnings: Option<usize>,

    /// Check files that .gitignore and its kin exclude, too
    #[arg(long)]
    pub(super) no_ignore: bool,

    /// Number of threads. Default: one per processor
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) threads: Option<u16>,

    /// Print nothing when there is nothing to report
    #[arg(long, short)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset adopt docs              survey docs/, write countersign.yaml and the baseline
  docset adopt docs --dry-run    print both instead

Afterwards `docset check` passes; only new findings fail it.")]
pub(super) struct AdoptArguments {
    /// Folders, files and globs that hold the documents
    #[arg(default_value = "docs")]
    pub(super) paths: Vec<String>,

    /// Root of the repository. Default: as for `check`
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,

    /// Print what would be written
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset explain broken-link    what it finds, why, an example, and how to mend it
  docset rules                  the ids of all rules")]
pub(super) struct ExplainArguments {
    /// Id of the rule, as in `error[broken-link]`
    pub(super) rule: String,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    pub(super) print: PrintArguments<OutputFormat>,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

#[derive(Debug, Args)]
pub(super) struct TypesArguments {
    /// The type to show; all in a list if left out
    pub(super) name: Option<String>,

    #[command(flatten)]
    pub(super) list: ListArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset schema adr       for the front matter of decision records
  docset schema config    for countersign.yaml")]
pub(super) struct SchemaArguments {
    /// A document type, or `config`
    pub(super) subject: String,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

/// What stands below the list of commands: with the feature `lifecycle`, also how documents
/// begin.
fn help() -> String {
    let life = if cfg!(feature = "lifecycle") {
        "  docset init                         start in one that has none
  docset new package intake --title 'Faster checkout' --issue 41
  docset approve BRF-0001 --by octavia --request-id 17\n"
    } else {
        ""
    };
    format!(
        "\
Examples:
  docset check                        everything that countersign.yaml includes (default: docs/)
  docset check docs/adr 'docs/**/prd*.md'
  docset check --changed-since origin/main --format github
  docset check --fix --diff           show what safe fixes would change
  docset explain broken-link          what a rule finds, why, and how to mend it
  docset adopt docs                   start in a repository that already has documents
{life}
Exit codes: 0 nothing to report, 1 findings, 2 the job could not be done."
    )
}
