//! The program that the pre-commit hook runs: `docset` under a name of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign_docset::command::main()
}
