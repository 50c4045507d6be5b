//! The rules on whole small repositories, and the program as its users run it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

#[cfg(feature = "cli")]
mod cli;
mod fixes;
mod fixtures;
mod hostile;
mod pages;
#[cfg(feature = "lifecycle")]
mod templates;
mod tree;
