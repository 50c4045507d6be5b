//! The program as its users run it, and synchronisation against a GitHub that holds state and
//! fails; the guard on real events; the rules for workflows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that fails fails its test"
)]

mod catalogue;
mod faults;
mod guard;
mod lint;
mod program;
mod step;
mod sync;
mod vars;
