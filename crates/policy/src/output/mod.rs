//! Verdicts and reasons as text.

mod human;

pub(crate) use human::span;
pub(crate) use human::styled;
pub use human::{tree, verdict};
