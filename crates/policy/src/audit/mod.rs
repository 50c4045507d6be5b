//! Whether a change does what its documents promise, and what was forgotten
//! (specification §3, Auditor).
//!
//! [`audit`] is a pure function over [`AuditFacts`]: it computes what can be computed. It
//! reads no code. [`document`] puts what it found into a document of the type
//! `audit-report` and leaves the rest to whoever audits, as placeholders that
//! `docset check` finds until they are replaced.

mod document;
mod facts;
mod find;
mod output;

use std::collections::BTreeSet;

use countersign_process::Severity;
pub use document::document;
pub use facts::{AuditFacts, load};
pub use find::audit;
use serde::Serialize;

use crate::Reason;
use crate::digest::Digest;

/// What the computed part of an audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// The pull request.
    pub pull_request: u64,
    /// The git revision that the change is compared with.
    pub revision: String,
    /// The commit that was looked at, if git says so.
    pub commit: Option<String>,
    /// The issues that the change is for.
    pub issues: BTreeSet<u64>,
    /// How many files changed.
    pub changed_files: usize,
    /// The documents that belong to the change.
    pub documents: Vec<Covered>,
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// The rules that were looked at, sorted.
    pub rules: Vec<String>,
    /// The policy that says what is required.
    pub policy: Digest,
}

/// A document that belongs to the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// Its id, or its path where it has none.
    pub id: String,
    /// From the root, with `/`.
    pub path: String,
    /// Its type.
    pub kind: String,
    /// How far it is: `approved`, `stale`, …
    pub state: String,
    /// Whether the change touches it.
    pub changed: bool,
}

/// Something that is wrong or was forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What, where, and what to do.
    #[serde(flatten)]
    pub reason: Reason,
}

impl Audit {
    /// How many findings are that bad.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether there is something that must be mended or answered for.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Minor)
    }
}
