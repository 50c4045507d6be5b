//! The guard.

mod apply;
mod payloads;
mod program;
mod table;
mod whole;
