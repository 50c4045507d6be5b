//! The program `docset`: arguments, output, exit codes, files that it writes.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[cfg(feature = "lifecycle")]
mod abandon;
mod adopt;
#[cfg(feature = "lifecycle")]
mod approve;
#[cfg(feature = "lifecycle")]
mod at_once;
mod baseline;
mod changed_since;
mod colours;
mod configuration;
mod fix;
mod formats;
#[cfg(feature = "lifecycle")]
mod github;
#[cfg(feature = "lifecycle")]
mod graph;
mod harness;
mod hostile;
#[cfg(feature = "lifecycle")]
mod index;
#[cfg(feature = "lifecycle")]
mod init;
#[cfg(feature = "lifecycle")]
mod killed;
#[cfg(feature = "lifecycle")]
mod life;
mod lists;
#[cfg(feature = "lifecycle")]
mod map;
#[cfg(feature = "lifecycle")]
mod new;
mod paths;
mod pipes;
#[cfg(feature = "lifecycle")]
mod relations;
#[cfg(feature = "lifecycle")]
mod report;
#[cfg(feature = "lifecycle")]
mod rethink;
mod root;
#[cfg(feature = "lifecycle")]
mod standing;
mod stdin;
#[cfg(feature = "lifecycle")]
mod step;
#[cfg(feature = "lifecycle")]
mod supersede;
#[cfg(feature = "lifecycle")]
mod sync;
#[cfg(feature = "lifecycle")]
mod verify;
#[cfg(feature = "lifecycle")]
mod walk;
#[cfg(feature = "lifecycle")]
mod workflow_log;
