//! Node tools, in a folder of their own.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{install_once, versions};
use crate::workspace::Workspace;

/// The folder with `node_modules`.
#[derive(Debug)]
pub(crate) struct Node {
    folder: PathBuf,
}

impl Node {
    /// The folder of an installed package.
    pub(crate) fn package(&self, name: &str) -> PathBuf {
        self.folder.join("node_modules").join(name)
    }

    /// The packages whose names begin so, with their versions, for reports.
    pub(crate) fn versions(&self, prefix: &str) -> String {
        let packages: Vec<&str> =
            versions::NODE.into_iter().filter(|package| package.starts_with(prefix)).collect();
        packages.join(", ").replace('@', " ")
    }
}

/// All Node tools.
///
/// # Errors
///
/// If there is no Node or the packages cannot be installed.
pub(crate) fn node(workspace: &Workspace) -> Result<Node> {
    let folder = workspace.target("tools/node");
    install_once(&folder, &versions::NODE, || install(workspace, &folder, &versions::NODE))?;
    Ok(Node { folder })
}

/// The packages whose documentation is searched by benchmarks.
///
/// # Errors
///
/// If there is no Node or the packages cannot be installed.
pub(crate) fn documentation(workspace: &Workspace) -> Result<Node> {
    let folder = workspace.target("tools/documentation");
    let packages = &versions::DOCUMENTATION;
    install_once(&folder, packages, || install(workspace, &folder, packages))?;
    Ok(Node { folder })
}

/// Installs packages into `folder`.
pub(super) fn install(workspace: &Workspace, folder: &Path, packages: &[&str]) -> Result<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    workspace
        .program(npm)
        .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(folder)
        .args(packages)
        .run()
        .context("needs Node with npm")
}
