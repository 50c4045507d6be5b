//! The files that changed since a git revision.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::joined;

/// Git could not say what changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// Git is not there or cannot be started.
    #[error("cannot run git")]
    Run(#[source] io::Error),
    /// Git said no.
    #[error("git cannot compare with `{revision}`: {message}")]
    Failed {
        /// The revision asked for.
        revision: String,
        /// What git said.
        message: String,
    },
    /// There is no such commit.
    #[error("git cannot find the commit `{revision}`: {message}")]
    NoCommit {
        /// The revision asked for.
        revision: String,
        /// What git said.
        message: String,
    },
}

/// What to add to a complaint of git about a revision that it does not have: in a shallow clone,
/// as CI makes them, the revision is fine and the clone lacks it.
#[must_use]
pub fn of_shallow_clone(root: &Path) -> &'static str {
    let question = ["rev-parse", "--is-shallow-repository"];
    match git(root, "", &question) {
        Ok(answer) if answer.trim() == "true" => {
            "; this clone is shallow: fetch the whole history (`git fetch --unshallow`, or \
             `fetch-depth: 0` of actions/checkout)"
        }
        _ => "",
    }
}

/// Whether files that are gone count as changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// They do.
    Included,
    /// They do not: there is nothing to look at.
    LeftOut,
}

/// The paths (from `root`, with `/`) of files that differ from the merge base with
/// `revision`, in commits, in the index, in the work tree, or by being new.
pub(crate) fn changed_since(
    root: &Path,
    revision: &str,
    deleted: Deleted,
) -> Result<BTreeSet<String>, GitError> {
    let new = ["ls-files", "--others", "--exclude-standard", "-z", "--", "."];
    let (changed, new) = std::thread::scope(|scope| {
        // Each walks the work tree once; side by side they take as long as one.
        let new = scope.spawn(|| git(root, revision, &new));
        let changed = differing(root, revision, deleted);
        (changed, joined(new))
    });
    let mut paths = BTreeSet::new();
    for output in [changed?, new?] {
        paths.extend(output.split('\0').filter(|path| !path.is_empty()).map(folder_or_file));
    }
    Ok(paths)
}

/// A repository inside the repository is named with a slash behind it.
fn folder_or_file(path: &str) -> String {
    path.trim_end_matches('/').to_owned()
}

/// Tracked files that differ from the merge base, separated by NUL.
fn differing(root: &Path, revision: &str, deleted: Deleted) -> Result<String, GitError> {
    // A revision that looks like an option would be taken for one.
    let base = git(root, revision, &["merge-base", "--end-of-options", revision, "HEAD"]);
    let base = base.map_err(|error| match error {
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
        match deleted {
            Deleted::Included => "--diff-filter=",
            Deleted::LeftOut => "--diff-filter=d",
        },
        base.trim(),
        "--",
        ".",
    ];
    git(root, revision, &arguments)
}

fn git(root: &Path, revision: &str, arguments: &[&str]) -> Result<String, GitError> {
    let mut command = Command::new("git");
    // Hooks of git have these set, relative to a folder that need not be the root:
    // git would look at another index or work tree and say that nothing changed.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command
        .arg("-C")
        .arg(root)
        .args(["-c", "core.quotePath=false"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(GitError::Run)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let message = message.lines().next().unwrap_or("no common ancestor").trim();
    let message = message.trim_start_matches("fatal: ").to_owned();
    Err(GitError::Failed { revision: revision.to_owned(), message })
}
