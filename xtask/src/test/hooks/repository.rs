//! A git repository with the present work tree, uncommitted files included.

use std::ffi::OsString;
use std::path::Path;

use anyhow::Result;

use crate::files;
use crate::process::{Finished, Program};
use crate::workspace::Workspace;

/// The tag that adopters name. A full version: a moving tag draws a warning.
pub(super) const TAG: &str = "v0.1.0";

/// Who commits, and nothing of the machine's own git configuration.
pub(super) fn identity() -> Vec<(&'static str, OsString)> {
    let nothing = if cfg!(windows) { "NUL" } else { "/dev/null" };
    vec![
        ("GIT_AUTHOR_NAME", "Writer".into()),
        ("GIT_AUTHOR_EMAIL", "writer@example.com".into()),
        ("GIT_COMMITTER_NAME", "Writer".into()),
        ("GIT_COMMITTER_EMAIL", "writer@example.com".into()),
        ("GIT_CONFIG_GLOBAL", nothing.into()),
        ("GIT_CONFIG_NOSYSTEM", "1".into()),
    ]
}

/// Runs git in `folder` as [`identity`]; it must succeed.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> Result<Finished> {
    let finished = Program::new("git", folder).args(arguments).envs(&identity()).capture()?;
    finished.expect_code(0)?;
    Ok(finished)
}

/// Copies what git knows or would add, commits it and tags it.
pub(in crate::test) fn create(workspace: &Workspace, folder: &Path) -> Result<()> {
    files::make_folder(folder)?;
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let paths = workspace.program("git").args(list).capture()?.stdout_if_success()?;
    for path in paths.split('\0').filter(|path| !path.is_empty()) {
        let from = workspace.root().join(path);
        // A file may be deleted and not yet staged; a link may lead nowhere.
        if from.is_file() {
            files::copy(&from, &folder.join(path))?;
        }
    }
    git(folder, &["init", "--quiet", "--initial-branch", "main"])?;
    git(folder, &["add", "--all"])?;
    git(folder, &["commit", "--quiet", "--message", "Release"])?;
    git(folder, &["tag", TAG])?;
    println!("  a repository with the present work tree, tagged {TAG}");
    Ok(())
}
