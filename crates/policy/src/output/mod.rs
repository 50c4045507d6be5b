//! Verdicts and reasons as text.

mod human;

pub(crate) use human::span;
pub use human::{tree, verdict};
