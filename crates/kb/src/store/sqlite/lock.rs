//! One run that indexes at a time.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::store::{IndexLock, StoreError};

/// The file beside the knowledge base that is locked while a run indexes. The system lets go
/// of it when the value is dropped and when the process dies, however it dies.
///
/// The file itself cannot be the one: SQLite loses its own locks on it when the process
/// closes it a second time (<https://sqlite.org/howtocorrupt.html>, 2.2).
struct FileLock(#[expect(dead_code, reason = "the lock lives as long as the file is open")] File);

impl IndexLock for FileLock {}

/// `kb.db` is locked by `kb.db-lock`.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-lock");
    name.into()
}

/// Waits at most `patience`, without blocking a thread.
pub(super) async fn lock(
    path: &Path,
    store: &str,
    patience: Duration,
) -> Result<Box<dyn IndexLock>, StoreError> {
    let beside = beside(path);
    let fault = |error: &io::Error| StoreError::ReadOnly {
        store: store.to_owned(),
        reason: format!("cannot lock `{}`: {error}", beside.display()),
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| fault(&error))?;
    }
    let file =
        File::options().create(true).append(true).open(&beside).map_err(|error| fault(&error))?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Box::new(FileLock(file))),
            Err(TryLockError::Error(error)) => return Err(fault(&error)),
            Err(TryLockError::WouldBlock) => {}
        }
        let left = patience.saturating_sub(start.elapsed());
        if left.is_zero() {
            let seconds = patience.as_secs();
            return Err(StoreError::Locked { store: store.to_owned(), seconds });
        }
        tokio::time::sleep(left.min(Duration::from_millis(50))).await;
    }
}
