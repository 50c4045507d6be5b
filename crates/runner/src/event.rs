//! What the event of a workflow says about numbers and revisions.
//!
//! Only the little that stands in for inputs which nobody gave; what an event means for
//! labels and gates is read by those who judge it.
//!
//! Source of the shapes: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::{StepError, Variables};

/// The largest event that is read, in bytes. GitHub sends none above 25 MB:
/// <https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap>.
pub const LARGEST_EVENT: usize = 25 * 1024 * 1024;

/// The event of a workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// GitHub's name of it, such as `issues`; `None` if not given.
    pub name: Option<String>,
    /// The file that holds it; `None` if not given.
    pub path: Option<PathBuf>,
    /// The issue that it is about.
    pub issue: Option<u64>,
    /// The pull request that it is about.
    pub pull_request: Option<u64>,
    /// The commit that the pull request is to be merged into.
    pub base: Option<String>,
}

#[derive(Deserialize)]
struct Payload {
    issue: Option<Issue>,
    pull_request: Option<PullRequest>,
}

#[derive(Deserialize)]
struct Issue {
    number: Option<u64>,
    /// An issue that has it is a pull request.
    pull_request: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct PullRequest {
    number: Option<u64>,
    base: Option<Base>,
}

#[derive(Deserialize)]
struct Base {
    sha: Option<String>,
}

impl Event {
    /// The event that `GITHUB_EVENT_PATH` and `GITHUB_EVENT_NAME` name.
    ///
    /// # Errors
    ///
    /// [`StepError`] if the file cannot be read, or is no event.
    pub fn of(variables: &Variables) -> Result<Self, StepError> {
        let name = variables.get("GITHUB_EVENT_NAME")?.map(str::to_owned);
        let Some(path) = variables.get("GITHUB_EVENT_PATH")?.map(PathBuf::from) else {
            return Ok(Self { name, ..Self::default() });
        };
        let payload = read(&path)?;
        let issue = payload.issue.as_ref().filter(|issue| issue.pull_request.is_none());
        let is_pull_request = payload.issue.as_ref().filter(|issue| issue.pull_request.is_some());
        let pull_request = payload.pull_request.as_ref();
        Ok(Self {
            name,
            issue: issue.and_then(|issue| issue.number),
            pull_request: pull_request
                .and_then(|it| it.number)
                .or_else(|| is_pull_request.and_then(|issue| issue.number)),
            base: payload.pull_request.and_then(|it| it.base?.sha),
            path: Some(path),
        })
    }
}

fn read(path: &Path) -> Result<Payload, StepError> {
    let mut bytes = Vec::new();
    let fault = |source| StepError::Event { path: path.to_owned(), source };
    countersign_files::read(path, &mut bytes).map_err(|error| fault(error.into()))?;
    if bytes.len() > LARGEST_EVENT {
        let size = bytes.len();
        let text = format!("{size} bytes; GitHub sends no event above {LARGEST_EVENT}");
        return Err(fault(std::io::Error::other(text)));
    }
    let fault = |source| StepError::NoEvent { path: path.to_owned(), source };
    // A list would do for the fields of a structure in their order.
    let map: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&bytes).map_err(fault)?;
    serde_json::from_value(map.into()).map_err(fault)
}
