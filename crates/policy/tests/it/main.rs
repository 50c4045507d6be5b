//! Decisions, their reasons, and what agents can never bring about.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod decide;
mod invariant;
mod program;
