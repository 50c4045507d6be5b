//! What the guard is told besides the event: time, permission, its own account, approvals.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::approval::Approval;
use super::settings::KnownAccount;

/// A person's permission in a repository, from nothing to everything
/// (<https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// None
    None,
    /// Reads
    Read,
    /// Manages issues, without writing code
    Triage,
    /// Writes
    Write,
    /// Manages the repository, without what is sensitive or destructive
    Maintain,
    /// Everything
    Admin,
}

impl Permission {
    /// All of them, the least first.
    pub const ALL: [Self; 6] =
        [Self::None, Self::Read, Self::Triage, Self::Write, Self::Maintain, Self::Admin];

    /// GitHub's word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }
}

/// What holds besides the event. The guard looks nothing up itself.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The time, for the expiry of approvals.
    pub now: DateTime<Utc>,
    /// The permission of the sender; `None` if not given, which is not enough for anything.
    pub permission: Option<Permission>,
    /// The account that the guard itself acts as; `None` if not known.
    pub own: Option<KnownAccount>,
    /// The approved request that the event is the effect of.
    pub approval: Option<Approval>,
}

impl Facts {
    /// Nothing but the time.
    #[must_use]
    pub const fn at(now: DateTime<Utc>) -> Self {
        Self { now, permission: None, own: None, approval: None }
    }
}
