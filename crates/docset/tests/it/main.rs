//! The rules on whole small repositories.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod fixes;
mod fixtures;
mod hostile;
mod pages;
mod tree;
