//! Tests of the runner's side through its public interface.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a helper that fails fails its test; half a file in a temporary folder harms nobody"
)]

mod files;
mod inputs;
mod parser;
