//! The command line: arguments in, text and an exit code out.
//!
//! Exit codes: 0 allowed or clean, 1 findings or a refusal, 2 the job could not be done.

mod audit;
mod check;
mod cli;
mod decide;
mod gate;
mod input;
mod rbac;
mod show;
mod simulate;
mod step;

use std::error::Error;
use std::process::ExitCode;

use cli::{Cli, Command};
use countersign_config::ConfigError;
use countersign_report::terminal::{Console, Fault};
use countersign_runner::{Program, Step};

use crate::LoadError;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let program: Program<Cli> = Program {
        name: "policy",
        commands: step::COMMANDS,
        arguments: |cli| cli.program,
        run,
        help: |error| help(error).map(str::to_owned),
    };
    program.main()
}

fn run(cli: Cli, step: Option<&mut Step>, out: &mut Console) -> Result<u8, Fault> {
    match cli.command {
        Command::Check(arguments) => check::run(&arguments, out),
        Command::Show(arguments) => show::run(&arguments, out),
        Command::Simulate(arguments) => simulate::run(&arguments, out),
        Command::Decide(arguments) => decide::run(&arguments, out),
        Command::Gate(command) => gate::run(&command, step, out),
        Command::Next(arguments) => gate::next(&arguments, out),
        Command::Audit(arguments) => audit::run(&arguments, step, out),
        Command::Rbac(arguments) => rbac::run(&arguments, out),
        Command::Completions(arguments) => arguments.run::<Cli>(out),
    }
}

/// What the fault itself knows to do.
fn help<'f>(fault: &'f (dyn Error + 'static)) -> Option<&'f str> {
    match fault.downcast_ref::<LoadError>() {
        Some(LoadError::Config(error)) => error.help(),
        None => fault.downcast_ref::<ConfigError>().and_then(ConfigError::help),
    }
}
