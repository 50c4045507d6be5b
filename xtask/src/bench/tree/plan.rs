//! Which documents there are, before any is written: links need to know.

use super::fault::Fault;
use super::kind::{ADR, DOCSET, KINDS, Kind};
use super::prose::Language;
use super::random::Random;

/// How many documents there are for each issue.
const DOCUMENTS_FOR_AN_ISSUE: usize = 5;

/// A document to be written.
#[derive(Debug)]
pub(super) struct Planned {
    /// The type, as a place in [`KINDS`].
    pub(super) kind: usize,
    /// Number within its type, from 1.
    pub(super) number: usize,
    pub(super) language: Language,
    pub(super) fault: Option<Fault>,
    /// The issues that it is about: none, or two different ones.
    pub(super) issues: Vec<usize>,
}

/// All documents.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) documents: Vec<Planned>,
    /// Every number from 1 to this is an issue that some document is about.
    pub(super) issues: usize,
    /// How many there are of each type.
    counts: [usize; KINDS.len()],
}

impl Planned {
    pub(super) fn kind(&self) -> &'static Kind {
        &KINDS[self.kind]
    }

    pub(super) fn id(&self) -> String {
        id(self.kind, self.number)
    }

    /// From the root of the tree.
    pub(super) fn path(&self) -> String {
        format!("docs/{}/{}.md", self.kind().name, self.id())
    }
}

impl Plan {
    pub(super) fn new(documents: usize, random: &mut Random) -> Self {
        let mut counts = [0; KINDS.len()];
        let issues = (documents / DOCUMENTS_FOR_AN_ISSUE).max(2);
        let weights: usize = KINDS.iter().map(|kind| kind.weight).sum();
        let with_sections: Vec<usize> = (0..KINDS.len())
            .filter(|kind| !KINDS[*kind].decision && !KINDS[*kind].headings.is_empty())
            .collect();
        let planned = (0..documents).map(|number| {
            let fault = Fault::of(number, documents);
            let kind = match fault {
                // No part in anything between two documents: one fault, one finding.
                Some(_) => *random.pick(&with_sections),
                // The first two are of the types that others refer to.
                None if number == 0 => ADR,
                None if number == 1 => DOCSET,
                None => weighted(random.below(weights)),
            };
            counts[kind] += 1;
            let language = if random.chance(60) { Language::English } else { Language::Russian };
            let issues = related_issues(number, issues, random);
            Planned { kind, number: counts[kind], language, fault, issues }
        });
        let documents = planned.collect();
        Self { documents, issues, counts }
    }

    /// Any document.
    pub(super) fn any(&self, random: &mut Random) -> &Planned {
        random.pick(&self.documents)
    }

    /// The id of some document of a type.
    pub(super) fn some_id(&self, kind: usize, random: &mut Random) -> String {
        id(kind, random.between(1, self.counts[kind].max(1)))
    }

    /// What an architecture decision of this number replaces, and what replaces it: of
    /// every ten, the last is replaced by the next one.
    pub(super) fn replacement(&self, planned: &Planned) -> Replacement {
        if planned.kind != ADR {
            return Replacement::None;
        }
        match planned.number {
            number if number % 10 == 0 && number < self.counts[ADR] => {
                Replacement::By(id(ADR, number + 1))
            }
            number if number % 10 == 1 && number > 1 => Replacement::Of(id(ADR, number - 1)),
            _ => Replacement::None,
        }
    }
}

/// The part of a document in a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Replacement {
    None,
    /// It replaces the named document.
    Of(String),
    /// It is replaced by the named document.
    By(String),
}

/// The issues of document `number` when there are `all`. The first documents have one
/// each, so that none is left out; of the others, every fifth is about no issue.
fn related_issues(number: usize, all: usize, random: &mut Random) -> Vec<usize> {
    if number >= all && !random.chance(80) {
        return Vec::new();
    }
    let first = number % all;
    let second = (first + random.between(1, all - 1)) % all;
    vec![first + 1, second + 1]
}

fn id(kind: usize, number: usize) -> String {
    format!("{}-{number:04}", KINDS[kind].prefix)
}

fn weighted(mut place: usize) -> usize {
    for (at, kind) in KINDS.iter().enumerate() {
        if place < kind.weight {
            return at;
        }
        place -= kind.weight;
    }
    0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_issue_has_documents_and_no_document_names_one_twice() {
        let plan = Plan::new(1000, &mut Random::new(1));
        let mut seen = BTreeSet::new();
        for planned in &plan.documents {
            seen.extend(&planned.issues);
            assert!(planned.issues.first() != planned.issues.get(1) || planned.issues.is_empty());
        }
        assert_eq!(seen, (1..=200).collect());
        assert!(plan.documents.iter().any(|planned| planned.issues.is_empty()));
    }

    #[test]
    fn replacements_have_two_sides() {
        let plan = Plan::new(2000, &mut Random::new(1));
        let of = |id: &str| plan.documents.iter().find(|planned| planned.id() == id).unwrap();
        let mut seen = 0;
        for planned in &plan.documents {
            if let Replacement::By(by) = plan.replacement(planned) {
                assert_eq!(plan.replacement(of(&by)), Replacement::Of(planned.id()));
                seen += 1;
            }
        }
        assert!(seen > 5, "{seen}");
    }
}
