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
use std::io::Write as _;
use std::process::ExitCode;

use clap::CommandFactory as _;
use cli::{Cli, Command};
use countersign_report::terminal::{CLEAN, Console, FAILED, FINDINGS, Fault};
use countersign_runner::{Program, Step};

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let program: Program<Cli> = Program {
        name: "docset",
        commands: step::COMMANDS,
        color: |cli| cli.color,
        step: |cli| cli.step,
        run,
        help: |error| help(error).map(str::to_owned),
    };
    program.main()
}

fn run(cli: Cli, step: Option<&mut Step>) -> Result<u8, Fault> {
    let out = &mut Console::new(cli.color);
    let code = match cli.command {
        Command::Check(arguments) => check::run(&arguments, step, out)?,
        Command::Adopt(arguments) => adopt::run(&arguments, out)?,
        #[cfg(feature = "lifecycle")]
        Command::Life(command) => life::run(&command, step, out)?,
        Command::Explain(arguments) => explain::run(&arguments, out)?,
        Command::Rules(arguments) => rules::run(&arguments, out)?,
        Command::Types(arguments) => types::run(&arguments, out)?,
        Command::Schema(arguments) => schema::run(&arguments, out)?,
        Command::Completions { shell } => {
            // Not straight to the console: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "docset", &mut script);
            out.write_all(&script)?;
            CLEAN
        }
    };
    out.flush()?;
    Ok(code)
}

/// Says why nothing happens.
fn waiting() {
    countersign_report::terminal::say("waiting for another program that writes documents\n");
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
