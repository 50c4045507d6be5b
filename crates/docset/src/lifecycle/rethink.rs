//! The return of an issue to an earlier stage: new versions of what was decided.
//!
//! Of the documents that the stage or a later one produced,
//!
//! * each that is in force is superseded by a new document, a draft with its text;
//! * each that is in review becomes a draft again: what it rests on is open;
//! * each draft stays as it is, for it is where the work goes on;
//! * those that no longer count stay what they are.
//!
//! A run that was stopped half way is ended by the next one: a draft that already says
//! that it supersedes a document is that document's new version, and no second one is
//! made.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::abandon::Passed;
use super::draft::{Draft, Refusal};
use super::supersede::supersede;
use super::transition::step;
use crate::catalogue::{Catalogue, Phase};
use crate::diagnostic::excerpt;
use crate::document::Date;
use crate::edit::{Edit, apply};
use crate::front_matter::FrontMatter;
use crate::new::{Taken, file_name, first_status};
use crate::record::{Record, Records};
use crate::tree::{is_plain_name, parent};

/// What becomes of documents that other open issues need, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shared {
    /// They are a reason to refuse: somebody has to decide.
    #[default]
    Refuse,
    /// They stay as they are.
    Keep,
    /// They get a new version, which belongs to the other issues, too.
    Rethink,
}

/// Which issue goes back, and how far.
#[derive(Clone, Copy, Debug)]
pub struct RethinkOrder<'a> {
    /// The issue.
    pub issue: u64,
    /// The stages whose documents it concerns.
    pub stages: &'a [String],
    /// Issues that need no document any more.
    pub closed: &'a [u64],
    /// What becomes of documents that other issues need, too.
    pub shared: Shared,
    /// The day of the new versions.
    pub today: Date,
}

/// What becomes of the documents of the issue.
#[derive(Clone, Debug, Default)]
pub struct Rethinking {
    /// New documents, by id; `after` is their text.
    pub created: Vec<Draft>,
    /// Documents that change: superseded ones, and those that become drafts.
    pub changed: Vec<Draft>,
    /// Documents of these stages that stay as they are: drafts, and those that other
    /// issues need.
    pub passed: Vec<Passed>,
    /// Why nothing may be written, if there is a reason.
    pub refusals: Vec<Refusal>,
}

/// Decides over all documents of the issue. `load` reads one of them, `taken` knows the
/// ids in use.
///
/// # Errors
///
/// Those of `load`. What the lifecycle does not allow is in
/// [`refusals`](Rethinking::refusals).
pub fn rethink<E>(
    order: &RethinkOrder<'_>,
    records: &Records,
    catalogue: &Catalogue,
    taken: &mut Taken,
    mut load: impl FnMut(&Arc<str>) -> Result<Draft, E>,
) -> Result<Rethinking, E> {
    let mut outcome = Rethinking::default();
    let mut concerned: Vec<&Record> = records
        .by_path
        .values()
        .filter(|record| record.issues.contains(&order.issue) && is_of(record, order, catalogue))
        .collect();
    concerned.sort_by(|one, other| (&one.id, &one.path).cmp(&(&other.id, &other.path)));
    // Documents that are the new version of another already.
    let mut successors: BTreeMap<Arc<str>, Draft> = BTreeMap::new();
    for record in concerned.iter().filter(|record| record.phase != Some(Phase::Drafting)) {
        let others = record.issues.iter().copied();
        let others: Vec<u64> =
            others.filter(|other| *other != order.issue && !order.closed.contains(other)).collect();
        if !others.is_empty() && order.shared == Shared::Keep {
            outcome.passed.push(passed(record, others));
            continue;
        }
        let mut draft = load(&record.path)?;
        let refusal = if !others.is_empty() && order.shared == Shared::Refuse {
            Some(is_shared(&draft, &others))
        } else if record.phase == Some(Phase::InForce) {
            match successor(records, record, &draft) {
                Ok(Some(known)) => {
                    let mut new = match successors.remove(&known.path) {
                        Some(new) => new,
                        None => load(&known.path)?,
                    };
                    let done = supersede(&mut draft, &mut new, catalogue, records)
                        .and_then(|()| take_back(&mut new, catalogue));
                    successors.insert(Arc::clone(&known.path), new);
                    done.err()
                }
                Ok(None) => {
                    match new_version(&mut draft, record, records, catalogue, taken, order) {
                        Ok(new) => {
                            outcome.created.push(new);
                            None
                        }
                        Err(refusal) => Some(refusal),
                    }
                }
                Err(refusal) => Some(refusal),
            }
        } else {
            take_back(&mut draft, catalogue).err()
        };
        outcome.refusals.extend(refusal);
        outcome.changed.push(draft);
    }
    let drafts = concerned.iter().filter(|record| record.phase == Some(Phase::Drafting));
    let drafts = drafts.filter(|record| !successors.contains_key(&record.path));
    outcome.passed.extend(drafts.map(|record| passed(record, Vec::new())));
    // One in review is met as a document of the issue, too.
    outcome.changed.retain(|draft| !successors.contains_key(&draft.path));
    outcome.changed.extend(successors.into_values());
    Ok(outcome)
}

/// Whether a document is of one of the stages and still counts. One whose type or status
/// nobody knows may be: the step that it cannot take says so.
fn is_of(record: &Record, order: &RethinkOrder<'_>, catalogue: &Catalogue) -> bool {
    let over = matches!(record.phase, Some(Phase::Replaced | Phase::Retired | Phase::Rejected));
    let kind = catalogue.types.get(&record.kind);
    !over && kind.is_none_or(|kind| order.stages.contains(&kind.stage))
}

fn passed(record: &Record, issues: Vec<u64>) -> Passed {
    let (path, id, status) = (Arc::clone(&record.path), record.id.clone(), record.status.clone());
    Passed { path, id, status, issues }
}

fn is_shared(draft: &Draft, others: &[u64]) -> Refusal {
    let list: Vec<String> = others.iter().map(ToString::to_string).collect();
    let list = list.join(", ");
    let message = match others {
        [_] => format!("issue {list} needs it, too"),
        _ => format!("issues {list} need it, too"),
    };
    let closed = list.replace(' ', "");
    let help = format!(
        "`--shared keep` leaves it in force, `--shared rethink` makes a new version for all, and \
         `--closed {closed}` says that nothing is needed there any more"
    );
    draft.refusal_at_key("related_issues", &message, help)
}

/// The document that says already that it takes the place of `old`, if it can still
/// become the new version.
fn successor<'r>(
    records: &'r Records,
    old: &Record,
    draft: &Draft,
) -> Result<Option<&'r Record>, Refusal> {
    let names = |name: &String| *name == old.id || **name == *old.path;
    let counts = |record: &&Record| {
        !matches!(record.phase, Some(Phase::Replaced | Phase::Retired | Phase::Rejected))
    };
    let claims = records.by_path.values().filter(|record| record.path != old.path);
    let claims = claims.filter(|record| record.supersedes.iter().any(names));
    let claims: Vec<&Record> = claims.filter(counts).collect();
    let ids = |claims: &[&Record]| {
        let ids: Vec<String> =
            claims.iter().map(|record| format!("`{}`", excerpt(&record.id))).collect();
        ids.join(" and ")
    };
    match claims.as_slice() {
        [] if old.superseded_by.is_empty() => Ok(None),
        [] => {
            let message = "the document names a successor, so that it cannot be in force";
            let help = "let `docset supersede` write both sides, or remove `superseded_by`";
            Err(draft.refusal_at_key("superseded_by", message, help.to_owned()))
        }
        [one] if matches!(one.phase, Some(Phase::Drafting | Phase::Review)) => Ok(Some(one)),
        [one] => {
            let message = format!("{} takes its place already", ids(&claims));
            let help = format!("run `docset supersede {} {}` first", old.id, one.id);
            Err(draft.refusal_at_key("status", &message, excerpt(&help)))
        }
        _ => {
            let message = format!("{} claim to take its place", ids(&claims));
            let help = "let `docset supersede` say which of them does, or abandon the others";
            Err(draft.refusal_at_key("status", &message, help.to_owned()))
        }
    }
}

/// The new version of `old`, which is superseded by it: a draft with the same text, an id
/// of its own and nothing of the old approval.
fn new_version(
    old: &mut Draft,
    record: &Record,
    records: &Records,
    catalogue: &Catalogue,
    taken: &mut Taken,
    order: &RethinkOrder<'_>,
) -> Result<Draft, Refusal> {
    let (kind, status) = old.status(catalogue)?;
    // Whether it can be superseded at all, before an id is spent on it.
    step(kind, &status.name, Phase::Replaced, "superseded").map_err(|error| old.illegal(&error))?;
    // The new id follows from the old one, and the name of a file from the new id.
    if !old.id.is_empty() && !is_plain_name(&old.id) {
        let message = "no file can be named after the id";
        let help = "write it in letters, digits and hyphens, like `ADR-0001`".to_owned();
        return Err(old.refusal_at_key("doc_id", message, help));
    }
    let Some(prefix) = prefix(&old.id).or(kind.prefixes.first().map(String::as_str)) else {
        let help = format!("give the type one: `docs: types: {}: prefixes: […]`", kind.name);
        return Err(old.refusal_at_key("doc_id", "no id can be made from its type", help));
    };
    let id = taken.next(prefix);
    let today = order.today.to_string();
    let mut text = Draft { after: old.before.clone(), ..old.clone() };
    text.set(&[
        (&["doc_id"], &id),
        (&["status"], first_status(kind)),
        (&["created_at"], &today),
        (&["updated_at"], &today),
    ])?;
    text.after = with_next_version(text.after);
    text.remove(&[&["supersedes"], &["superseded_by"]])?;
    let has_approvals = FrontMatter::parse(&text.after).get("approvals").is_some();
    if has_approvals || kind.approvals {
        text.set(&[(&["approvals", "status"], "pending"), (&["approvals", "request_id"], "")])?;
    }
    text.remove(&[
        &["approvals", "approved_by"],
        &["approvals", "approved_at"],
        &["approvals", "digest"],
    ])?;
    let name = name_of_file(old, &id).unwrap_or_else(|| file_name(&id, &record.title));
    let path = match parent(&old.path) {
        "" => name,
        folder => format!("{folder}/{name}"),
    };
    let mut new = Draft::new(path.into(), text.after);
    supersede(old, &mut new, catalogue, records)?;
    Ok(new)
}

/// The name of the old file with the new id, if it begins with the old one.
fn name_of_file(old: &Draft, id: &str) -> Option<String> {
    let name = old.path.rsplit('/').next()?;
    let rest = name.strip_prefix(old.id.to_lowercase().as_str());
    // `adr-1` is the beginning of `adr-10`, too.
    let rest = rest.filter(|rest| rest.starts_with(['-', '.', '_']))?;
    Some(format!("{}{rest}", id.to_lowercase()))
}

/// The prefix of an id that ends in a number: project infixes stay.
fn prefix(id: &str) -> Option<&str> {
    let (prefix, number) = id.rsplit_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !prefix.is_empty()).then_some(prefix)
}

/// `text` with the next version, if it counts in whole numbers. What any other numbering
/// makes of a new version, its author knows.
fn with_next_version(text: String) -> String {
    let front_matter = FrontMatter::parse(&text);
    let Some(node) = front_matter.get("version") else { return text };
    let version = node.as_str().and_then(|version| version.trim().parse::<u32>().ok());
    let Some(next) = version.and_then(|version| version.checked_add(1)) else { return text };
    // In the quotes of the old one, or without.
    let span = crate::rule::inside_quotes(&text, node);
    apply(&text, &[Edit::replace(span, next.to_string())])
}

/// A document in review becomes a draft again; a draft stays one.
fn take_back(draft: &mut Draft, catalogue: &Catalogue) -> Result<(), Refusal> {
    let (kind, status) = draft.status(catalogue)?;
    if status.phase == Phase::Drafting {
        return Ok(());
    }
    let next = step(kind, &status.name, Phase::Drafting, "draft");
    let name = next.map_err(|error| draft.illegal(&error))?.name.clone();
    draft.set(&[(&["status"], &name)])?;
    let front_matter = FrontMatter::parse(&draft.after);
    let approval = front_matter.get("approvals").and_then(|node| node.get("status"));
    if approval.is_some() { draft.set(&[(&["approvals", "status"], "pending")]) } else { Ok(()) }
}
