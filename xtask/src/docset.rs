//! The program that most commands run: `docset` of this checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process::{Finished, Program};
use crate::workspace::Workspace;

/// A built `docset`.
#[derive(Clone, Debug)]
pub(crate) struct Docset {
    path: PathBuf,
}

impl Docset {
    /// Builds it for development, with all features: the same build that the tests
    /// need, so that nothing is compiled for this alone.
    ///
    /// # Errors
    ///
    /// If it does not build.
    pub(crate) fn build(workspace: &Workspace) -> Result<Self> {
        // Without xtask itself, which runs and on some systems cannot be replaced.
        let selection = ["--workspace", "--exclude", "xtask", "--bins", "--all-features"];
        let build = workspace.cargo().args(["build", "--quiet"]).args(selection);
        build.run().context("docset does not build")?;
        let name = format!("debug/docset{}", std::env::consts::EXE_SUFFIX);
        Ok(Self { path: workspace.target(&name) })
    }

    /// The program at `path`.
    pub(crate) const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where the program is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A run in `folder`, without the variables that change what it prints.
    pub(crate) fn program(&self, folder: &Path) -> Program {
        let mut program = Program::new(&self.path, folder);
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GITHUB_ACTIONS"]
        {
            program.command().env_remove(variable);
        }
        program
    }

    /// Runs it in `folder` with `arguments`.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub(crate) fn run(&self, folder: &Path, arguments: &[&str]) -> Result<Finished> {
        self.program(folder).args(arguments).capture()
    }

    /// Runs it with `arguments` and reads the JSON that it prints.
    ///
    /// # Errors
    ///
    /// If it does not end with 0, or prints no JSON.
    pub(crate) fn json(&self, folder: &Path, arguments: &[&str]) -> Result<Value> {
        let finished = self.run(folder, arguments)?;
        let line = finished.line.clone();
        let text = finished.stdout_if_success()?;
        serde_json::from_str(&text).with_context(|| format!("`{line}` printed no JSON"))
    }
}
