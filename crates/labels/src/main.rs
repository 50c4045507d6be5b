//! The `labels` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign_labels::command::main()
}
