//! Which documents belong to which issue and pull request.

use std::collections::BTreeMap;

use crate::record::{Record, Records, Subject};

/// Documents by issue and pull request, sorted by id and path.
#[derive(Clone, Debug, Default)]
pub struct Relations<'r> {
    /// Issues in front of pull requests, each by number.
    pub by_subject: BTreeMap<Subject, Vec<&'r Record>>,
}

impl<'r> Relations<'r> {
    /// What the front matter of all documents says.
    #[must_use]
    pub fn new(records: &'r Records) -> Self {
        let mut by_subject: BTreeMap<Subject, Vec<&Record>> = BTreeMap::new();
        for record in records.by_path.values() {
            for subject in subjects(record) {
                by_subject.entry(subject).or_default().push(record);
            }
        }
        for related in by_subject.values_mut() {
            related.sort_by(|one, other| (&one.id, &one.path).cmp(&(&other.id, &other.path)));
        }
        Self { by_subject }
    }
}

/// Whether the front matter of the document names the issue or pull request.
#[must_use]
pub fn is_about(record: &Record, subject: Subject) -> bool {
    subjects(record).any(|named| named == subject)
}

/// Every issue and pull request that the document names, each once.
pub(crate) fn subjects(record: &Record) -> impl Iterator<Item = Subject> + '_ {
    let issues = record.issues.iter().copied().map(Subject::Issue);
    let pull_requests = record.pull_requests.iter().copied().map(Subject::PullRequest);
    let own = record.subject.filter(|subject| match subject {
        Subject::Issue(number) => !record.issues.contains(number),
        Subject::PullRequest(number) => !record.pull_requests.contains(number),
    });
    issues.chain(pull_requests).chain(own)
}
