//! Documents as a commit has them, whatever the work tree looks like.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use countersign_docset::tree::{GitError, LARGEST_DOCUMENT, of_shallow_clone};

/// A commit of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// All its hexadecimal digits.
    pub sha: String,
}

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    /// From the root, with `/`.
    pub(super) path: String,
    /// Its object.
    pub(super) object: String,
}

impl Commit {
    /// The commit that `revision` names.
    ///
    /// # Errors
    ///
    /// If git does not know it.
    pub fn find(root: &Path, revision: &str) -> Result<Self, GitError> {
        let named = format!("{revision}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &named];
        let output = git(root, &arguments).output().map_err(GitError::Run)?;
        let sha = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || sha.is_empty() {
            // Quiet, git says nothing of a revision, and only tells what else is wrong.
            let said = said(&output.stderr, "there is no such commit");
            let message = said + of_shallow_clone(root);
            return Err(GitError::NoCommit { revision: revision.to_owned(), message });
        }
        Ok(Self { sha })
    }

    /// Its regular files below `root`, in the order of git.
    pub(super) fn files(&self, root: &Path) -> Result<Vec<Blob>, GitError> {
        let text = ask(root, &self.sha, &["ls-tree", "-r", "-z", &self.sha])?;
        let entry = |entry: &str| {
            let (what, path) = entry.split_once('\t')?;
            let mut words = what.split(' ');
            // Links and submodules are no documents.
            let regular = words.next()?.starts_with("100");
            let object = words.nth(1)?.to_owned();
            regular.then(|| Blob { path: path.to_owned(), object })
        };
        Ok(text.split('\0').filter_map(entry).collect())
    }

    /// Paths that differ between it and what it has in common with `revision`; those that
    /// are gone too, and of a renamed file both.
    pub(super) fn changed_since(
        &self,
        root: &Path,
        revision: &str,
    ) -> Result<BTreeSet<String>, GitError> {
        let arguments = ["merge-base", "--end-of-options", revision, &self.sha];
        let base = ask(root, revision, &arguments).map_err(|error| match error {
            GitError::Failed { revision, message } => {
                GitError::Failed { revision, message: message + of_shallow_clone(root) }
            }
            other => other,
        })?;
        let arguments = [
            "diff",
            "--name-only",
            "-z",
            "--relative",
            "--no-renames",
            base.trim(),
            &self.sha,
            "--",
            ".",
        ];
        let text = ask(root, revision, &arguments)?;
        Ok(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }
}

/// Asks git about `revision`.
fn ask(root: &Path, revision: &str, arguments: &[&str]) -> Result<String, GitError> {
    let output = git(root, arguments).output().map_err(GitError::Run)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let message = said(&output.stderr, "no common ancestor");
    Err(GitError::Failed { revision: revision.to_owned(), message })
}

/// The first line that git said, or `otherwise`.
fn said(stderr: &[u8], otherwise: &str) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().next().unwrap_or(otherwise).trim();
    line.trim_start_matches("fatal: ").to_owned()
}

fn git(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // Hooks of git have these set, relative to a folder that need not be the root.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command
        .arg("-C")
        .arg(root)
        .args(["-c", "core.quotePath=false"])
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// Reads objects, one after the other, through one process.
#[derive(Debug)]
pub(super) struct Objects {
    child: Child,
    ask: Option<ChildStdin>,
    answer: BufReader<ChildStdout>,
}

impl Objects {
    pub(super) fn open(root: &Path) -> Result<Self, GitError> {
        let mut child = git(root, &["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::Run)?;
        let missing = || GitError::Run(std::io::Error::other("it has no input or output"));
        let answer = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        let ask = Some(child.stdin.take().ok_or_else(missing)?);
        Ok(Self { child, ask, answer })
    }

    /// The content of an object, or why there is none.
    pub(super) fn read(&mut self, object: &str) -> Result<Vec<u8>, String> {
        self.try_read(object).map_err(|error| format!("git cannot read it: {error}"))?
    }

    fn try_read(&mut self, object: &str) -> std::io::Result<Result<Vec<u8>, String>> {
        if let Some(ask) = &mut self.ask {
            writeln!(ask, "{object}")?;
            ask.flush()?;
        }
        let mut head = String::new();
        self.answer.read_line(&mut head)?;
        // `OBJECT blob SIZE`, or `OBJECT missing`.
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let Some(size) = size else {
            return Ok(Err(format!("git does not have it: `{}`", head.trim_end())));
        };
        let mut content = (&mut self.answer).take(size);
        if size > LARGEST_DOCUMENT {
            std::io::copy(&mut content, &mut std::io::sink())?;
            self.answer.read_exact(&mut [0])?;
            return Ok(Err(format!("it has {size} bytes")));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        content.read_to_end(&mut bytes)?;
        if bytes.len() as u64 != size {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        // A line end stands behind every object.
        self.answer.read_exact(&mut [0])?;
        Ok(Ok(bytes))
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It ends when nobody can ask any more.
        self.ask = None;
        let _ = self.child.wait();
    }
}
