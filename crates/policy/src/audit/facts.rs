//! What an audit looks at, and how it is read from a checkout.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::sync::Arc;

use countersign_docset::Checker;
use countersign_docset::docset::{Docset, ISSUES, PULL_REQUESTS, pr_path};
use countersign_docset::document::Date;
use countersign_docset::record::{Records, Subject};
use countersign_docset::tree::Deleted;
use countersign_docset::view::{INDEX, ISSUE_MAP, index, issue_map};

use crate::gate::{DocsetFile, Fault, LoadError, docset_at, faults, folder, text};

/// Everything that an audit looks at.
#[derive(Clone, Debug)]
pub struct AuditFacts {
    /// The pull request.
    pub pull_request: u64,
    /// The git revision that the change is compared with.
    pub revision: String,
    /// The commit that is checked out, if git says so.
    pub commit: Option<String>,
    /// The files that differ from the revision, those that are gone included.
    pub changed: BTreeSet<String>,
    /// All documents.
    pub records: Records,
    /// The docset file of the pull request.
    pub docset: DocsetFile,
    /// Its text.
    pub docset_text: Option<String>,
    /// The docset files of all issues, by number.
    pub issues: BTreeMap<u64, DocsetFile>,
    /// The errors that `docset check` finds in changed documents.
    pub faults: BTreeMap<Arc<str>, Vec<Fault>>,
    /// The day on which pages would be generated.
    pub today: Date,
    /// Generated pages that are out of date: the path, and what renews it.
    pub stale_views: Vec<(String, &'static str)>,
}

/// Reads what an audit of the pull request looks at. `today` is the day that pages would
/// be generated on.
///
/// # Errors
///
/// [`LoadError`] if something is there and cannot be read.
pub fn load(
    checker: &Checker,
    pull_request: u64,
    revision: &str,
    today: Date,
) -> Result<AuditFacts, LoadError> {
    let mut facts = AuditFacts {
        pull_request,
        revision: revision.to_owned(),
        commit: commit(checker),
        changed: checker.changed_since(revision, Deleted::Included)?,
        records: checker.records(),
        docset: DocsetFile::Missing,
        docset_text: None,
        issues: BTreeMap::new(),
        faults: BTreeMap::new(),
        today,
        stale_views: Vec::new(),
    };
    let path = pr_path(pull_request);
    facts.docset = docset_at(checker, &path, Subject::PullRequest(pull_request))?;
    facts.docset_text = text(checker, &path)?.and_then(Result::ok);
    let mut docsets = BTreeMap::new();
    for (number, path) in folder(checker, ISSUES, "issue-")? {
        let docset = docset_at(checker, &path, Subject::Issue(number))?;
        docsets.insert(path, known(&docset));
        facts.issues.insert(number, docset);
    }
    for (number, path) in folder(checker, PULL_REQUESTS, "pr-")? {
        let docset = docset_at(checker, &path, Subject::PullRequest(number))?;
        docsets.insert(path, known(&docset));
    }
    let changed = facts.records.by_path.keys().filter(|path| facts.changed.contains(&***path));
    let changed: Vec<String> = changed.map(ToString::to_string).collect();
    if !changed.is_empty() {
        facts.faults = faults(checker, changed)?;
    }
    facts.stale_views = stale_views(checker, &facts.records, &docsets, today)?;
    Ok(facts)
}

fn known(docset: &DocsetFile) -> Docset {
    match docset {
        DocsetFile::Read(docset) => docset.clone(),
        DocsetFile::Missing | DocsetFile::Unreadable(_) => Docset::default(),
    }
}

/// The generated pages that are there and say something else than they would now. One that
/// was never generated is nobody's promise.
fn stale_views(
    checker: &Checker,
    records: &Records,
    docsets: &BTreeMap<String, Docset>,
    today: Date,
) -> Result<Vec<(String, &'static str)>, LoadError> {
    let map = issue_map(records, docsets, checker.catalogue(), ISSUE_MAP);
    let pages =
        [(ISSUE_MAP, map, "docset map"), (INDEX, index(records, "", INDEX), "docset index")];
    let mut stale = Vec::new();
    for (path, page, command) in pages {
        let Some(Ok(present)) = text(checker, path)? else { continue };
        // A page without a place for the generated part is not generated.
        let Ok(fresh) = page.render(Some(&present), today) else { continue };
        if fresh != present {
            stale.push((path.to_owned(), command));
        }
    }
    Ok(stale)
}

/// The commit that is checked out.
fn commit(checker: &Checker) -> Option<String> {
    let mut git = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(variable);
    }
    let output = git
        .arg("-C")
        .arg(checker.root())
        .args(["rev-parse", "--verify", "HEAD"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    let is_hash = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    (output.status.success() && is_hash).then_some(commit)
}
