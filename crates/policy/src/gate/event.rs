//! What an event of GitHub says about an issue or pull request.
//!
//! Source of the shapes: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.
//! Only what gates look at is read; everything else in a payload is skipped.

use countersign_docset::record::Subject;
use serde::Deserialize;

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is about; `None` for events about neither, such as a manual start.
    pub subject: Option<Subject>,
    /// `labeled`, `opened`, …; empty if the payload names none.
    pub action: String,
    /// The labels that the subject has, by name; `None` if the payload has no subject.
    pub labels: Option<Vec<String>>,
    /// The label that was set or removed.
    pub label: Option<String>,
    /// Who did it.
    pub sender: Option<Sender>,
    /// Whether the subject came from another repository, with the labels that it had there.
    pub transferred: bool,
}

/// Who caused an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Login.
    pub login: String,
    /// The number of the account, which no other account ever has.
    pub id: Option<u64>,
    /// What kind of account it is.
    pub kind: SenderKind,
}

/// A kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderKind {
    /// A person, as far as GitHub can tell.
    User,
    /// An app, the token of a workflow included.
    Bot,
    /// Something else, or nothing said.
    Other,
}

impl SenderKind {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Bot => "bot",
            Self::Other => "other",
        }
    }
}

/// A payload that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// It is no JSON, or not that of an event.
    #[error("it is no event of GitHub: {0}")]
    Json(#[from] serde_json::Error),
}

#[derive(Deserialize)]
struct Payload {
    #[serde(default)]
    action: Option<String>,
    issue: Option<Item>,
    pull_request: Option<Item>,
    label: Option<Label>,
    sender: Option<User>,
    changes: Option<Changes>,
}

#[derive(Deserialize)]
struct Changes {
    old_issue: Option<serde::de::IgnoredAny>,
    old_repository: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Item {
    number: u64,
    #[serde(default)]
    labels: Vec<Label>,
    /// An issue that has it is a pull request.
    pull_request: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct User {
    login: String,
    id: Option<u64>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Event {
    /// Who set the labels that this event is about. Whoever edits, comments or closes did not
    /// set the labels that are there: who did is not given then.
    #[must_use]
    pub fn set_by(&self) -> Option<&Sender> {
        let sets = match &*self.action {
            "labeled" => self.label.is_some(),
            "opened" => !self.transferred,
            _ => false,
        };
        self.sender.as_ref().filter(|_| sets)
    }

    /// Reads the payload of an event, as GitHub writes it to the file that
    /// `GITHUB_EVENT_PATH` names.
    ///
    /// # Errors
    ///
    /// [`EventError`] if the text is no such payload.
    pub fn parse(text: &str) -> Result<Self, EventError> {
        let payload: Payload = serde_json::from_str(text)?;
        let of_issue = |item: &Item| match item.pull_request {
            Some(_) => Subject::PullRequest(item.number),
            None => Subject::Issue(item.number),
        };
        let subject = payload.issue.as_ref().map(of_issue);
        let of_pull_request = |item: &Item| Subject::PullRequest(item.number);
        let subject = subject.or_else(|| payload.pull_request.as_ref().map(of_pull_request));
        let item = payload.issue.or(payload.pull_request);
        let names = |labels: Vec<Label>| labels.into_iter().map(|label| label.name).collect();
        Ok(Self {
            subject,
            action: payload.action.unwrap_or_default(),
            labels: item.map(|item| names(item.labels)),
            label: payload.label.map(|label| label.name),
            transferred: payload.changes.is_some_and(|changes| {
                changes.old_issue.is_some() || changes.old_repository.is_some()
            }),
            sender: payload.sender.map(|user| Sender {
                login: user.login,
                id: user.id,
                kind: match user.kind.as_deref() {
                    Some("User") => SenderKind::User,
                    Some("Bot") => SenderKind::Bot,
                    _ => SenderKind::Other,
                },
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_who_set_which_label_on_what() {
        let event = Event::parse(
            r#"{"action": "labeled", "label": {"name": "run:prd", "color": "ff0000"},
                "issue": {"number": 12, "labels": [{"name": "run:prd"}, {"name": "feature"}],
                          "title": "x"},
                "sender": {"login": "octavia", "id": 7, "type": "User"}, "repository": {}}"#,
        )
        .unwrap();
        assert_eq!(event.subject, Some(Subject::Issue(12)));
        assert_eq!(event.labels.unwrap(), ["run:prd", "feature"]);
        assert_eq!(event.label.as_deref(), Some("run:prd"));
        let sender = event.sender.unwrap();
        assert_eq!((sender.id, sender.kind), (Some(7), SenderKind::User));
    }

    #[test]
    fn an_issue_that_is_a_pull_request_is_one() {
        let text = r#"{"issue": {"number": 3, "pull_request": {"url": "x"}}}"#;
        assert_eq!(Event::parse(text).unwrap().subject, Some(Subject::PullRequest(3)));
        let text = r#"{"pull_request": {"number": 4, "labels": []}}"#;
        assert_eq!(Event::parse(text).unwrap().subject, Some(Subject::PullRequest(4)));
    }

    #[test]
    fn what_is_no_event_is_refused_and_what_says_nothing_knows_nothing() {
        assert!(Event::parse("[]").is_err());
        assert!(Event::parse(r#"{"issue": {"number": -1}}"#).is_err());
        let error = Event::parse("{\n").unwrap_err().to_string();
        assert!(error.ends_with("at line 2 column 0"), "{error}");
        let nothing = Event::parse("{}").unwrap();
        assert_eq!((nothing.subject, nothing.labels, nothing.sender), (None, None, None));
    }
}
