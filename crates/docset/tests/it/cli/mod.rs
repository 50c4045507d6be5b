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
mod graph;
mod harness;
mod hostile;
mod index;
mod init;
mod life;
mod lists;
mod map;
mod new;
mod paths;
mod pipes;
mod relations;
mod report;
mod root;
mod stdin;
mod supersede;
mod sync;
mod verify;
