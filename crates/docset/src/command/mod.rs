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
mod stop_commands;
mod types;

use std::error::Error;
use std::io::{self, IsTerminal as _, Write};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use cli::{Cli, Color, Command};

use crate::output::Styling;

/// Nothing to report.
const CLEAN: u8 = 0;
/// Findings.
const FINDINGS: u8 = 1;
/// The job could not be done.
const FAILED: u8 = 2;

/// A fault that ends the program: what failed, why, and what to do.
type Fault = Box<dyn Error>;

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
        Err(fault) => report(&*fault, color),
    }
}

fn run(cli: Cli) -> Result<u8, Fault> {
    let out = &mut Console::new(cli.color);
    let code = match cli.command {
        Command::Check(arguments) => check::run(&arguments, out)?,
        Command::Adopt(arguments) => adopt::run(&arguments, out)?,
        #[cfg(feature = "lifecycle")]
        Command::Life(command) => life::run(&command, out)?,
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
    Ok(code)
}

/// Says on standard error what failed, why, and what to do.
fn report(fault: &(dyn Error + 'static), color: Color) -> ExitCode {
    let io_error = fault.downcast_ref::<io::Error>().map(io::Error::kind);
    let json_error = || fault.downcast_ref().and_then(serde_json::Error::io_error_kind);
    if io_error.or_else(json_error) == Some(io::ErrorKind::BrokenPipe) {
        // Whoever reads has read enough, as in `docset check | head`.
        return ExitCode::from(CLEAN);
    }
    let styled = color.styling(io::stderr().is_terminal()) == Styling::Ansi;
    let (red, bold_off) = if styled { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
    let mut text =
        format!("{red}error{bold_off}: {}\n", crate::diagnostic::escape(&fault.to_string()));
    let mut cause = fault.source();
    while let Some(error) = cause {
        text.push_str(&format!("  caused by: {}\n", crate::diagnostic::escape(&error.to_string())));
        cause = error.source();
    }
    if let Some(help) = help(fault) {
        text.push_str(&format!("  help: {help}\n"));
    }
    let _ = io::stderr().write_all(text.as_bytes());
    ExitCode::from(FAILED)
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

/// Standard output, buffered, and whether it shows colours.
struct Console {
    out: io::BufWriter<io::StdoutLock<'static>>,
    styling: Styling,
}

impl Console {
    fn new(color: Color) -> Self {
        let stdout = io::stdout().lock();
        let styling = color.styling(stdout.is_terminal());
        Self { out: io::BufWriter::with_capacity(1 << 16, stdout), styling }
    }

    /// `text` in bold, where there is bold.
    fn bold(&self, text: &str) -> String {
        match self.styling {
            Styling::Ansi => format!("\u{1b}[1m{text}\u{1b}[0m"),
            Styling::Plain => text.to_owned(),
        }
    }
}

impl Write for Console {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
