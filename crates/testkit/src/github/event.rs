//! What GitHub would tell its listeners.

use std::sync::Arc;

use serde_json::{Value, json};

use super::render::merge;

/// One event, as it would start workflows and go to webhooks.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Event and action: `issues.labeled`, `label.edited`, `repository_dispatch.<type>`.
    pub name: String,
    /// `owner/name`.
    pub repository: String,
    /// Number of the issue or pull request it is about.
    pub number: Option<u64>,
    /// Name of the label it is about.
    pub label: Option<String>,
    /// Login of whoever caused it.
    pub sender: String,
    /// Whether it starts no workflow, because the token of a workflow caused it.
    pub suppressed: bool,
    /// Keys of the payload beside `action`, `repository` and `sender`.
    pub(crate) details: Value,
    // Shared: a test may cause many thousands of events.
    pub(crate) repository_drawn: Arc<Value>,
    pub(crate) sender_drawn: Arc<Value>,
}

impl Event {
    /// The body that GitHub would send, and that a workflow finds at `GITHUB_EVENT_PATH`:
    /// `action`, what it is about, `repository` and `sender`.
    #[must_use]
    pub fn payload(&self) -> Value {
        let mut payload = json!({});
        if let Some((_, action)) = self.name.split_once('.') {
            payload["action"] = action.into();
        }
        merge(&mut payload, self.details.clone());
        payload["repository"] = (*self.repository_drawn).clone();
        payload["sender"] = (*self.sender_drawn).clone();
        payload
    }
}
