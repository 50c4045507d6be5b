//! Brings a store up to date with documents: finds them, tells which changed, cuts and
//! embeds these, writes them, takes out what is gone.
//!
//! [`look`] finds and hashes, [`plan`](fn@plan) compares with what a store has, [`prepare`]
//! makes of a file what is kept, and [`run`](fn@run) does it all. Whatever is interrupted is
//! taken up by the next run: every batch of documents is whole or has not happened.

mod document;
mod error;
mod git;
mod links;
mod plan;
mod problem;
mod produce;
mod recipe;
mod run;
mod source;
mod vectors;

pub use self::document::{Passages, Prepared, Rules, check, prepare};
pub use self::error::IndexError;
pub use self::git::Commit;
pub use self::plan::{Move, Plan, Scope, plan};
pub use self::problem::Problem;
pub use self::recipe::Recipe;
pub use self::run::{Job, Summary, run};
pub use self::source::{Look, Selection, look};
pub use self::vectors::{Loaded, ModelSource};

/// Is told how far a run has come.
pub trait Observer: Send + Sync {
    /// Something begins that has `total` steps.
    fn begin(&self, phase: Phase, total: u64);
    /// So many steps were made.
    fn advance(&self, by: u64);
    /// Something that a person should know.
    fn note(&self, text: &str);
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Documents are read, cut and written; each is a step.
    Documents,
    /// Passages get vectors of another model; each is a step.
    Vectors,
}
