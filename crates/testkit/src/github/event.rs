//! What GitHub would tell its listeners.

use serde_json::Value;

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
    /// The body that GitHub would send, with `action`, `repository`, `sender` and what it is
    /// about.
    pub payload: Value,
}
