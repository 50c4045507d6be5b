//! Which repository the user means.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::find_root;
use crate::tree::normalize;

/// The root for a command that is given `paths`, and the folder that relative paths
/// count from.
///
/// A root that is named is taken. Otherwise the first path is asked: the nearest
/// folder upwards of it with a `countersign.yaml`, else with a `.git`. Where there is
/// neither, a folder called `docs` stands in the root; any other path belongs to the
/// working folder if it is below it, else to the folder that it is in.
pub(super) fn root(named: Option<&Path>, paths: &[String]) -> io::Result<(PathBuf, PathBuf)> {
    let here = std::env::current_dir()?;
    if let Some(named) = named {
        return Ok((here.join(named), here));
    }
    let first = paths.first().map_or_else(|| here.clone(), |path| fixed_part(&here.join(path)));
    // Where the path does not exist, its folder may.
    let start = first.canonicalize().unwrap_or_else(|_| normalize(&first));
    let root = match find_root(&start) {
        Some(root) => root,
        None if start.ends_with("docs") => start.parent().unwrap_or(&start).to_owned(),
        None if start.starts_with(here.canonicalize()?) => here.clone(),
        None => start.parent().unwrap_or(&start).to_owned(),
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
