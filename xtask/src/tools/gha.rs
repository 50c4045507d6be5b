//! The Node packages and scripts that check workflows.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use super::install_once;
use crate::files;
use crate::process::Program;
use crate::workspace::Workspace;

/// The folder with the scripts of `xtask/gha` as they are now, and their packages as its lock
/// file has them.
///
/// # Errors
///
/// If there is no Node or the packages cannot be installed.
pub(crate) fn gha(workspace: &Workspace) -> Result<PathBuf> {
    let sources = workspace.root().join("xtask/gha");
    let folder = workspace.target("tools/gha");
    let lock = files::read(&sources.join("package-lock.json"))?;
    let digest = Sha256::digest(lock.as_bytes());
    let short: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let packages = format!("the packages of xtask/gha ({short})");
    install_once(&folder, &[&packages], || {
        for name in ["package.json", "package-lock.json"] {
            files::copy(&sources.join(name), &folder.join(name))?;
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        Program::new(npm, &folder)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .run()
            .context("needs Node with npm")
    })?;
    // Node looks for packages beside the script that asks for them.
    let entries = std::fs::read_dir(&sources)
        .with_context(|| format!("cannot read `{}`", sources.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "mjs")
            && let Some(name) = path.file_name()
        {
            files::copy(&path, &folder.join(name))?;
        }
    }
    Ok(folder)
}
