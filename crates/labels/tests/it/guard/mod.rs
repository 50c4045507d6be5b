//! The guard.

mod apply;
pub(crate) mod payloads;
mod program;
mod table;
mod whole;
