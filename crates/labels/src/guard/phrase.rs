//! How reasons speak of people, times and places.

use chrono::{DateTime, SecondsFormat, Utc};

use super::decide::Case;
use super::settings::KnownAccount;
use super::show::shown;
use super::standing::owners;
use crate::event::{Sender, SubjectKind};

impl Case<'_> {
    /// The sender as a phrase.
    pub(super) fn sender(&self) -> String {
        let Sender::Account(account) = &self.event.sender else {
            return "somebody whom the event does not name".to_owned();
        };
        let login = account.login.as_deref().map(|login| format!("`{}`", shown(login)));
        match (login, account.id) {
            (Some(login), Some(id)) => format!("{login} (id {id})"),
            (Some(login), None) => login,
            (None, Some(id)) => format!("the account {id}"),
            (None, None) => "somebody whom the event does not name".to_owned(),
        }
    }

    /// What somebody without the owner's rights can do.
    pub(super) fn ask(&self, label: &str) -> String {
        format!("ask {} to set `{}`", self.some_owner(), shown(label))
    }

    pub(super) fn some_owner(&self) -> String {
        const MOST: usize = 5;
        let owners = owners(self.event, self.settings);
        let mut names: Vec<String> =
            owners.iter().take(MOST).map(KnownAccount::shown_login).collect();
        if owners.len() > MOST {
            names.push(format!("{} more", owners.len() - MOST));
        }
        match names.as_slice() {
            [] => "somebody with the admin permission".to_owned(),
            [one] => format!("the owner {one}"),
            several => format!("an owner ({})", several.join(", ")),
        }
    }
}

impl KnownAccount {
    fn shown_login(&self) -> String {
        format!("`{}`", shown(&self.login))
    }

    pub(super) fn shown(&self) -> String {
        match self.id {
            Some(id) => format!("{} (id {id})", self.shown_login()),
            None => self.shown_login(),
        }
    }
}

pub(super) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl SubjectKind {
    /// The word for it in a sentence.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::PullRequest => "pull request",
        }
    }
}
