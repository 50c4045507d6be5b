//! Who the product belongs to, and whom an owner has put in their place for a while.

use serde::{Deserialize, Serialize};

use crate::{Instant, Place};

/// An account on GitHub: a login, or `{login: …, id: …}`.
///
/// A login can be given up and taken by somebody else; the number cannot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(from = "AccountConfig")]
#[cfg_attr(feature = "schema", schemars(with = "AccountConfig"))]
pub struct Account {
    /// The login, as GitHub shows it; case means nothing.
    pub login: String,
    /// The number of the account, if it is to be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a login, or `{login: …, id: …}`")]
enum AccountConfig {
    Login(String),
    Numbered(Numbered),
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Numbered {
    login: String,
    id: Option<u64>,
}

impl From<AccountConfig> for Account {
    fn from(config: AccountConfig) -> Self {
        match config {
            AccountConfig::Login(login) => Self { login, id: None },
            AccountConfig::Numbered(Numbered { login, id }) => Self { login, id },
        }
    }
}

/// The account that stands for every deleted one, and its number.
const GHOST: &str = "ghost";
const GHOST_ID: u64 = 10_137;

impl Account {
    /// Whether somebody with this login and number is the account. Where the account has
    /// a number, the other must have it, too: a login alone proves nothing then.
    #[must_use]
    pub fn is(&self, login: &str, id: Option<u64>) -> bool {
        self.login.eq_ignore_ascii_case(login)
            && self.id.is_none_or(|own| id.is_some_and(|other| other == own))
    }

    /// Whether the login can be a person's: what GitHub accepts for people, and not `ghost`,
    /// which it shows in the place of every deleted account (<https://github.com/ghost>).
    /// The number may still be none, see [`Self::has_number_of_a_person`].
    /// Source: <https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication>.
    pub(crate) fn can_be_a_person(&self) -> bool {
        let login = &self.login;
        (1..=39).contains(&login.len())
            && login.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && !login.starts_with('-')
            && !login.eq_ignore_ascii_case(GHOST)
    }

    /// Whether the number, if there is one, can be a person's.
    pub(crate) fn has_number_of_a_person(&self) -> bool {
        !matches!(self.id, Some(0 | GHOST_ID))
    }
}

/// What an owner has handed to somebody else for a while: for these classes of labels and
/// these operations, until that time, their word counts as an owner's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delegation {
    /// To whom: a person, never an agent.
    pub to: Account,
    /// Classes of labels.
    pub labels: Vec<String>,
    /// Operations that carry no label of another class.
    pub operations: Vec<String>,
    /// From then on it counts no more.
    pub until: Instant,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// A delegation as written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DelegationConfig {
    /// To whom: the login of a person, or `{login: …, id: …}`.
    pub to: Account,
    /// Classes of labels: `trigger`, `deploy`, … Default: none.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Operations by name. Default: none.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Until when, in UTC: `2026-12-31T00:00:00Z`.
    pub until: String,
}
