//! The floor: a program that finds the documents as docset does and reads each once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use super::tree::Tree;
use crate::process::Program;

/// How to read a tree.
#[derive(Debug)]
pub(super) struct Reading<'t> {
    xtask: PathBuf,
    tree: &'t Tree,
}

/// How long one reading took.
#[derive(Debug)]
pub(super) struct Read {
    /// The whole process.
    pub(super) whole: Duration,
    /// The reading alone, without start and search.
    pub(super) only: Duration,
}

impl<'t> Reading<'t> {
    /// `xtask` is a release build of this program.
    pub(super) const fn new(xtask: PathBuf, tree: &'t Tree) -> Self {
        Self { xtask, tree }
    }

    /// The release build of this program.
    pub(super) fn program(&self) -> &Path {
        &self.xtask
    }

    /// Reads the tree, and looks whether all of it was read.
    pub(super) fn run(&self) -> Result<Read> {
        let program = Program::new(&self.xtask, &self.tree.folder);
        let run = program.args(["read-tree", "docs", "--threads", "2"]).capture()?;
        run.expect_code(0)?;
        let words = run.stdout.split_whitespace();
        let numbers: Vec<usize> =
            words.map(str::parse).collect::<Result<_, _>>().context("read-tree")?;
        let [files, bytes, microseconds] = numbers[..] else {
            bail!("read-tree printed `{}`", run.stdout);
        };
        ensure!(
            files == self.tree.documents && bytes == self.tree.bytes,
            "read-tree read {files} files, {bytes} bytes"
        );
        let only = Duration::from_micros(u64::try_from(microseconds)?);
        Ok(Read { whole: run.time, only })
    }
}
