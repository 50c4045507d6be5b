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

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use cli::{Cli, Command};
use countersign_config::ConfigError;
use countersign_report::terminal::{self, CLEAN, Console, FAILED, Fault};

use crate::LoadError;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no faults. A closed pipe is nobody's.
            let code = if error.use_stderr() { FAILED } else { CLEAN };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let color = cli.color;
    match run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(fault) => terminal::report(&*fault, help(&fault), color),
    }
}

fn run(cli: Cli) -> Result<u8, Fault> {
    let out = &mut Console::new(cli.color);
    let code = match cli.command {
        Command::Check(arguments) => check::run(&arguments, out)?,
        Command::Show(arguments) => show::run(&arguments, out)?,
        Command::Simulate(arguments) => simulate::run(&arguments, out)?,
        Command::Decide(arguments) => decide::run(&arguments, out)?,
        Command::Gate(command) => gate::run(&command, out)?,
        Command::Next(arguments) => gate::next(&arguments, out)?,
        Command::Audit(arguments) => audit::run(&arguments, out)?,
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
fn help(fault: &Fault) -> Option<&str> {
    match fault.downcast_ref::<LoadError>() {
        Some(LoadError::Config(error)) => error.help(),
        None => fault.downcast_ref::<ConfigError>().and_then(ConfigError::help),
    }
}
