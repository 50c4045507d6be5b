//! `.github/workflows/wf_*.yml`: the reusable workflows where GitHub looks for them.
//!
//! GitHub calls workflows from that one folder only, which holds this repository's own, too.
//! `reusable-workflows` is where they are written; the copies are equal byte for byte.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::Generated;
use crate::files;
use crate::workspace::Workspace;

/// Where they are written.
const SOURCE: &str = "reusable-workflows";
/// Where they are called.
const PUBLISHED: &str = ".github/workflows";
/// How the names of those begin that others may call.
const PREFIX: &str = "wf_";

/// The copies.
pub(super) fn generate(workspace: &Workspace) -> Result<Vec<Generated>> {
    let mut generated = Vec::new();
    for name in names(workspace, SOURCE)? {
        ensure!(
            name.starts_with(PREFIX),
            "`{SOURCE}/{name}` would be published under a name that does not begin with `{PREFIX}`"
        );
        let text = files::read(&workspace.root().join(SOURCE).join(&name))?;
        generated.push(Generated { path: Path::new(PUBLISHED).join(name), text });
    }
    ensure!(!generated.is_empty(), "there is no workflow in `{SOURCE}`");
    Ok(generated)
}

/// Copies of what is no more.
pub(super) fn left_over(workspace: &Workspace, generated: &[Generated]) -> Result<Vec<PathBuf>> {
    let paths = names(workspace, PUBLISHED)?.into_iter();
    let paths = paths.filter(|name| name.starts_with(PREFIX));
    let paths = paths.map(|name| Path::new(PUBLISHED).join(name));
    Ok(paths.filter(|path| generated.iter().all(|one| one.path != *path)).collect())
}

/// The workflows in a folder, sorted; none if there is no folder.
fn names(workspace: &Workspace, folder: &str) -> Result<Vec<String>> {
    let Ok(entries) = std::fs::read_dir(workspace.root().join(folder)) else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".yml") || name.ends_with(".yaml") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
