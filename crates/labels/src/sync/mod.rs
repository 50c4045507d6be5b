//! Carrying a plan out on GitHub.
//!
//! [`observe`] reads the labels of a repository, [`carry_out`] takes the steps of a plan, one
//! effect after the other. After every effect each issue still means what it meant, so that a
//! run may end anywhere: by a rate limit, a fault, a kill. The next run plans from what is there.

mod merge;
mod run;

pub use run::{Effect, Outcome, SyncError, carry_out, in_use, observe};
