//! Which approvals count, and where that is to be seen.

use crate::front_matter::{Digest, FrontMatter};
use crate::record::{Judgement, Record, Standing};
use crate::span::{LineIndex, Position, Span};

/// An approval that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it comes to.
    pub standing: Standing,
    /// Where that is to be seen.
    pub position: Position,
    /// Why, if it does not count.
    pub reasons: Vec<String>,
    /// The digest as written; empty if there is none.
    pub recorded: String,
    /// The digest of the present content.
    pub digest: Digest,
}

/// The judgement over the approval of the document `record`, whose text is `text`.
/// `None` if the document claims none, or no longer counts: what was superseded, retired
/// or abandoned needs no approval any more.
#[must_use]
pub fn judge(record: &Record, text: &str) -> Option<Verdict> {
    let Judgement { standing, reasons } = record.judgement();
    if !standing.is_claimed() {
        return None;
    }
    let front_matter = FrontMatter::parse(text);
    let node = |key: &str| front_matter.get("approvals").and_then(|node| node.get(key));
    let recorded = &record.approval.recorded;
    let place = node("digest")
        .filter(|_| !recorded.is_empty())
        .or_else(|| node("status"))
        .or_else(|| front_matter.get("status"));
    let offset = place.map_or(Span::at(0), |node| node.span()).start;
    Some(Verdict {
        standing,
        position: LineIndex::new(text).position(text, offset),
        reasons,
        recorded: recorded.clone(),
        digest: record.digest,
    })
}
