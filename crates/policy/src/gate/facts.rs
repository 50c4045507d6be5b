//! Everything that a gate looks at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_docset::catalogue::Catalogue;
use countersign_docset::docset::Docset;
use countersign_docset::record::{Record, Records};
use countersign_process::{Instant, Process};

use super::event::Sender;
use crate::{Policy, Request};

/// What holds for the whole repository.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The process.
    pub process: &'a Process,
    /// The labels.
    pub labels: &'a countersign_labels::Catalogue,
    /// The types of documents.
    pub types: &'a Catalogue,
}

impl<'a> Rules<'a> {
    /// The rules of a policy over documents of these types.
    #[must_use]
    pub fn new(policy: &'a Policy, types: &'a Catalogue) -> Self {
        Self { policy, process: policy.process(), labels: policy.labels(), types }
    }
}

/// What is known of one issue. What is not known counts as not given: no gate is passed
/// by leaving something out.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The issue.
    pub issue: u64,
    /// The documents that say they are about the issue, and those that its docset file
    /// lists. Digests are those of the present content.
    pub records: Records,
    /// The docset file of the issue.
    pub docset: DocsetFile,
    /// The docset files of pull requests that say they are about the issue, by number.
    pub pull_requests: BTreeMap<u64, Docset>,
    /// The labels of the issue, by name.
    pub labels: Option<Vec<String>>,
    /// Who set the label that the event is about, or all of them by opening the issue.
    pub sender: Option<Sender>,
    /// The label that the event is about.
    pub label_set: Option<String>,
    /// The request, with its approvals, that the label was set for.
    pub approved: Option<Request>,
    /// What day and time it is.
    pub now: Option<Instant>,
    /// Paths of files that the work changed, from the root.
    pub changed: Option<BTreeSet<String>>,
    /// What `docset check` says of documents, by path: the errors alone, each on a line.
    pub faults: BTreeMap<Arc<str>, Vec<Fault>>,
    /// The profile that the caller names.
    pub profile: Option<String>,
    /// Facts that make a document required, such as `incident`.
    pub given: BTreeSet<String>,
}

/// An error that `docset check` finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule.
    pub rule: String,
    /// 1-based.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The docset file of an issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DocsetFile {
    /// There is none.
    #[default]
    Missing,
    /// It cannot be read, for this reason.
    Unreadable(String),
    /// What it says.
    Read(Docset),
}

impl Facts {
    /// The docset, if there is one.
    #[must_use]
    pub fn docset(&self) -> Option<&Docset> {
        match &self.docset {
            DocsetFile::Read(docset) => Some(docset),
            DocsetFile::Missing | DocsetFile::Unreadable(_) => None,
        }
    }

    /// The documents of the issue, of a type, sorted by path.
    pub fn of_kind<'f>(&'f self, kind: &'f str) -> impl Iterator<Item = &'f Record> {
        self.documents().filter(move |record| record.kind == kind)
    }

    /// The documents of the issue, sorted by path.
    pub fn documents(&self) -> impl Iterator<Item = &Record> {
        let issue = countersign_docset::record::Subject::Issue(self.issue);
        self.records
            .by_path
            .values()
            .filter(move |record| countersign_docset::view::is_about(record, issue))
    }

    /// The profile that the issue has: what its docset file says, else the default.
    #[must_use]
    pub fn profile_on_record<'a>(&'a self, process: &'a Process) -> &'a str {
        let said = self.docset().and_then(|docset| docset.profile.as_deref());
        said.filter(|profile| !profile.is_empty()).unwrap_or(&process.default_profile)
    }
}
