//! Which repository the user means.

use std::path::{Path, PathBuf};

use countersign_report::terminal::Fault;
use countersign_runner::{RootArguments, named_root};

use crate::config::find_root;
use crate::tree::normalize;

/// The root for a command that is given no paths, and the folder that relative paths count
/// from.
pub(super) fn of(arguments: &RootArguments) -> Result<(PathBuf, PathBuf), Fault> {
    root(arguments.root.as_deref(), &[])
}

/// The root for a command that is given `paths`, and the folder that relative paths
/// count from.
///
/// A root that is named is taken. Otherwise a path is asked, the first one inside the
/// repository of the working folder if there is one: the root is the nearest folder
/// upwards of it with a `countersign.yaml` or a `.git`. Where there is neither, a folder called `docs` stands in the root; any other path belongs to the
/// working folder if it is below it, else to the folder that it is in.
pub(super) fn root(named: Option<&Path>, paths: &[String]) -> Result<(PathBuf, PathBuf), Fault> {
    let here = std::env::current_dir()?;
    if let Some(named) = named {
        return Ok((here.join(named_root(named)?), here));
    }
    let real_here = here.canonicalize()?;
    let starts: Vec<PathBuf> = paths
        .iter()
        .map(|path| {
            let fixed = fixed_part(&here.join(path));
            // Where the path does not exist, its folder may.
            fixed.canonicalize().unwrap_or_else(|_| normalize(&fixed))
        })
        .collect();
    let ours = find_root(&real_here);
    let inside = |start: &&PathBuf| ours.as_ref().is_some_and(|ours| start.starts_with(ours));
    let start = starts.iter().find(inside).or(starts.first()).unwrap_or(&real_here);
    let root = match find_root(start) {
        Some(root) => root,
        None if start.ends_with("docs") => start.parent().unwrap_or(start).to_owned(),
        None if start.starts_with(&real_here) => here.clone(),
        None => start.parent().unwrap_or(start).to_owned(),
    };
    Ok((root, here))
}

/// The part of a path in front of the first glob.
fn fixed_part(path: &Path) -> PathBuf {
    if path.exists() {
        return path.to_owned();
    }
    let is_fixed = |part: &std::path::Component<'_>| {
        !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{'])
    };
    path.components().take_while(is_fixed).collect()
}
