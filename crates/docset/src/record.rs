//! What each document says of itself, for whoever works on the whole tree: indexes,
//! maps, approvals.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memmem::Finder;

use crate::catalogue::{Catalogue, KeyKind, Phase};
use crate::check::Checker;
use crate::diagnostic::excerpt;
use crate::document::Date;
use crate::front_matter::{Digest, FrontMatter, content_digest};
use crate::tree::{self, Found, Inputs};
use crate::view::is_about;

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

/// What `approvals` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approval {
    /// `status`: `pending`, `approved`, … ; empty if there is none.
    pub status: String,
    /// `request_id`; empty if there is none.
    pub request_id: String,
    /// `approved_by`; empty if there is none.
    pub approved_by: String,
    /// `approved_at`; empty if there is none.
    pub approved_at: String,
    /// `digest`, if it is one.
    pub digest: Option<Digest>,
    /// `digest` as written; empty if there is none.
    pub recorded: String,
    /// Why nobody can tell what the approval says, or why it cannot be true: a key that
    /// stands there twice, a day that is none.
    pub contradictions: Vec<String>,
}

impl Approval {
    /// The keys that decide whether an approval counts.
    const KEYS: [&str; 5] = ["status", "request_id", "approved_by", "approved_at", "digest"];
}

/// What the approval of a document comes to, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Written by hand: something that an approval always has is missing, or status and
    /// approval contradict each other.
    Forged,
    /// Approved, and the content changed since.
    Stale,
    /// Approved, it says, but without a digest nobody can tell what.
    Unbound,
    /// Approved, and the content is what was approved.
    Approved,
    /// Not approved yet.
    Open,
    /// Nobody approves documents of this type.
    NotNeeded,
    /// The document was superseded, rejected or retired: it needs no approval any more.
    Over,
}

impl Standing {
    /// Every standing, in order.
    pub const ALL: [Self; 7] = [
        Self::Forged,
        Self::Stale,
        Self::Unbound,
        Self::Approved,
        Self::Open,
        Self::NotNeeded,
        Self::Over,
    ];

    /// The word for it, the same in every view.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Stale => "stale",
            Self::Unbound => "unbound",
            Self::Approved => "approved",
            Self::Open => "open",
            Self::NotNeeded => "not needed",
            Self::Over => "gone",
        }
    }

    /// Whether the document claims an approval that must not be taken for one.
    #[must_use]
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Forged | Self::Stale)
    }

    /// Whether the document claims an approval, rightly or not.
    #[must_use]
    pub const fn is_claimed(self) -> bool {
        matches!(self, Self::Forged | Self::Stale | Self::Unbound | Self::Approved)
    }
}

/// What the approval of a document comes to, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What it comes to.
    pub standing: Standing,
    /// Why a claimed approval does not count; empty if it does, or none is claimed.
    pub reasons: Vec<String>,
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

    /// What the approval comes to: [`Record::judgement`] without the reasons.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.judgement().standing
    }

    /// What the approval comes to, and why. This is the one place that decides it: the
    /// report, the map, docset files and `docset verify` all ask here.
    #[must_use]
    pub fn judgement(&self) -> Judgement {
        let Approval { status, digest, recorded, .. } = &self.approval;
        let claims = status == "approved";
        let in_force = self.is_in_force();
        let without = |standing| Judgement { standing, reasons: Vec::new() };
        match self.phase {
            Some(Phase::Replaced | Phase::Retired) => return without(Standing::Over),
            Some(Phase::Rejected) if !claims => return without(Standing::Over),
            _ if claims || in_force && self.needs_approval => {}
            _ if self.needs_approval => return without(Standing::Open),
            _ => return without(Standing::NotNeeded),
        }
        let holds = *digest == Some(self.digest);
        let mut reasons = Vec::new();
        if !claims {
            reasons.push(match status.as_str() {
                "" => format!("status is `{}`, but no approval is recorded", self.status),
                other => {
                    format!("status is `{}`, but the approval is `{}`", self.status, excerpt(other))
                }
            });
        } else {
            reasons.extend(self.faults());
            if digest.is_none() && !recorded.is_empty() {
                reasons.push("`digest` is no digest".to_owned());
            }
            // Where the content changed as well, somebody may have taken it back to work on.
            if !in_force && (holds || digest.is_none()) {
                let status = excerpt(&self.status);
                reasons.push(format!("the approval is `approved`, but status is `{status}`"));
            }
        }
        let standing = match digest {
            _ if !reasons.is_empty() => Standing::Forged,
            None => Standing::Unbound,
            Some(_) if holds => Standing::Approved,
            Some(_) => Standing::Stale,
        };
        match standing {
            Standing::Stale => {
                reasons.push("the document changed after it was approved".to_owned());
            }
            Standing::Unbound => {
                reasons.push("there is no `digest` of what was approved".to_owned());
            }
            _ => {}
        }
        Judgement { standing, reasons }
    }

    /// What an approval always says, and this one does not.
    fn faults(&self) -> impl Iterator<Item = String> {
        let approval = &self.approval;
        let keys = [
            ("request_id", &approval.request_id),
            ("approved_by", &approval.approved_by),
            ("approved_at", &approval.approved_at),
        ];
        let missing = keys.into_iter().filter(|(_, value)| !is_name(value));
        let missing = missing.map(|(key, _)| format!("there is no `{key}`"));
        missing.chain(approval.contradictions.iter().cloned())
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
                contradictions: contradictions(front_matter),
            },
            digest: content_digest(text, front_matter),
            path,
        }
    }
}

/// Whether there is something to be seen: a login of invisible characters is nobody's.
fn is_name(value: &str) -> bool {
    value.chars().any(char::is_alphanumeric)
}

/// What makes an approval unbelievable, whatever its digest covers.
fn contradictions(front_matter: &FrontMatter<'_>) -> Vec<String> {
    let approvals = front_matter.get("approvals");
    let mut found = Vec::new();
    // Of two readers, one takes the first and the other the last. A digest does not tell:
    // it leaves these lines out.
    let tops = front_matter.root().map(|root| (root, "", &["status", "approvals"][..]));
    let inner = approvals.map(|node| (node, "approvals.", &Approval::KEYS[..]));
    for (node, parent, keys) in tops.into_iter().chain(inner) {
        for key in keys {
            if node.entries().filter(|entry| entry.key.as_str() == Some(key)).count() > 1 {
                found.push(format!("the key `{parent}{key}` appears twice"));
            }
        }
    }
    let text = approvals.and_then(|node| node.get("approved_at")).and_then(|node| node.as_str());
    let Some(text) = text.map(str::trim).filter(|text| is_name(text)) else { return found };
    let created = front_matter.text("created_at").and_then(Date::parse);
    // A time of day is no contradiction.
    match (Date::parse_lenient(text), created) {
        (None, _) => found.push(format!("`approved_at` is `{}`, which is no day", excerpt(text))),
        (Some(at), Some(created)) if at < created => {
            found.push(format!("approved on {at}, before it was created on {created}"));
        }
        _ => {}
    }
    found
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

impl Checker {
    /// Reads all documents that the configuration includes, except plain ones.
    #[must_use]
    pub fn records(&self) -> Records {
        self.records_where(&|_, _| true, &|_| true)
    }

    /// Reads the documents that are about `subject`, and those at `paths`. Of all others
    /// it reads the head alone, since nobody else can say which ones these are: a docset
    /// file may be out of date.
    ///
    /// A document that has no front matter, or cannot be read, is about nothing; it is
    /// among the unread ones only if it is one of `paths`.
    #[must_use]
    pub fn records_about(&self, subject: Subject, paths: &BTreeSet<String>) -> Records {
        let (Subject::Issue(number) | Subject::PullRequest(number)) = subject;
        // A number of front matter is unquoted and decimal: whoever names it, has these
        // digits.
        let number = number.to_string();
        let digits = Finder::new(number.as_bytes());
        let may_be = |found: &Found, buffer: &mut Vec<u8>| {
            let Some(head) = tree::head(found, buffer) else { return false };
            if !digits.find_iter(head).any(|at| is_number(head, at, number.len())) {
                return false;
            }
            let head = match std::str::from_utf8(head) {
                Ok(head) => head,
                Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
            };
            names(&FrontMatter::parse(head), subject)
        };
        let asked_for = |path: &str| paths.contains(path);
        let mut records = self.records_where(&may_be, &asked_for);
        records.by_path.retain(|path, record| asked_for(path) || is_about(record, subject));
        records.unread.retain(|path, _| asked_for(path));
        records
    }

    /// Reads the documents whose path `is_wanted`, and those whose head `may_be` wanted,
    /// on all processors.
    fn records_where(
        &self,
        may_be: &(dyn Fn(&Found, &mut Vec<u8>) -> bool + Sync),
        is_wanted: &(dyn Fn(&str) -> bool + Sync),
    ) -> Records {
        let inputs = Inputs {
            root: self.root(),
            patterns: &self.config().include,
            base: self.root(),
            ignore_files: true,
        };
        let documents: Vec<_> = tree::walk(&inputs, self.settings())
            .documents
            .into_iter()
            .filter(|(path, _)| !self.settings().plain.is_match(&**path))
            .collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.clamp(1, documents.len().div_ceil(FEW).max(1));
        let next = AtomicUsize::new(0);
        let work = || {
            let (mut records, mut buffer) = (Records::default(), Vec::new());
            loop {
                let from = next.fetch_add(FEW, Ordering::Relaxed);
                let Some(some) = documents.get(from..).filter(|some| !some.is_empty()) else {
                    return records;
                };
                for (path, found) in &some[..some.len().min(FEW)] {
                    if !is_wanted(path) && !may_be(found, &mut buffer) {
                        continue;
                    }
                    let path = Arc::clone(path);
                    match tree::read(&found.full, &mut buffer) {
                        Err(error) => drop(records.unread.insert(path, error.to_string())),
                        Ok(()) => match std::str::from_utf8(&buffer) {
                            Ok(text) => records.put(path, text, self.catalogue()),
                            Err(_) => {
                                let reason = "it is not UTF-8".to_owned();
                                records.unread.insert(path, reason);
                            }
                        },
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut records = work();
            for other in others.into_iter().map(tree::joined) {
                records.by_path.extend(other.by_path);
                records.unread.extend(other.unread);
            }
            records
        })
    }
}

/// Whether the digits at `at` stand for themselves, zeros in front of them allowed for, and
/// are no part of a longer number or of a digest.
fn is_number(text: &[u8], at: usize, length: usize) -> bool {
    let behind = text.get(at + length).copied();
    let zeros = text[..at].iter().rev().take_while(|byte| **byte == b'0').count();
    let before = (at - zeros).checked_sub(1).map(|at| text[at]);
    let is_apart = |byte: Option<u8>| !byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    is_apart(before) && is_apart(behind)
}

/// Whether the front matter names the issue or pull request, as
/// [`is_about`](crate::view::is_about) has it.
fn names(front_matter: &FrontMatter<'_>, wanted: Subject) -> bool {
    let (key, number) = match wanted {
        Subject::Issue(number) => ("related_issues", number),
        Subject::PullRequest(number) => ("related_prs", number),
    };
    let mut nodes = front_matter.get(key).into_iter().flat_map(|node| node.one_or_many());
    nodes.any(|node| node.as_integer().is_some_and(|it| u64::try_from(it) == Ok(number)))
        || subject(front_matter) == Some(wanted)
}

/// Documents that a thread takes at once.
const FEW: usize = 16;
