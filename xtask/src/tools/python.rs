//! Python tools, in virtual environments.

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
    environment(workspace, "tools/python", &versions::PYTHON)
}

/// A virtual environment with what makes the embedding model of the tests.
///
/// # Errors
///
/// If there is no Python 3 or the packages cannot be installed.
pub(crate) fn model_maker(workspace: &Workspace) -> Result<Python> {
    environment(workspace, "tools/model-maker", &versions::MODEL_MAKER)
}

/// A virtual environment with a peer that embeds, and ONNX Runtime.
///
/// # Errors
///
/// If there is no Python 3 or the packages cannot be installed.
pub(crate) fn embedding_peer(workspace: &Workspace) -> Result<Python> {
    environment(workspace, "tools/embedding-peer", &versions::EMBEDDING_PEER)
}

/// A virtual environment with these packages.
fn environment(workspace: &Workspace, folder: &str, packages: &[&str]) -> Result<Python> {
    let folder = workspace.target(folder);
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = Python { programs };
    install_once(&folder, packages, || {
        let system = if cfg!(windows) { "python" } else { "python3" };
        workspace
            .program(system)
            .args(["-m", "venv"])
            .arg(&folder)
            .run()
            .context("needs Python 3")?;
        Program::new(python.program("python"), workspace.root())
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages)
            .run()
    })?;
    Ok(python)
}
