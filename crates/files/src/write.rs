//! Writing a file whole or not at all.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A file could not be written; what it held before is untouched.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`", path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// Replaces the content of `path`, or creates it: a temporary file beside it is
/// written, flushed to disk and renamed over it, so that a crash at any moment
/// leaves the old content or the new, never a part. Permissions are kept; missing
/// folders are created.
///
/// # Errors
///
/// [`WriteError`] when a folder or file cannot be created, written or renamed.
pub fn write_atomically(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    write(path, content, true).map_err(|source| WriteError { path: path.to_owned(), source })
}

/// Creates `path` like [`write_atomically`], but only if there is nothing yet.
///
/// # Errors
///
/// [`WriteError`] as there, and with [`io::ErrorKind::AlreadyExists`] when there is
/// something, which is left alone.
pub fn create_atomically(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    write(path, content, false).map_err(|source| WriteError { path: path.to_owned(), source })
}

fn write(path: &Path, content: &[u8], replace: bool) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".countersign-");
    let mut file = like_a_new_file(&mut builder).tempfile_in(folder)?;
    file.write_all(content)?;
    if let Ok(metadata) = std::fs::metadata(path) {
        keep_owner(file.as_file(), &metadata);
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    let persisted = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    persisted.map_err(|error| error.error)?;
    // The rename itself must survive a power cut; not every file system lets a
    // folder be opened, and then the rename is as safe as it gets.
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A temporary file is private unless told otherwise; a new document has whatever
/// permissions new files have here.
#[cfg(unix)]
fn like_a_new_file<'b, 'p, 's>(
    builder: &'b mut tempfile::Builder<'p, 's>,
) -> &'b mut tempfile::Builder<'p, 's> {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn like_a_new_file<'b, 'p, 's>(
    builder: &'b mut tempfile::Builder<'p, 's>,
) -> &'b mut tempfile::Builder<'p, 's> {
    builder
}

/// The administrator can write everybody's documents; they stay theirs. For anybody
/// else this does nothing, and need not.
#[cfg(unix)]
fn keep_owner(file: &std::fs::File, metadata: &std::fs::Metadata) {
    use std::os::unix::fs::MetadataExt as _;
    let _ = std::os::unix::fs::fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &std::fs::File, _: &std::fs::Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_file_and_leaves_nothing_else_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/a.md");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_there_is_not_created() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        create_atomically(&path, b"one").unwrap();
        let error = create_atomically(&path, b"two").unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
    }

    #[test]
    fn a_failed_write_says_which_file() {
        let folder = tempfile::tempdir().unwrap();
        write_atomically(&folder.path().join("a"), b"").unwrap();
        let error = write_atomically(&folder.path().join("a/b.md"), b"x").unwrap_err();
        assert!(error.to_string().contains("b.md"));
    }
}
