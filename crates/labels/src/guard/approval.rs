//! The record of an approved request.
//!
//! Whether a request was used before is not for the guard to know: it has no memory. The
//! gateway, which sets the label, uses each approval once.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::settings::{KnownAccount, Match};
use crate::event::{self, Event};

/// The operation that an approval must be of: the tool that sets labels.
pub const OPERATION: &str = "github_request_label";

/// The largest record, in bytes.
const LARGEST: usize = 64 * 1024;

/// An approved request to set one label on one issue, once, for a time.
///
/// ```json
/// {
///   "request_id": "REQ-17",
///   "operation": "github_request_label",
///   "repository": "acme/product",
///   "issue": 7,
///   "label": "run:dev",
///   "approver": {"login": "octavia", "id": 583231},
///   "expires_at": "2026-03-01T12:00:00Z"
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The request that was approved.
    pub request_id: String,
    /// What was asked for; [`OPERATION`].
    pub operation: String,
    /// The repository, `owner/name`.
    pub repository: String,
    /// The number of the issue or pull request.
    pub issue: u64,
    /// The name of the label.
    pub label: String,
    /// The owner who approved.
    pub approver: KnownAccount,
    /// Until when the approval counts, and no longer: a time as in RFC 3339.
    pub expires_at: DateTime<Utc>,
}

/// Why the text of an approval cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApprovalError {
    /// It is larger than any such record.
    #[error("{size} bytes; an approval has at most {LARGEST}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// It is no such record.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Where an approval and an event disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// A field of the approval is about something else than the event.
    Field { name: &'static str, approved: String, given: Option<String> },
    /// It counts no longer.
    Expired,
    /// Who approved it may not.
    Approver,
}

impl Approval {
    /// Reads a record.
    ///
    /// # Errors
    ///
    /// [`ApprovalError`] if it is too large, no JSON, lacks a field or has one too many.
    pub fn read(text: &[u8]) -> Result<Self, ApprovalError> {
        if text.len() > LARGEST {
            return Err(ApprovalError::TooLarge { size: text.len() });
        }
        Ok(serde_json::from_slice(text)?)
    }

    /// Whether it allows `label` on the subject of `event` at `now`. Every field counts;
    /// what the event does not give matches nothing.
    pub(super) fn check(
        &self,
        event: &Event,
        label: &str,
        now: DateTime<Utc>,
        owners: &[KnownAccount],
    ) -> Result<(), Mismatch> {
        let field = |name, approved: &str, given: Option<&str>| Mismatch::Field {
            name,
            approved: approved.to_owned(),
            given: given.map(str::to_owned),
        };
        if self.operation != OPERATION {
            return Err(field("operation", &self.operation, Some(OPERATION)));
        }
        let repository = event.repository.as_ref().and_then(|it| it.full_name.as_deref());
        // GitHub takes no account of case in the names of repositories and labels.
        if !repository.is_some_and(|given| given.eq_ignore_ascii_case(&self.repository)) {
            return Err(field("repository", &self.repository, repository));
        }
        let number = event.subject.as_ref().and_then(|subject| subject.number);
        if number != Some(self.issue) {
            let given = number.map(|number| number.to_string());
            return Err(field("issue", &self.issue.to_string(), given.as_deref()));
        }
        if label.to_lowercase() != self.label.to_lowercase() {
            return Err(field("label", &self.label, Some(label)));
        }
        if now >= self.expires_at {
            return Err(Mismatch::Expired);
        }
        let approver = event::Account {
            login: Some(self.approver.login.clone()),
            id: self.approver.id,
            kind: None,
        };
        let is_owner =
            |owner: &KnownAccount| matches!(owner.compare(&approver), Match::ById | Match::ByLogin);
        if owners.iter().any(is_owner) { Ok(()) } else { Err(Mismatch::Approver) }
    }
}
