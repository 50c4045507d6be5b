//! The program `docset`: arguments, output, exit codes, files that it writes.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod adopt;
mod baseline;
mod changed_since;
mod colours;
mod configuration;
mod fix;
mod formats;
mod graph;
mod harness;
mod index;
mod lists;
mod map;
mod paths;
mod pipes;
mod relations;
mod report;
mod root;
mod stdin;
mod sync;
