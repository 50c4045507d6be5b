//! `cargo xtask`: the few commands that developers and CI run.
//!
//! Each is a module; what they share is small: where things are ([`workspace`]),
//! running programs ([`process`]), foreign tools ([`tools`]).
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that talks to developers"
)]

mod act;
mod bench;
mod browser;
mod demo;
mod docset;
mod files;
mod generate;
mod gha;
mod peak_memory;
mod process;
mod read_tree;
mod screenshots;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Developer commands of Countersign.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything that CI runs, and say how it went
    Test(test::Arguments),
    /// Show what docset does, on the example repository
    Demo,
    /// Write the files that are derived from others: schemas, tables, published workflows, pages of documents
    Generate(generate::Arguments),
    /// Copy the reusable workflows to where GitHub calls them; `generate` does it, too
    PublishWorkflows,
    /// Draw the pictures of the guide, with a browser
    Screenshots,
    /// Measure docset and write docs/benchmarks.md
    Bench(bench::Arguments),
    /// Read all documents of a folder once: the floor that `bench` compares with
    #[command(hide = true)]
    ReadTree(read_tree::Arguments),
    /// Run a program and print its peak memory in bytes
    #[command(hide = true)]
    PeakMemory(peak_memory::Arguments),
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::ReadTree(arguments) => read_tree::run(arguments),
        Command::PeakMemory(arguments) => peak_memory::run(arguments),
        Command::Test(arguments) => test::run(&Workspace::find()?, arguments),
        Command::Demo => demo::run(&Workspace::find()?),
        Command::Generate(arguments) => generate::run(&Workspace::find()?, arguments),
        Command::PublishWorkflows => generate::publish_workflows(&Workspace::find()?),
        Command::Screenshots => screenshots::run(&Workspace::find()?),
        Command::Bench(arguments) => bench::run(&Workspace::find()?, arguments),
    }
}
