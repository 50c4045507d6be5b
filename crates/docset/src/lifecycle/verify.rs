//! Which approvals count.

use crate::catalogue::{Catalogue, Phase};
use crate::diagnostic::excerpt;
use crate::front_matter::{Digest, FrontMatter};
use crate::record::Record;
use crate::span::{LineIndex, Position, Span};

/// What an approval comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Written by hand: something that an approval always has is missing.
    Forged,
    /// The content changed since.
    Stale,
    /// Without a digest nobody can tell what was approved.
    Unbound,
    /// It counts.
    Approved,
}

impl State {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Stale => "stale",
            Self::Unbound => "unbound",
            Self::Approved => "approved",
        }
    }

    /// Whether it must not be taken for an approval.
    #[must_use]
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Forged | Self::Stale)
    }
}

/// An approval that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it comes to.
    pub state: State,
    /// Where that is to be seen.
    pub position: Position,
    /// Why, if it does not count.
    pub reasons: Vec<String>,
    /// The digest as written; empty if there is none.
    pub recorded: String,
    /// The digest of the present content.
    pub digest: Digest,
}

/// Looks at the approval of the document `record`, whose text is `text`. `None` if the
/// document claims none, or no longer counts: what was superseded, retired or
/// abandoned needs no approval any more.
#[must_use]
pub fn judge(record: &Record, text: &str, catalogue: &Catalogue) -> Option<Verdict> {
    let claims_approval = record.approval.status == "approved";
    let kind = catalogue.types.get(&record.kind);
    let in_force = record.is_in_force();
    let needs_approval = kind.is_none_or(|kind| kind.approvals);
    let over = matches!(record.phase, Some(Phase::Replaced | Phase::Retired));
    if over || !(claims_approval || in_force && needs_approval) {
        return None;
    }
    let front_matter = FrontMatter::parse(text);
    let node = |key: &str| front_matter.get("approvals").and_then(|node| node.get(key));
    let recorded = node("digest").and_then(|node| node.as_str()).unwrap_or_default().trim();
    let digest = recorded.parse::<Digest>().ok();
    let holds = digest == Some(record.digest);
    let mut reasons = Vec::new();
    if !claims_approval {
        reasons.push(match &*record.approval.status {
            "" => format!("status is `{}`, but no approval is recorded", record.status),
            other => {
                format!("status is `{}`, but the approval is `{}`", record.status, excerpt(other))
            }
        });
    } else {
        for (key, value) in [
            ("request_id", &record.approval.request_id),
            ("approved_by", &record.approval.approved_by),
            ("approved_at", &record.approval.approved_at),
        ] {
            if value.is_empty() {
                reasons.push(format!("there is no `{key}`"));
            }
        }
        if digest.is_none() && !recorded.is_empty() {
            reasons.push("`digest` is no digest".to_owned());
        }
        if !in_force && (holds || digest.is_none()) {
            let status = excerpt(&record.status);
            reasons.push(format!("the approval is `approved`, but status is `{status}`"));
        }
    }
    let state = match digest {
        _ if !reasons.is_empty() => State::Forged,
        None => State::Unbound,
        Some(_) if holds => State::Approved,
        Some(_) => State::Stale,
    };
    match state {
        State::Stale => reasons.push("the document changed after it was approved".to_owned()),
        State::Unbound => reasons.push("there is no `digest` of what was approved".to_owned()),
        State::Forged | State::Approved => {}
    }
    let place = node("digest")
        .filter(|_| digest.is_some() || !recorded.is_empty())
        .or_else(|| node("status"))
        .or_else(|| front_matter.get("status"));
    let offset = place.map_or(Span::at(0), |node| node.span()).start;
    Some(Verdict {
        state,
        position: LineIndex::new(text).position(text, offset),
        reasons,
        recorded: recorded.to_owned(),
        digest: record.digest,
    })
}
