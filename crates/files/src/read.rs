//! Reading a file that may be anything: a pipe, a device, larger than memory, a link out of
//! the repository.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Files larger than this are not read: 64 MiB.
pub const LARGEST_FILE: u64 = 64 << 20;

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refused.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A folder, a pipe or a device.
    #[error("it is no regular file")]
    NotAFile,
    /// More than [`LARGEST_FILE`].
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
///
/// # Errors
///
/// [`ReadError`]; `buffer` then holds anything.
pub fn read(path: &Path, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    // Opening a pipe would wait for somebody to write to it.
    if !fs::metadata(path)?.is_file() {
        return Err(ReadError::NotAFile);
    }
    read_regular(path, buffer)
}

/// Reads the file at `path`, which is known to be a regular one: like [`read`], with one
/// question less to the system.
///
/// # Errors
///
/// [`ReadError`]; `buffer` then holds anything.
pub fn read_regular(path: &Path, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > LARGEST_FILE {
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
        file.take(LARGEST_FILE + 1).read_to_end(buffer)?;
    }
    if buffer.len() as u64 > LARGEST_FILE {
        return Err(ReadError::TooLarge(buffer.len() as u64));
    }
    Ok(())
}

/// The real place of `path` below `root`, which must itself be a real place
/// ([`Path::canonicalize`]); `None` if there is nothing, or if a
/// symbolic link on the way leads out of the root: what is there is nobody's
/// business, not even whether it exists.
#[must_use]
pub fn inside(root: &Path, path: &str) -> Option<PathBuf> {
    let real = root.join(path).canonicalize().ok()?;
    real.starts_with(root).then_some(real)
}
