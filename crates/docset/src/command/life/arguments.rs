//! The arguments of the commands for the life of a document.

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::{Args, Subcommand};

use super::lifecycle::{
    AbandonArguments, ApproveArguments, DigestArguments, RequestChangesArguments, RethinkArguments,
    SubmitArguments, SupersedeArguments, VerifyArguments,
};
use super::views::{GraphArguments, IndexArguments, MapArguments, ReportArguments, SyncArguments};

#[derive(Debug, Subcommand)]
pub(in crate::command) enum LifeCommand {
    /// Prepare a repository for documents: folders, configuration, hook
    Init(InitArguments),
    /// Create a document, or all documents of a stage, from templates
    New(NewArguments),
    /// Lay drafts before their owner
    Submit(SubmitArguments),
    /// Approve documents, bound to their content
    Approve(ApproveArguments),
    /// Send documents back to their authors
    RequestChanges(RequestChangesArguments),
    /// Let one document take the place of another, on both sides
    Supersede(SupersedeArguments),
    /// Abandon the documents that only one issue needs
    Abandon(AbandonArguments),
    /// Go back to an earlier stage: new versions of what was approved
    Rethink(RethinkArguments),
    /// Say which approvals count: approved, stale, unbound, forged
    Verify(VerifyArguments),
    /// Print the digests that approvals would be bound to
    Digest(DigestArguments),
    /// Write the map of issues, pull requests and their documents
    Map(MapArguments),
    /// Write the index of all documents, by folder
    Index(IndexArguments),
    /// Print the graph of documents, issues and pull requests
    Graph(GraphArguments),
    /// Write a page with approvals, the matrix of issues and documents, and the graph
    Report(ReportArguments),
    /// Bring the docset file of an issue or a pull request up to date
    Sync(SyncArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset init                create what is missing, and say what
  docset init --lang ru      with everything in Russian
  docset init --dry-run      only say what would be created

What is there already is left alone.")]
pub(in crate::command) struct InitArguments {
    /// Language of the files and of later documents: en or ru
    #[arg(long, default_value = "en", value_name = "LANG")]
    pub(in crate::command) lang: String,

    /// Root of the repository. Default: as for `check`
    #[arg(long, value_name = "DIR")]
    pub(in crate::command) root: Option<PathBuf>,

    /// Only say what would be created
    #[arg(long)]
    pub(in crate::command) dry_run: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset new adr --title 'Keep tokens of the provider' --issue 41
  docset new story --title 'Pay with one click' --issue 41 --stage plan
  docset new package intake --title 'Faster checkout' --issue 41
  docset new prd --title 'Быстрая оплата' --lang ru --dry-run

The id is the next free one, ids on other local branches counted. The path is printed.")]
pub(in crate::command) struct NewArguments {
    /// The type, or `package` for all documents of a stage
    #[arg(value_name = "TYPE")]
    pub(in crate::command) kind: String,

    /// The stage of a package
    #[arg(value_name = "STAGE")]
    pub(in crate::command) package: Option<String>,

    /// Title in one line
    #[arg(long)]
    pub(in crate::command) title: String,

    /// An issue that the document serves; may be repeated
    #[arg(long, value_name = "N", value_parser = number())]
    pub(in crate::command) issue: Vec<u64>,

    /// A pull request that carries the document; may be repeated
    #[arg(long, value_name = "N", value_parser = number())]
    pub(in crate::command) pr: Vec<u64>,

    /// Put it into the folder of this stage instead of that of its type
    #[arg(long, value_name = "STAGE")]
    pub(in crate::command) stage: Option<String>,

    /// Language of the template. Default: `docs: language:` of the configuration
    #[arg(long, value_name = "LANG")]
    pub(in crate::command) lang: Option<String>,

    /// Day of the document. Default: today in UTC
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::command) date: Option<String>,

    /// Root of the repository. Default: as for `check`
    #[arg(long, value_name = "DIR")]
    pub(in crate::command) root: Option<PathBuf>,

    /// Print the documents and write nothing
    #[arg(long)]
    pub(in crate::command) dry_run: bool,
}

/// The number of an issue or a pull request: one that front matter can hold, where
/// numbers have 64 bits with a sign.
pub(in crate::command) fn number() -> RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=i64::MAX.unsigned_abs())
}
