//! One document takes the place of another.

use std::collections::BTreeSet;

use crate::catalogue::{Catalogue, Phase};
use crate::diagnostic::excerpt;
use crate::front_matter::FrontMatter;
use crate::record::Records;

use super::draft::{Draft, Refusal};
use super::transition::step;

/// Writes both sides: `old` becomes superseded and names `new` in `superseded_by`,
/// `new` names `old` in `supersedes`.
///
/// `records` holds the other documents, which may lead from one to the other.
///
/// # Errors
///
/// [`Refusal`] when `old` cannot be superseded, when `new` no longer counts itself or
/// is superseded by `old`, and when naming `old` would void the approval of `new`.
pub fn supersede(
    old: &mut Draft,
    new: &mut Draft,
    catalogue: &Catalogue,
    records: &Records,
) -> Result<(), Refusal> {
    for draft in [&*old, &*new] {
        if draft.id.is_empty() {
            let help = "give it one: the other document names it by its id".to_owned();
            return Err(draft.refusal_at_key("doc_id", "the document has no id", help));
        }
    }
    for draft in [&*old, &*new] {
        let mut same = records.by_id(&draft.id).filter(|record| record.path != draft.path);
        if let Some(other) = same.next() {
            let message = format!("`{}` has the same id", excerpt(&other.path));
            let help = "give one of them another: documents name each other by their ids";
            return Err(draft.refusal_at_key("doc_id", &message, help.to_owned()));
        }
    }
    if old.id == new.id {
        let help = "name the old document and then the new one".to_owned();
        let message = "a document cannot supersede itself";
        return Err(new.refusal_at_key("doc_id", message, help));
    }
    if leads(records, &old.id, &new.id) {
        let message = format!("`{}` supersedes `{}` already", excerpt(&old.id), excerpt(&new.id));
        let help = "name the old document and then the new one".to_owned();
        return Err(old.refusal_at_key("supersedes", &message, help));
    }
    let (kind, status) = old.status(catalogue)?;
    let status = match status.phase {
        Phase::Replaced => status,
        _ => step(kind, &status.name, Phase::Replaced, "superseded")
            .map_err(|error| old.illegal(&error))?,
    };
    let (_, successor) = new.status(catalogue)?;
    if matches!(successor.phase, Phase::Rejected | Phase::Replaced | Phase::Retired) {
        let name = &successor.name;
        let message = format!("a document that is `{name}` cannot take the place of another");
        let help = "name a document that is proposed, in review or in force".to_owned();
        return Err(new.refusal_at_key("status", &message, help));
    }
    let name = status.name.clone();
    old.set(&[(&["status"], &name)])?;
    old.add("superseded_by", &new.id)?;
    new.add("supersedes", &old.id)?;
    let front_matter = FrontMatter::parse(&new.before);
    let approval = front_matter.get("approvals").and_then(|approvals| approvals.get("status"));
    if new.is_changed() && approval.is_some_and(|node| node.as_str() == Some("approved")) {
        let message = format!(
            "it is approved, and the approved text does not say that it supersedes `{}`",
            excerpt(&old.id)
        );
        let help = format!(
            "add `{}` to its `supersedes`, approve it again, then supersede",
            excerpt(&old.id)
        );
        return Err(new.refusal_at_key("status", &message, help));
    }
    Ok(())
}

/// Whether `supersedes` leads from `from` to `to`, over any number of documents.
fn leads(records: &Records, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id) {
            let next = records.by_id(id).flat_map(|record| &record.supersedes);
            open.extend(next.map(String::as_str));
        }
    }
    false
}
