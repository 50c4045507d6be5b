//! What audits look for: documents that are easily forgotten (specification §3, Auditor).

use serde::{Deserialize, Serialize};

use crate::{Place, Title};

/// A change of certain files asks for certain documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRule {
    /// Globs of the files.
    pub changed: Vec<String>,
    /// Globs of files that do not count.
    pub except: Vec<String>,
    /// Types of documents that the issue or pull request must have.
    pub needs: Vec<String>,
    /// How bad it is if they are missing.
    pub severity: Severity,
    /// Why.
    pub because: Title,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// How bad a finding of an audit is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The change must not be merged like that.
    Blocker,
    /// It is to be mended, or an owner says why not.
    Major,
    /// It is worth knowing.
    Minor,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::Major => "major",
            Self::Minor => "minor",
        }
    }
}
