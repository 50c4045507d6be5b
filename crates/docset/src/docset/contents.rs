//! What the docset of one issue or pull request holds, from the front matter of all
//! documents.

use std::collections::{BTreeMap, BTreeSet};

use super::required::required;
use super::{Docset, DocsetError, Process, Required};
use crate::catalogue::{Catalogue, Phase};
use crate::record::{Record, Records, Subject};
use crate::view::is_about;

/// What the caller says of the issue or pull request; what is left out stays as the
/// file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `owner/name` of the repository.
    pub repo: Option<String>,
    /// The profile of the issue; a pull request has that of its issues.
    pub profile: Option<String>,
    /// The stage of the issue; a pull request has that of its issues.
    pub stage: Option<String>,
}

/// The documents that a pull request changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Changed {
    /// Those that the file has marked already.
    #[default]
    AsListed,
    /// These, by path.
    Paths(BTreeSet<String>),
}

impl Changed {
    /// The paths, of which `known` has marked some.
    fn or_listed(&self, known: &Docset) -> BTreeSet<String> {
        match self {
            Self::Paths(paths) => paths.clone(),
            Self::AsListed => {
                let marked = known.documents.iter().filter(|document| document.changed);
                marked.map(|document| document.path.clone()).collect()
            }
        }
    }
}

/// The issues that a pull request serves: those of the documents that name it, and of
/// those that it changes. `known` is what its docset file says.
#[must_use]
pub fn issues_of(
    records: &Records,
    pull_request: u64,
    changed: &Changed,
    known: &Docset,
) -> BTreeSet<u64> {
    let changed = changed.or_listed(known);
    let subject = Subject::PullRequest(pull_request);
    let own = |record: &&Record| is_about(record, subject) || changed.contains(&*record.path);
    records.by_path.values().filter(own).flat_map(|record| &record.issues).copied().collect()
}

/// What docsets are made of.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// All documents.
    pub records: &'a Records,
    /// Their types.
    pub catalogue: &'a Catalogue,
    /// The stages.
    pub process: &'a Process,
}

/// What the docset of an issue or a pull request holds.
#[derive(Clone, Debug)]
pub(super) struct Contents<'r> {
    pub(super) subject: Subject,
    pub(super) repo: Option<String>,
    pub(super) profile: String,
    pub(super) stage: String,
    /// Sorted by id and path.
    pub(super) documents: Vec<&'r Record>,
    pub(super) required: Vec<Required>,
    /// Those of the documents among them that are decisions.
    pub(super) decisions: Vec<&'r Record>,
    /// Of an issue.
    pub(super) pull_requests: BTreeSet<u64>,
    /// Of a pull request.
    pub(super) issues: BTreeSet<u64>,
    /// What a pull request changes, by path.
    pub(super) changed: BTreeSet<String>,
}

impl<'a> Sources<'a> {
    pub(super) fn issue(
        self,
        number: u64,
        identity: &Identity,
        known: &Docset,
    ) -> Result<Contents<'a>, DocsetError> {
        let subject = Subject::Issue(number);
        let documents = self.related(|record| is_about(record, subject));
        let profile = identity.profile.as_deref().or(known.profile.as_deref());
        let profile = profile.unwrap_or(self.process.default_profile());
        let stage = identity.stage.as_deref().or(known.stage.as_deref());
        let stage = match stage {
            Some(stage) => stage,
            None => self.reached(self.process.stages(profile)?, &documents),
        };
        let stages = self.process.stages_up_to(profile, stage)?;
        Ok(Contents {
            subject,
            repo: identity.repo.clone(),
            profile: profile.to_owned(),
            stage: stage.to_owned(),
            required: required(&documents, stages, self.process, self.catalogue),
            decisions: self.decisions(&documents),
            pull_requests: documents.iter().flat_map(|one| &one.pull_requests).copied().collect(),
            issues: BTreeSet::new(),
            changed: BTreeSet::new(),
            documents,
        })
    }

    /// A pull request serves its issues, so what they need is what it is measured by: the
    /// longest of their profiles, as far as the furthest of them has come. `issues` holds
    /// the docsets of those that have one.
    pub(super) fn pull_request(
        self,
        number: u64,
        identity: &Identity,
        changed: &Changed,
        known: &Docset,
        issues: &BTreeMap<u64, Docset>,
    ) -> Result<Contents<'a>, DocsetError> {
        let subject = Subject::PullRequest(number);
        let changed = changed.or_listed(known);
        let own = |record: &Record| is_about(record, subject) || changed.contains(&*record.path);
        let documents = self.related(own);
        let numbers: BTreeSet<u64> =
            documents.iter().flat_map(|one| &one.issues).copied().collect();
        let is_of_issue = |record: &Record| {
            numbers.iter().any(|number| is_about(record, Subject::Issue(*number)))
        };
        let all = self.related(|record| own(record) || is_of_issue(record));
        let mut profile = (self.process.default_profile(), 0);
        let mut stages = Vec::new();
        for number in &numbers {
            let docset = issues.get(number);
            let name = docset.and_then(|docset| docset.profile.as_deref());
            let name = name.unwrap_or(self.process.default_profile());
            let length = self.process.stages(name)?.len();
            if length > profile.1 {
                profile = (name, length);
            }
            let stage = docset.and_then(|docset| docset.stage.clone());
            stages.push(match stage {
                Some(stage) => stage,
                None => {
                    let of_issue = self.related(|record| is_about(record, Subject::Issue(*number)));
                    self.reached(self.process.stages(name)?, &of_issue).to_owned()
                }
            });
        }
        let order = self.process.stages(profile.0)?;
        let furthest = order.iter().rev().find(|stage| stages.contains(stage));
        let stage = furthest.map_or_else(|| self.reached(order, &all), String::as_str);
        let up_to = self.process.stages_up_to(profile.0, stage)?;
        Ok(Contents {
            subject,
            repo: identity.repo.clone(),
            profile: profile.0.to_owned(),
            stage: stage.to_owned(),
            required: required(&all, up_to, self.process, self.catalogue),
            decisions: self.decisions(&documents),
            pull_requests: BTreeSet::new(),
            issues: numbers,
            changed,
            documents,
        })
    }

    /// The documents that `belongs` is true of, sorted by id and path.
    fn related(self, belongs: impl Fn(&Record) -> bool) -> Vec<&'a Record> {
        let mut documents: Vec<&Record> =
            self.records.by_path.values().filter(|record| belongs(record)).collect();
        documents.sort_by(|one, other| (&one.id, &one.path).cmp(&(&other.id, &other.path)));
        documents
    }

    /// The last of the stages that a document came out of; the first, if there is none.
    fn reached<'p>(self, stages: &'p [String], documents: &[&Record]) -> &'p str {
        let came_out = |stage: &&String| {
            documents.iter().any(|document| {
                self.catalogue
                    .types
                    .get(&document.kind)
                    .is_some_and(|kind| self.process.home(kind) == **stage)
            })
        };
        let reached = stages.iter().rev().find(came_out).or(stages.first());
        reached.map(String::as_str).unwrap_or_default()
    }

    /// The decisions among the documents: those of a type that can be rejected.
    fn decisions(self, documents: &[&'a Record]) -> Vec<&'a Record> {
        let is_decision = |document: &&&Record| {
            self.catalogue.types.get(&document.kind).is_some_and(|kind| {
                kind.statuses.iter().any(|status| status.phase == Phase::Rejected)
            })
        };
        documents.iter().filter(is_decision).copied().collect()
    }

    /// The stages whose documents a return of the issue to the stage `to` concerns: `to`
    /// and all after it, those of the issue's profile and those that other profiles have
    /// in between. `docset` is what the docset file of the issue says.
    ///
    /// # Errors
    ///
    /// [`DocsetError::UnknownStage`] if the profile does not have it, and
    /// [`DocsetError::NotReached`] if the issue has not come that far.
    pub fn stages_from(
        self,
        issue: u64,
        docset: &Docset,
        to: &str,
    ) -> Result<Vec<String>, DocsetError> {
        let profile = docset.profile.as_deref().unwrap_or(self.process.default_profile());
        let stages = self.process.stages(profile)?;
        let wanted = self.process.stages_up_to(profile, to)?.len();
        let documents = self.related(|record| is_about(record, Subject::Issue(issue)));
        let reached = self.reached(stages, &documents);
        let place = |stage: &str| stages.iter().position(|known| known == stage);
        let present = [docset.stage.as_deref(), Some(reached)];
        let present = present.into_iter().flatten().filter_map(place).max().unwrap_or(0);
        if wanted > present + 1 {
            return Err(DocsetError::NotReached {
                issue,
                present: stages.get(present).cloned().unwrap_or_default(),
                wanted: to.to_owned(),
                legal: stages.iter().take(present + 1).cloned().collect(),
            });
        }
        let mut from: Vec<String> = stages.iter().skip(wanted - 1).cloned().collect();
        let full = self.process.stages(self.process.default_profile())?;
        let later = full.iter().skip_while(|stage| *stage != to);
        let more: Vec<String> = later.filter(|stage| !from.contains(stage)).cloned().collect();
        from.extend(more);
        Ok(from)
    }
}
