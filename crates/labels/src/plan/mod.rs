//! What must change on GitHub so that a repository has the labels of the catalogue.
//!
//! [`plan`] is a pure function from the catalogue, what is asked for and what was observed to a
//! [`Plan`], which is data: people review it, [`PlanFile`] stores it, and it is carried out step
//! by step. The order of the steps is such that after any of them an issue still means what it
//! meant before, and that a new plan, made from whatever state a killed run left behind, ends in
//! the same labels:
//!
//! 1. *Merges* move the issues of one label over to another one, then delete the first.
//! 2. *Renames* keep the issues of a label. Each waits until its new name is free; where names
//!    go round in a circle, one label waits under a [temporary name](temporary).
//! 3. *Updates* change how a label looks, *creations* add what is missing.
//! 4. *Deletions*, only when asked for, and only of labels that nothing uses.

mod file;
mod order;
mod planner;
mod request;
mod state;
mod temporary;
#[cfg(test)]
mod tests;

pub use file::{PlanFile, PlanFileError, Progress, describe};
pub use planner::plan;
pub use request::{PlanError, Request};
pub use state::{RemoteLabel, StateChange, changes, digest};

use serde::{Deserialize, Serialize};

/// One change of one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Every issue and pull request with the label `from` gets the label `into`, which is
    /// there; then `from` is deleted.
    Merge {
        /// Name of the label that goes away.
        from: String,
        /// Name of the label that stays, as it is called at this step.
        into: String,
    },
    /// A label gets another name, which is free at this step, and perhaps other looks.
    Rename {
        /// The label before.
        from: RemoteLabel,
        /// The label afterwards.
        to: RemoteLabel,
    },
    /// A label gets other looks, or its name in other case.
    Update {
        /// The label before.
        from: RemoteLabel,
        /// The label afterwards.
        to: RemoteLabel,
    },
    /// A label is added.
    Create {
        /// The label.
        label: RemoteLabel,
    },
    /// A label goes away, if nothing uses it when it comes to it.
    Delete {
        /// The label.
        label: RemoteLabel,
    },
}

/// Something that the plan leaves as it is, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The label.
    pub label: String,
    /// What kind of note it is.
    pub kind: NoteKind,
    /// The fact and, where there is one, the remedy; one line.
    pub text: String,
}

/// What kind of note it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Nothing to worry about.
    Kept,
    /// Something that was asked for cannot be done.
    Blocked,
}

/// What must change in one repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The changes, in the order in which they are safe.
    pub steps: Vec<Step>,
    /// What is left as it is although somebody might expect a change.
    pub notes: Vec<Note>,
    /// The labels that the plan was made for, sorted by name.
    pub observed: Vec<RemoteLabel>,
}

impl Plan {
    /// Whether there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether something that was asked for cannot be done.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.notes.iter().any(|note| note.kind == NoteKind::Blocked)
    }

    /// The digest of the labels that the plan was made for.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.observed)
    }
}
