//! Who works.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Access, Place, RunMode, Title};

/// A role and what it is there for (specification §3).
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    /// What people call it.
    pub title: Title,
    /// Whether only people have it; agents have all others.
    pub human: bool,
    /// The catalogue key of the label that asks for the role.
    pub label: Option<String>,
    /// What it answers for, by language.
    pub responsibilities: BTreeMap<String, Vec<String>>,
    /// What its agents may touch in their environment; `None` for people, and for a role
    /// that nobody has given access.
    pub access: Option<Access>,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

impl Role {
    /// How its agents are usually run (specification §12.1).
    #[must_use]
    pub fn run_mode(&self) -> Option<RunMode> {
        self.access.as_ref()?.run_modes.first().copied()
    }
}
