//! Decisions: from a request to a verdict with its reasons.

mod approval;
mod condition;
mod decide;
mod who;

use std::time::Duration;

use countersign_process::Instant;
use serde::Serialize;

use crate::digest::Digest;
use crate::reason::Reason;

/// What comes of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The decision.
    #[serde(flatten)]
    pub decision: Decision,
    /// Why, with the rules that counted below it.
    pub reason: Reason,
    /// The digest of the policy that decided.
    pub policy: Digest,
    /// The digest of the request, which an approval is bound to.
    pub request: Digest,
}

/// The decision on a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "decision", content = "approval", rename_all = "kebab-case")]
pub enum Decision {
    /// It may be done.
    Allow,
    /// It may be done once the approval is there.
    NeedsApproval(NeededApproval),
    /// It may not be done.
    Deny,
}

impl Decision {
    /// The word for it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::NeedsApproval(_) => "needs-approval",
            Self::Deny => "deny",
        }
    }
}

/// The approval that a request needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeededApproval {
    /// The logins of those who may give it, sorted.
    pub by: Vec<String>,
    /// How many of them must.
    pub quorum: u32,
    /// How many have, in a way that counts.
    pub given: u32,
    /// How long the request waits, and an approval counts, in seconds.
    #[serde(serialize_with = "seconds")]
    pub expires_in: Duration,
    /// The end of that, if the time is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Instant>,
}

fn seconds<S: serde::Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(span.as_secs())
}
