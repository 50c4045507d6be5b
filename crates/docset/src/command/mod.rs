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
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use cli::{Cli, Command};
use countersign_report::terminal::{CLEAN, Color, Console, FAILED, FINDINGS, Fault, report};
use countersign_runner::{Step, Variables, arguments, fault, is_step};

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().collect();
    let variables = Variables::of_process();
    let is_step = is_step(&given);
    let end = |fault: &(dyn Error + 'static), color| {
        if is_step {
            say_to_runner(fault, &variables);
        }
        report(fault, help(fault), color)
    };
    let given = match arguments(given, step::COMMANDS, &variables) {
        Ok(given) => given,
        Err(error) => return end(&error, Color::Auto),
    };
    let cli = match Cli::try_parse_from(given) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no faults. A closed pipe is nobody's.
            let code = if error.use_stderr() { FAILED } else { CLEAN };
            if is_step && code == FAILED {
                say_to_runner(&error, &variables);
            }
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let color = cli.color;
    match run(cli, &variables) {
        Ok(code) => ExitCode::from(code),
        Err(fault) => end(&*fault, color),
    }
}

/// Shows a fault where people look at a workflow.
fn say_to_runner(error: &(dyn Error + 'static), variables: &Variables) {
    let text = fault("docset", error, help(error), variables);
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn run(cli: Cli, variables: &Variables) -> Result<u8, Fault> {
    let out = &mut Console::new(cli.color);
    let mut step = cli.step.then(|| Step::open(variables)).transpose()?;
    let code = match cli.command {
        Command::Check(arguments) => check::run(&arguments, step.as_mut(), out)?,
        Command::Adopt(arguments) => adopt::run(&arguments, out)?,
        #[cfg(feature = "lifecycle")]
        Command::Life(command) => life::run(&command, step.as_mut(), out)?,
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
    if let Some(step) = step {
        step.finish()?;
    }
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
