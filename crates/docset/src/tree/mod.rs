//! The documents of one repository: finding them, reading them, and what one
//! document has to say about the others.

mod changed;
mod facts;
mod files;
mod find;
mod joined;
mod paths;
mod skim;
mod walk;

pub(crate) use changed::changed_since;
pub use changed::{Deleted, GitError, of_shallow_clone};
#[cfg(feature = "lifecycle")]
pub(crate) use countersign_files::inside;
pub(crate) use countersign_files::{ReadError, read, read_regular};
pub use countersign_report::Sources;
pub(crate) use facts::{AnchoredLink, Facts, Located, Reference};
pub(crate) use files::Files;
pub use find::{DocumentFile, Documents};
pub(crate) use joined::joined;
pub(crate) use paths::{is_plain_name, parent, resolve};
#[cfg(feature = "lifecycle")]
pub(crate) use skim::head;
pub(crate) use skim::skim;
pub(crate) use walk::{Found, Inputs, WalkFault, WalkFaultKind, walk};
#[cfg(feature = "cli")]
pub(crate) use walk::{normalize, relative};

/// Documents larger than this are not read: 64 MiB.
pub const LARGEST_DOCUMENT: u64 = countersign_files::LARGEST_FILE;
