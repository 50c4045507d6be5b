//! The arguments of the commands that generate pages and docset files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use countersign_runner::RootArguments;

use super::arguments::number;

/// Where the repository is, and what to do with a generated file.
#[derive(Debug, Args)]
pub(in crate::command) struct PageArguments {
    #[command(flatten)]
    pub(in crate::command) root: RootArguments,

    /// Write nothing; fail and print the difference if the file is stale
    #[arg(long)]
    pub(in crate::command) check: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset map                      write docs/_index/issue_map.md, or bring it up to date
  docset map --check              in CI: fail if it is stale, and print the difference
  docset map --output docs/map.md

Exit codes: 0 up to date, 1 stale (with --check), 2 the job could not be done.")]
pub(in crate::command) struct MapArguments {
    /// The file of the map. Default: docs/_index/issue_map.md in the root
    #[arg(long, value_name = "FILE")]
    pub(in crate::command) output: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::command) page: PageArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset index                                            write docs/_index/index.md
  docset index --check                                    in CI: fail if it is stale
  docset index --folder docs/adr --output docs/adr/index.md   one folder on a page of its own

Exit codes: 0 up to date, 1 stale (with --check), 2 the job could not be done.")]
pub(in crate::command) struct IndexArguments {
    /// The file of the index. Default: docs/_index/index.md in the root
    #[arg(long, value_name = "FILE")]
    pub(in crate::command) output: Option<PathBuf>,

    /// Only the documents below this folder
    #[arg(long, value_name = "DIR", requires = "output")]
    pub(in crate::command) folder: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::command) page: PageArguments,
}

/// How a graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::command) enum GraphFormat {
    /// For Markdown on GitHub
    Mermaid,
    /// For Graphviz
    Dot,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset graph >graph.mmd                    a Mermaid flowchart
  docset graph --format dot | dot -Tsvg      a picture, with Graphviz
  docset graph --format json --output docs/_index/graph.json
  docset graph --format json --output docs/_index/graph.json --check

Exit codes: 0 up to date, 1 stale (with --check), 2 the job could not be done.")]
pub(in crate::command) struct GraphArguments {
    /// How to write the graph
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid, value_name = "FORMAT")]
    pub(in crate::command) format: GraphFormat,

    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(in crate::command) output: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::command) root: RootArguments,

    /// Write nothing; fail and print the difference if the file is stale
    #[arg(long, requires = "output")]
    pub(in crate::command) check: bool,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::command) enum ReportFormat {
    /// One page for a browser
    Html,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset report                        write docs/_index/report.html, or bring it up to date
  docset report --output report.html   for an artifact of CI
  docset report --check                fail if the file is stale

Exit codes: 0 up to date, 1 stale (with --check), 2 the job could not be done.")]
pub(in crate::command) struct ReportArguments {
    /// How to write the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Html, value_name = "FORMAT")]
    pub(in crate::command) format: ReportFormat,

    /// The file of the report. Default: docs/_index/report.html in the root
    #[arg(long, value_name = "FILE")]
    pub(in crate::command) output: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::command) page: PageArguments,
}

#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(in crate::command) struct SyncArguments {
    #[command(subcommand)]
    pub(in crate::command) subject: SyncSubject,
}

#[derive(Debug, Subcommand)]
pub(in crate::command) enum SyncSubject {
    /// The docset file of an issue: docs/_docset/issues/issue-N.yaml
    #[command(after_help = "\
Examples:
  docset sync issue 12
  docset sync issue 12 --profile feature --stage prd --repo acme/shop
  docset sync issue 12 --check    in CI: fail if the file is stale

Exit codes: 0 up to date, 1 stale (with --check), 2 the job could not be done.")]
    Issue(SyncIssueArguments),
    /// The docset file of a pull request: docs/_docset/prs/pr-N.yaml
    #[command(after_help = "\
Examples:
  docset sync pr 34                               documents that name it in related_prs
  docset sync pr 34 --changed-since origin/main   and those that the branch changed

Exit codes: 0 up to date, 1 stale (with --check), 2 the job could not be done.")]
    Pr(SyncPrArguments),
    /// All that is generated: docset files, the issue map, the index
    #[command(after_help = "\
Examples:
  docset sync all                                the issue map and the index
  docset sync all --issue 12 --pr 34             and the docset files of these
  docset sync all --what 'map index' --check     in CI: fail if one of them is stale
  docset sync all --issue 12 --commit --push     commit what changed, and nothing else

A commit is made by whom git takes for its author: GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL,
GIT_COMMITTER_NAME and GIT_COMMITTER_EMAIL, else its configuration, else, in a workflow,
github-actions[bot].

Exit codes: 0 up to date, 1 stale (with --check), 2 the job could not be done.")]
    All(SyncAllArguments),
}

/// A part of what is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(in crate::command) enum SyncPart {
    /// The docset file of the issue
    Issue,
    /// The docset file of the pull request
    Pr,
    /// The issue map
    Map,
    /// The index of documents
    Index,
}

#[derive(Debug, Args)]
pub(in crate::command) struct SyncAllArguments {
    /// The issue whose docset file is meant
    #[arg(long, value_name = "N", value_parser = number())]
    pub(in crate::command) issue: Option<u64>,

    /// The pull request whose docset file is meant
    #[arg(long, value_name = "N", value_parser = number())]
    pub(in crate::command) pr: Option<u64>,

    /// Only these parts, with blanks or commas between. Default: map, index, and issue and pr
    /// where there is a number
    #[arg(long, value_name = "PARTS", value_parser = parts)]
    pub(in crate::command) what: Option<Parts>,

    /// With --pr: list documents that differ from the merge base with this git revision, too
    #[arg(long, value_name = "REVISION")]
    pub(in crate::command) changed_since: Option<String>,

    /// Commit the generated files, and nothing else
    #[arg(long, conflicts_with = "check")]
    pub(in crate::command) commit: bool,

    /// With --commit: push the commit to the branch that is checked out
    #[arg(long, requires = "commit")]
    pub(in crate::command) push: bool,

    #[command(flatten)]
    pub(in crate::command) place: SyncPlace,
}

/// Parts in the order in which they build on each other.
#[derive(Clone, Debug)]
pub(in crate::command) struct Parts(pub(in crate::command) BTreeSet<SyncPart>);

fn parts(text: &str) -> Result<Parts, String> {
    let words = text.split([' ', ',', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    let parts: BTreeSet<SyncPart> = words
        .map(|word| SyncPart::from_str(word, false))
        .collect::<Result<_, _>>()
        .map_err(|error| format!("{error}: write any of `issue`, `pr`, `map` and `index`"))?;
    if parts.is_empty() {
        return Err("write any of `issue`, `pr`, `map` and `index`".to_owned());
    }
    Ok(Parts(parts))
}

#[derive(Debug, Args)]
pub(in crate::command) struct SyncIssueArguments {
    /// Number of the issue
    #[arg(value_name = "N", value_parser = number())]
    pub(in crate::command) number: u64,

    /// The stage that the issue is in. Default: as it is; in a new file the last one
    /// that a document came out of
    #[arg(long)]
    pub(in crate::command) stage: Option<String>,

    /// full, feature or quick-fix. Default: as it is; full in a new file
    #[arg(long)]
    pub(in crate::command) profile: Option<String>,

    #[command(flatten)]
    pub(in crate::command) place: SyncPlace,
}

#[derive(Debug, Args)]
pub(in crate::command) struct SyncPrArguments {
    /// Number of the pull request
    #[arg(value_name = "N", value_parser = number())]
    pub(in crate::command) number: u64,

    /// List documents that differ from the merge base with this git revision, too
    #[arg(long, value_name = "REVISION")]
    pub(in crate::command) changed_since: Option<String>,

    #[command(flatten)]
    pub(in crate::command) place: SyncPlace,
}

#[derive(Debug, Args)]
pub(in crate::command) struct SyncPlace {
    /// The repository on GitHub, for the address. Default: as it is
    #[arg(long, value_name = "OWNER/NAME", value_parser = repository)]
    pub(in crate::command) repo: Option<String>,

    #[command(flatten)]
    pub(in crate::command) page: PageArguments,
}

fn repository(text: &str) -> Result<String, String> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name.chars().all(|char| char.is_ascii_alphanumeric() || "-_.".contains(char))
    };
    match text.split_once('/') {
        Some((owner, name)) if is_name(owner) && is_name(name) => Ok(text.to_owned()),
        _ => Err("expected `owner/name`".to_owned()),
    }
}
