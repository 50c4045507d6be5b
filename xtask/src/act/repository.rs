//! Copies of repositories as bare ones that a git server can serve.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::files;
use crate::process::Program;

/// Git without the settings of whoever runs this.
pub(super) fn git(folder: &Path) -> Program {
    Program::new("git", folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Marta")
        .env("GIT_AUTHOR_EMAIL", "marta@acme.example")
        .env("GIT_COMMITTER_NAME", "Marta")
        .env("GIT_COMMITTER_EMAIL", "marta@acme.example")
}

/// Runs git and gives what it printed.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Result<String> {
    let printed = git(folder).args(arguments).capture()?.stdout_if_success()?;
    Ok(printed.trim().to_owned())
}

/// Makes `folder` a repository with one commit of all its files on `main`, from the address
/// that it would have on GitHub. Gives the commit.
///
/// # Errors
///
/// If git fails.
pub(super) fn commit(folder: &Path, name: &str) -> Result<String> {
    ask(folder, &["init", "--quiet", "--initial-branch=main"])?;
    // The runner takes the name of the repository from here.
    ask(folder, &["remote", "add", "origin", &format!("https://github.com/{name}.git")])?;
    commit_all(folder, "Begin")
}

/// Commits whatever has changed. Gives the commit.
///
/// # Errors
///
/// If git fails.
pub(super) fn commit_all(folder: &Path, message: &str) -> Result<String> {
    ask(folder, &["add", "--all", "--force"])?;
    ask(folder, &["commit", "--quiet", "--allow-empty", "--message", message])?;
    ask(folder, &["rev-parse", "HEAD"])
}

/// Puts the repository at `folder` below `served` as `OWNER/NAME.git`, with tags.
///
/// # Errors
///
/// If git fails.
pub(super) fn serve(folder: &Path, served: &Path, name: &str, tags: &[&str]) -> Result<PathBuf> {
    for tag in tags {
        ask(folder, &["tag", "--force", tag])?;
    }
    let bare = served.join(format!("{name}.git"));
    files::make_empty_folder(&bare)?;
    let to = bare.to_str().context("the path of the build folder is not UTF-8")?;
    ask(folder, &["clone", "--quiet", "--bare", ".", to])?;
    Ok(bare)
}

/// The text of a workflow or an action as `act` understands it: `$/x` and, in called workflows,
/// `./.github/workflows/x` mean the repository that the file is in. GitHub resolves them at the
/// commit in use; here it is `reference`, which is the same commit. `queue` is left out: `act`
/// does not know it, and runs one event at a time.
pub(super) fn portable(text: &str, name: &str, reference: &str) -> String {
    let called = text.contains("workflow_call:");
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_start().trim_start_matches("- ").trim_start();
        if content.starts_with("queue: max") {
            continue;
        }
        let used = content.strip_prefix("uses:").map(str::trim);
        let path = used.and_then(|used| {
            let inner = used.strip_prefix("./").filter(|it| called && it.starts_with(".github/"));
            used.strip_prefix("$/").or(inner)
        });
        let indent = line.len() - line.trim_start().len();
        match path {
            None => result.push_str(line),
            Some(path) => {
                let path = path.split_whitespace().next().unwrap_or_default();
                let dash = if line.trim_start().starts_with("- ") { "- " } else { "" };
                result.push_str(&line[..indent]);
                result.push_str(&format!("{dash}uses: {name}/{path}@{reference}\n"));
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_the_own_repository_are_spelt_out() {
        let text = "on:\n  workflow_call:\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n  c:\n    \
                    steps:\n      - uses: $/actions/setup # ours\n      - name: X\n        uses: $/actions/x\n      \
                    - uses: actions/checkout@0123 # v1\n";
        let expected = "on:\n  workflow_call:\njobs:\n  a:\n    uses: o/n/.github/workflows/b.yml@v1\n  c:\n    \
                        steps:\n      - uses: o/n/actions/setup@v1\n      - name: X\n        uses: o/n/actions/x@v1\n      \
                        - uses: actions/checkout@0123 # v1\n";
        assert_eq!(portable(text, "o/n", "v1"), expected);
    }

    #[test]
    fn what_the_runner_does_not_know_is_left_out() {
        let text = "concurrency:\n  group: a\n  queue: max\n  cancel-in-progress: false\n";
        let expected = "concurrency:\n  group: a\n  cancel-in-progress: false\n";
        assert_eq!(portable(text, "o/n", "v1"), expected);
    }

    #[test]
    fn a_callers_own_workflow_stays_its_own() {
        let text = "on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n";
        assert_eq!(portable(text, "o/n", "v1"), text);
    }
}
