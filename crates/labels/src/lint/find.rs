//! The workflow files of a repository.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use countersign_files::{ReadError, inside, read};

use super::{File, Scope};

/// Where workflows are, unless other paths are named. The first is GitHub's own; the others
/// hold what is published from, or copied to, it.
pub const FOLDERS: [&str; 3] =
    [".github/workflows", "reusable-workflows", "templates/github/workflows"];

/// The most files that are looked at.
const MOST_FILES: usize = 10_000;

/// The deepest folder below the one that was named.
const DEEPEST: usize = 16;

/// Why the files cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FindError {
    /// A path leads nowhere, or out of the repository.
    #[error("`{path}` leads to nothing in the repository")]
    Outside {
        /// The path as given.
        path: String,
    },
    /// A folder or file cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// From the root of the repository.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file is no UTF-8.
    #[error("`{path}` is not UTF-8")]
    NotUtf8 {
        /// From the root of the repository.
        path: String,
    },
    /// There are more files than any repository has workflows.
    #[error("more than {MOST_FILES} files below the paths")]
    TooMany,
    /// There is nothing to check.
    #[error("no workflow was found below {}", .paths.join(", "))]
    Nothing {
        /// Where there could have been some.
        paths: Vec<String>,
    },
}

/// The workflow files below `paths`, which count from `root` and are files or folders, or
/// those in [`FOLDERS`] if `paths` is empty; sorted by path. A file that is named is taken
/// whatever it is called, folders give `.yml` and `.yaml`.
///
/// # Errors
///
/// [`FindError`] for the first path that leads nowhere, and if there is no file at all.
pub fn find(root: &Path, paths: &[String]) -> Result<(Vec<File>, Scope), FindError> {
    let named = !paths.is_empty();
    let paths: Vec<String> =
        if named { paths.to_vec() } else { FOLDERS.map(str::to_owned).to_vec() };
    let mut found = BTreeSet::new();
    let mut scope = Scope::Whole;
    for path in &paths {
        match inside(root, path) {
            Some(full) if full.is_dir() => walk(root, &full, 0, &mut found)?,
            Some(full) => {
                scope = Scope::Part;
                found.insert(full);
            }
            None if named => return Err(FindError::Outside { path: path.clone() }),
            None => {}
        }
    }
    if found.is_empty() {
        return Err(FindError::Nothing { paths });
    }
    let files = found.iter().map(|full| read_file(root, full)).collect::<Result<_, _>>()?;
    Ok((files, scope))
}

fn walk(
    root: &Path,
    folder: &Path,
    depth: usize,
    found: &mut BTreeSet<PathBuf>,
) -> Result<(), FindError> {
    let error = |source| FindError::Read { path: shown(root, folder), source };
    for entry in fs::read_dir(folder).map_err(error)? {
        let entry = entry.map_err(error)?;
        let path = entry.path();
        // Of symbolic links, none is followed: GitHub follows none either.
        let kind = entry.file_type().map_err(error)?;
        if kind.is_dir() && depth < DEEPEST {
            walk(root, &path, depth + 1, found)?;
        } else if kind.is_file() && is_yaml(&path) {
            found.insert(path);
        }
        if found.len() > MOST_FILES {
            return Err(FindError::TooMany);
        }
    }
    Ok(())
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "yml" || it == "yaml")
}

fn read_file(root: &Path, full: &Path) -> Result<File, FindError> {
    let path = shown(root, full);
    let mut bytes = Vec::new();
    read(full, &mut bytes)
        .map_err(|error: ReadError| FindError::Read { path: path.clone(), source: error.into() })?;
    let text = String::from_utf8(bytes).map_err(|_| FindError::NotUtf8 { path: path.clone() })?;
    Ok(File { path: path.into(), text })
}

/// The path from the root, with `/`.
fn shown(root: &Path, full: &Path) -> String {
    let path = full.strip_prefix(root).unwrap_or(full);
    let parts: Vec<_> = path.components().map(|it| it.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
