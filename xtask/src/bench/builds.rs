//! The programs that are measured and that measure: release builds.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::docset::Docset;
use crate::files;
use crate::process::Program;
use crate::workspace::Workspace;

/// docset as a user builds it; from nothing, and with the time that took, unless it is
/// to be `quick`.
pub(super) fn docset(workspace: &Workspace, quick: bool) -> Result<(Docset, Option<Duration>)> {
    if quick {
        return Ok((docset_with(workspace, &[])?, None));
    }
    // So that no download is measured.
    workspace.cargo().args(["fetch", "--quiet", "--locked"]).run()?;
    let folder = workspace.target("bench/clean-build");
    files::make_empty_folder(&folder)?;
    let start = Instant::now();
    release(workspace, "countersign-docset")
        .arg("--offline")
        .env("CARGO_TARGET_DIR", &folder)
        .run()?;
    let time = start.elapsed();
    println!("  built from nothing in {:.1} s", time.as_secs_f64());
    Ok((Docset::at(program(&folder.join("release"), "docset")), Some(time)))
}

/// docset with everything it has.
pub(super) fn docset_with_all_features(workspace: &Workspace) -> Result<Docset> {
    docset_with(workspace, &["--all-features"])
}

fn docset_with(workspace: &Workspace, features: &[&str]) -> Result<Docset> {
    release(workspace, "countersign-docset").args(features).run()?;
    Ok(Docset::at(program(&workspace.target("release"), "docset")))
}

/// docset as it is published.
pub(super) fn published_docset(workspace: &Workspace) -> Result<Docset> {
    let build = ["build", "--profile", "dist", "--quiet", "--locked"];
    workspace.cargo().args(build).args(["--package", "countersign-docset"]).run()?;
    Ok(Docset::at(program(&workspace.target("dist"), "docset")))
}

/// The program `policy`.
pub(super) fn policy(workspace: &Workspace) -> Result<PathBuf> {
    release(workspace, "countersign-policy").run()?;
    Ok(program(&workspace.target("release"), "policy"))
}

/// This program.
pub(super) fn xtask(workspace: &Workspace) -> Result<PathBuf> {
    release(workspace, "xtask").run()?;
    Ok(program(&workspace.target("release"), "xtask"))
}

fn release(workspace: &Workspace, package: &str) -> Program {
    workspace.cargo().args(["build", "--release", "--quiet", "--locked", "--package", package])
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
