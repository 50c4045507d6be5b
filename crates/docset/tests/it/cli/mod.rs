//! The program `docset`: arguments, output, exit codes, files that it writes.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod abandon;
mod adopt;
mod approve;
mod baseline;
mod changed_since;
mod colours;
mod configuration;
mod fix;
mod formats;
mod harness;
mod hostile;
mod init;
mod life;
mod lists;
mod new;
mod paths;
mod pipes;
mod root;
mod stdin;
mod supersede;
mod verify;
