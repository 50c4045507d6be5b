//! One writer at a time.

use std::fs::File;
use std::io;
use std::path::Path;

/// A folder that nobody else holds. The system lets go of it when the value is dropped
/// and when the process dies, however it dies.
#[derive(Debug)]
pub struct FolderLock(
    /// Held open: closing it is what lets go.
    #[expect(dead_code, reason = "the lock lives as long as the file is open")]
    File,
);

impl FolderLock {
    /// Waits until nobody holds the folder, which must exist, and holds it.
    ///
    /// # Errors
    ///
    /// When the system cannot lock it.
    pub fn wait(folder: &Path) -> io::Result<Self> {
        let file = open(folder)?;
        file.lock()?;
        Ok(Self(file))
    }
}

/// On Unix the folder itself is locked, which leaves nothing behind.
#[cfg(unix)]
fn open(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// Elsewhere a folder cannot be locked, but a file in it can: where git does not see
/// it, if there is such a place.
#[cfg(not(unix))]
fn open(folder: &Path) -> io::Result<File> {
    let git = folder.join(".git");
    let folder = if git.is_dir() { git.as_path() } else { folder };
    File::options().create(true).append(true).open(folder.join(".docset.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::wait(folder.path()).unwrap();
        let second = open(folder.path()).unwrap();
        assert!(second.try_lock().is_err());
        drop(first);
        assert!(second.try_lock().is_ok());
    }
}
