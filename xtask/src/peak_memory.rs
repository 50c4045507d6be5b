//! `cargo xtask peak-memory`: how much memory a program needed at most.
//!
//! It is a process of its own because the system keeps the figure for all children
//! of a process together.

use std::process::ExitCode;

use anyhow::Result;

/// What to run.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// Runs the program and prints its peak resident memory in bytes.
///
/// # Errors
///
/// If it cannot be started, or the system does not tell.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let (program, rest) = arguments.command.split_first().map_or(("", &[][..]), |(a, b)| (a, b));
    std::process::Command::new(program)
        .args(rest)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()?;
    println!("{}", peak_of_children()?);
    Ok(ExitCode::SUCCESS)
}

/// `ru_maxrss` of getrusage(2): kilobytes on Linux, bytes on macOS.
#[cfg(unix)]
fn peak_of_children() -> Result<u64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let peak = u64::try_from(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss())?;
    Ok(if cfg!(target_os = "macos") { peak } else { peak * 1024 })
}

#[cfg(not(unix))]
fn peak_of_children() -> Result<u64> {
    anyhow::bail!("peak memory is measured on Unix only")
}
