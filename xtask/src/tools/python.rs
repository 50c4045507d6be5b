//! Python tools, in a virtual environment.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{install_once, versions};
use crate::process::Program;
use crate::workspace::Workspace;

/// The virtual environment.
#[derive(Debug)]
pub(crate) struct Python {
    programs: PathBuf,
}

impl Python {
    /// The path of a program of the environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

/// The virtual environment with all Python tools.
///
/// # Errors
///
/// If there is no Python 3 or the packages cannot be installed.
pub(crate) fn python(workspace: &Workspace) -> Result<Python> {
    let folder = workspace.target("tools/python");
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = Python { programs };
    install_once(&folder, &versions::PYTHON, || {
        let system = if cfg!(windows) { "python" } else { "python3" };
        workspace
            .program(system)
            .args(["-m", "venv"])
            .arg(&folder)
            .run()
            .context("needs Python 3")?;
        Program::new(python.program("python"), workspace.root())
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(versions::PYTHON)
            .run()
    })?;
    Ok(python)
}
