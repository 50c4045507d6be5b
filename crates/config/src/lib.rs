//! `countersign.yaml`: one file for a repository, with one section for each part.
//!
//! `docs:`, `labels:`, `process:`, `kb:` and `gateway:` belong to the crates of these names.
//! This crate finds the file, reads it with bounds, finds a misspelt section, and gives each
//! owner its section as a typed value, with the way back from a value to its line.

mod error;
mod file;
mod located;
mod root;

pub use error::ConfigError;
pub use file::ConfigFile;
pub use located::Located;
pub use root::{CONFIG_FILE, find_root};
