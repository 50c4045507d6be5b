//! The command line: arguments in, text and an exit code out.
//!
//! Exit codes: 0 clean, 1 findings or a refusal, 2 the job could not be done.

mod catalogue;
mod classify;
mod cli;
mod docs;
mod guard;
mod json;
mod lint_workflows;
mod list;
mod owners;
mod remote;
mod show;
mod step;
mod sync;
mod vars;

use std::error::Error;
use std::process::ExitCode;

use cli::{Cli, Command};
use countersign_config::ConfigError;
use countersign_github::{GitHubError, NameError};
use countersign_report::terminal::{Console, Fault};
use countersign_runner::{Program, Step};

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let program: Program<Cli> = Program {
        name: "labels",
        commands: step::COMMANDS,
        arguments: |cli| cli.program,
        run,
        help,
    };
    program.main()
}

fn run(cli: Cli, step: Option<&mut Step>, out: &mut Console) -> Result<u8, Fault> {
    match cli.command {
        Command::List(arguments) => list::run(&arguments, out),
        Command::Show(arguments) => show::run(&arguments, out),
        Command::Docs(arguments) => docs::run(&arguments, out),
        Command::Classify(arguments) => classify::run(&arguments, out),
        Command::Sync(arguments) => sync::run(&arguments, step, out),
        Command::Vars(arguments) => vars::run(&arguments, step, out),
        Command::Guard(arguments) => guard::run(&arguments, step, out),
        Command::LintWorkflows(arguments) => lint_workflows::run(&arguments, step, out),
        Command::Completions(arguments) => arguments.run::<Cli>(out),
    }
}

/// What the fault itself knows to do.
fn help(fault: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = fault.downcast_ref::<GitHubError>() {
        return Some(error.help());
    }
    if let Some(error) = fault.downcast_ref::<NameError>() {
        return Some(error.help().to_owned());
    }
    if let Some(fault) = fault.downcast_ref::<guard::GuardFault>() {
        return Some(fault.help().to_owned());
    }
    fault.downcast_ref::<ConfigError>().and_then(ConfigError::help).map(str::to_owned)
}
