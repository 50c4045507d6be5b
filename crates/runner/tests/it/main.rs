//! Tests of the runner's side through its public interface.

mod files;
mod inputs;
mod parser;
