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
mod root;
mod show;
mod simulate;
mod step;

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use clap::CommandFactory as _;
use cli::{Cli, Command};
use countersign_config::ConfigError;
use countersign_report::terminal::{CLEAN, Console, Fault};
use countersign_runner::{Program, Step};

use crate::LoadError;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let program: Program<Cli> = Program {
        name: "policy",
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
        Command::Check(arguments) => check::run(&arguments, out)?,
        Command::Show(arguments) => show::run(&arguments, out)?,
        Command::Simulate(arguments) => simulate::run(&arguments, out)?,
        Command::Decide(arguments) => decide::run(&arguments, out)?,
        Command::Gate(command) => gate::run(&command, step, out)?,
        Command::Next(arguments) => gate::next(&arguments, out)?,
        Command::Audit(arguments) => audit::run(&arguments, step, out)?,
        Command::Rbac(arguments) => rbac::run(&arguments, out)?,
        Command::Completions { shell } => {
            // Not straight to the console: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "policy", &mut script);
            out.write_all(&script)?;
            CLEAN
        }
    };
    out.flush()?;
    Ok(code)
}

/// What the fault itself knows to do.
fn help<'f>(fault: &'f (dyn Error + 'static)) -> Option<&'f str> {
    match fault.downcast_ref::<LoadError>() {
        Some(LoadError::Config(error)) => error.help(),
        None => fault.downcast_ref::<ConfigError>().and_then(ConfigError::help),
    }
}
