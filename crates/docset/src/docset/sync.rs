//! From the front matter of all documents to the text of one docset file.

use std::collections::BTreeSet;

use super::merge::{Item, Section, line, merge, value};
use super::required::name;
use super::{DEFAULT_PROFILE, Docset, DocsetError, Process, required};
use crate::catalogue::{Catalogue, Phase};
use crate::record::{Record, Records, Subject};
use crate::view::is_about;

/// What the caller says of the issue or pull request; what is left out stays as the
/// file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `owner/name` of the repository.
    pub repo: Option<String>,
    /// The profile of the issue.
    pub profile: Option<String>,
    /// The stage of the issue.
    pub stage: Option<String>,
}

/// The documents that a pull request changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Those that the file has marked already.
    AsListed,
    /// These, by path.
    Paths(BTreeSet<String>),
}

/// The docset file of an issue: `present` brought up to date, or a new one. A second
/// run over the same documents changes nothing.
///
/// # Errors
///
/// [`DocsetError`] if `present` cannot be edited or belongs to something else, and if
/// there is no such profile or stage.
pub fn sync_issue(
    records: &Records,
    catalogue: &Catalogue,
    process: &Process,
    number: u64,
    identity: &Identity,
    present: Option<&str>,
) -> Result<String, DocsetError> {
    let subject = Subject::Issue(number);
    let known = known(present, subject)?;
    let documents = related(records, |record| is_about(record, subject));
    let profile = identity.profile.as_deref().or(known.profile.as_deref());
    let profile = profile.unwrap_or(DEFAULT_PROFILE);
    let stage = identity.stage.as_deref().or(known.stage.as_deref());
    let stage = match stage {
        Some(stage) => stage,
        None => reached(process.stages(profile)?, &documents, catalogue),
    };
    let stages = process.stages_up_to(profile, stage)?;
    let needs = required(&documents, stages, process, catalogue);
    let needs = needs.iter().map(|need| {
        let mut values = vec![
            ("type", value(&need.kind)),
            ("stage", value(&need.stage)),
            ("state", need.state.as_str().to_owned()),
        ];
        if !need.documents.is_empty() {
            let names: Vec<String> = need.documents.iter().map(|name| value(name)).collect();
            values.push(("documents", format!("[{}]", names.join(", "))));
        }
        Item { name: need.kind.clone(), text: line(&values) }
    });
    let pull_requests = documents.iter().flat_map(|document| &document.pull_requests);
    let sections = [
        Section::Scalar("version", "1".to_owned()),
        Section::Identity("issue", who(number, identity.repo.as_deref(), "issues")),
        Section::Scalar("profile", value(profile)),
        Section::Scalar("stage", value(stage)),
        Section::List("documents", listed(&documents, &BTreeSet::new())),
        Section::List("required", needs.collect()),
        Section::List("pull_requests", numbers(pull_requests.copied().collect())),
        Section::List("decisions", decisions(&documents, catalogue)),
    ];
    write(present, &sections, &format!("issue {number}"))
}

/// The docset file of a pull request: `present` brought up to date, or a new one.
///
/// # Errors
///
/// As [`sync_issue`].
pub fn sync_pull_request(
    records: &Records,
    catalogue: &Catalogue,
    number: u64,
    identity: &Identity,
    changed: &Changed,
    present: Option<&str>,
) -> Result<String, DocsetError> {
    let subject = Subject::PullRequest(number);
    let known = known(present, subject)?;
    let changed = match changed {
        Changed::Paths(paths) => paths.clone(),
        Changed::AsListed => {
            let marked = known.documents.into_iter().filter(|document| document.changed);
            marked.map(|document| document.path).collect()
        }
    };
    let documents =
        related(records, |record| is_about(record, subject) || changed.contains(&*record.path));
    let issues = documents.iter().flat_map(|document| &document.issues);
    let sections = [
        Section::Scalar("version", "1".to_owned()),
        Section::Identity("pr", who(number, identity.repo.as_deref(), "pull")),
        Section::List("issues", numbers(issues.copied().collect())),
        Section::List("documents", listed(&documents, &changed)),
        Section::List("decisions", decisions(&documents, catalogue)),
    ];
    write(present, &sections, &format!("pr {number}"))
}

/// What the file says already, if it is about the subject.
fn known(present: Option<&str>, subject: Subject) -> Result<Docset, DocsetError> {
    let Some(text) = present else { return Ok(Docset::default()) };
    let yaml = super::merge::parse(text)?;
    let version = yaml.root().and_then(|root| root.get("version")).and_then(|node| node.as_str());
    if let Some(version) = version.filter(|version| *version != "1") {
        return Err(DocsetError::UnknownVersion(version.to_owned()));
    }
    let known = Docset::read(text)?;
    match known.subject {
        Some(other) if other != subject => {
            let name = |subject| match subject {
                Subject::Issue(number) => format!("issue {number}"),
                Subject::PullRequest(number) => format!("pull request {number}"),
            };
            Err(DocsetError::OtherSubject { found: name(other), wanted: name(subject) })
        }
        _ => Ok(known),
    }
}

fn write(
    present: Option<&str>,
    sections: &[Section],
    subject: &str,
) -> Result<String, DocsetError> {
    match present {
        Some(text) => merge(text, sections),
        None => {
            let head = format!(
                "# Written by `docset sync {subject}` from the front matter of the documents.\n\
                 # Notes, comments and keys of your own stay as they are.\n"
            );
            let sections: String = sections.iter().map(Section::render).collect();
            Ok(format!("{head}{sections}notes: []\n"))
        }
    }
}

/// The documents that `belongs` is true of, sorted by id and path.
fn related(records: &Records, belongs: impl Fn(&Record) -> bool) -> Vec<&Record> {
    let mut documents: Vec<&Record> =
        records.by_path.values().filter(|record| belongs(record)).collect();
    documents.sort_by(|one, other| (&one.id, &one.path).cmp(&(&other.id, &other.path)));
    documents
}

/// The last stage that a document came out of; the first, if there is none.
fn reached<'p>(stages: &'p [String], documents: &[&Record], catalogue: &Catalogue) -> &'p str {
    let came_out = |stage: &&String| {
        documents.iter().any(|document| {
            catalogue.types.get(&document.kind).is_some_and(|kind| kind.stage == **stage)
        })
    };
    let reached = stages.iter().rev().find(came_out).or(stages.first());
    reached.map(String::as_str).unwrap_or_default()
}

fn who(number: u64, repo: Option<&str>, place: &str) -> Vec<(&'static str, String)> {
    let mut values = vec![("number", number.to_string())];
    if let Some(repo) = repo {
        values.push(("repo", value(repo)));
        values.push(("url", value(&format!("https://github.com/{repo}/{place}/{number}"))));
    }
    values
}

fn listed(documents: &[&Record], changed: &BTreeSet<String>) -> Vec<Item> {
    let item = |document: &&Record| {
        let mut values = vec![
            ("id", value(&document.id)),
            ("path", value(&document.path)),
            ("type", value(&document.kind)),
            ("status", value(&document.status)),
            ("digest", value(&document.digest.to_string())),
        ];
        if changed.contains(&*document.path) {
            values.push(("changed", "true".to_owned()));
        }
        Item { name: document.path.to_string(), text: line(&values) }
    };
    documents.iter().map(item).collect()
}

/// The decisions among the documents: those of a type that can be rejected.
fn decisions(documents: &[&Record], catalogue: &Catalogue) -> Vec<Item> {
    let is_decision = |document: &&&Record| {
        catalogue
            .types
            .get(&document.kind)
            .is_some_and(|kind| kind.statuses.iter().any(|status| status.phase == Phase::Rejected))
    };
    let item = |document: &&Record| {
        let values = [
            ("id", value(name(document))),
            ("title", value(&document.title)),
            ("status", value(&document.status)),
            ("path", value(&document.path)),
        ];
        Item { name: document.path.to_string(), text: line(&values) }
    };
    documents.iter().filter(is_decision).map(item).collect()
}

fn numbers(numbers: BTreeSet<u64>) -> Vec<Item> {
    let item = |number: u64| Item { name: number.to_string(), text: number.to_string() };
    numbers.into_iter().map(item).collect()
}
