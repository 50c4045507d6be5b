//! Changes to a text that leave every other byte as it was.

#[cfg(feature = "lifecycle")]
pub mod front_matter;
mod lock;
#[cfg(feature = "lifecycle")]
mod together;

pub use countersign_files::{WriteError, create_atomically, write_atomically};
pub use countersign_report::edit::{Edit, FixLevel, Fixed, apply, fix};
pub use lock::FolderLock;
#[cfg(feature = "lifecycle")]
pub use together::{Rewrite, RewriteError, write_all};
