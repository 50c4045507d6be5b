//! Reading documents, and asking whether a path exists.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustc_hash::FxHashMap;

use super::LARGEST_DOCUMENT;

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The system refused.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A folder, a pipe or a device.
    #[error("it is no regular file")]
    NotAFile,
    /// More than [`LARGEST_DOCUMENT`].
    #[error("it has {0} bytes")]
    TooLarge(u64),
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => error,
            other => Self::other(other.to_string()),
        }
    }
}

/// Reads the file at `path` into `buffer`, whose former content is dropped.
pub(crate) fn read(path: &Path, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    // Opening a pipe would wait for somebody to write to it.
    if !fs::metadata(path)?.is_file() {
        return Err(ReadError::NotAFile);
    }
    read_regular(path, buffer)
}

/// Reads the file at `path`, which is known to be a regular one.
pub(crate) fn read_regular(path: &Path, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > LARGEST_DOCUMENT {
        return Err(ReadError::TooLarge(metadata.len()));
    }
    let length = usize::try_from(metadata.len()).unwrap_or_default();
    // One call for nearly every file: asking for its length again, to see its end,
    // would be a second one.
    buffer.resize(length, 0);
    let mut filled = 0;
    while filled < length {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    buffer.truncate(filled);
    // Files that do not know their length say 0.
    if length == 0 {
        file.take(LARGEST_DOCUMENT + 1).read_to_end(buffer)?;
    }
    if buffer.len() as u64 > LARGEST_DOCUMENT {
        return Err(ReadError::TooLarge(buffer.len() as u64));
    }
    Ok(())
}

/// The real place of `path` below `root`; `None` if there is nothing, or if a
/// symbolic link on the way leads out of the root: what is there is nobody's
/// business, not even whether it exists.
pub(crate) fn inside(root: &Path, path: &str) -> Option<PathBuf> {
    let real = root.join(path).canonicalize().ok()?;
    real.starts_with(root).then_some(real)
}

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
