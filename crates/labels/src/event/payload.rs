//! The parts of GitHub's payloads that are read, as they are written there.

use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
pub(super) struct Payload {
    pub(super) action: Option<String>,
    pub(super) issue: Option<Subject>,
    pub(super) pull_request: Option<Subject>,
    pub(super) label: Option<Label>,
    pub(super) sender: Option<Account>,
    pub(super) repository: Option<Repository>,
    pub(super) changes: Option<Changes>,
    // Present in events that carry an issue or a pull request and are about something else.
    pub(super) comment: Option<IgnoredAny>,
    pub(super) review: Option<IgnoredAny>,
    pub(super) thread: Option<IgnoredAny>,
}

#[derive(Deserialize)]
pub(super) struct Subject {
    pub(super) number: Option<u64>,
    pub(super) labels: Option<Vec<Label>>,
}

#[derive(Deserialize)]
pub(super) struct Label {
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Account {
    pub(super) login: Option<String>,
    pub(super) id: Option<u64>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Repository {
    pub(super) full_name: Option<String>,
    pub(super) owner: Option<Account>,
}

#[derive(Deserialize)]
pub(super) struct Changes {
    pub(super) title: Option<IgnoredAny>,
    pub(super) body: Option<IgnoredAny>,
    pub(super) old_issue: Option<IgnoredAny>,
    pub(super) new_issue: Option<IgnoredAny>,
    pub(super) old_repository: Option<RepositoryName>,
    pub(super) new_repository: Option<RepositoryName>,
}

#[derive(Deserialize)]
pub(super) struct RepositoryName {
    pub(super) full_name: Option<String>,
}
