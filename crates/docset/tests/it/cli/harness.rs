//! A repository in a temporary folder, and the program run in it.
//!
//! The environment is empty but for what git needs, so that colours, configuration
//! and identity of whoever runs the tests change nothing.

#![allow(clippy::disallowed_methods, reason = "half a file in a temporary folder harms nobody")]

use std::ffi::OsStr;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A repository of its own, removed when dropped.
pub(super) struct Repo {
    folder: TempDir,
    root: PathBuf,
}

impl Repo {
    /// A repository with these files, as far as docset can tell: it has a `.git`.
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let repo = Self::unmarked(files);
        std::fs::create_dir(repo.path(".git")).unwrap();
        repo
    }

    /// A folder with these files, and with nothing that says that it is a
    /// repository.
    pub(super) fn unmarked(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("repo");
        for name in ["repo", "home"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        for above in root.ancestors() {
            // The tests of root detection rest on this.
            assert!(!above.join(".git").exists(), "the temporary folder is in a repository");
            assert!(!above.join("countersign.yaml").exists());
        }
        let repo = Self { folder, root };
        for (path, content) in files {
            repo.write(path, content);
        }
        repo
    }

    /// A repository with these files, all of them committed.
    pub(super) fn committed(files: &[(&str, &str)]) -> Self {
        let repo = Self::unmarked(files);
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo.commit();
        repo
    }

    /// The root, or a place below it.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(super) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(super) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    pub(super) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    pub(super) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).unwrap();
    }

    /// Runs git, which must succeed.
    pub(super) fn git(&self, arguments: &[&str]) {
        let mut command = self.command(OsStr::new("git"));
        let output = command.args(arguments).output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {message}");
    }

    /// Commits everything that there is.
    pub(super) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message=State"]);
    }

    /// `docset` with these arguments, ready to run.
    pub(super) fn docset(&self, arguments: &[&str]) -> Run<'_> {
        let mut command = self.command(OsStr::new(env!("CARGO_BIN_EXE_docset")));
        command.args(arguments);
        Run { repo: self, command, stdin: Vec::new() }
    }

    /// What `docset check` with these arguments comes to.
    pub(super) fn check(&self, arguments: &[&str]) -> Outcome {
        self.docset(&[&["check"], arguments].concat()).outcome()
    }

    /// What `docset check --format concise` with these arguments comes to.
    pub(super) fn concise(&self, arguments: &[&str]) -> Outcome {
        self.check(&[&["--format", "concise"], arguments].concat())
    }

    fn command(&self, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path().join("home"))
            .env("LC_ALL", "C")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "Test")
                .env(format!("GIT_{who}_EMAIL"), "test@example.com")
                .env(format!("GIT_{who}_DATE"), "2026-01-01T00:00:00Z");
        }
        command
    }

    /// Replaces what differs between runs and machines.
    fn cleaned(&self, bytes: &[u8]) -> String {
        let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
        String::from_utf8_lossy(bytes)
            .replace(&*self.root.to_string_lossy(), "[ROOT]")
            .replace(&*self.root.parent().unwrap().to_string_lossy(), "[ABOVE]")
            .replace(&version, "\"[VERSION]\"")
    }
}

/// A run of `docset` that has not begun.
pub(super) struct Run<'r> {
    repo: &'r Repo,
    command: Command,
    stdin: Vec<u8>,
}

impl Run<'_> {
    pub(super) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// In a folder of the repository, or in another.
    pub(super) fn inside(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(self.repo.root.join(folder));
        self
    }

    pub(super) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    /// Runs it to its end.
    pub(super) fn outcome(mut self) -> Outcome {
        let pipe = Stdio::piped;
        let mut child = self.command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
        // A program that reads none of it closes the pipe, and may.
        let _ = child.stdin.take().unwrap().write_all(&self.stdin);
        let output = child.wait_with_output().unwrap();
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: self.repo.cleaned(&output.stdout),
            stderr: self.repo.cleaned(&output.stderr),
        }
    }

    /// The command itself, for whoever wants to hold its pipes.
    pub(super) fn into_command(self) -> Command {
        self.command
    }
}

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "exit {}", self.code)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(formatter, "--- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}

/// A document of the type `index` that has nothing wrong with it but what `body`
/// brings in.
pub(super) fn index(id: &str, body: &str) -> String {
    format!(
        "---\ndoc_id: {id}\ntype: index\ntitle: Guide\nstatus: draft\nowner_role: KM\n\
         created_at: 2026-01-01\nupdated_at: 2026-01-02\n---\n\n# Guide\n\n## TL;DR\n\n\
         Short.\n{body}"
    )
}

/// A document like [`index`] with `to` in the place of `from`, which it must hold.
pub(super) fn altered(id: &str, from: &str, to: &str) -> String {
    let text = index(id, "");
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}
