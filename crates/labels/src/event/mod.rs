//! What a GitHub event says, and what it leaves out.
//!
//! A payload is hostile: anybody can write a title, a label name, a login. It is
//! also often partial: GitHub marks `label` itself as optional, and deleted accounts
//! come as `null`. So everything is bounded, what is missing is `None` ("not given")
//! and stays so, and a value of another type than GitHub documents makes the whole
//! event unreadable. Nothing is guessed.
//!
//! Left out: what the event means for labels, which is [`crate::guard`]'s business.
//!
//! Source of the shapes: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.

mod payload;
mod read;

use serde::Serialize;

pub use read::{EventError, LARGEST, MOST_LABELS};

/// One event, reduced to what decides about labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which event it is.
    pub name: EventName,
    /// What happened, in GitHub's word (`labeled`, `edited`); `None` if not given.
    pub action: Option<String>,
    /// The repository that the event is about.
    pub repository: Option<Repository>,
    /// The issue or pull request.
    pub subject: Option<Subject>,
    /// The label that was set or taken off.
    pub label: Option<String>,
    /// Who did it.
    pub sender: Sender,
    /// What an edit or a transfer changed.
    pub changes: Changes,
}

/// The events that the guard knows. The name is no part of a payload: GitHub gives it
/// in the header `X-GitHub-Event`, and Actions in `GITHUB_EVENT_NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventName {
    /// `issues`.
    Issues,
    /// `pull_request` or `pull_request_target`, which have the same payload.
    PullRequest,
    /// Any other, by its name; empty if the payload alone does not tell.
    Other(String),
}

impl EventName {
    /// GitHub's name of the event.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Issues => "issues",
            Self::PullRequest => "pull_request",
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for EventName {
    fn from(name: &str) -> Self {
        match name {
            "issues" => Self::Issues,
            "pull_request" | "pull_request_target" => Self::PullRequest,
            _ => Self::Other(name.to_owned()),
        }
    }
}

/// A repository, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// `owner/name`.
    pub full_name: Option<String>,
    /// The account that it belongs to: a person or an organisation.
    pub owner: Option<Account>,
}

/// Whether labels hang on an issue or on a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// An issue.
    Issue,
    /// A pull request.
    PullRequest,
}

/// The issue or pull request of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Which of the two.
    pub kind: SubjectKind,
    /// Its number in the repository.
    pub number: Option<u64>,
    /// The names of the labels that it carries after the event; at most [`MOST_LABELS`].
    pub labels: Option<Vec<String>>,
}

/// Who caused the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// `sender` is missing or `null`, as after the deletion of an account.
    NotGiven,
    /// An account.
    Account(Account),
}

/// An account on GitHub as a payload shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The login, which its holder can change and another then take.
    pub login: Option<String>,
    /// The number of the account, which never changes and is never given out again.
    pub id: Option<u64>,
    /// What it is.
    pub kind: Option<AccountKind>,
}

/// What an account is, as GitHub says in `type`. This, and not the look of the login,
/// tells an app from a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// `User`: a person, or a machine that signed up like one.
    User,
    /// `Bot`: an app. `github-actions[bot]` is the one behind the `GITHUB_TOKEN` of a
    /// workflow.
    Bot,
    /// `Organization`.
    Organization,
    /// Anything else, `Mannequin` for one: a stand-in after an import.
    Other(String),
}

impl AccountKind {
    /// GitHub's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::User => "User",
            Self::Bot => "Bot",
            Self::Organization => "Organization",
            Self::Other(word) => word,
        }
    }
}

impl From<String> for AccountKind {
    fn from(word: String) -> Self {
        match word.as_str() {
            "User" => Self::User,
            "Bot" => Self::Bot,
            "Organization" => Self::Organization,
            _ => Self::Other(word),
        }
    }
}

/// What an event says has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The title was another before.
    pub title: bool,
    /// The text was another before.
    pub body: bool,
    /// The issue was opened by a transfer from another repository, `owner/name` if given.
    pub transferred_from: Option<Option<String>>,
    /// The issue went to another repository, `owner/name` if given.
    pub transferred_to: Option<Option<String>>,
}
