//! The life of a document: submitted, approved, sent back, superseded, abandoned.
//!
//! Each step is a pure function from texts to texts: it looks at a [`Draft`], asks the
//! catalogue whether the step is legal, and changes the front matter. Whoever calls it
//! shows the changes or writes them with [`crate::edit::write_all`].

mod abandon;
mod decide;
mod draft;
mod fill;
mod rethink;
mod supersede;
mod transition;
mod verify;

pub use abandon::{Abandonment, Passed, abandon};
pub use decide::{Approval, ChangeRequest, approve, request_changes, submit};
pub use draft::{Draft, Refusal, Unknown, find};
pub use fill::is_filled_in;
pub use rethink::{RethinkOrder, Rethinking, Shared, rethink};
pub use supersede::supersede;
pub use transition::{StepError, step};
pub use verify::{Verdict, judge};
