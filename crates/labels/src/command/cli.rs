//! The arguments of `labels`, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use countersign_report::terminal::Color;

use crate::catalogue::{Class, Language};

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

Exit codes: 0 clean, 1 findings or a refusal, 2 the job could not be done."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    /// When to use colours; `auto` respects NO_COLOR and CLICOLOR_FORCE
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(super) color: Color,
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
    /// Print a completion script for a shell
    #[command(after_help = "\
Examples:
  labels completions bash >~/.local/share/bash-completion/completions/labels
  labels completions fish >~/.config/fish/completions/labels.fish
  labels completions zsh >~/.zfunc/_labels    a folder that $fpath names")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text, for people
    Human,
    /// JSON, for programs
    Json,
}

/// What every command that reads the catalogue takes.
#[derive(Debug, Args)]
pub(super) struct CatalogueArguments {
    /// Root of the repository, whose countersign.yaml counts. Default: the nearest folder
    /// upwards that holds countersign.yaml or .git
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
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

    /// Language of the texts. Default: `labels: language:` of the configuration
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(super) language: Option<Language>,

    /// How to print the list
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    pub(super) format: Format,

    #[command(flatten)]
    pub(super) catalogue: CatalogueArguments,
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

    /// Language of the texts. Default: `labels: language:` of the configuration
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(super) language: Option<Language>,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    pub(super) format: Format,

    #[command(flatten)]
    pub(super) catalogue: CatalogueArguments,
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

    /// Language of the page. Default: `labels: language:` of the configuration
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(super) language: Option<Language>,

    #[command(flatten)]
    pub(super) catalogue: CatalogueArguments,
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

    /// How to print the answers
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    pub(super) format: Format,

    #[command(flatten)]
    pub(super) catalogue: CatalogueArguments,
}
