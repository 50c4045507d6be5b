//! Facts from a checkout.
//!
//! Of the tree only the heads of documents are read, and in full those that are about the
//! issue or that its docset file lists: a docset file may be out of date, and what it
//! leaves out is found all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;

use countersign_docset::baseline::Baseline;
use countersign_docset::diagnostic::Severity;
use countersign_docset::docset::{Docset, PULL_REQUESTS, issue_path};
use countersign_docset::record::Subject;
use countersign_docset::tree::{Deleted, GitError};
use countersign_docset::view::ISSUE_MAP;
use countersign_docset::{CheckError, Checker, Request};
use countersign_files::{ReadError, inside, read};
use countersign_process::{Instant, Process};

use super::event::{Event, EventError};
use super::facts::{DocsetFile, Facts, Fault};

/// What the caller says.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The issue.
    pub issue: u64,
    /// The pull request that the work is in, if the caller knows it.
    pub pull_request: Option<u64>,
    /// The payload of an event: a path for messages, and the text.
    pub event: Option<(PathBuf, String)>,
    /// Labels of the issue, where there is no event.
    pub labels: Vec<String>,
    /// The request that the label was set for.
    pub approved: Option<crate::Request>,
    /// The profile.
    pub profile: Option<String>,
    /// The revision that the work began at.
    pub changed_since: Option<String>,
    /// Facts that make a document required.
    pub facts: BTreeSet<String>,
    /// What day and time it is.
    pub now: Option<Instant>,
}

/// Facts that cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The event cannot be understood.
    #[error("`{}`", path.display())]
    Event {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: EventError,
    },
    /// The event is about something else.
    #[error("the event `{}` is about {found}, not about issue {wanted}", path.display())]
    OtherSubject {
        /// The file.
        path: PathBuf,
        /// What it is about.
        found: String,
        /// The issue asked for.
        wanted: u64,
    },
    /// A folder or file cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// From the root.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Git could not say what changed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Documents could not be checked.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The baseline cannot be used.
    #[error(transparent)]
    Baseline(#[from] countersign_docset::baseline::BaselineError),
}

/// Loads what is known of an issue from the checkout of `checker`. If `produced_by` names
/// a stage, the documents that come out of it are checked, too.
///
/// # Errors
///
/// [`LoadError`] if something is there and cannot be read. What is not there is not
/// known.
pub fn load(
    checker: &Checker,
    process: &Process,
    given: &Given,
    produced_by: Option<&str>,
) -> Result<Facts, LoadError> {
    let mut facts = Facts {
        issue: given.issue,
        profile: given.profile.clone(),
        approved: given.approved.clone(),
        given: given.facts.clone(),
        now: given.now,
        ..Facts::default()
    };
    let mut pull_request = given.pull_request;
    match &given.event {
        Some((path, text)) => event(path, text, &mut pull_request, &mut facts)?,
        None if !given.labels.is_empty() => facts.labels = Some(given.labels.clone()),
        None => {}
    }
    facts.docset = docset_at(checker, &issue_path(given.issue), Subject::Issue(given.issue))?;
    let listed = facts.docset().into_iter().flat_map(|docset| &docset.documents);
    let mut listed: BTreeSet<String> = listed.map(|listed| listed.path.clone()).collect();
    // The map is about all issues, and names none in its front matter.
    listed.insert(ISSUE_MAP.to_owned());
    // Git and the search for documents have nothing to wait for in each other.
    let revision = given.changed_since.as_deref();
    let (records, changed) = std::thread::scope(|scope| {
        let changed = scope.spawn(|| {
            revision.map(|revision| checker.changed_since(revision, Deleted::Included)).transpose()
        });
        let records = checker.records_about(Subject::Issue(given.issue), &listed);
        let changed = match changed.join() {
            Ok(changed) => changed,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        (records, changed)
    });
    facts.records = records;
    if facts.docset == DocsetFile::Missing {
        facts.docset = docset_document(checker, &facts)?;
    }
    facts.changed = changed?;
    facts.pull_requests = pull_requests(checker, &facts, pull_request)?;
    if let Some(stage) = produced_by.and_then(|stage| process.stages.get(stage)) {
        let produced = facts.documents().filter(|record| stage.produces.has(&record.kind));
        let paths: Vec<String> = produced.map(|record| record.path.to_string()).collect();
        if !paths.is_empty() {
            facts.faults = faults(checker, paths)?;
        }
    }
    Ok(facts)
}

/// What an event says, if it is about the issue, or about a pull request.
fn event(
    path: &std::path::Path,
    text: &str,
    pull_request: &mut Option<u64>,
    facts: &mut Facts,
) -> Result<(), LoadError> {
    let event =
        Event::parse(text).map_err(|source| LoadError::Event { path: path.to_owned(), source })?;
    match event.subject {
        Some(Subject::Issue(number)) if number != facts.issue => {
            return Err(LoadError::OtherSubject {
                path: path.to_owned(),
                found: format!("issue {number}"),
                wanted: facts.issue,
            });
        }
        Some(Subject::PullRequest(number)) => match *pull_request {
            Some(wanted) if wanted != number => {
                return Err(LoadError::OtherSubject {
                    path: path.to_owned(),
                    found: format!("pull request {number}"),
                    wanted: facts.issue,
                });
            }
            _ => *pull_request = Some(number),
        },
        Some(Subject::Issue(_)) | None => {}
    }
    facts.sender = event.set_by().cloned();
    facts.labels = event.labels;
    facts.label_set = event.label.filter(|_| event.action == "labeled");
    Ok(())
}

/// The docset file at `path`, which is to be about `subject`.
pub(crate) fn docset_at(
    checker: &Checker,
    path: &str,
    subject: Subject,
) -> Result<DocsetFile, LoadError> {
    Ok(match text(checker, path)? {
        None => DocsetFile::Missing,
        Some(Err(why)) => DocsetFile::Unreadable(why),
        Some(Ok(text)) => match Docset::read(&text) {
            Err(error) => DocsetFile::Unreadable(error.to_string()),
            Ok(docset) if docset.subject == Some(subject) => DocsetFile::Read(docset),
            Ok(_) => DocsetFile::Unreadable("it is about something else than its name says".into()),
        },
    })
}

/// The docset files of a folder, by the number in their names, sorted.
pub(crate) fn folder(
    checker: &Checker,
    folder: &str,
    prefix: &str,
) -> Result<BTreeMap<u64, String>, LoadError> {
    let failed = |source| LoadError::Read { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(checker.root().join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(source) => return Err(failed(source)),
    };
    let mut files = BTreeMap::new();
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        let number = name
            .to_str()
            .and_then(|name| name.strip_prefix(prefix)?.strip_suffix(".yaml")?.parse::<u64>().ok());
        if let Some(number) = number {
            files.insert(number, format!("{folder}/{prefix}{number}.yaml"));
        }
    }
    Ok(files)
}

/// The docset of an issue as a document: Markdown with the same keys in front.
fn docset_document(checker: &Checker, facts: &Facts) -> Result<DocsetFile, LoadError> {
    let wanted = Some(Subject::Issue(facts.issue));
    let mut documents = facts.records.by_path.values();
    let Some(record) = documents.find(|record| record.subject == wanted) else {
        return Ok(DocsetFile::Missing);
    };
    let Some(Ok(text)) = text(checker, &record.path)? else { return Ok(DocsetFile::Missing) };
    Ok(Docset::read(&text).map_or(DocsetFile::Missing, DocsetFile::Read))
}

/// The text of a file; `None` if it is not there.
pub(crate) fn text(
    checker: &Checker,
    path: &str,
) -> Result<Option<Result<String, String>>, LoadError> {
    let Some(real) = inside(checker.root(), path) else {
        let there = checker.root().join(path).symlink_metadata().is_ok();
        // A link that leads out of the repository, or nowhere.
        return Ok(there.then(|| Err("it is a link out of the repository".to_owned())));
    };
    let mut bytes = Vec::new();
    match read(&real, &mut bytes) {
        Ok(()) => Ok(Some(String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()))),
        Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Ok(Some(Err(error.to_string()))),
    }
}

/// The docset files of pull requests that are about the issue.
fn pull_requests(
    checker: &Checker,
    facts: &Facts,
    known: Option<u64>,
) -> Result<BTreeMap<u64, Docset>, LoadError> {
    let mut found = BTreeMap::new();
    for (number, path) in folder(checker, PULL_REQUESTS, "pr-")? {
        if known.is_some_and(|known| known != number) {
            continue;
        }
        let Some(Ok(text)) = text(checker, &path)? else { continue };
        // Whoever lists the issue has its digits.
        if !text.contains(&facts.issue.to_string()) {
            continue;
        }
        let Ok(docset) = Docset::read(&text) else { continue };
        let is_own = docset.subject == Some(Subject::PullRequest(number));
        if is_own && docset.issues.contains(&facts.issue) {
            found.insert(number, docset);
        }
    }
    Ok(found)
}

/// The errors of these documents that the baseline does not know.
pub(crate) fn faults(
    checker: &Checker,
    paths: Vec<String>,
) -> Result<BTreeMap<std::sync::Arc<str>, Vec<Fault>>, LoadError> {
    let request = Request { paths, ..Request::default() };
    let report = checker.check(&request)?;
    let errors = report.diagnostics.into_iter().filter(|found| found.severity == Severity::Error);
    let mut errors: Vec<_> = errors.collect();
    if let Some(path) = &checker.config().baseline {
        errors = Baseline::read(&checker.root().join(path))?.sift(errors, |_| true).new;
    }
    let mut faults: BTreeMap<_, Vec<Fault>> = BTreeMap::new();
    for found in errors {
        let text = checker.sources().text(&found.path);
        let line = text.map_or(1, |text| {
            let index = countersign_docset::span::LineIndex::new(&text);
            index.position(&text, found.span.start.min(text.len())).line
        });
        faults.entry(found.path).or_default().push(Fault {
            rule: found.rule.to_owned(),
            line,
            message: found.message,
        });
    }
    Ok(faults)
}
