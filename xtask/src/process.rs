//! Running other programs, and saying so.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Variables that cargo sets for the program it runs. Passed on, they would make
/// build scripts of a second cargo believe in a change.
const OF_THE_OUTER_CARGO: [&str; 2] = ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"];

/// Variables by which git would work on another repository than the folder's own:
/// they are set when a hook runs this program.
const OF_THE_OUTER_GIT: [&str; 4] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"];

/// A program to run, with its folder, arguments and variables.
#[derive(Debug)]
pub(crate) struct Program(Command);

/// What a program that ran to its end left.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The command, as one line.
    pub(crate) line: String,
    /// The exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it printed, as text.
    pub(crate) stdout: String,
    /// What it complained about, as text.
    pub(crate) stderr: String,
    /// From start to end.
    pub(crate) time: Duration,
}

impl Program {
    /// The program `name`, run in `folder`.
    pub(crate) fn new(name: impl AsRef<OsStr>, folder: &Path) -> Self {
        let mut command = Command::new(name);
        command.current_dir(folder);
        for variable in OF_THE_OUTER_CARGO.iter().chain(&OF_THE_OUTER_GIT) {
            command.env_remove(variable);
        }
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("CARGO_PKG_") {
                command.env_remove(variable);
            }
        }
        Self(command)
    }

    /// The cargo that runs this program, or the one on the path.
    pub(crate) fn cargo(folder: &Path) -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), folder)
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, arguments: impl IntoIterator<Item: AsRef<OsStr>>) -> Self {
        self.0.args(arguments);
        self
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Sets variables.
    pub(crate) fn envs<'a>(
        mut self,
        variables: impl IntoIterator<Item = &'a (&'static str, OsString)>,
    ) -> Self {
        self.0.envs(variables.into_iter().map(|(name, value)| (name, value)));
        self
    }

    /// Runs it with its output on this terminal.
    ///
    /// # Errors
    ///
    /// If it cannot be started or does not end with 0.
    pub(crate) fn run(mut self) -> Result<()> {
        let line = self.to_string();
        println!("  $ {line}");
        let status = self
            .0
            .stdin(Stdio::null())
            .status()
            .with_context(|| format!("cannot start `{line}`"))?;
        if !status.success() {
            bail!("`{line}` ended with {status}");
        }
        Ok(())
    }

    /// Runs it and keeps what it prints.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub(crate) fn capture(mut self) -> Result<Finished> {
        let line = self.to_string();
        let start = Instant::now();
        let output = self
            .0
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot start `{line}`"))?;
        let time = start.elapsed();
        Ok(Finished {
            line,
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            time,
        })
    }

    /// The command itself, for whoever needs more.
    pub(crate) const fn command(&mut self) -> &mut Command {
        &mut self.0
    }
}

impl fmt::Display for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = Path::new(self.0.get_program());
        let name = program.file_name().unwrap_or(program.as_os_str());
        formatter.write_str(&name.to_string_lossy())?;
        self.0
            .get_args()
            .try_for_each(|argument| write!(formatter, " {}", argument.to_string_lossy()))
    }
}

impl Finished {
    /// Both streams, one after the other.
    pub(crate) fn output(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// What it printed.
    ///
    /// # Errors
    ///
    /// If it did not end with 0.
    pub(crate) fn stdout_if_success(self) -> Result<String> {
        self.expect_code(0)?;
        Ok(self.stdout)
    }

    /// Nothing, if it ended with `code`.
    ///
    /// # Errors
    ///
    /// If it ended otherwise; the error has its whole output.
    pub(crate) fn expect_code(&self, code: i32) -> Result<()> {
        if self.code != Some(code) {
            let found = self.code.map_or("a signal".to_owned(), |found| found.to_string());
            let output = self.output();
            bail!("`{}` ended with {found}, expected {code}; it printed:\n{output}", self.line);
        }
        Ok(())
    }
}
