//! The programs that are measured and that measure: release builds.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

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

/// The program `labels`, and the fake GitHub that it is measured against.
pub(super) fn labels(workspace: &Workspace) -> Result<(PathBuf, PathBuf)> {
    release(workspace, "countersign-labels").args(["--bins", "--example", "fake_github"]).run()?;
    let folder = workspace.target("release");
    Ok((program(&folder, "labels"), program(&folder.join("examples"), "fake_github")))
}

/// The program that measures a store.
pub(super) fn measure_store(workspace: &Workspace) -> Result<PathBuf> {
    release(workspace, "countersign-kb")
        .args(["--no-default-features", "--features", "sqlite", "--example", "measure_store"])
        .run()?;
    Ok(program(&workspace.target("release").join("examples"), "measure_store"))
}

/// This program.
pub(super) fn xtask(workspace: &Workspace) -> Result<PathBuf> {
    release(workspace, "xtask").run()?;
    Ok(program(&workspace.target("release"), "xtask"))
}

/// Where the program that cuts documents is: a workspace of its own.
const CHUNKING: &str = "xtask/chunking/Cargo.toml";

/// The program that cuts documents into chunks, also by its peer.
pub(super) fn chunking(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target("bench/chunking");
    workspace
        .cargo()
        .args(["build", "--release", "--quiet", "--locked", "--manifest-path", CHUNKING])
        .env("CARGO_TARGET_DIR", &folder)
        .run()?;
    Ok(program(&folder.join("release"), "countersign-chunking"))
}

/// The program that embeds: a workspace of its own.
pub(super) fn embedding(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target("bench/embedding");
    workspace
        .cargo()
        .args(["build", "--release", "--quiet", "--locked", "--manifest-path"])
        .arg("xtask/embedding/Cargo.toml")
        .env("CARGO_TARGET_DIR", &folder)
        .run()?;
    Ok(program(&folder.join("release"), "countersign-embedding"))
}

/// The version of `text-splitter`, by the lock file of the program above.
pub(super) fn version_of_peer(workspace: &Workspace) -> Result<String> {
    let lock = files::read(&workspace.root().join(CHUNKING).with_extension("lock"))?;
    let version = lock
        .split_once("name = \"text-splitter\"\nversion = \"")
        .and_then(|(_, rest)| rest.split('"').next())
        .context("the lock file names no text-splitter")?;
    Ok(version.to_owned())
}

fn release(workspace: &Workspace, package: &str) -> Program {
    workspace.cargo().args(["build", "--release", "--quiet", "--locked", "--package", package])
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
