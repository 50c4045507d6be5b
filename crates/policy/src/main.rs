//! The `policy` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign_policy::command::main()
}
