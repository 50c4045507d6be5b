//! The files of a repository, read with bounds and written whole.
//!
//! [`read()`] refuses what is no regular file or too large, [`inside`] follows no symbolic link
//! out of the repository, and [`write_atomically`] leaves the old content or the new, never a
//! part.

mod read;
mod write;

pub use read::{LARGEST_FILE, ReadError, inside, read, read_regular};
pub use write::{WriteError, create_atomically, write_atomically};
