//! Proves `.pre-commit-hooks.yaml` with the real `pre-commit` and `prek`, the way
//! an adopter meets it: from another repository, by a tag.

mod adopter;
pub(super) mod repository;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use self::adopter::Adopter;
use crate::files;
use crate::process::{Finished, Program};
use crate::tools::{self, Python};
use crate::workspace::Workspace;

/// The two programs that read `.pre-commit-hooks.yaml`.
const MANAGERS: [&str; 2] = ["pre-commit", "prek"];

/// The rule that the bad document breaks, and that the hook must name.
const EXPECTED_RULE: &str = "invalid-status";

pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let python = tools::python(workspace)?;
    let manifest = workspace.root().join(".pre-commit-hooks.yaml");
    for manager in MANAGERS {
        let validate = workspace.program(python.program(manager));
        validate.arg("validate-manifest").arg(&manifest).run()?;
    }
    // Everything that the hook's build needs, so that it can be told to stay offline.
    workspace.cargo().args(["fetch", "--quiet", "--locked"]).run()?;
    let folder = workspace.target("tmp/hooks");
    files::make_empty_folder(&folder)?;
    let hook_repository = folder.join("hook-repository");
    repository::create(workspace, &hook_repository)?;
    for manager in MANAGERS {
        prove(workspace, &python, manager, &folder, &hook_repository)?;
    }
    Ok(())
}

/// One manager, with a clean home and an adopter of its own.
fn prove(
    workspace: &Workspace,
    python: &Python,
    manager: &str,
    folder: &Path,
    hook_repository: &Path,
) -> Result<()> {
    println!("  {manager}: an adopter's repository with a good and a bad document");
    let home = folder.join(format!("{manager}-home"));
    lend_registry(&home)?;
    let adopter = Adopter::create(&folder.join(format!("{manager}-adopter")), hook_repository)?;
    let session = Session {
        program: python.program(manager),
        environment: environment(workspace, &home),
        folder: adopter.folder().to_owned(),
    };

    let bad = session.run(&["run", "--all-files"])?;
    must_refuse(&bad)?;
    println!(
        "  {manager}: `run --all-files` found `{EXPECTED_RULE}` in {:.1} s",
        bad.time.as_secs_f64()
    );
    session.run(&["install"])?.expect_code(0)?;
    let refused = session.git(&["commit", "--quiet", "--message", "Add documents"])?;
    must_refuse(&refused)?;
    ensure!(adopter.commits()? == 0, "the commit was made although the hook failed");
    println!("  {manager}: `git commit` was refused");

    adopter.mend()?;
    let good = session.run(&["run", "--all-files"])?;
    good.expect_code(0)?;
    println!("  {manager}: mended, `run --all-files` passed in {:.1} s", good.time.as_secs_f64());
    session.git(&["commit", "--quiet", "--message", "Add documents"])?.expect_code(0)?;
    ensure!(adopter.commits()? == 1, "there is no commit although the hook passed");
    println!("  {manager}: `git commit` was accepted");
    Ok(())
}

/// What a manager runs with.
///
/// Both managers build the hook from its sources, each in a checkout of its own; a
/// target folder outside of both keeps the dependencies for the next run of this test.
/// The release profile is made as cheap as the development profile: whole-program
/// optimization takes minutes and says nothing about the hook. Cargo stays offline
/// because pre-commit ignores `Cargo.lock`: else the test would depend on what was
/// published today.
fn environment(workspace: &Workspace, home: &Path) -> Vec<(&'static str, OsString)> {
    let mut variables: Vec<(&'static str, OsString)> = vec![
        ("PRE_COMMIT_HOME", home.into()),
        ("PREK_HOME", home.into()),
        ("CARGO_TARGET_DIR", workspace.target("tmp/hooks-build").into()),
        ("CARGO_PROFILE_RELEASE_LTO", "off".into()),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16".into()),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0".into()),
        ("CARGO_PROFILE_RELEASE_STRIP", "none".into()),
        ("CARGO_NET_OFFLINE", "true".into()),
    ];
    variables.extend(repository::identity());
    variables
}

/// prek has a cargo home of its own, which is empty at first. The crates that are
/// downloaded already are lent to it, so that the hook builds without a network.
fn lend_registry(home: &Path) -> Result<()> {
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let user = || std::env::home_dir().map(|home| home.join(".cargo"));
    let registry = cargo_home.or_else(user).context("cargo has no home")?.join("registry");
    let lent = home.join("cache/cargo");
    files::make_folder(&lent)?;
    #[cfg(unix)]
    std::os::unix::fs::symlink(registry, lent.join("registry"))?;
    #[cfg(not(unix))]
    files::copy_folder(&registry, &lent.join("registry"))?;
    Ok(())
}

/// What the hook did to a document that must not pass.
fn must_refuse(finished: &Finished) -> Result<()> {
    finished.expect_code(1)?;
    let output = finished.output();
    let named = output.contains(EXPECTED_RULE) && output.contains(adopter::BAD_DOCUMENT);
    ensure!(named, "`{}` names neither rule nor document; it printed:\n{output}", finished.line);
    Ok(())
}

/// A hook manager in an adopter's repository.
#[derive(Debug)]
struct Session {
    program: PathBuf,
    environment: Vec<(&'static str, OsString)>,
    folder: PathBuf,
}

impl Session {
    fn run(&self, arguments: &[&str]) -> Result<Finished> {
        self.start(Program::new(&self.program, &self.folder), arguments)
    }

    fn git(&self, arguments: &[&str]) -> Result<Finished> {
        self.start(Program::new("git", &self.folder), arguments)
    }

    fn start(&self, program: Program, arguments: &[&str]) -> Result<Finished> {
        program.args(arguments).envs(&self.environment).capture()
    }
}
