//! From the text of a payload to an [`Event`].

use countersign_markup::shown::escape;

use super::payload::{self, Payload};
use super::{Account, Changes, Event, EventName, Repository, Sender, Subject, SubjectKind};

/// The largest payload that is read, in bytes. GitHub sends none above 25 MB:
/// <https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap>.
pub const LARGEST: usize = 25 * 1024 * 1024;

/// The most labels that an issue may carry here. GitHub allows 100.
pub const MOST_LABELS: usize = 100;

/// The longest name that is taken from a payload, in bytes: GitHub cuts labels at 50
/// characters and logins at 39.
const LONGEST_NAME: usize = 1024;

/// Why a payload cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// It is larger than GitHub ever sends.
    #[error("{size} bytes; GitHub sends no event above {LARGEST}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// It is a list.
    #[error("an event is an object, and this is a list")]
    NoObject,
    /// It is no JSON, or a value is of another type than GitHub documents.
    #[error("line {}, column {}: {}", .0.line(), .0.column(), describe(.0))]
    Json(serde_json::Error),
    /// The name of the event says one thing, and the payload another.
    #[error("the payload is one of `{told}` events, and the event is called `{}`", escape(.named))]
    OtherName {
        /// The name that was given.
        named: String,
        /// What the payload holds.
        told: &'static str,
    },
    /// The issue has more labels than GitHub allows.
    #[error("`{field}` has {count} entries; GitHub allows {MOST_LABELS}")]
    TooManyLabels {
        /// The list, as a path into the payload.
        field: &'static str,
        /// How many there are.
        count: usize,
    },
    /// A name is longer than any of GitHub's.
    #[error("`{field}` is {length} bytes long; no name on GitHub is longer than {LONGEST_NAME}")]
    TooLong {
        /// The value, as a path into the payload.
        field: &'static str,
        /// Its length in bytes.
        length: usize,
    },
}

/// The error without its place, which is said first.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    // The value in it is the payload's: it may be as long as that.
    let text = text.strip_suffix(&place).unwrap_or(&text);
    let mut short: String = text.chars().take(200).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

impl Event {
    /// Reads `payload`. `name` is the event's name where it is known
    /// (`GITHUB_EVENT_NAME`); without it the payload's own parts tell.
    ///
    /// # Errors
    ///
    /// [`EventError`] if `payload` is no event that GitHub could have sent.
    pub fn read(payload: &[u8], name: Option<&str>) -> Result<Self, EventError> {
        if payload.len() > LARGEST {
            return Err(EventError::TooLarge { size: payload.len() });
        }
        // A list would do for the fields of a structure in their order.
        if payload.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
            return Err(EventError::NoObject);
        }
        let payload: Payload = serde_json::from_slice(payload).map_err(EventError::Json)?;
        let told = name_of(&payload);
        let name = match name.filter(|name| !name.is_empty()) {
            None => told,
            Some(name) => {
                let name = bounded("the name of the event", name.to_owned())?;
                named(EventName::from(name.as_str()), &told)?
            }
        };
        // `issues` events hold an issue, `pull_request` events a pull request; an event
        // that holds both (a comment) is about neither's labels.
        let subject = match name {
            EventName::PullRequest => payload
                .pull_request
                .map(|it| subject(SubjectKind::PullRequest, "pull_request.labels", it)),
            EventName::Issues => {
                payload.issue.map(|it| subject(SubjectKind::Issue, "issue.labels", it))
            }
            EventName::Other(_) => None,
        };
        Ok(Self {
            name,
            action: optional("action", payload.action)?,
            repository: payload.repository.map(repository).transpose()?,
            subject: subject.transpose()?,
            label: optional("label.name", payload.label.and_then(|label| label.name))?,
            sender: match payload.sender {
                None => Sender::NotGiven,
                Some(it) => Sender::Account(account("sender.login", it)?),
            },
            changes: payload.changes.map(changes).transpose()?.unwrap_or_default(),
        })
    }
}

/// The name that was given, unless the payload tells that it is another's: a `labeled` event
/// under a name of which the guard knows nothing would be passed.
fn named(name: EventName, told: &EventName) -> Result<EventName, EventError> {
    let told = match told {
        EventName::Issues => "issues",
        EventName::PullRequest => "pull_request",
        EventName::Other(_) => return Ok(name),
    };
    if name.as_str() == told {
        return Ok(name);
    }
    Err(EventError::OtherName { named: name.as_str().to_owned(), told })
}

fn name_of(payload: &Payload) -> EventName {
    let about_more =
        payload.comment.is_some() || payload.review.is_some() || payload.thread.is_some();
    match (&payload.issue, &payload.pull_request) {
        (Some(_), None) if !about_more => EventName::Issues,
        (None, Some(_)) if !about_more => EventName::PullRequest,
        _ => EventName::Other(String::new()),
    }
}

fn subject(
    kind: SubjectKind,
    field: &'static str,
    subject: payload::Subject,
) -> Result<Subject, EventError> {
    let given = subject.labels.is_some();
    let labels = subject.labels.unwrap_or_default();
    if labels.len() > MOST_LABELS {
        return Err(EventError::TooManyLabels { field, count: labels.len() });
    }
    // One label without a name, and what the issue carries is not known.
    let names = given.then(|| labels.into_iter().map(|label| label.name).collect());
    let names: Option<Vec<String>> = names.flatten();
    let names = names.map(|names| names.into_iter().map(|name| bounded(field, name)).collect());
    Ok(Subject { kind, number: subject.number, labels: names.transpose()? })
}

fn account(field: &'static str, account: payload::Account) -> Result<Account, EventError> {
    Ok(Account {
        login: optional(field, account.login)?,
        id: account.id,
        kind: optional(field, account.kind)?.map(Into::into),
    })
}

fn repository(repository: payload::Repository) -> Result<Repository, EventError> {
    Ok(Repository {
        full_name: optional("repository.full_name", repository.full_name)?,
        owner: repository.owner.map(|it| account("repository.owner.login", it)).transpose()?,
    })
}

fn changes(changes: payload::Changes) -> Result<Changes, EventError> {
    let moved = |issue: bool, field, repository: Option<payload::RepositoryName>| {
        if !issue && repository.is_none() {
            return Ok(None);
        }
        optional(field, repository.and_then(|it| it.full_name)).map(Some)
    };
    Ok(Changes {
        title: changes.title.is_some(),
        body: changes.body.is_some(),
        transferred_from: moved(
            changes.old_issue.is_some(),
            "changes.old_repository.full_name",
            changes.old_repository,
        )?,
        transferred_to: moved(
            changes.new_issue.is_some(),
            "changes.new_repository.full_name",
            changes.new_repository,
        )?,
    })
}

fn optional(field: &'static str, text: Option<String>) -> Result<Option<String>, EventError> {
    text.map(|text| bounded(field, text)).transpose()
}

fn bounded(field: &'static str, text: String) -> Result<String, EventError> {
    if text.len() > LONGEST_NAME {
        return Err(EventError::TooLong { field, length: text.len() });
    }
    Ok(text)
}
