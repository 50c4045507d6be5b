//! The arguments of `labels`, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use countersign_github::{OrganisationName, RepositoryName};
use countersign_runner::{
    CompletionsArguments, OutputFormat, PrintArguments, ProgramArguments, RootArguments,
};

use crate::catalogue::{Catalogue, Class, Language};

/// The labels of a governed repository: one catalogue, variables, sync without loss.
#[derive(Debug, Parser)]
#[command(
    name = "labels",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  labels list                      every label, what it is for, the variable that holds its name
  labels show run:intake           who may set it, what it starts, how to undo it
  labels sync acme/product         say what would change on GitHub
  labels sync acme/product --apply
  labels vars acme/product --apply give workflows the names of the labels as vars.X_LABEL
  labels guard --apply             in a workflow: undo a trigger set by the wrong actor

Exit codes: 0 clean, 1 findings or a refusal, 2 the job could not be done."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    #[command(flatten)]
    pub(super) program: ProgramArguments,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the labels of the catalogue
    List(ListArguments),
    /// Show one label: who may set it, what it starts, how to undo it
    Show(ShowArguments),
    /// Write the page that documents all labels
    Docs(DocsArguments),
    /// Say what names of labels mean: class, stage, revision
    Classify(ClassifyArguments),
    /// Give repositories the labels of the catalogue, without losing any
    Sync(Box<SyncArguments>),
    /// Give repositories or organisations variables that hold the names of the labels
    Vars(VarsArguments),
    /// Decide whether the label of an event may stay, and undo it if not
    Guard(super::guard::GuardArguments),
    /// Find labels in workflows: spelt out, misspelt, not listened to
    LintWorkflows(super::lint_workflows::LintWorkflowsArguments),
    #[command(after_help = CompletionsArguments::examples("labels"))]
    Completions(CompletionsArguments),
}

/// What every command takes that prints texts of the catalogue.
#[derive(Debug, Args)]
pub(super) struct TextArguments {
    /// Language of the texts. Default: `labels: language:` of the configuration
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    language: Option<Language>,
}

impl TextArguments {
    pub(super) fn language(&self, catalogue: &Catalogue) -> Language {
        self.language.unwrap_or(catalogue.language())
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  labels list
  labels list --class trigger --language ru
  labels list --format json    with all that is known of each label")]
pub(super) struct ListArguments {
    /// Only labels of this class
    #[arg(long, value_enum, value_name = "CLASS")]
    pub(super) class: Option<Class>,

    #[command(flatten)]
    pub(super) texts: TextArguments,

    #[command(flatten)]
    pub(super) print: PrintArguments<OutputFormat>,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  labels show run:intake
  labels show RUN_INTAKE_LABEL    a variable will do
  labels show 'ai-high'           so will any form that `labels classify` takes")]
pub(super) struct ShowArguments {
    /// The label: its name, its key, an alias or its variable
    pub(super) name: String,

    #[command(flatten)]
    pub(super) texts: TextArguments,

    #[command(flatten)]
    pub(super) print: PrintArguments<OutputFormat>,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  labels docs                            print the page
  labels docs docs/labels.md             write it
  labels docs docs/labels.md --check     fail if it is not what would be written
  labels docs --language ru

Exit codes: 0 written or up to date, 1 stale, 2 the job could not be done.")]
pub(super) struct DocsArguments {
    /// The file; standard output if left out
    pub(super) file: Option<PathBuf>,

    /// Write nothing; fail if the file is not what would be written
    #[arg(long, requires = "file")]
    pub(super) check: bool,

    #[command(flatten)]
    pub(super) texts: TextArguments,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  labels classify run:intake:revise
  labels classify 'ai-model-gpt-5.2' '[ai-reasoning-high]' --format json

Exit codes: 0 something is known of every name, 1 of some name nothing is, 2 the job could not be
done.")]
pub(super) struct ClassifyArguments {
    /// Names of labels, as found on an issue
    #[arg(required = true, value_name = "NAME")]
    pub(super) names: Vec<String>,

    #[command(flatten)]
    pub(super) print: PrintArguments<OutputFormat>,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  labels sync acme/product                              say what would change
  labels sync acme/product --apply
  labels sync acme/product --save-plan plan.json        for somebody to review,
  labels sync --plan plan.json --apply                  who applies just that
  labels sync acme/product --rename wontfix=declined    once; issues stay labelled
  labels sync acme/product --merge ai-plan=run:plan     issues get the other label first
  labels sync --organisation acme --apply               every repository that is not archived

The token is that of GH_TOKEN or GITHUB_TOKEN, and needs `issues: write`. A run that was stopped,
by a rate limit or a kill, is finished by running it again.

Exit codes: 0 nothing to change, or all changed; 1 there are changes, or something cannot be done;
2 the job could not be done.")]
pub(super) struct SyncArguments {
    #[command(flatten)]
    pub(super) targets: TargetArguments,

    /// Every repository of this organisation that is not archived
    #[arg(long, alias = "organization", value_name = "NAME")]
    pub(super) organisation: Vec<OrganisationName>,

    /// Make the changes
    #[arg(long)]
    pub(super) apply: bool,

    /// Write the plan into a file
    #[arg(long, value_name = "FILE", conflicts_with = "apply")]
    pub(super) save_plan: Option<PathBuf>,

    /// Take the plan of a file as it is; refused where the labels changed since. Without
    /// repositories: of all that the file has
    #[arg(long, value_name = "FILE", conflicts_with_all = ["organisation", "rename", "merge", "prune", "save_plan"])]
    pub(super) plan: Option<PathBuf>,

    /// Delete labels that the catalogue does not have and nothing uses
    #[arg(long)]
    pub(super) prune: bool,

    /// Rename a label, once
    #[arg(long, value_name = "OLD=NEW", value_parser = pair)]
    pub(super) rename: Vec<(String, String)>,

    /// Give the issues of a label another one, which is there, then delete the first
    #[arg(long, value_name = "OLD=INTO", value_parser = pair)]
    pub(super) merge: Vec<(String, String)>,

    #[command(flatten)]
    pub(super) output: RemoteArguments,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  labels vars acme/product                  say what differs, both ways
  labels vars acme/product --apply
  labels vars --organisation acme --apply   variables of the organisation, for all repositories

The token is that of GH_TOKEN or GITHUB_TOKEN, and needs `variables: write`, which the token of a
workflow cannot have. Variables that no label has are named and left alone.

Exit codes: 0 no difference, or all made; 1 there are differences; 2 the job could not be done.")]
pub(super) struct VarsArguments {
    #[command(flatten)]
    pub(super) targets: TargetArguments,

    /// The variables of this organisation itself
    #[arg(long, alias = "organization", value_name = "NAME")]
    pub(super) organisation: Vec<OrganisationName>,

    /// Which repositories see new variables of an organisation
    #[arg(long, value_enum, default_value_t = Visibility::All, value_name = "WHICH")]
    pub(super) visibility: Visibility,

    /// Make the changes
    #[arg(long)]
    pub(super) apply: bool,

    #[command(flatten)]
    pub(super) output: RemoteArguments,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

/// Which repositories see a variable of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Visibility {
    /// All repositories
    All,
    /// Private and internal ones
    Private,
}

/// What commands that speak to GitHub take.
#[derive(Debug, Args)]
pub(super) struct TargetArguments {
    /// Repositories
    #[arg(value_name = "OWNER/NAME")]
    pub(super) repositories: Vec<RepositoryName>,
}

/// How commands that speak to GitHub say what they do.
#[derive(Debug, Args)]
pub(super) struct RemoteArguments {
    /// How many repositories are worked on at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(super) jobs: u8,

    #[command(flatten)]
    pub(super) print: PrintArguments<OutputFormat>,

    /// No progress on standard error
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// Reads `OLD=NEW`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((_, new)) if new.contains('=') => {
            Err("there is more than one `=`; use `aliases:` in countersign.yaml".to_owned())
        }
        Some((old, new)) if !old.is_empty() && !new.is_empty() => {
            Ok((old.to_owned(), new.to_owned()))
        }
        _ => Err("write it as `old name=new name`".to_owned()),
    }
}
