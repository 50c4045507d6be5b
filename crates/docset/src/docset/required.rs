//! What the stages of an issue need, and how far that is.

use super::Process;
use crate::catalogue::{Catalogue, Phase};
use crate::record::{Record, Standing};

/// How far a required artifact is, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Approved, and unchanged since.
    Approved,
    /// Waiting for the owner.
    InReview,
    /// Being written.
    Draft,
    /// It claims an approval that does not hold: the content changed since, there is no
    /// digest, or it was written by hand.
    Stale,
    /// Not there.
    Missing,
}

impl State {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::InReview => "in-review",
            Self::Draft => "draft",
            Self::Stale => "stale",
            Self::Missing => "missing",
        }
    }
}

impl std::str::FromStr for State {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [Self::Approved, Self::InReview, Self::Draft, Self::Stale, Self::Missing];
        all.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// An artifact that a stage needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Required {
    /// The document type.
    pub kind: String,
    /// The stage that produces it.
    pub stage: String,
    /// How far it is: if there are several, the one that is behind.
    pub state: State,
    /// The documents that count, by id (by path, where there is no id).
    pub documents: Vec<String>,
}

/// How far a document is; `None` for one that no longer counts.
#[must_use]
pub fn state(record: &Record) -> Option<State> {
    match (record.phase, record.standing()) {
        (Some(Phase::Replaced | Phase::Retired | Phase::Rejected), _) => None,
        (_, Standing::Approved) => Some(State::Approved),
        // The approval is a claim that does not hold, or that nobody can check.
        (_, Standing::Stale | Standing::Unbound | Standing::Forged) => Some(State::Stale),
        // A type that needs no approval.
        (Some(Phase::InForce), _) => Some(State::Approved),
        (Some(Phase::Review), _) => Some(State::InReview),
        (Some(Phase::Drafting) | None, _) => Some(State::Draft),
    }
}

/// What `stages` need, in their order, and how far the documents of the issue are.
#[must_use]
pub fn required(
    documents: &[&Record],
    stages: &[String],
    process: &Process,
    catalogue: &Catalogue,
) -> Vec<Required> {
    let kinds = stages.iter().flat_map(|stage| {
        let needed = process.needed(stage, catalogue).filter(|kind| kind.approvals);
        needed.map(move |kind| (stage, kind))
    });
    let of_kind = kinds.map(|(stage, kind)| {
        let counted: Vec<(&&Record, State)> = documents
            .iter()
            .filter(|document| document.kind == kind.name)
            .filter_map(|document| Some((document, state(document)?)))
            .collect();
        Required {
            kind: kind.name.clone(),
            stage: stage.clone(),
            state: counted.iter().map(|(_, state)| *state).max().unwrap_or(State::Missing),
            documents: counted.iter().map(|(document, _)| name(document).to_owned()).collect(),
        }
    });
    of_kind.collect()
}

/// The id, or the path where there is none.
pub(super) fn name(record: &Record) -> &str {
    if record.id.is_empty() { &record.path } else { &record.id }
}
