//! The files of one docset, brought up to date together.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::contents::{Changed, Contents, Identity, Sources};
use super::merge::{Item, Section, line, merge, value};
use super::required::name;
use super::{Docset, DocsetError, issue_path, page, pr_path};
use crate::document::Date;
use crate::record::{Record, Subject};

/// What is to be brought up to date, and what the caller says of it.
#[derive(Clone, Debug)]
pub struct Order {
    /// The issue or pull request.
    pub subject: Subject,
    /// What the caller says of it.
    pub identity: Identity,
    /// What a pull request changes.
    pub changed: Changed,
    /// The day, for `updated_at` of pages that change.
    pub today: Date,
}

/// The files as they are.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// The docset file; `None` if there is none yet.
    pub file: Option<String>,
    /// Path and text of the docsets in Markdown form that are about the subject.
    pub pages: Vec<(Arc<str>, String)>,
    /// The docset files of issues, for a pull request.
    pub issues: BTreeMap<u64, Docset>,
}

/// The files as they will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// Path and text of the docset file.
    pub file: (String, String),
    /// Path and text of the docsets in Markdown form.
    pub pages: Vec<(Arc<str>, String)>,
    /// Pages that stay as they are although they do not hold the present contents, and
    /// why.
    pub left: Vec<(Arc<str>, String)>,
}

/// A file of a docset that cannot be brought up to date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {error}")]
pub struct RenewError {
    /// The file.
    pub path: String,
    /// Why.
    pub error: DocsetError,
}

/// Where the docset file of an issue or a pull request stands.
#[must_use]
pub fn path_of(subject: Subject) -> String {
    match subject {
        Subject::Issue(number) => issue_path(number),
        Subject::PullRequest(number) => pr_path(number),
    }
}

/// The docset file of the subject and its docsets in Markdown form, `present` brought up
/// to date. A second run over the same documents changes nothing.
///
/// # Errors
///
/// [`RenewError`] if a file cannot be edited or belongs to something else, and if there
/// is no such profile or stage.
pub fn renew(
    sources: Sources<'_>,
    order: &Order,
    present: &Present,
) -> Result<Renewed, RenewError> {
    let path = path_of(order.subject);
    let failed = |error| RenewError { path: path.clone(), error };
    let known = known(present.file.as_deref(), order.subject).map_err(failed)?;
    let identity = match present.file {
        Some(_) => order.identity.clone(),
        None => said(&present.pages, &order.identity),
    };
    let by_caller = order.identity.repo.is_some();
    let order = &Order { identity, ..order.clone() };
    let contents = contents(sources, order, present, &known).map_err(failed)?;
    let repo = order.identity.repo.as_deref().or(known.repo.as_deref());
    let repo = repo.map(|name| page::Repo { name, by_caller });
    let mut records = Cow::Borrowed(sources.records);
    let (mut pages, mut left) = (Vec::new(), Vec::new());
    for (path, text) in &present.pages {
        let renewed = page::renew(&contents, repo, path, text, order.today);
        let renewed = renewed
            .map_err(|error| RenewError { path: path.to_string(), error })?
            .filter(|renewed| renewed != text);
        let record = sources.records.by_path.get(path);
        match renewed {
            Some(_) if record.is_some_and(|record| record.standing().is_claimed()) => {
                let why = "it is approved, and stays what was approved";
                left.push((Arc::clone(path), why.to_owned()));
            }
            Some(renewed) => {
                records.to_mut().put(Arc::clone(path), &renewed, sources.catalogue);
                pages.push((Arc::clone(path), renewed));
            }
            None => left.extend(page::no_place(text).map(|why| (Arc::clone(path), why))),
        }
    }
    // The file lists the pages with the digests that they get.
    let sources = Sources { records: &records, ..sources };
    let contents = self::contents(sources, order, present, &known).map_err(failed)?;
    let text = file(&contents, present.file.as_deref()).map_err(failed)?;
    Ok(Renewed { file: (path, text), pages, left })
}

fn contents<'a>(
    sources: Sources<'a>,
    order: &Order,
    present: &Present,
    known: &Docset,
) -> Result<Contents<'a>, DocsetError> {
    let identity = &order.identity;
    match order.subject {
        Subject::Issue(number) => sources.issue(number, identity, known),
        Subject::PullRequest(number) => {
            sources.pull_request(number, identity, &order.changed, known, &present.issues)
        }
    }
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

/// What a docset in Markdown form says already of a subject that has no file yet; what
/// the caller says goes first.
fn said(pages: &[(Arc<str>, String)], identity: &Identity) -> Identity {
    let known = pages.iter().find_map(|(_, text)| Docset::read(text).ok()).unwrap_or_default();
    // Placeholders of a template say nothing.
    let filled = |text: Option<String>| {
        text.filter(|text| !text.is_empty() && !crate::rule::is_placeholder(text))
    };
    let identity = identity.clone();
    Identity {
        repo: identity.repo.or(filled(known.repo)),
        profile: identity.profile.or(filled(known.profile)),
        stage: identity.stage.or(filled(known.stage)),
    }
}

/// The docset file, `present` brought up to date or a new one.
fn file(contents: &Contents<'_>, present: Option<&str>) -> Result<String, DocsetError> {
    let Contents { profile, stage, documents, changed, .. } = contents;
    let repo = contents.repo.as_deref();
    let (head, sections) = match contents.subject {
        Subject::Issue(number) => (
            format!("issue {number}"),
            vec![
                Section::Scalar("version", "1".to_owned()),
                Section::Identity("issue", who(number, repo, "issues")),
                Section::Scalar("profile", value(profile)),
                Section::Scalar("stage", value(stage)),
                Section::List("documents", listed(documents, changed)),
                Section::List("required", needs(contents)),
                Section::List("pull_requests", numbers(&contents.pull_requests)),
                Section::List("decisions", decisions(contents)),
            ],
        ),
        Subject::PullRequest(number) => (
            format!("pr {number}"),
            vec![
                Section::Scalar("version", "1".to_owned()),
                Section::Identity("pr", who(number, repo, "pull")),
                Section::List("issues", numbers(&contents.issues)),
                Section::Scalar("profile", value(profile)),
                Section::Scalar("stage", value(stage)),
                Section::List("documents", listed(documents, changed)),
                Section::List("required", needs(contents)),
                Section::List("decisions", decisions(contents)),
            ],
        ),
    };
    match present {
        Some(text) => merge(text, &sections),
        None => {
            let head = format!(
                "# Written by `docset sync {head}` from the front matter of the documents.\n\
                 # Notes, comments and keys of your own stay as they are.\n"
            );
            let sections: String = sections.iter().map(Section::render).collect();
            Ok(format!("{head}{sections}notes: []\n"))
        }
    }
}

fn who(number: u64, repo: Option<&str>, place: &str) -> Vec<(&'static str, String)> {
    let mut values = vec![("number", number.to_string())];
    if let Some(repo) = repo {
        values.push(("repo", value(repo)));
        values.push(("url", value(&url(repo, place, number))));
    }
    values
}

/// The address of an issue (`issues`) or a pull request (`pull`).
pub(super) fn url(repo: &str, place: &str, number: u64) -> String {
    format!("https://github.com/{repo}/{place}/{number}")
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

fn needs(contents: &Contents<'_>) -> Vec<Item> {
    let item = |need: &super::Required| {
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
    };
    contents.required.iter().map(item).collect()
}

fn decisions(contents: &Contents<'_>) -> Vec<Item> {
    let item = |document: &&Record| {
        let values = [
            ("id", value(name(document))),
            ("title", value(&document.title)),
            ("status", value(&document.status)),
            ("path", value(&document.path)),
        ];
        Item { name: document.path.to_string(), text: line(&values) }
    };
    contents.decisions.iter().map(item).collect()
}

fn numbers(numbers: &BTreeSet<u64>) -> Vec<Item> {
    let item = |number: &u64| Item { name: number.to_string(), text: number.to_string() };
    numbers.iter().map(item).collect()
}
