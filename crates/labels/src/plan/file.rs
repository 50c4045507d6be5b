//! Plans as a file: made, reviewed, and carried out as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use countersign_markup::shown::excerpt;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::state::{self, StateChange};
use super::temporary::Waiting;
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
    /// Of the plan and its repository; finds a file that was edited after it was reviewed.
    digest: String,
    /// How many steps are known to have been taken.
    #[serde(default, skip_serializing_if = "is_zero")]
    taken: usize,
    #[serde(flatten)]
    plan: Plan,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
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
        "the plan of `{0}` was changed: its digest is not that of the repository and the labels in \
         it; plan again"
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

/// `sha256:` and the digest of the repository's name and the plan as compact JSON. The name is
/// in it so that a plan which was reviewed for one repository is none for another.
fn digest(repository: &str, plan: &Plan) -> String {
    // Strings and lists of them: there is nothing that JSON could not hold.
    let text = serde_json::to_string(&(repository, plan)).unwrap_or_default();
    let digits: String =
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

impl PlanFile {
    /// A file with these plans.
    #[must_use]
    pub fn new(plans: impl IntoIterator<Item = (String, Plan)>) -> Self {
        let store = |(name, plan): (String, Plan)| {
            let digest = digest(&name, &plan);
            (name, Stored { digest, taken: 0, plan })
        };
        let repositories = plans.into_iter().map(store).collect();
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
            if stored.digest != digest(name, &stored.plan) {
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

    /// How many steps of a repository's plan are known to have been taken.
    #[must_use]
    pub fn taken(&self, repository: &str) -> usize {
        self.repositories.get(repository).map_or(0, |stored| stored.taken)
    }

    /// Remembers that so many steps of a repository's plan were taken.
    pub fn set_taken(&mut self, repository: &str, taken: usize) {
        if let Some(stored) = self.repositories.get_mut(repository) {
            stored.taken = taken;
        }
    }
}

impl Plan {
    /// Which steps are left for a repository that has the labels `now`, when at least `taken`
    /// are known to have been taken.
    ///
    /// A run that was interrupted left the labels as they are after some step; carrying out the
    /// rest is carrying out the plan. Anything else is a change by somebody else. Where names go
    /// round in a circle between labels that look the same, the end looks like the beginning:
    /// whoever carries out a plan remembers, before a step that [closes a
    /// circle](Step::closes_circle), how many steps were taken.
    #[must_use]
    pub fn progress(&self, now: &[RemoteLabel], taken: usize) -> Progress {
        let now_sorted = state::sorted(now);
        let mut labels = self.observed.clone();
        for at in 0..=self.steps.len() {
            let left = &self.steps[at..];
            let only_deletions = left.iter().all(|step| matches!(step, Step::Delete { .. }));
            if only_deletions && let Some(left) = deletions_left(left, &labels, &now_sorted) {
                return Progress::Left(left);
            }
            if at >= taken && state::sorted(&labels) == now_sorted {
                return Progress::Left(left.to_vec());
            }
            match left.first() {
                Some(step) => state::after(&mut labels, step),
                None => break,
            }
        }
        Progress::Changed(state::changes(&self.observed, now))
    }

    /// How many steps were taken when these are left. Deletions count as not taken: they can be
    /// left out.
    #[must_use]
    pub fn taken(&self, left: &[Step]) -> usize {
        let is_whole = |step: &&Step| !matches!(step, Step::Delete { .. });
        let count = |steps: &[Step]| steps.iter().filter(is_whole).count();
        count(&self.steps) - count(left).min(count(&self.steps))
    }
}

impl Step {
    /// Whether it gives a label its new name that waited under a temporary one. Such a step ends
    /// in names that may have been there at the beginning.
    #[must_use]
    pub fn closes_circle(&self) -> bool {
        matches!(self, Self::Rename { from, .. } if Waiting::parse(&from.name).is_some())
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
