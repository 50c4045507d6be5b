//! A job of a runner, as far as `setup.sh` can tell.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::files;
use crate::process::{Finished, Program};

/// A job with folders and files of its own, and a script to run in it.
#[derive(Clone, Debug)]
pub(super) struct Job {
    script: PathBuf,
    folder: PathBuf,
    /// `RUNNER_TEMP`, which a runner empties for each job.
    temp: PathBuf,
    variables: Vec<(&'static str, OsString)>,
}

/// What a run of the script left.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) finished: Finished,
    /// The output `folder`.
    pub(super) folder: PathBuf,
    /// The output `source`.
    pub(super) source: String,
}

impl Job {
    /// A job below `folder`, with an empty tool cache. `checkout` is that of the action.
    pub(super) fn new(folder: PathBuf, checkout: &Path) -> Result<Self> {
        let temp = folder.join("temp");
        for folder in [&temp, &folder.join("tools")] {
            files::make_empty_folder(folder)?;
        }
        let script = checkout.join("actions/setup/setup.sh");
        Ok(Self { script, folder, temp, variables: Vec::new() })
    }

    /// Another job on the same machine: the tool cache is there, and nothing else.
    pub(super) fn next(&self) -> Result<Self> {
        let temp = self.folder.join("temp-of-another");
        files::make_empty_folder(&temp)?;
        Ok(Self { temp, ..self.clone() })
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Writes a file into the folder that the script is started in.
    pub(super) fn write(&self, path: &str, text: &str) -> Result<()> {
        files::write(&self.folder.join(path), text)
    }

    pub(super) fn tools(&self) -> PathBuf {
        self.folder.join("tools")
    }

    /// The script, ready to run, with nothing of this process's environment but what a runner
    /// would have, too. `number` tells runs apart that are under way at once.
    fn program(&self, number: usize) -> Result<(Program, PathBuf, PathBuf)> {
        let (output, path) = (
            self.folder.join(format!("output-{number}")),
            self.folder.join(format!("path-{number}")),
        );
        for file in [&output, &path] {
            files::write(file, "")?;
        }
        let mut program = Program::new("bash", &self.folder).arg(&self.script);
        let command = program.command();
        command.env_clear();
        for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "SYSTEMROOT", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("RUNNER_TEMP", &self.temp)
            .env("RUNNER_TOOL_CACHE", self.tools())
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_PATH", &path)
            .envs(self.variables.iter().map(|(name, value)| (*name, value)));
        Ok((program, output, path))
    }

    /// Runs the script, whatever comes of it.
    pub(super) fn run(&self) -> Result<Finished> {
        self.program(0)?.0.capture()
    }

    /// Runs the script, which must succeed, as one of several at once.
    pub(super) fn succeed_as(&self, number: usize) -> Result<Done> {
        let (program, output, path) = self.program(number)?;
        let finished = program.capture()?;
        finished.expect_code(0)?;
        let outputs = files::read(&output)?;
        let value = |name: &str| {
            let line = outputs.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.map(str::to_owned).with_context(|| format!("no output `{name}`:\n{outputs}"))
        };
        let (folder, source) = (PathBuf::from(value("folder")?), value("source")?);
        let path = files::read(&path)?;
        ensure!(Path::new(path.trim_end()) == folder, "the path has `{path}`");
        Ok(Done { finished, folder, source })
    }

    /// Runs the script, which must succeed.
    pub(super) fn succeed(&self) -> Result<Done> {
        self.succeed_as(0)
    }

    /// Runs the script, which must fail with `code` and say `what`.
    pub(super) fn fail(&self, code: i32, what: &str) -> Result<Finished> {
        let finished = self.run()?;
        finished.expect_code(code)?;
        ensure!(finished.output().contains(what), "no `{what}` in:\n{}", finished.output());
        Ok(finished)
    }
}

impl Done {
    /// Fails if the programs came from elsewhere.
    pub(super) fn expect_source(&self, source: &str) -> Result<()> {
        let output = self.finished.output();
        ensure!(self.source == source, "it came from {}, not {source}:\n{output}", self.source);
        Ok(())
    }

    /// Fails if the program does not start.
    pub(super) fn expect_working(&self, program: &str) -> Result<()> {
        let path = self.folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
        Program::new(&path, &self.folder).arg("--version").capture()?.expect_code(0)
    }
}
