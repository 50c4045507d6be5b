//! Plans as a file: made, reviewed, and carried out as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use countersign_markup::shown::excerpt;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::state::{self, StateChange};
use super::{Plan, RemoteLabel, Step};
use crate::name::fold;

/// The version of the form of the file.
const VERSION: u32 = 1;

/// Plans by repository (`owner/name`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    version: u32,
    repositories: BTreeMap<String, Stored>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    /// Of the plan; finds a file that somebody edited after it was reviewed.
    digest: String,
    #[serde(flatten)]
    plan: Plan,
}

/// Why a file holds no plans.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanFileError {
    /// It is no JSON of this form.
    #[error("line {}, column {}: this is no plan of `labels sync`", .0.line(), .0.column())]
    Malformed(#[source] serde_json::Error),
    /// It comes from another version of the program.
    #[error(
        "the plan has the form of version {0}, and this program knows version {VERSION}; plan again"
    )]
    Version(u32),
    /// Its parts contradict each other.
    #[error(
        "the plan of `{0}` was changed: its digest is not that of the labels in it; plan again"
    )]
    Edited(String),
}

/// How far the labels of a repository are in a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// These are the steps that are left; all of them, if nothing was done yet.
    Left(Vec<Step>),
    /// The repository is nowhere on the way: what changed since the plan was made.
    Changed(Vec<StateChange>),
}

/// `sha256:` and the digest of the plan as compact JSON.
fn digest(plan: &Plan) -> String {
    // Strings and lists of them: there is nothing that JSON could not hold.
    let text = serde_json::to_string(plan).unwrap_or_default();
    let digits: String =
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

impl PlanFile {
    /// A file with these plans.
    #[must_use]
    pub fn new(plans: impl IntoIterator<Item = (String, Plan)>) -> Self {
        let store = |plan: Plan| Stored { digest: digest(&plan), plan };
        let repositories = plans.into_iter().map(|(name, plan)| (name, store(plan))).collect();
        Self { version: VERSION, repositories }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`PlanFileError`] if the text is not what [`PlanFile::to_text`] writes.
    pub fn parse(text: &str) -> Result<Self, PlanFileError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }

        let Version { version } = serde_json::from_str(text).map_err(PlanFileError::Malformed)?;
        if version != VERSION {
            return Err(PlanFileError::Version(version));
        }
        let file: Self = serde_json::from_str(text).map_err(PlanFileError::Malformed)?;
        for (name, stored) in &file.repositories {
            if stored.digest != digest(&stored.plan) {
                return Err(PlanFileError::Edited(excerpt(name)));
            }
        }
        Ok(file)
    }

    /// The text of the file: JSON, ending in a line end.
    ///
    /// # Errors
    ///
    /// Never, as long as plans are JSON.
    pub fn to_text(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The plans, by repository.
    pub fn plans(&self) -> impl Iterator<Item = (&str, &Plan)> {
        self.repositories.iter().map(|(name, stored)| (&**name, &stored.plan))
    }
}

impl Plan {
    /// Which steps are left for a repository that has the labels `now`.
    ///
    /// A run that was interrupted left the labels as they are after some step; carrying out the
    /// rest is carrying out the plan. Anything else is a change by somebody else. Where names go
    /// round in a circle between labels that look the same, the end looks like the beginning and
    /// is taken for it.
    #[must_use]
    pub fn progress(&self, now: &[RemoteLabel]) -> Progress {
        let now_sorted = state::sorted(now);
        let mut labels = self.observed.clone();
        for at in 0..=self.steps.len() {
            let left = &self.steps[at..];
            let only_deletions = left.iter().all(|step| matches!(step, Step::Delete { .. }));
            if only_deletions && let Some(left) = deletions_left(left, &labels, &now_sorted) {
                return Progress::Left(left);
            }
            if state::sorted(&labels) == now_sorted {
                return Progress::Left(left.to_vec());
            }
            match left.first() {
                Some(step) => state::after(&mut labels, step),
                None => break,
            }
        }
        Progress::Changed(state::changes(&self.observed, now))
    }
}

/// Deletions do not depend on each other, and one that turned out to be in use was left out.
fn deletions_left(left: &[Step], before: &[RemoteLabel], now: &[RemoteLabel]) -> Option<Vec<Step>> {
    let names: BTreeSet<String> = left
        .iter()
        .filter_map(|step| match step {
            Step::Delete { label } => Some(fold(&label.name)),
            _ => None,
        })
        .collect();
    let is_deletion = |change: &StateChange| match change {
        StateChange::Vanished(label) => names.contains(&fold(&label.name)),
        _ => false,
    };
    if !state::changes(before, now).iter().all(is_deletion) {
        return None;
    }
    let there: BTreeSet<String> = now.iter().map(|label| fold(&label.name)).collect();
    let is_left = |step: &&Step| match step {
        Step::Delete { label } => there.contains(&fold(&label.name)),
        _ => true,
    };
    Some(left.iter().filter(is_left).cloned().collect())
}

/// What changed, one line each, for people.
#[must_use]
pub fn describe(changes: &[StateChange]) -> String {
    let mut text = String::new();
    for change in changes {
        // Writing to a string cannot fail.
        let _ = match change {
            StateChange::Appeared(label) => {
                writeln!(text, "`{}` is there now", excerpt(&label.name))
            }
            StateChange::Vanished(label) => {
                writeln!(text, "`{}` is not there any more", excerpt(&label.name))
            }
            StateChange::Changed(from, to) if from.name != to.name => {
                writeln!(text, "`{}` is `{}` now", excerpt(&from.name), excerpt(&to.name))
            }
            StateChange::Changed(from, to) if from.color != to.color => writeln!(
                text,
                "`{}` has the colour {} now, not {}",
                excerpt(&to.name),
                excerpt(&to.color),
                excerpt(&from.color)
            ),
            StateChange::Changed(_, to) => {
                writeln!(text, "`{}` has another description now", excerpt(&to.name))
            }
        };
    }
    text
}
