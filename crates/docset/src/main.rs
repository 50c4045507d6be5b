//! The `docset` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign_docset::command::main()
}
