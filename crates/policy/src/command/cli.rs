//! The arguments of `policy`, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use countersign_report::Format;
use countersign_runner::{
    CompletionsArguments, OutputFormat, PrintArguments, ProgramArguments, RootArguments,
};

use super::audit::AuditArguments;
use super::gate::{GateCommand, NextArguments};
use super::rbac::RbacArguments;

/// Decides who may do what, and whether a stage may start or end, and says why.
#[derive(Debug, Parser)]
#[command(
    name = "policy",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  policy check                            is the definition sound?
  policy show stages                      stages, roles, rules, graph
  policy decide --request request.json    may it be done, and why?
  policy simulate --policy new.yaml --events recorded/    what would change?
  policy gate enter --stage prd --issue 12 --event \"$GITHUB_EVENT_PATH\"
  policy next --issue 12
  policy rbac --namespace dev-12

Exit codes: 0 allowed or clean, 1 findings or a refusal, 2 the job could not be done."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    #[command(flatten)]
    pub(super) program: ProgramArguments,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Look whether the definition is sound
    Check(CheckArguments),
    /// Print stages, roles, rules or the graph of a profile
    Show(ShowArguments),
    /// Decide on a request, and say why
    Decide(DecideArguments),
    /// Replay recorded requests and events under another policy
    Simulate(SimulateArguments),
    /// Say whether a stage may start or end, and what is in the way
    #[command(subcommand)]
    Gate(GateCommand),
    /// Say what may happen to an issue now, and why the rest may not
    Next(NextArguments),
    /// Say whether a change does what its documents promise, and what was forgotten
    Audit(Box<AuditArguments>),
    /// Write accounts, roles and network policies for Kubernetes
    Rbac(RbacArguments),
    #[command(after_help = CompletionsArguments::examples("policy"))]
    Completions(CompletionsArguments),
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

    #[command(flatten)]
    pub(super) print: PrintArguments<OutputFormat>,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  policy check
  policy check --format github    annotations, in CI

It finds stages that nothing leads to, artifacts that nobody produces, labels and workflows
without a stage, roles without access, and rules under which agents alone could start
work, approve or move a stage; of these it prints the sequence of requests.

Exit codes: 0 nothing to report, 1 findings, 2 the job could not be done.")]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub(super) print: PrintArguments<Format>,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

/// What to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Subject {
    /// How each stage begins, what it needs and gives, who works on it
    Stages,
    /// Who works, on which stages, with what access
    Roles,
    /// What each rule decides, about whom, where it stands
    Rules,
    /// The stages of a profile as a Mermaid flowchart
    Graph,
}

/// How tables are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// For people
    Human,
    /// A table, for pages and comments
    Markdown,
    /// JSON, for programs
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  policy show stages
  policy show rules --format markdown
  policy show graph --profile feature >graph.mmd")]
pub(super) struct ShowArguments {
    /// What to show
    #[arg(value_enum)]
    pub(super) subject: Subject,

    /// How to print it; a graph is Mermaid, or JSON
    #[arg(long, value_enum, default_value_t = TableFormat::Human, value_name = "FORMAT")]
    pub(super) format: TableFormat,

    /// With graph: the profile. Default: `default_profile`
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  policy simulate --policy new.yaml --events recorded/
  policy simulate --policy new.yaml --events recorded/ --fail-on-change --format json

The folder holds JSON files: requests as `policy decide` takes them, lists of them, JSON
Lines of them, and events of GitHub as a workflow finds them at $GITHUB_EVENT_PATH (an
event about labels is the request of its sender).

Exit codes: 0 done, 1 something changes (with --fail-on-change), 2 the job could not be done.")]
pub(super) struct SimulateArguments {
    /// The countersign.yaml with the new policy
    #[arg(long, value_name = "FILE")]
    pub(super) policy: PathBuf,

    /// The folder with what was recorded
    #[arg(long, value_name = "DIR")]
    pub(super) events: PathBuf,

    /// Fail when a decision changes
    #[arg(long)]
    pub(super) fail_on_change: bool,

    #[command(flatten)]
    pub(super) print: PrintArguments<TableFormat>,

    #[command(flatten)]
    pub(super) root: RootArguments,
}
