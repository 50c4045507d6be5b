//! The labels of a repository as data: compared, digested, changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Step;
use crate::name::fold;

/// A label as GitHub has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoteLabel {
    /// The name.
    pub name: String,
    /// Six hexadecimal digits, lower case.
    pub color: String,
    /// The description; empty if there is none.
    #[serde(default)]
    pub description: String,
}

/// How one label differs between two states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateChange {
    /// It was not there before.
    Appeared(RemoteLabel),
    /// It is not there any more.
    Vanished(RemoteLabel),
    /// It looks otherwise.
    Changed(RemoteLabel, RemoteLabel),
}

/// `sha256:` and the digest of the labels, whatever their order.
#[must_use]
pub fn digest(labels: &[RemoteLabel]) -> String {
    let mut hasher = Sha256::new();
    for label in sorted(labels) {
        for text in [&label.name, &label.color, &label.description] {
            // The length in front, so that no text can pretend to be two.
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    let digits: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

pub(super) fn sorted(labels: &[RemoteLabel]) -> Vec<RemoteLabel> {
    let mut labels = labels.to_vec();
    labels.sort();
    labels
}

/// What differs from `before` to `now`, sorted by name.
#[must_use]
pub fn changes(before: &[RemoteLabel], now: &[RemoteLabel]) -> Vec<StateChange> {
    let by_name = |labels: &[RemoteLabel]| -> BTreeMap<String, RemoteLabel> {
        labels.iter().map(|label| (fold(&label.name), label.clone())).collect()
    };
    let (mut before, now) = (by_name(before), by_name(now));
    let mut changes = BTreeMap::new();
    for (name, label) in now {
        match before.remove(&name) {
            None => {
                changes.insert(name, StateChange::Appeared(label));
            }
            Some(old) if old != label => {
                changes.insert(name, StateChange::Changed(old, label));
            }
            Some(_) => {}
        }
    }
    changes.extend(before.into_iter().map(|(name, label)| (name, StateChange::Vanished(label))));
    changes.into_values().collect()
}

/// The labels after a step.
pub(super) fn after(labels: &mut Vec<RemoteLabel>, step: &Step) {
    let is = |name: &str| {
        let folded = fold(name);
        move |label: &RemoteLabel| fold(&label.name) == folded
    };
    match step {
        Step::Create { label } => labels.push(label.clone()),
        Step::Rename { from, to } | Step::Update { from, to } => {
            let is_from = is(&from.name);
            if let Some(label) = labels.iter_mut().find(|label| is_from(label)) {
                label.clone_from(to);
            }
        }
        Step::Merge { from: name, .. } | Step::Delete { label: RemoteLabel { name, .. } } => {
            let is_gone = is(name);
            labels.retain(|label| !is_gone(label));
        }
    }
}
