//! What the figures were measured on.

use crate::process::Program;
use crate::workspace::Workspace;

/// Processors and system, in a few words.
pub(super) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let plural = if cores == 1 { "" } else { "s" };
    format!("{cores} core{plural}, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}

/// The first line that a program prints for `--version`.
pub(super) fn version(program: Program) -> String {
    let printed = program.arg("--version").capture().map(|finished| finished.stdout);
    let line = printed.ok().and_then(|text| text.lines().next().map(str::to_owned));
    line.unwrap_or_else(|| "unknown".to_owned())
}

/// The compiler's version, without its commit.
pub(super) fn rustc(workspace: &Workspace) -> String {
    let line =
        version(workspace.program(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())));
    line.split(" (").next().unwrap_or_default().to_owned()
}
