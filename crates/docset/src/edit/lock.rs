//! One writer at a time.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long somebody waits before being told what for.
const SILENT: Duration = Duration::from_secs(2);

/// How long somebody waits at all. What takes turns takes seconds.
const LONGEST: Duration = Duration::from_secs(120);

/// A folder that nobody else holds. The system lets go of it when the value is dropped
/// and when the process dies, however it dies.
#[derive(Debug)]
pub struct FolderLock(
    /// Held open: closing it is what lets go.
    #[expect(dead_code, reason = "the lock lives as long as the file is open")]
    File,
);

impl FolderLock {
    /// What a program says when it is to `tell` that it waits.
    pub const WAITING: &str = "waiting for another program that writes documents\n";

    /// Waits until nobody holds the folder, which must exist, and holds it. `tell` is called
    /// once if that takes more than two seconds.
    ///
    /// # Errors
    ///
    /// When the system cannot lock it, and [`io::ErrorKind::TimedOut`] after two minutes.
    pub fn wait(folder: &Path, tell: impl FnOnce()) -> io::Result<Self> {
        Self::wait_for(folder, LONGEST, tell)
    }

    /// Like [`wait`](Self::wait), but goes on without a lock where the system has none: for
    /// writers that look at each text once more before they replace it.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::TimedOut`] after two minutes.
    pub fn wait_if_possible(folder: &Path, tell: impl FnOnce()) -> io::Result<Option<Self>> {
        match Self::wait(folder, tell) {
            Ok(lock) => Ok(Some(lock)),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Err(error),
            Err(_) => Ok(None),
        }
    }

    fn wait_for(folder: &Path, longest: Duration, tell: impl FnOnce()) -> io::Result<Self> {
        let file = open(folder)?;
        let start = Instant::now();
        let mut tell = Some(tell);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {}
            }
            let waited = start.elapsed();
            if waited >= longest {
                let message = "another program that writes documents holds the repository";
                return Err(io::Error::new(io::ErrorKind::TimedOut, message));
            }
            if waited >= SILENT
                && let Some(tell) = tell.take()
            {
                tell();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
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
        let first = FolderLock::wait(folder.path(), || panic!("nobody is there")).unwrap();
        let second = open(folder.path()).unwrap();
        assert!(second.try_lock().is_err());
        drop(first);
        assert!(second.try_lock().is_ok());
    }

    #[test]
    fn nobody_waits_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let _first = FolderLock::wait(folder.path(), || {}).unwrap();
        let waiting = FolderLock::wait_for(folder.path(), Duration::from_millis(50), || {});
        assert_eq!(waiting.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
