//! The GitHub side of a repository: workflows that call those of Countersign, forms for
//! issues, a template for pull requests.
//!
//! They are installed once and belong to the adopter from then on. What was installed is
//! noted in a [`Lock`], so that an [`upgrade`] can tell edits of people from what a
//! former version wrote: what nobody edited is replaced, what somebody edited is merged
//! where that is certain and else left alone, what was deleted stays deleted.
//!
//! [`install`] and [`upgrade`] are functions from templates, the lock and what is there
//! to a [`Plan`]; [`present`] reads, and [`Plan::rewrites`] is what `edit::write_all`
//! writes.

mod follow;
mod lock;
mod merge;
mod plan;
mod present;
mod source;
mod template;

pub use lock::{Entry, LOCK_FILE, Lock, LockError};
pub use plan::{Action, Plan, Step, install, upgrade};
pub use present::{Content, Present, present, read_lock};
#[cfg(feature = "cli")]
pub(crate) use source::number;
pub use source::{Source, SourceError, VERSION};
pub use template::{Template, templates};
