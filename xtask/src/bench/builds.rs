//! The programs that are measured and that measure: release builds.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

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
        .args(["--no-default-features", "--features", "sqlite,postgres"])
        .args(["--example", "measure_store"])
        .run()?;
    Ok(program(&workspace.target("release").join("examples"), "measure_store"))
}

/// The program `kb`, without embeddings.
pub(super) fn kb(workspace: &Workspace) -> Result<PathBuf> {
    let features = ["--no-default-features", "--features", "cli"];
    release(workspace, "countersign-kb").args(features).args(["--bin", "kb"]).run()?;
    Ok(program(&workspace.target("release"), "kb"))
}

/// A PostgreSQL with pgvector, as tests have it, until the value is dropped.
#[derive(Debug)]
pub(super) struct PostgresServer {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl PostgresServer {
    pub(super) fn start(workspace: &Workspace) -> Result<Self> {
        let example = ["--features", "postgres", "--example", "postgres"];
        release(workspace, "countersign-testkit").args(example).run()?;
        let program = program(&workspace.target("release/examples"), "postgres");
        let mut child = Command::new(&program)
            .current_dir(workspace.root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{}`", program.display()))?;
        let ask = child.stdin.take().context("the server has no input")?;
        let answer = child.stdout.take().context("the server has no output")?;
        Ok(Self { child, ask, answer: BufReader::new(answer) })
    }

    /// The address of a new, empty database.
    pub(super) fn database(&mut self) -> Result<String> {
        writeln!(self.ask)?;
        self.ask.flush()?;
        let mut line = String::new();
        self.answer.read_line(&mut line)?;
        ensure!(!line.trim().is_empty(), "the server gave no database; it says why above");
        Ok(line.trim().to_owned())
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // It ends with its input; whether it did so well is of no concern any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
