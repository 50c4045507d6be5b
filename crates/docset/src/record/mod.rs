//! What each document says of itself, for whoever works on the whole tree: indexes,
//! maps, approvals.

mod approval;
mod read;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use approval::{Approval, Judgement, Standing};

use crate::catalogue::{Catalogue, KeyKind, Phase};
use crate::front_matter::{Digest, FrontMatter, content_digest};

/// All documents of a repository that say what they are, by path.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Documents by path (from the root, with `/`).
    pub by_path: BTreeMap<Arc<str>, Record>,
    /// Documents that cannot be read or have no front matter, by path, with the
    /// reason. `docset check` says more about each.
    pub unread: BTreeMap<Arc<str>, String>,
}

/// What one document says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// From the root, with `/`.
    pub path: Arc<str>,
    /// `doc_id`; empty if there is none.
    pub id: String,
    /// `type`; empty if there is none.
    pub kind: String,
    /// `title`; empty if there is none.
    pub title: String,
    /// `status`; empty if there is none.
    pub status: String,
    /// What the status means; `None` for one that the catalogue does not know.
    pub phase: Option<Phase>,
    /// Whether an owner approves documents of its type; so it is for a type that the
    /// catalogue does not know.
    pub needs_approval: bool,
    /// `owner_role`; empty if there is none.
    pub owner_role: String,
    /// `updated_at`; empty if there is none.
    pub updated_at: String,
    /// `related_issues`, sorted, each once.
    pub issues: Vec<u64>,
    /// `related_prs`, sorted, each once.
    pub pull_requests: Vec<u64>,
    /// `supersedes`: ids or paths, as written.
    pub supersedes: Vec<String>,
    /// `superseded_by`: ids or paths, as written.
    pub superseded_by: Vec<String>,
    /// What the other keys that name documents say: ids or paths, with the key.
    pub references: Vec<Reference>,
    /// What a docset in Markdown form is the docset of.
    pub subject: Option<Subject>,
    /// `approvals`.
    pub approval: Approval,
    /// The digest of the present content.
    pub digest: Digest,
}

/// A document named by a key of front matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The key: `related_docsets`, …
    pub key: String,
    /// An id or a path, as written.
    pub to: String,
}

/// An issue or a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The issue with that number.
    Issue(u64),
    /// The pull request with that number.
    PullRequest(u64),
}

impl Record {
    /// What the document at `path` with this text says of itself.
    ///
    /// # Errors
    ///
    /// The reason, if it has no front matter that can be read.
    pub fn read(path: Arc<str>, text: &str, catalogue: &Catalogue) -> Result<Self, String> {
        let front_matter = FrontMatter::parse(text);
        if front_matter.root().is_none() {
            return Err("it has no front matter that can be read".to_owned());
        }
        Ok(Self::new(path, text, &front_matter, catalogue))
    }

    /// As [`Record::read`], of front matter that was parsed before; what it does not say is
    /// empty.
    #[must_use]
    pub fn of(
        path: Arc<str>,
        text: &str,
        front_matter: &FrontMatter<'_>,
        catalogue: &Catalogue,
    ) -> Self {
        Self::new(path, text, front_matter, catalogue)
    }

    /// Whether the status says that it counts.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.phase == Some(Phase::InForce)
    }

    fn new(
        path: Arc<str>,
        text: &str,
        front_matter: &FrontMatter<'_>,
        catalogue: &Catalogue,
    ) -> Self {
        let text_of = |key: &str| front_matter.text(key).unwrap_or_default().trim().to_owned();
        let numbers = |key: &str| {
            let nodes = front_matter.get(key).into_iter().flat_map(|node| node.one_or_many());
            let numbers = nodes.filter_map(|node| u64::try_from(node.as_integer()?).ok());
            let mut numbers: Vec<u64> = numbers.filter(|number| *number > 0).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        let names = |key: &str| {
            let nodes = front_matter.get(key).into_iter().flat_map(|node| node.one_or_many());
            let names = nodes.filter_map(|node| node.as_str()).map(|name| name.trim().to_owned());
            names.filter(|name| !name.is_empty()).collect()
        };
        let approvals = front_matter.get("approvals");
        let approval = |key: &str| {
            let node = approvals.and_then(|approvals| approvals.get(key));
            node.and_then(|node| node.as_str()).unwrap_or_default().trim().to_owned()
        };
        let recorded = approval("digest");
        let status = text_of("status");
        let kind = front_matter.text("type").and_then(|name| catalogue.types.get(name));
        let phase = match kind {
            Some(kind) => kind.status(&status),
            None => catalogue.status(&status),
        };
        Self {
            id: text_of("doc_id"),
            kind: text_of("type"),
            title: text_of("title"),
            phase: phase.map(|status| status.phase),
            status,
            needs_approval: kind.is_none_or(|kind| kind.approvals),
            owner_role: text_of("owner_role"),
            updated_at: text_of("updated_at"),
            issues: numbers("related_issues"),
            pull_requests: numbers("related_prs"),
            supersedes: names("supersedes"),
            superseded_by: names("superseded_by"),
            references: references(front_matter, catalogue),
            subject: subject(front_matter),
            approval: Approval {
                status: approval("status"),
                request_id: approval("request_id"),
                approved_by: approval("approved_by"),
                approved_at: approval("approved_at"),
                digest: recorded.parse().ok(),
                recorded,
                contradictions: approval::contradictions(front_matter),
            },
            digest: content_digest(text, front_matter),
            path,
        }
    }
}

/// What the keys that name documents say, except supersession.
fn references(front_matter: &FrontMatter<'_>, catalogue: &Catalogue) -> Vec<Reference> {
    let entries = front_matter.root().into_iter().flat_map(|root| root.entries());
    let mut references = Vec::new();
    for entry in entries {
        let Some(key) = entry.key.as_str() else { continue };
        let kind = catalogue.keys.get(key).map(|key| key.kind);
        if !matches!(kind, Some(KeyKind::Reference | KeyKind::References))
            || matches!(key, "supersedes" | "superseded_by")
        {
            continue;
        }
        let names = entry.value.one_or_many().filter_map(|node| node.as_str()).map(str::trim);
        references.extend(
            names
                .filter(|name| !name.is_empty())
                .map(|name| Reference { key: key.to_owned(), to: name.to_owned() }),
        );
    }
    references
}

/// What `issue:` or `pr:` of a docset says.
fn subject(front_matter: &FrontMatter<'_>) -> Option<Subject> {
    let number = |key: &str| {
        let number = front_matter.get(key)?.get("number")?.as_integer()?;
        u64::try_from(number).ok().filter(|number| *number > 0)
    };
    match front_matter.text("type")? {
        "docset-issue" => number("issue").map(Subject::Issue),
        "docset-pr" => number("pr").map(Subject::PullRequest),
        _ => None,
    }
}

impl Records {
    /// The documents with that id: one, unless two share it.
    pub fn by_id<'r>(&'r self, id: &'r str) -> impl Iterator<Item = &'r Record> {
        self.by_path.values().filter(move |record| record.id == id)
    }

    /// Lets the document at `path` have this text.
    pub fn put(&mut self, path: Arc<str>, text: &str, catalogue: &Catalogue) {
        self.by_path.remove(&path);
        self.unread.remove(&path);
        match Record::read(Arc::clone(&path), text, catalogue) {
            Ok(record) => drop(self.by_path.insert(path, record)),
            Err(reason) => drop(self.unread.insert(path, reason)),
        }
    }
}
