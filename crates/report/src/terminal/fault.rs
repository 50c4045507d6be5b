//! A fault that ends a program.

use std::error::Error;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use countersign_markup::shown::escape;

use super::{CLEAN, Color, FAILED, say};
use crate::{Styling, causes};

/// A fault that ends the program: what failed, and why.
pub type Fault = Box<dyn Error>;

/// Says on standard error what failed, why, and what to do, if `help` knows it.
#[must_use]
pub fn report(fault: &(dyn Error + 'static), help: Option<&str>, color: Color) -> ExitCode {
    let io_error = fault.downcast_ref::<io::Error>().map(io::Error::kind);
    let json_error = || fault.downcast_ref().and_then(serde_json::Error::io_error_kind);
    if io_error.or_else(json_error) == Some(io::ErrorKind::BrokenPipe) {
        // Whoever reads has read enough, as in `docset check | head`.
        return ExitCode::from(CLEAN);
    }
    let styled = color.styling(io::stderr().is_terminal()) == Styling::Ansi;
    let (red, bold_off) = if styled { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
    let said: Vec<String> = causes(fault).iter().map(|text| escape(text)).collect();
    let mut text = format!("{red}error{bold_off}: {}\n", said.join("\n  caused by: "));
    if let Some(help) = help {
        text.push_str(&format!("  help: {help}\n"));
    }
    say(&text);
    ExitCode::from(FAILED)
}
