//! The `kb` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign_kb::command::main()
}
