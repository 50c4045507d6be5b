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
mod root;
mod search;
mod show;
mod stats;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use cli::{Cli, Command, Global};
use countersign_config::ConfigError;
use countersign_docset::CheckError;
use countersign_report::terminal::{CLEAN, Console, FAILED, Fault, report};

use crate::embed::LoadError;
use crate::index::IndexError;
use crate::store::StoreError;

/// Exit code: stopped by Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

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
    let color = cli.global.color;
    match run(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(fault) => report(&*fault, help(&fault).as_deref(), color),
    }
}

fn run(cli: &Cli) -> Result<u8, Fault> {
    let out = &mut Console::new(cli.global.color);
    if let Command::Completions { shell } = cli.command {
        // Not straight to the console: the generator panics where it cannot write.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "kb", &mut script);
        out.write_all(&script)?;
        out.flush()?;
        return Ok(CLEAN);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start threads: {error}"))?;
    let code = runtime.block_on(command(&cli.command, &cli.global, out))?;
    out.flush()?;
    Ok(code)
}

async fn command(command: &Command, global: &Global, out: &mut Console) -> Result<u8, Fault> {
    match command {
        Command::Index(arguments) => index::run(arguments, global, out).await,
        Command::Search(arguments) => search::run(arguments, global, out).await,
        Command::Show(arguments) => show::run(arguments, global, out).await,
        Command::Link(arguments) => links::link(arguments, global, out).await,
        Command::Unlink(arguments) => links::unlink(arguments, global, out).await,
        Command::Links(arguments) => links::run(arguments, global, out).await,
        Command::Doctor(arguments) => doctor::run(arguments, global, out).await,
        Command::Stats => stats::run(global, out).await,
        Command::Export => export::run(global, out).await,
        Command::Migrate => stats::migrate(global, out).await,
        Command::Models(command) => models::run(command, global, out).await,
        Command::Completions { .. } => Ok(CLEAN),
    }
}

/// What the fault itself knows to do.
fn help(fault: &Fault) -> Option<String> {
    if let Some(error) = fault.downcast_ref::<StoreError>() {
        return error.help().map(str::to_owned);
    }
    if let Some(error) = fault.downcast_ref::<LoadError>() {
        return Some(ways(error));
    }
    if let Some(error) = fault.downcast_ref::<IndexError>() {
        return match error {
            IndexError::Model(error) => error.downcast_ref::<LoadError>().map(ways),
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
fn ways(error: &LoadError) -> String {
    error.help().join("\n        ")
}
