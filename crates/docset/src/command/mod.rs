//! The command line: arguments in, text and an exit code out.
//!
//! Exit codes: 0 nothing to report, 1 findings, 2 the job could not be done.

mod adopt;
mod check;
mod cli;
mod diff;
mod explain;
#[cfg(feature = "lifecycle")]
mod life;
mod root;
mod rules;
mod schema;
mod step;
mod types;

use std::error::Error;
use std::process::ExitCode;

use cli::{Cli, Command};
use countersign_report::terminal::{CLEAN, Console, FAILED, FINDINGS, Fault};
use countersign_runner::{Program, Step};

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let program: Program<Cli> = Program {
        name: "docset",
        commands: step::COMMANDS,
        arguments: |cli| cli.program,
        run,
        help: |error| help(error).map(str::to_owned),
    };
    program.main()
}

fn run(cli: Cli, step: Option<&mut Step>, out: &mut Console) -> Result<u8, Fault> {
    match cli.command {
        Command::Check(arguments) => check::run(&arguments, step, out),
        Command::Adopt(arguments) => adopt::run(&arguments, out),
        #[cfg(feature = "lifecycle")]
        Command::Life(command) => life::run(&command, step, out),
        Command::Explain(arguments) => explain::run(&arguments, out),
        Command::Rules(arguments) => rules::run(&arguments, out),
        Command::Types(arguments) => types::run(&arguments, out),
        Command::Schema(arguments) => schema::run(&arguments, out),
        Command::Completions(arguments) => arguments.run::<Cli>(out),
    }
}

/// Says why nothing happens.
fn waiting() {
    countersign_report::terminal::say(crate::edit::FolderLock::WAITING);
}

/// What the fault itself knows to do.
fn help<'f>(fault: &'f (dyn Error + 'static)) -> Option<&'f str> {
    use crate::check::CheckError;
    use crate::config::ConfigError;
    let config = match fault.downcast_ref::<CheckError>() {
        Some(CheckError::Config(error)) => Some(error),
        _ => fault.downcast_ref::<ConfigError>(),
    };
    config?.help()
}
