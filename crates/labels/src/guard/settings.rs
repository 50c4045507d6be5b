//! Who is who: the key `guard:` under `labels:`.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::event;

/// Who may set the labels that are the owner's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct GuardSettings {
    /// The product's owners. Default: those of `process: owners`. Where that has none
    /// either, whoever holds the repository's admin permission, or is the person that it
    /// belongs to, counts as one.
    pub owners: Vec<KnownAccount>,
    /// Accounts of people's kind that programs use. Apps need not be named: GitHub says
    /// of them that they are. Default: none.
    pub agents: Vec<KnownAccount>,
    /// The apps and agents that may carry out an approved request. Default: any.
    pub executors: Vec<KnownAccount>,
    /// Whom an owner has put in their place: `process: delegations`.
    #[serde(skip)]
    pub delegates: Vec<Delegate>,
}

/// Somebody whose word counts as an owner's for some labels, for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegate {
    /// Who: a person.
    pub to: KnownAccount,
    /// Classes of labels, such as `trigger`.
    pub labels: Vec<String>,
    /// From then on it counts no more.
    pub until: DateTime<Utc>,
}

/// An account that the configuration knows: its login, or the login and the number.
///
/// The number is worth the trouble: it outlives a change of the login, and when an
/// account gives its login up, whoever takes it is not taken for the owner. It is `id` in
/// `https://api.github.com/users/LOGIN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAccount {
    /// The login. That of an app ends in `[bot]`.
    pub login: String,
    /// The number of the account.
    pub id: Option<u64>,
}

/// What an account of an event is to a [`KnownAccount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// The same, by its number.
    ById,
    /// The same by its login; no number is configured.
    ByLogin,
    /// The login is the known one, the account is another: the event gives this number,
    /// or none.
    OnlyLooksLike(Option<u64>),
    /// Another.
    No,
}

impl KnownAccount {
    pub(super) fn compare(&self, account: &event::Account) -> Match {
        let same_login =
            account.login.as_ref().is_some_and(|login| login.eq_ignore_ascii_case(&self.login));
        match (self.id, account.id) {
            (Some(known), Some(given)) if known == given => Match::ById,
            (Some(_), given) if same_login => Match::OnlyLooksLike(given),
            (None, _) if same_login => Match::ByLogin,
            _ => Match::No,
        }
    }
}

impl fmt::Display for KnownAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            Some(id) => write!(formatter, "{} (id {id})", self.login),
            None => formatter.write_str(&self.login),
        }
    }
}

/// A fault of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFault {
    /// The way to the value below `guard`: `["owners", "0"]`.
    pub route: [String; 2],
    /// The fact, in one line.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

impl GuardSettings {
    /// Looks for what no reading of single values finds: an agent among the owners, the
    /// account that GitHub puts in the place of deleted ones, a login that none can have.
    ///
    /// # Errors
    ///
    /// The first [`SettingsFault`], with the way to its value.
    pub fn validate(&self) -> Result<(), SettingsFault> {
        let lists =
            [("owners", &self.owners), ("agents", &self.agents), ("executors", &self.executors)];
        for (list, accounts) in lists {
            for (at, account) in accounts.iter().enumerate() {
                let route = [list.to_owned(), at.to_string()];
                let fault = |message: String, help| {
                    Err(SettingsFault { route: route.clone(), message, help })
                };
                let app = account.login.ends_with(APP_SUFFIX);
                if !is_login(account.login.strip_suffix(APP_SUFFIX).unwrap_or(&account.login)) {
                    return fault(
                        format!("`{}` is no login", account.login),
                        "a login has letters, digits and hyphens, at most 39; that of an app ends in `[bot]`",
                    );
                }
                if account.login.eq_ignore_ascii_case(GHOST.login) || account.id == Some(GHOST.id) {
                    return fault(
                        format!("`{}` stands for every deleted account", account.login),
                        "name the account of a person or an app",
                    );
                }
                if list == "owners" && app {
                    return fault(
                        format!("`{}` is an app; an owner is a person", account.login),
                        "name it under `executors` if it carries out what owners approve",
                    );
                }
                if list == "owners" && self.agents.iter().any(|agent| agent.is(account)) {
                    return fault(
                        format!("`{}` is an agent too; an agent is never an owner", account.login),
                        "name it under one of the two",
                    );
                }
            }
        }
        Ok(())
    }
}

impl KnownAccount {
    /// Whether both may be one account: in a doubt they are.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.login.eq_ignore_ascii_case(&other.login) || (self.id.is_some() && self.id == other.id)
    }
}

/// How GitHub marks the login of an app. No person can sign up with brackets, but that is
/// never what is decided by: `type` is.
pub(super) const APP_SUFFIX: &str = "[bot]";

/// The account that GitHub shows in the place of a deleted one: <https://github.com/ghost>.
pub(super) const GHOST: Ghost = Ghost { login: "ghost", id: 10_137 };

pub(super) struct Ghost {
    pub(super) login: &'static str,
    pub(super) id: u64,
}

/// Enterprise accounts add an underscore and a short code to the login.
fn is_login(login: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !login.is_empty() && login.len() <= 39 && login.bytes().all(known)
}

impl<'de> Deserialize<'de> for KnownAccount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AccountVisitor)
    }
}

struct AccountVisitor;

impl<'de> Visitor<'de> for AccountVisitor {
    type Value = KnownAccount;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a login, or `login` and `id`")
    }

    fn visit_str<E: Error>(self, login: &str) -> Result<KnownAccount, E> {
        Ok(KnownAccount { login: login.to_owned(), id: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<KnownAccount, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            login: String,
            id: Option<u64>,
        }
        let Fields { login, id } =
            Fields::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(KnownAccount { login, id })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for KnownAccount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "account".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "An account on GitHub: its login, or the login and the number, which outlives a change of the login",
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {
                        "login": {"type": "string", "description": "The login; that of an app ends in `[bot]`"},
                        "id": {"type": "integer", "minimum": 1, "description": "`id` in https://api.github.com/users/LOGIN"}
                    },
                    "required": ["login"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(login: &str, id: Option<u64>) -> KnownAccount {
        KnownAccount { login: login.to_owned(), id }
    }

    fn sender(login: &str, id: Option<u64>) -> event::Account {
        event::Account { login: Some(login.to_owned()), id, kind: None }
    }

    #[test]
    fn the_number_decides_where_one_is_configured() {
        let octavia = account("octavia", Some(7));
        assert_eq!(octavia.compare(&sender("renamed", Some(7))), Match::ById);
        assert_eq!(octavia.compare(&sender("Octavia", Some(8))), Match::OnlyLooksLike(Some(8)));
        assert_eq!(octavia.compare(&sender("octavia", None)), Match::OnlyLooksLike(None));
        assert_eq!(account("octavia", None).compare(&sender("OCTAVIA", Some(8))), Match::ByLogin);
        assert_eq!(octavia.compare(&sender("other", Some(8))), Match::No);
    }

    #[test]
    fn an_owner_is_a_living_person_and_no_agent() {
        let with = |owners: Vec<KnownAccount>, agents: Vec<KnownAccount>| {
            let settings = GuardSettings { owners, agents, ..GuardSettings::default() };
            settings
                .validate()
                .map_err(|fault| format!("{}: {}", fault.route.join("."), fault.message))
        };
        assert_eq!(with(vec![account("octavia", None)], vec![account("robot", Some(3))]), Ok(()));
        let faults = [
            with(vec![account("a", None), account("x[bot]", None)], vec![]),
            with(vec![account("Robot", None)], vec![account("robot", None)]),
            with(vec![account("robot", Some(3))], vec![account("renamed", Some(3))]),
            with(vec![account("Ghost", None)], vec![]),
            with(vec![], vec![account("no login", None)]),
        ];
        insta::assert_debug_snapshot!(faults, @r#"
        [
            Err(
                "owners.1: `x[bot]` is an app; an owner is a person",
            ),
            Err(
                "owners.0: `Robot` is an agent too; an agent is never an owner",
            ),
            Err(
                "owners.0: `robot` is an agent too; an agent is never an owner",
            ),
            Err(
                "owners.0: `Ghost` stands for every deleted account",
            ),
            Err(
                "agents.0: `no login` is no login",
            ),
        ]
        "#);
    }
}
