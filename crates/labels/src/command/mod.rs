//! The command line: arguments in, text and an exit code out.
//!
//! Exit codes: 0 clean, 1 findings or a refusal, 2 the job could not be done.

mod classify;
mod cli;
mod docs;
mod guard;
mod json;
mod lint_workflows;
mod list;
mod owners;
mod remote;
mod root;
mod show;
mod step;
mod sync;
mod vars;

use std::error::Error;
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use cli::{Cli, Command};
use countersign_config::ConfigError;
use countersign_github::{GitHubError, NameError};
use countersign_report::terminal::{CLEAN, Color, Console, FAILED, Fault, report};
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
        report(fault, help(fault).as_deref(), color)
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
    let text = fault("labels", error, help(error).as_deref(), variables);
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn run(cli: Cli, variables: &Variables) -> Result<u8, Fault> {
    let out = &mut Console::new(cli.color);
    let mut step = cli.step.then(|| Step::open(variables)).transpose()?;
    let code = match cli.command {
        Command::List(arguments) => list::run(&arguments, out)?,
        Command::Show(arguments) => show::run(&arguments, out)?,
        Command::Docs(arguments) => docs::run(&arguments, out)?,
        Command::Classify(arguments) => classify::run(&arguments, out)?,
        Command::Sync(arguments) => sync::run(&arguments, step.as_mut(), out)?,
        Command::Vars(arguments) => vars::run(&arguments, step.as_mut(), out)?,
        Command::Guard(arguments) => guard::run(&arguments, step.as_mut(), out)?,
        Command::LintWorkflows(arguments) => lint_workflows::run(&arguments, step.as_mut(), out)?,
        Command::Completions { shell } => {
            // Not straight to the console: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "labels", &mut script);
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
