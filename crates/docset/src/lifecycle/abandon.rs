//! The end of an issue, and of the documents that only it needs.

use std::sync::Arc;

use crate::catalogue::{Catalogue, Phase};
use crate::record::{Record, Records};

use super::draft::{Draft, Refusal};
use super::transition::step;

/// What becomes of the documents of an issue that is given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abandonment {
    /// Paths of the documents to abandon.
    pub documents: Vec<Arc<str>>,
    /// The documents that stay as they are.
    pub passed: Vec<Passed>,
}

/// A document that stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The document.
    pub path: Arc<str>,
    /// `doc_id`.
    pub id: String,
    /// `status`.
    pub status: String,
    /// The other issues that need it; empty if it no longer counts anyway.
    pub issues: Vec<u64>,
}

impl Abandonment {
    /// Sorts the documents that `related_issues` binds to `issue`. A document that
    /// names another issue, too, is needed by that one, unless it is among `closed`.
    /// One that is superseded, rejected or retired stays what it is.
    #[must_use]
    pub fn of_issue(records: &Records, issue: u64, closed: &[u64]) -> Self {
        let mut all = Self::default();
        for record in records.by_path.values().filter(|record| record.issues.contains(&issue)) {
            let is_open = |other: &u64| *other != issue && !closed.contains(other);
            let issues: Vec<u64> = record.issues.iter().copied().filter(is_open).collect();
            if issues.is_empty() && !is_over(record) {
                all.documents.push(Arc::clone(&record.path));
            } else {
                let (id, status) = (record.id.clone(), record.status.clone());
                let issues = if is_over(record) { Vec::new() } else { issues };
                all.passed.push(Passed { path: Arc::clone(&record.path), id, status, issues });
            }
        }
        all
    }
}

fn is_over(record: &Record) -> bool {
    matches!(record.phase, Some(Phase::Replaced | Phase::Retired | Phase::Rejected))
}

/// Abandons one document.
///
/// # Errors
///
/// [`Refusal`] when the lifecycle does not allow it or the front matter cannot be
/// changed.
pub fn abandon(draft: &mut Draft, catalogue: &Catalogue) -> Result<(), Refusal> {
    let (kind, status) = draft.status(catalogue)?;
    let next = step(kind, &status.name, Phase::Retired, "abandoned");
    let name = next.map_err(|error| draft.illegal(&error))?.name.clone();
    draft.set(&[(&["status"], &name)])
}
