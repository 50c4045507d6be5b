//! The command line: arguments in, text and an exit code out.
//!
//! Exit codes: 0 done, 1 findings, 2 the job could not be done, 130 interrupted.

mod cli;
mod doctor;
mod export;
mod index;
mod json;
mod links;
mod model;
mod models;
mod progress;
mod rerank;
mod root;
mod search;
mod show;
mod stats;
mod step;
mod unknown;

use std::error::Error;
use std::process::ExitCode;

use cli::{Cli, Command, Global};
use countersign_config::ConfigError;
use countersign_docset::CheckError;
use countersign_report::terminal::{Console, Fault};
use countersign_runner::{Program, Step};
use model::Unloadable;

use crate::index::IndexError;
use crate::store::StoreError;

/// Exit code: stopped by Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let program: Program<Cli> =
        Program { name: "kb", commands: step::COMMANDS, arguments: |cli| cli.program, run, help };
    program.main()
}

#[expect(clippy::needless_pass_by_value, reason = "what a program is run with")]
fn run(cli: Cli, step: Option<&mut Step>, out: &mut Console) -> Result<u8, Fault> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start threads: {error}"))?;
    runtime.block_on(command(&cli.command, &cli.global, step, out))
}

async fn command(
    command: &Command,
    global: &Global,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    match command {
        Command::Index(arguments) => index::run(arguments, global, step, out).await,
        Command::Search(arguments) => search::run(arguments, global, step, out).await,
        Command::Show(arguments) => show::run(arguments, global, out).await,
        Command::Link(arguments) => links::link(arguments, global, out).await,
        Command::Unlink(arguments) => links::unlink(arguments, global, out).await,
        Command::Links(arguments) => links::run(arguments, global, out).await,
        Command::Doctor(arguments) => doctor::run(arguments, global, out).await,
        Command::Stats => stats::run(global, out).await,
        Command::Export(arguments) => export::run(arguments, global, out).await,
        Command::Migrate => stats::migrate(global, out).await,
        Command::Models(command) => models::run(command, global, out).await,
        Command::Completions(arguments) => arguments.run::<Cli>(out),
    }
}

/// What the fault itself knows to do.
fn help(fault: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = fault.downcast_ref::<StoreError>() {
        return error.help().map(str::to_owned);
    }
    if let Some(error) = fault.downcast_ref::<Unloadable>() {
        return Some(lines(&error.help));
    }
    if fault.is::<rerank::Failed>() {
        return Some(rerank::Failed::HELP.to_owned());
    }
    if let Some(error) = fault.downcast_ref::<IndexError>() {
        return match error {
            IndexError::Model(error) => {
                error.downcast_ref::<Unloadable>().map(|error| lines(&error.help))
            }
            IndexError::Tree(CheckError::Config(error)) => error.help().map(str::to_owned),
            other => other.help().map(str::to_owned),
        };
    }
    if let Some(CheckError::Config(error)) = fault.downcast_ref::<CheckError>() {
        return error.help().map(str::to_owned);
    }
    fault.downcast_ref::<ConfigError>().and_then(ConfigError::help).map(str::to_owned)
}

/// The ways out, one a line.
fn lines(ways: &[String]) -> String {
    ways.join("\n        ")
}
