//! What a document says of its approval, and what that comes to.

use super::Record;
use crate::catalogue::Phase;
use crate::diagnostic::excerpt;
use crate::document::Date;
use crate::front_matter::{Digest, FrontMatter};

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
}

/// Whether there is something to be seen: a login of invisible characters is nobody's.
fn is_name(value: &str) -> bool {
    value.chars().any(char::is_alphanumeric)
}

/// What makes an approval unbelievable, whatever its digest covers.
pub(super) fn contradictions(front_matter: &FrontMatter<'_>) -> Vec<String> {
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
