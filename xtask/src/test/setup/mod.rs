//! `actions/setup/setup.sh`, in the ways that it can be met: each source of programs, and
//! each thing that can be wrong with it.
//!
//! One program is built for real, from a checkout as a runner has it; from then on that build
//! is what the cache and the archives hold.

mod runner;
mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use self::runner::{Done, Job};
use self::server::Server;
use super::hooks::repository;
use crate::files;
use crate::process::Program;
use crate::workspace::Workspace;

/// A job waits for this long at most when the programs are in the tool cache.
const WARM: Duration = Duration::from_secs(1);

/// # Errors
///
/// If the script does not do what its README says.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target("tmp/setup");
    files::make_empty_folder(&folder)?;
    let checkout = folder.join("checkout");
    repository::create(workspace, &checkout)?;
    // What the build needs, so that it depends on no network.
    workspace.cargo().args(["fetch", "--quiet", "--locked"]).run()?;

    let job = Job::new(folder.join("job"), &checkout)?;
    refusals(&job)?;
    let docset = cold_and_warm(&job)?;
    corrupt(&job)?;
    seed(&folder, &checkout, &docset)?;
    without_cargo(&folder, &checkout)?;
    releases(&folder, &checkout, &docset)?;
    another_commit(&job, &checkout)
}

/// What is asked for is looked at before anything is done.
fn refusals(job: &Job) -> Result<()> {
    job.clone().with("INPUT_PROGRAMS", "docset ../x").fail(2, "there is no program `../x`")?;
    job.clone().with("INPUT_PROGRAMS", " \n ").fail(2, "names none")?;
    let hostile = "docset\n::set-output name=x::y `id`";
    let refused = job.clone().with("INPUT_PROGRAMS", hostile).fail(2, "there is no program")?;
    ensure!(!refused.output().contains("\n::set-output"), "{}", refused.output());
    let job = job.clone().with("INPUT_SEED", "/nowhere\n::error::x");
    let refused = job.fail(2, "is not there")?;
    ensure!(!refused.output().contains("\n::error::x"), "{}", refused.output());
    let hostile = job.tools().with_file_name("a\nfolder=/tmp");
    job.clone().with("RUNNER_TEMP", hostile).fail(2, "has a line end in its name")?;
    job.clone().with("GITHUB_OUTPUT", "").fail(2, "this is for a step of a workflow")?;
    println!("  unknown programs, missing folders and hostile inputs are refused");
    Ok(())
}

/// Builds docset from nothing, then finds it. Gives the program.
fn cold_and_warm(job: &Job) -> Result<PathBuf> {
    // Settings of the repository that a job checked out, which may be those of a stranger, and
    // of the job for its own builds.
    job.write(".cargo/config.toml", "[build]\nrustc-wrapper = \"/nowhere/wrapper\"\n")?;
    job.write("rust-toolchain.toml", "[toolchain]\nchannel = \"nowhere\"\n")?;
    let cold = job.clone().with("CARGO_NET_OFFLINE", "true");
    let cold = cold.with("RUSTFLAGS", "--nowhere").with("CARGO_BUILD_TARGET", "nowhere");
    let cold = cold.succeed()?;
    cold.expect_source("build")?;
    cold.expect_working("docset")?;
    let output = cold.finished.output();
    ensure!(output.contains("::group::Building docset"), "no progress is shown:\n{output}");
    println!("  cold: built docset in {:.0} s", cold.finished.time.as_secs_f64());

    let job = job.next()?;
    // The best of a few: other programs run on this machine as well.
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let warm = job.succeed()?;
        warm.expect_source("cache")?;
        warm.expect_working("docset")?;
        best = best.min(warm.finished.time);
    }
    println!("  warm: {:.2} s", best.as_secs_f64());
    ensure!(best < WARM, "a warm setup takes {:.2} s", best.as_secs_f64());
    cached(&job.tools(), "docset")
}

/// The one cached file of a program.
fn cached(tools: &Path, program: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![tools.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            match path.is_dir() {
                true => open.push(path),
                false => found.push(path),
            }
        }
    }
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    found.retain(|path| path.file_name().is_some_and(|it| *it == *name));
    ensure!(found.len() == 1, "the cache has {found:?}");
    found.pop().context("the cache is empty")
}

/// A damaged program in the cache is never run: it is made anew, and that is said. Jobs at
/// once do not harm each other.
fn corrupt(job: &Job) -> Result<()> {
    // Cargo still has what it built in this job's folder, so it is asked for nothing but that.
    let job = job.clone().with("CARGO_NET_OFFLINE", "true");
    for what in ["cut short", "another program"] {
        let path = cached(&job.tools(), "docset")?;
        let good = std::fs::read(&path)?;
        let bad = if what == "cut short" { &good[..good.len() / 2] } else { b"#!/bin/sh\n" };
        write_program(&path, bad)?;
        let both = at_once(&job, 2)?;
        let output: String = both.iter().map(|done| done.finished.output()).collect();
        ensure!(output.contains("is not what was put there"), "{what}: nothing is said:\n{output}");
        for done in both {
            done.expect_working("docset")?;
        }
        let done = job.next()?.succeed()?;
        done.expect_source("cache")?;
    }
    #[cfg(unix)]
    {
        // A link in the cache is taken away, and what it leads to is left alone.
        let path = cached(&job.tools(), "docset")?;
        let folder = path.parent().context("a cached program has a folder")?;
        let elsewhere = job.tools().with_file_name("elsewhere");
        files::write(&elsewhere.join("precious"), "")?;
        std::fs::remove_dir_all(folder)?;
        std::os::unix::fs::symlink(&elsewhere, folder)?;
        job.succeed()?.expect_working("docset")?;
        ensure!(elsewhere.join("precious").is_file(), "what a link leads to was emptied");
        job.next()?.succeed()?.expect_source("cache")?;
    }
    println!("  a damaged program in the cache is made anew, and that is said");
    Ok(())
}

/// So many runs of the script at the same time; all must succeed.
fn at_once(job: &Job, count: usize) -> Result<Vec<Done>> {
    std::thread::scope(|scope| {
        let runs: Vec<_> =
            (0..count).map(|number| scope.spawn(move || job.succeed_as(number))).collect();
        let join = |run: std::thread::ScopedJoinHandle<'_, Result<Done>>| match run.join() {
            Ok(done) => done,
            Err(_) => bail!("a thread of the test ended early"),
        };
        runs.into_iter().map(join).collect()
    })
}

/// A file that can be run.
fn write_program(path: &Path, bytes: &[u8]) -> Result<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "half a file in a temporary folder harms nobody"
    )]
    std::fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// A folder with the programs is taken before anything else; what it lacks comes from
/// elsewhere.
fn seed(folder: &Path, checkout: &Path, docset: &Path) -> Result<()> {
    let seed = folder.join("seed");
    let name = format!("docset{}", std::env::consts::EXE_SUFFIX);
    files::copy(docset, &seed.join(&name))?;
    let job = Job::new(folder.join("job-with-seed"), checkout)?;
    for variable in ["INPUT_SEED", "COUNTERSIGN_SEED"] {
        let done = job.clone().with(variable, &seed).with("PATH", path_without_cargo(folder)?);
        let done = done.succeed()?;
        done.expect_source("seed")?;
        done.expect_working("docset")?;
    }
    println!("  a seed needs neither network nor cargo");
    Ok(())
}

/// Where nothing has the program, the message says what to do.
fn without_cargo(folder: &Path, checkout: &Path) -> Result<()> {
    let job = Job::new(folder.join("job-without-cargo"), checkout)?;
    let job = job.with("PATH", path_without_cargo(folder)?);
    let failed = job.fail(2, "there is no cargo to build docset with")?;
    ensure!(failed.output().contains("install Rust 1."), "{}", failed.output());
    println!("  without cargo it says what to do");
    Ok(())
}

/// A folder with what the script calls, and no cargo.
fn path_without_cargo(folder: &Path) -> Result<PathBuf> {
    let programs = folder.join("programs");
    if programs.is_dir() {
        return Ok(programs);
    }
    files::make_folder(&programs)?;
    let needed = [
        "awk",
        "basename",
        "bash",
        "cat",
        "chmod",
        "cp",
        "curl",
        "dirname",
        "find",
        "gzip",
        "head",
        "ldd",
        "mkdir",
        "mktemp",
        "mv",
        "rm",
        "sed",
        "sha256sum",
        "shasum",
        "sort",
        "tar",
        "tr",
        "uname",
        "xargs",
    ];
    let path = std::env::var_os("PATH").context("there is no PATH")?;
    for name in needed {
        let found = std::env::split_paths(&path).map(|folder| folder.join(name));
        // Some systems have one of two.
        if let Some(found) = found.into_iter().find(|path| path.is_file()) {
            link(&found, &programs.join(name))?;
        }
    }
    Ok(programs)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(from, to)?)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> Result<()> {
    files::copy(from, to)
}

/// An archive is taken if its sum is the committed one; one with another sum never is.
fn releases(folder: &Path, checkout: &Path, docset: &Path) -> Result<()> {
    let served = folder.join("served");
    let server = Server::start(&served)?;
    let package = checkout.join("actions/setup/package.sh");
    // As `release.yml` does it.
    let programs = folder.join("programs-to-release");
    files::copy(docset, &programs.join(format!("docset{}", std::env::consts::EXE_SUFFIX)))?;
    let archives = folder.join("archives");
    files::make_empty_folder(&archives)?;
    let archive = Program::new("bash", checkout).arg(&package).arg("archive");
    archive.arg(&programs).arg(&archives).arg("docset").capture()?.expect_code(0)?;
    let sums = Program::new("bash", checkout).arg(&package).arg("sums");
    let sums = sums.arg(&archives).arg(server.address()).capture()?.stdout_if_success()?;
    files::write(&checkout.join("actions/setup/checksums.txt"), &sums)?;
    let archive = only_file(&archives)?;
    let version = sums.split_once("countersign-").map(|(_, rest)| rest).unwrap_or_default();
    let version = version.split('-').next().unwrap_or_default();
    let place = served.join(format!("v{version}"));
    let name = archive.file_name().context("an archive has a name")?;
    files::copy(&archive, &place.join(name))?;

    let job = Job::new(folder.join("job-with-release"), checkout)?;
    let job = job.with("PATH", path_without_cargo(folder)?);
    for done in at_once(&job, 4)? {
        done.expect_working("docset")?;
    }
    let again = job.next()?.succeed()?;
    again.expect_source("cache")?;
    ensure!(!again.finished.output().contains("downloading"), "{}", again.finished.output());

    let other = Job::new(folder.join("job-with-release"), checkout)?;
    let other = other.with("PATH", path_without_cargo(folder)?);
    other.succeed()?.expect_source("release")?;

    let wrong = Job::new(folder.join("job-with-wrong-release"), checkout)?;
    let mut bytes = std::fs::read(&archive)?;
    bytes.push(0);
    write_program(&place.join(name), &bytes)?;
    let refused = wrong.fail(2, "somebody replaced it")?;
    ensure!(!refused.output().contains("Building"), "it fell back:\n{}", refused.output());
    ensure!(std::fs::read_dir(wrong.tools())?.next().is_none(), "something is in the cache");

    std::fs::remove_file(place.join(name))?;
    let gone = Job::new(folder.join("job-without-release"), checkout)?;
    let gone = gone.with("PATH", path_without_cargo(folder)?);
    let output = gone.fail(2, "there is no cargo")?.output();
    ensure!(output.contains("cannot download"), "{output}");
    println!("  a release is downloaded, verified and kept; another archive is refused");
    Ok(())
}

fn only_file(folder: &Path) -> Result<PathBuf> {
    let mut entries = std::fs::read_dir(folder)?;
    let path = entries.next().context("no archive was made")??.path();
    ensure!(entries.next().is_none(), "more than one archive was made");
    Ok(path)
}

/// The action at another commit, with the same number and the same dependencies, does not get
/// the program of this one: neither from the cache nor from a release.
fn another_commit(job: &Job, checkout: &Path) -> Result<()> {
    let file = checkout.join("crates/docset/src/main.rs");
    let text = files::read(&file)?;
    files::write(&file, &format!("{text}// Another commit.\n"))?;
    let other = job.next()?.with("PATH", path_without_cargo(&job.tools().with_file_name("other"))?);
    other.fail(2, "there is no cargo")?;
    files::write(&file, &text)?;
    println!("  another commit gets another program");
    Ok(())
}
