//! What all programs of Countersign do alike on a terminal and in a log.

mod color;
mod console;
mod fault;
mod stop_commands;

pub use color::Color;
pub use console::Console;
pub use fault::{Fault, report};
pub use stop_commands::{harmless, say, stopped};

/// Exit code: nothing to report.
pub const CLEAN: u8 = 0;
/// Exit code: findings, or a refusal.
pub const FINDINGS: u8 = 1;
/// Exit code: the job could not be done.
pub const FAILED: u8 = 2;
