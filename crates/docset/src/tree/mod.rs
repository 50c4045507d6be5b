//! The documents of one repository: finding them, reading them, and what one
//! document has to say about the others.

mod changed;
mod facts;
mod files;
mod joined;
mod paths;
mod skim;
mod sources;
mod walk;

pub use changed::GitError;
pub(crate) use changed::changed_since;
pub(crate) use facts::{AnchoredLink, Facts, Located, Reference};
pub(crate) use countersign_files::{ReadError, inside, read, read_regular};
pub(crate) use files::Files;
pub(crate) use joined::joined;
pub(crate) use paths::{is_plain_name, parent, resolve};
pub(crate) use skim::skim;
pub use sources::Sources;
pub(crate) use walk::{Found, Inputs, WalkFault, WalkFaultKind, walk};
#[cfg(feature = "cli")]
pub(crate) use walk::{normalize, relative};

/// Documents larger than this are not read: 64 MiB.
pub const LARGEST_DOCUMENT: u64 = countersign_files::LARGEST_FILE;
