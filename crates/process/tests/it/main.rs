//! The definition of the process, as adopters read and change it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod defaults;
mod faults;
mod merging;
mod stages;
mod workflow_table;
