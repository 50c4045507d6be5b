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
use std::io::Write as _;
use std::process::ExitCode;

use clap::CommandFactory as _;
use cli::{Cli, Command};
use countersign_config::ConfigError;
use countersign_github::{GitHubError, NameError};
use countersign_report::terminal::{CLEAN, Console, Fault};
use countersign_runner::{Program, Step};

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let program: Program<Cli> = Program {
        name: "labels",
        commands: step::COMMANDS,
        color: |cli| cli.color,
        step: |cli| cli.step,
        run,
        help,
    };
    program.main()
}

fn run(cli: Cli, step: Option<&mut Step>) -> Result<u8, Fault> {
    let out = &mut Console::new(cli.color);
    let code = match cli.command {
        Command::List(arguments) => list::run(&arguments, out)?,
        Command::Show(arguments) => show::run(&arguments, out)?,
        Command::Docs(arguments) => docs::run(&arguments, out)?,
        Command::Classify(arguments) => classify::run(&arguments, out)?,
        Command::Sync(arguments) => sync::run(&arguments, step, out)?,
        Command::Vars(arguments) => vars::run(&arguments, step, out)?,
        Command::Guard(arguments) => guard::run(&arguments, step, out)?,
        Command::LintWorkflows(arguments) => lint_workflows::run(&arguments, step, out)?,
        Command::Completions { shell } => {
            // Not straight to the console: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "labels", &mut script);
            out.write_all(&script)?;
            CLEAN
        }
    };
    out.flush()?;
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
