//! Verdicts and reasons as text.

mod human;

pub use human::{tree, verdict};
