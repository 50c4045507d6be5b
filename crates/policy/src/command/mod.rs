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
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use cli::{Cli, Command};
use countersign_config::ConfigError;
use countersign_report::terminal::{CLEAN, Color, Console, FAILED, Fault, report};
use countersign_runner::{Step, Variables, arguments, fault, is_step};

use crate::LoadError;

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
    let text = fault("policy", error, help(error), variables);
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn run(cli: Cli, variables: &Variables) -> Result<u8, Fault> {
    let out = &mut Console::new(cli.color);
    let mut step = cli.step.then(|| Step::open(variables)).transpose()?;
    let code = match cli.command {
        Command::Check(arguments) => check::run(&arguments, out)?,
        Command::Show(arguments) => show::run(&arguments, out)?,
        Command::Simulate(arguments) => simulate::run(&arguments, out)?,
        Command::Decide(arguments) => decide::run(&arguments, out)?,
        Command::Gate(command) => gate::run(&command, step.as_mut(), out)?,
        Command::Next(arguments) => gate::next(&arguments, out)?,
        Command::Audit(arguments) => audit::run(&arguments, step.as_mut(), out)?,
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
    if let Some(step) = step {
        step.finish()?;
    }
    Ok(code)
}

/// What the fault itself knows to do.
fn help<'f>(fault: &'f (dyn Error + 'static)) -> Option<&'f str> {
    match fault.downcast_ref::<LoadError>() {
        Some(LoadError::Config(error)) => error.help(),
        None => fault.downcast_ref::<ConfigError>().and_then(ConfigError::help),
    }
}
