//! The ids on the local branches of git.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::front_matter::FrontMatter;

/// How much of a document is read for its id, in bytes: front matter is at the top.
const HEAD: u64 = 64 << 10;

/// The values of `doc_id` in the Markdown files below `root` on all local branches, the
/// present one as committed included, as far as they differ from what is in the folder:
/// whoever asks has read that. Empty without git or a repository: then there are no
/// branches to collide with.
#[must_use]
pub fn ids_on_branches(root: &Path) -> Vec<String> {
    let Some(branches) = git(root, &["for-each-ref", "--format=%(refname)", "refs/heads"]) else {
        return Vec::new();
    };
    let mut objects = BTreeSet::new();
    for branch in branches.lines().filter(|name| !name.is_empty()) {
        // Against the folder, which git can do without reading what did not change.
        let diff = ["diff", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff"];
        let paths = ["--ignore-submodules", branch, "--", "*.md", "*.markdown"];
        let changed = git(root, &[&diff[..], &paths[..]].concat()).unwrap_or_default();
        objects.extend(changed.lines().filter_map(old_object).map(str::to_owned));
    }
    let mut ids = ids_of(root, &objects).unwrap_or_default();
    ids.sort();
    ids.dedup();
    ids
}

/// The object that a line of `git diff --raw` says was there before:
/// `:100644 100644 <before> <after> M<tab><path>`, all zeros if nothing was.
fn old_object(line: &str) -> Option<&str> {
    let object = line.strip_prefix(':')?.split(' ').nth(2)?;
    let is_one = object.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_one && object.bytes().any(|byte| byte != b'0')).then_some(object)
}

/// The `doc_id` of each document among `objects`, one program for all of them.
fn ids_of(root: &Path, objects: &BTreeSet<String>) -> io::Result<Vec<String>> {
    let mut ids = Vec::new();
    if objects.is_empty() {
        return Ok(ids);
    }
    let mut child = command(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(ids);
    };
    let read = std::thread::scope(|scope| {
        // Git answers while it is asked; who only asked would wait for ever.
        scope.spawn(move || {
            for object in objects {
                if writeln!(input, "{object}").is_err() {
                    break;
                }
            }
        });
        let mut output = BufReader::new(output);
        for _ in objects {
            let mut header = String::new();
            output.read_line(&mut header)?;
            // `<object> blob <size>`, or `<object> missing`.
            let Some(size) = header.trim_end().split(' ').nth(2) else { continue };
            let size: u64 = size.parse().map_err(io::Error::other)?;
            let mut head = Vec::new();
            output.by_ref().take(size.min(HEAD)).read_to_end(&mut head)?;
            // The rest, and the line end behind it.
            let rest = size.saturating_sub(HEAD) + 1;
            io::copy(&mut output.by_ref().take(rest), &mut io::sink())?;
            let head = String::from_utf8_lossy(&head);
            ids.extend(FrontMatter::parse(&head).text("doc_id").map(str::to_owned));
        }
        Ok(())
    });
    child.wait()?;
    read.map(|()| ids)
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = command(root).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn command(root: &Path) -> Command {
    let mut command = Command::new("git");
    // Hooks of git have these set, relative to a folder that need not be the root.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command.arg("-C").arg(root);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_is_looked_at() {
        let before = "a".repeat(40);
        let line = format!(":100644 100644 {before} {} M\tdocs/a b.md", "0".repeat(40));
        assert_eq!(old_object(&line), Some(&*before));
        let added = format!(":000000 100644 {} {before} A\tdocs/a.md", "0".repeat(40));
        assert_eq!(old_object(&added), None);
        assert_eq!(old_object("warning: nonsense"), None);
    }

    #[test]
    fn without_a_repository_there_are_no_branches() {
        let folder = tempfile::tempdir().unwrap();
        assert!(ids_on_branches(folder.path()).is_empty());
        assert!(ids_on_branches(&folder.path().join("none")).is_empty());
    }
}
