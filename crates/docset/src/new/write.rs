//! Putting planned documents on disk, all or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{NewError, Plan};
use crate::edit::{WriteError, create_atomically};

impl Plan {
    /// Creates all documents below `root`. When one cannot be created, because there
    /// is something at its path already or the system refuses, those that were
    /// created before it are removed again.
    ///
    /// # Errors
    ///
    /// [`NewError::Write`] or [`NewError::Outside`]; then nothing has changed.
    pub fn write(&self, root: &Path) -> Result<(), NewError> {
        let mut made = Made::default();
        for document in &self.documents {
            let path = root.join(&document.path);
            let outcome = stays_inside(root, &path, &document.path).and_then(|()| {
                made.folders.extend(missing_folders(&path));
                create_atomically(&path, document.text.as_bytes()).map_err(NewError::from)
            });
            if let Err(error) = outcome {
                made.remove();
                return Err(error);
            }
            made.files.push(path);
        }
        Ok(())
    }
}

/// What a plan has created so far.
#[derive(Default)]
struct Made {
    files: Vec<PathBuf>,
    /// Outer ones first.
    folders: Vec<PathBuf>,
}

impl Made {
    /// Takes everything back. The fault that is the reason is the one to report, so
    /// those of taking back are not.
    fn remove(&self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            // Only if nobody else has put something there.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// The folders that must be created for `path`, outer ones first.
fn missing_folders(path: &Path) -> Vec<PathBuf> {
    let missing = path.ancestors().skip(1).take_while(|folder| !folder.exists());
    let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
    missing.reverse();
    missing
}

/// Fails if a symbolic link on the way to `path` leads out of `root`.
pub(crate) fn stays_inside(root: &Path, path: &Path, shown: &str) -> Result<(), NewError> {
    let failed = |source| WriteError { path: path.to_owned(), source };
    let root = root.canonicalize().map_err(failed)?;
    for folder in path.ancestors().skip(1) {
        match folder.canonicalize() {
            Ok(real) if real.starts_with(&root) => return Ok(()),
            Ok(_) => return Err(NewError::Outside(shown.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A link to nowhere would be created through.
                if folder.symlink_metadata().is_ok() {
                    return Err(NewError::Outside(shown.to_owned()));
                }
            }
            Err(error) => return Err(failed(error).into()),
        }
    }
    Err(NewError::Outside(shown.to_owned()))
}
