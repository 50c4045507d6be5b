//! Who did something: a person, an app's bot, an organisation.

use serde::Deserialize;

/// An account of GitHub. Its identity is the number: logins can be changed and taken anew.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// GitHub's number of it.
    pub id: u64,
    /// The name it goes by now.
    pub login: String,
    /// What it is, by GitHub's word and not by the look of its login.
    #[serde(rename = "type", default)]
    pub kind: AccountKind,
}

/// What an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[non_exhaustive]
pub enum AccountKind {
    /// A person, or a program that uses a person's account.
    User,
    /// The account of a GitHub App.
    Bot,
    /// An organisation.
    Organization,
    /// A stand-in for somebody from another system.
    Mannequin,
    /// Anything else, and nothing said.
    #[default]
    #[serde(other)]
    Other,
}

/// The GitHub App by way of which something was done.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct App {
    /// GitHub's number of it.
    pub id: u64,
    /// The name in its address.
    #[serde(default)]
    pub slug: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_that_ends_in_bot_makes_no_bot() {
        let account: Account =
            serde_json::from_str(r#"{"login":"evil-bot","id":1,"type":"User"}"#).unwrap();
        assert_eq!(account.kind, AccountKind::User);
        let account: Account =
            serde_json::from_str(r#"{"login":"x[bot]","id":2,"type":"Robot"}"#).unwrap();
        assert_eq!(account.kind, AccountKind::Other);
    }
}
