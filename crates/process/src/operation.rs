//! What can be asked for.

use serde::{Deserialize, Serialize};

use crate::Title;

/// What an operation can bring about. Rules may speak of it, and whoever proves something
/// of all operations relies on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", rename = "effect")]
pub enum Effect {
    /// Sets or removes the labels that it names.
    Label,
    /// Writes what counts for nothing until an owner has approved it.
    Work,
    /// Writes metadata, links, sessions, events.
    Record,
    /// Changes nothing.
    Read,
    /// Asks an owner.
    Question,
    /// Moves an issue to another stage or profile.
    Stage,
    /// Starts a workflow.
    Run,
    /// Changes what runs, or what people rely on.
    Deploy,
    /// Makes a change count.
    Merge,
    /// Says yes or no to an artifact or to a request.
    Approval,
    /// Changes who may do what.
    Authority,
}

impl Effect {
    /// Every effect.
    pub const ALL: [Self; 11] = [
        Self::Label,
        Self::Work,
        Self::Record,
        Self::Read,
        Self::Question,
        Self::Stage,
        Self::Run,
        Self::Deploy,
        Self::Merge,
        Self::Approval,
        Self::Authority,
    ];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Work => "work",
            Self::Record => "record",
            Self::Read => "read",
            Self::Question => "question",
            Self::Stage => "stage",
            Self::Run => "run",
            Self::Deploy => "deploy",
            Self::Merge => "merge",
            Self::Approval => "approval",
            Self::Authority => "authority",
        }
    }
}

/// Something that can be asked for: a tool of the gateway, or a step of the process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// What it can bring about.
    pub effect: Effect,
    /// What it does, as an order.
    pub title: Title,
}
