//! The arguments of the commands for the life of a document.

use clap::builder::RangedU64ValueParser;
use clap::{Args, Subcommand};
use countersign_runner::{OutputFormat, PrintArguments, RootArguments};

use super::lifecycle::{
    AbandonArguments, ApproveArguments, DigestArguments, RequestChangesArguments, RethinkArguments,
    SubmitArguments, SupersedeArguments, VerifyArguments,
};
use super::views::{GraphArguments, IndexArguments, MapArguments, ReportArguments, SyncArguments};

#[derive(Debug, Subcommand)]
pub(in crate::command) enum LifeCommand {
    /// Prepare a repository for documents: folders, configuration, hook, files for GitHub
    Init(InitArguments),
    /// Bring the files that `init --github` installed to a later version, keeping edits
    Upgrade(UpgradeArguments),
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
  docset init --github --from acme/countersign
                             with workflows, issue forms and a pull request template
  docset init --github --from acme/countersign --ref 4f0c…   pinned to a commit

What is there already is left alone. `docset upgrade` brings the files for GitHub to a later
version.")]
pub(in crate::command) struct InitArguments {
    /// Language of the files and of later documents: en or ru. Default: that of the
    /// configuration, else en
    #[arg(long, visible_alias = "language", value_name = "LANG")]
    pub(in crate::command) lang: Option<String>,

    /// Install files for GitHub, too: workflows, issue forms, a pull request template
    #[arg(long)]
    pub(in crate::command) github: bool,

    #[command(flatten)]
    pub(in crate::command) source: SourceArguments,

    #[command(flatten)]
    pub(in crate::command) root: RootArguments,

    /// Only say what would be created
    #[arg(long)]
    pub(in crate::command) dry_run: bool,
}

/// Where the called workflows come from.
#[derive(Debug, Args)]
pub(in crate::command) struct SourceArguments {
    /// Repository of Countersign whose workflows are called, as OWNER/NAME. Default: the
    /// installed one, else the one that this program was built from, if it knows
    #[arg(long, value_name = "REPOSITORY")]
    pub(in crate::command) from: Option<String>,

    /// Tag, branch or full commit hash of it. Default: the tag of this program's version
    #[arg(long = "ref", value_name = "REF")]
    pub(in crate::command) reference: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset upgrade              to this program's version
  docset upgrade --ref 4f0c…  to a commit
  docset upgrade --diff       print what would change, and write nothing
  docset upgrade --check      in CI: fail if something would change
  docset upgrade --keep .github/zizmor.yml   your file stays as it is

What nobody edited is replaced. Edits are kept: what is new is added to them where both
changed different places, else the file is left alone and named. What was deleted stays
deleted; `docset init --github` brings it back.

Exit codes: 0 done, 1 a file needs a person (with --check: something is to be done), 2 the job
could not be done.")]
pub(in crate::command) struct UpgradeArguments {
    #[command(flatten)]
    pub(in crate::command) source: SourceArguments,

    /// Keep this file as it is, and count the new version as seen; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(in crate::command) keep: Vec<String>,

    /// Write nothing; fail if something would be written, or needs a person
    #[arg(long, conflicts_with = "dry_run")]
    pub(in crate::command) check: bool,

    /// Write nothing; say what would be done
    #[arg(long)]
    pub(in crate::command) dry_run: bool,

    /// Write nothing; print what would change
    #[arg(long, conflicts_with = "format")]
    pub(in crate::command) diff: bool,

    #[command(flatten)]
    pub(in crate::command) print: PrintArguments<OutputFormat>,

    #[command(flatten)]
    pub(in crate::command) root: RootArguments,
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

    #[command(flatten)]
    pub(in crate::command) root: RootArguments,

    /// Print the documents and write nothing
    #[arg(long)]
    pub(in crate::command) dry_run: bool,
}

/// The number of an issue or a pull request: one that front matter can hold, where
/// numbers have 64 bits with a sign.
pub(in crate::command) fn number() -> RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=i64::MAX.unsigned_abs())
}
