//! The ids on the local branches of git.

use std::path::Path;
use std::process::{Command, Stdio};

/// Branches that one run of git looks at: the length of a command line is bounded.
const AT_ONCE: usize = 50;

/// The values of `doc_id` in the Markdown files below `root` on all local branches,
/// the present one as committed included. Empty without git or a repository: then
/// there are no branches to collide with.
#[must_use]
pub fn ids_on_branches(root: &Path) -> Vec<String> {
    let Some(branches) = git(root, &["for-each-ref", "--format=%(refname)", "refs/heads"]) else {
        return Vec::new();
    };
    let branches: Vec<&str> = branches.lines().filter(|name| !name.is_empty()).collect();
    let mut ids = Vec::new();
    for some in branches.chunks(AT_ONCE) {
        let pattern = "^[\"']?doc_id[\"']?[ ]*:";
        let mut arguments = vec!["grep", "-h", "-I", "--no-color"];
        // What the user's configuration may add to a line.
        arguments.extend(["--no-line-number", "--no-column", "--no-recurse-submodules"]);
        arguments.extend(["-E", "-e", pattern]);
        arguments.extend(some);
        arguments.extend(["--", "*.md", "*.markdown"]);
        // Git fails when it finds nothing.
        let found = git(root, &arguments).unwrap_or_default();
        ids.extend(found.lines().filter_map(value).map(str::to_owned));
    }
    ids.sort();
    ids.dedup();
    ids
}

/// The value on a line of front matter, without quotes and comment.
fn value(line: &str) -> Option<&str> {
    let (_, value) = line.split_once(':')?;
    let value = value.split(" #").next()?.trim();
    Some(value.trim_matches(['"', '\'']))
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    // Hooks of git have these set, relative to a folder that need not be the root.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command.arg("-C").arg(root).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_yaml_would() {
        assert_eq!(value("doc_id: ADR-0001"), Some("ADR-0001"));
        assert_eq!(value("\"doc_id\" : 'ADR-0002'  # the second\r"), Some("ADR-0002"));
    }

    #[test]
    fn without_a_repository_there_are_no_branches() {
        let folder = tempfile::tempdir().unwrap();
        assert!(ids_on_branches(folder.path()).is_empty());
        assert!(ids_on_branches(&folder.path().join("none")).is_empty());
    }
}
