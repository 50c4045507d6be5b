//! The arguments of `policy`, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use countersign_report::terminal::Color;

/// Decides who may do what, and whether a stage may start or end, and says why.
#[derive(Debug, Parser)]
#[command(
    name = "policy",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  policy decide --request request.json

Exit codes: 0 allowed or clean, 1 findings or a refusal, 2 the job could not be done."
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
    /// Decide on a request, and say why
    Decide(DecideArguments),
    /// Print a completion script for a shell
    #[command(after_help = "\
Examples:
  policy completions bash >~/.local/share/bash-completion/completions/policy
  policy completions fish >~/.config/fish/completions/policy.fish
  policy completions zsh >~/.zfunc/_policy    a folder that $fpath names")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Where the policy is.
#[derive(Debug, Args)]
pub(super) struct RootArguments {
    /// Root of the repository. Default: the nearest folder upwards that holds
    /// countersign.yaml or .git
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TextFormat {
    /// For people
    Human,
    /// JSON, for programs
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  policy decide --request request.json
  policy decide --request - --format json <request.json

A request:
  {\"actor\": {\"kind\": \"agent\", \"login\": \"dev-agent\", \"role\": \"Dev\", \"verified\": true},
   \"operation\": \"github_request_label\",
   \"arguments\": {\"issue\": 12, \"label\": \"run:dev\", \"action\": \"add\"},
   \"context\": {\"stage\": \"plan\", \"now\": \"2026-11-24T09:00:00Z\"}}

Exit codes: 0 allowed, 1 needs an approval or denied (JSON says which), 2 the job could not be done.")]
pub(super) struct DecideArguments {
    /// File of the request, in JSON; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) request: PathBuf,

    /// How to write the verdict
    #[arg(long, value_enum, default_value_t = TextFormat::Human, value_name = "FORMAT")]
    pub(super) format: TextFormat,

    #[command(flatten)]
    pub(super) root: RootArguments,
}
