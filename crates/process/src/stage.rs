//! Stages: how each begins, what it needs, what comes out of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Place, RunMode, Title};

/// A stage (specification §10 and §11.2).
#[derive(Clone, Debug, Serialize)]
pub struct Stage {
    /// What people call it.
    pub title: Title,
    /// The roles that work on it, the leading one first.
    pub roles: Vec<String>,
    /// How its agents are run.
    pub run_mode: RunMode,
    /// The names of the files that it may change, in [`Process::paths`](crate::Process).
    pub may_change: Vec<String>,
    /// Whether it may follow any stage, and belongs to no profile.
    pub from_any: bool,
    /// How it is started.
    pub start: Trigger,
    /// What must be approved or there before it starts.
    pub needs: Needs,
    /// What must be there before it ends.
    pub produces: Produces,
    /// How it is done again after the owner's comments.
    pub revise: Option<Trigger>,
    /// Stages that may follow besides the next one of the profile.
    pub next: Vec<String>,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// A label and the workflow that it starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// The catalogue key of the label.
    pub label: String,
    /// The name of the workflow, without `.yml`.
    pub workflow: String,
    /// When an owner sets it, besides whenever they want.
    pub when: Title,
    /// Things that a revision needs; empty for a start, see [`Stage::needs`].
    pub needs: Vec<String>,
    /// Things that a revision gives; empty for a start, see [`Stage::produces`].
    pub produces: Vec<String>,
}

/// Which of the two triggers of a stage it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// The first time.
    Start,
    /// Once more, after comments.
    Revise,
}

impl Step {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Revise => "revise",
        }
    }
}

/// What a stage needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// Stages whose products must be approved: of each list, the first one that the
    /// profile goes through.
    pub packages: Vec<Vec<String>>,
    /// Types of documents that must be approved.
    pub documents: Vec<String>,
    /// The same, where a stage of the profile produces them.
    pub if_produced: Vec<String>,
    /// Things that must be there.
    pub things: Vec<String>,
}

/// What comes out of a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Produces {
    /// Types of which there must be a document.
    pub required: Vec<String>,
    /// Types of which there must be a document, and may be more.
    pub one_or_more: Vec<String>,
    /// Types of which there may be documents.
    pub optional: Vec<String>,
    /// Types of which there must be a document if the fact holds.
    pub conditional: BTreeMap<String, String>,
    /// Things.
    pub things: Vec<String>,
}

/// How many documents of a type come out of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity<'p> {
    /// One.
    Required,
    /// One at least.
    OneOrMore,
    /// Any number, also none.
    Optional,
    /// One, if the fact of this name holds.
    If(&'p str),
}

/// A type of document that comes out of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Product<'p> {
    /// The type.
    pub kind: &'p str,
    /// How many.
    pub quantity: Quantity<'p>,
}

impl Produces {
    /// All types of documents, with how many of each.
    pub fn documents(&self) -> impl Iterator<Item = Product<'_>> {
        let conditional = self.conditional.iter();
        of_kinds(&self.required, Quantity::Required)
            .chain(of_kinds(&self.one_or_more, Quantity::OneOrMore))
            .chain(conditional.map(|(kind, fact)| Product { kind, quantity: Quantity::If(fact) }))
            .chain(of_kinds(&self.optional, Quantity::Optional))
    }

    /// Whether documents of the type come out of it, necessarily or not.
    #[must_use]
    pub fn has(&self, kind: &str) -> bool {
        self.documents().any(|product| product.kind == kind)
    }

    /// The types without which the stage cannot end, whatever happened.
    pub fn indispensable(&self) -> impl Iterator<Item = &str> {
        self.required.iter().chain(&self.one_or_more).map(String::as_str)
    }
}

fn of_kinds<'p>(kinds: &'p [String], quantity: Quantity<'p>) -> impl Iterator<Item = Product<'p>> {
    kinds.iter().map(move |kind| Product { kind, quantity })
}

impl Stage {
    /// Its triggers: how it starts and, if it can be revised, how it is done again.
    pub fn triggers(&self) -> impl Iterator<Item = (Step, &Trigger)> {
        let revise = self.revise.iter().map(|trigger| (Step::Revise, trigger));
        [(Step::Start, &self.start)].into_iter().chain(revise)
    }
}
