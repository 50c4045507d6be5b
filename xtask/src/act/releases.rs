//! Releases of this repository, as `setup` downloads them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::scene::{Adopter, Run, Scene, program_name};
use super::{Event, Report};
use crate::files;
use crate::gha::files_below;
use crate::process::Program;

/// The host with the releases, as adopters of this repository have it.
#[derive(Debug)]
pub(crate) struct Releases<'a> {
    scene: &'a Scene,
    adopter: Adopter,
    /// What the runner keeps between runs; its tools are in a folder of it.
    cache: PathBuf,
}

impl<'a> Releases<'a> {
    /// Releases `docset` for this machine, with the checksum that `change` makes of the right
    /// one. An adopter gets a workflow of this text.
    ///
    /// # Errors
    ///
    /// If a program is missing, or git fails.
    pub(crate) fn new(
        scene: &'a Scene,
        name: &str,
        workflow: &str,
        change: impl Fn(&str) -> String,
    ) -> Result<Self> {
        let version = env!("CARGO_PKG_VERSION");
        let target = match (std::env::consts::OS, std::env::consts::ARCH) {
            ("macos", arch) => format!("{arch}-apple-darwin"),
            (_, arch) => format!("{arch}-unknown-linux-gnu"),
        };
        let archive = format!("countersign-{version}-{target}.tar.gz");
        let folder = scene.served.join("files").join(format!("v{version}"));
        files::make_folder(&folder)?;
        let path = folder.join(&archive);
        Program::new("tar", &scene.seed)
            .args(["-czf"])
            .arg(&path)
            .arg(program_name("docset"))
            .env("GZIP", "-1")
            .capture()?
            .expect_code(0)?;
        let sum = change(&sha256(&format!("cat '{}'", path.display()), &folder)?);
        scene.publish_released(|ours| {
            // As `setup.sh` has it: the sum of the sums of all that the programs are built from.
            let sources = sha256(
                "find Cargo.lock Cargo.toml crates docs/rules schemas templates -type f -print0 | \
                 LC_ALL=C sort -z | xargs -0 sha256sum",
                ours,
            )?;
            let sums = format!("# source: {sources}\n{sum}  {archive}\n");
            files::write(&ours.join("actions/setup/checksums.txt"), &sums)
        })?;
        let adopter = scene.adopter(name, |folder| {
            files::write(&folder.join(".github/workflows/own.yml"), workflow)
        })?;
        let cache = scene.folder.join("tool-cache").join(name);
        files::make_empty_folder(&cache)?;
        Ok(Self { scene, adopter, cache })
    }

    /// Runs the workflow, on a push, with what earlier runs have kept.
    ///
    /// # Errors
    ///
    /// If the runner fails.
    pub(crate) fn run(&self) -> Result<Report> {
        let mut event = Event::real(&self.scene.gha, "push", None)?;
        event.payload["ref"] = "refs/heads/main".into();
        let releases = format!("{}/files", self.scene.git.url());
        let environment = [("COUNTERSIGN_SEED", ""), ("COUNTERSIGN_RELEASES", releases.as_str())];
        let kept = Some(self.cache.as_path());
        let run = Run {
            workflow: "own.yml",
            event: &event,
            vars: &[],
            secrets: &[],
            environment: &environment,
            kept,
        };
        self.scene.run(&self.adopter, &Scene::github(&[])?, &run)
    }

    /// How often an archive was fetched.
    pub(crate) fn downloads(&self) -> usize {
        let requests = self.scene.git.requests();
        requests.iter().filter(|it| it.path.starts_with("/files/")).count()
    }

    /// The program in the cache.
    ///
    /// # Errors
    ///
    /// If it is not there, or not once.
    pub(crate) fn cached(&self) -> Result<PathBuf> {
        let name = program_name("docset");
        let tools = self.cache.join("tool_cache");
        let found = files_below(&tools, |file| file.ends_with(&format!("/{name}")))?;
        let [one] = &found[..] else { bail!("the cache has {found:?}") };
        Ok(tools.join(one))
    }
}

/// The SHA-256 of what a command prints in a folder.
fn sha256(command: &str, folder: &Path) -> Result<String> {
    let command = format!("set -o pipefail; {command} | sha256sum");
    let printed = Program::new("bash", folder).args(["-c", &command]).capture()?;
    let printed = printed.stdout_if_success()?;
    printed.split_whitespace().next().map(str::to_owned).context("no sum")
}
