//! The command line: arguments in, text and an exit code out.
//!
//! Exit codes: 0 clean, 1 findings or a refusal, 2 the job could not be done.

use std::process::ExitCode;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::from(2)
}
