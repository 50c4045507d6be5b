//! Asking whether a path exists.

use std::path::PathBuf;
use std::sync::Mutex;

use countersign_files::inside;
use rustc_hash::FxHashMap;

/// Answers whether a path below the root exists, asking the disk once per path.
#[derive(Debug)]
pub(crate) struct Files {
    /// Absolute and free of symbolic links.
    root: PathBuf,
    known: [Mutex<FxHashMap<Box<str>, bool>>; 16],
}

impl Files {
    /// Paths below `root`; those in `given` exist, whatever the disk says.
    pub(crate) fn new<'p>(root: PathBuf, given: impl Iterator<Item = &'p str>) -> Self {
        let files = Self { root, known: Default::default() };
        for path in given {
            if let Ok(mut known) = files.shard(path).lock() {
                known.insert(path.into(), true);
            }
        }
        files
    }

    /// Neighbouring paths go to different locks, so that threads seldom meet.
    fn shard(&self, path: &str) -> &Mutex<FxHashMap<Box<str>, bool>> {
        let hash = path
            .bytes()
            .fold(0_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte)));
        &self.known[hash % self.known.len()]
    }

    /// Whether a file or folder exists at `path` (from the root, with `/`, without
    /// `.` and `..`). The empty path is the root.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let shard = self.shard(path);
        if let Ok(known) = shard.lock()
            && let Some(exists) = known.get(path)
        {
            return *exists;
        }
        let exists = inside(&self.root, path).is_some();
        if let Ok(mut known) = shard.lock() {
            known.insert(path.into(), exists);
        }
        exists
    }
}
