//! What is asked for, by whom, in what context.

use std::collections::BTreeMap;

pub use countersign_labels::guard::Permission;
use countersign_process::{Instant, Value};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// A request as recorded and as decided on. Everything that is left out counts as not
/// given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Who asks.
    pub actor: Actor,
    /// The operation, by name.
    pub operation: String,
    /// Its arguments. `label` and `labels`, `add_labels`, `remove_labels` are the labels it
    /// carries, `action` is `add` or `remove`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, serde_json::Value>,
    /// What is known about the issue and the world.
    #[serde(default)]
    pub context: Context,
    /// Approvals of this very request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Grant>,
}

/// Who asks. What is said here is verified by whoever opens the door, never taken from
/// the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Actor {
    /// What it is.
    pub kind: ActorKind,
    /// The login on GitHub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The number of the account on GitHub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The role of an agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The session of an agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// What a person may do in the repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<Permission>,
    /// Whether the identity has been verified.
    pub verified: bool,
}

/// What an actor is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A person's account.
    Human,
    /// An agent, or any other app.
    #[serde(alias = "app")]
    Agent,
    /// A run of a workflow, with the token that GitHub gave it.
    Workflow,
    /// Nobody knows.
    #[default]
    Unknown,
}

/// What is known about the issue and the world.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Context {
    /// What time it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Instant>,
    /// The repository, `owner/name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The number of the issue or pull request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue: Option<u64>,
    /// The stage that the issue is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The profile of the issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The labels of the issue; an empty list is a fact, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// Further facts, such as `incident: true`, which rules see as `context.incident`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
}

/// An approval: a grant over exactly one request under exactly one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The id of the approval request.
    pub id: String,
    /// The digest of the request, see [`Request::digest`].
    pub request: Digest,
    /// The digest of the policy under which it was given.
    pub policy: Digest,
    /// Who gave it.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// From then on it counts no more.
    pub expires: Instant,
}

impl Request {
    /// The digest of what an approval is about: who asks for what with which arguments in
    /// which repository and issue. Context that changes while an owner thinks, such as the
    /// time and the labels of the issue, is no part of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        #[derive(Serialize)]
        struct Subject<'r> {
            kind: ActorKind,
            login: Option<String>,
            id: Option<u64>,
            role: Option<&'r str>,
            session: Option<&'r str>,
            operation: &'r str,
            arguments: BTreeMap<&'r str, serde_json::Value>,
            repository: Option<&'r str>,
            issue: Option<u64>,
        }
        let actor = &self.actor;
        let arguments = self.arguments.iter();
        let subject = Subject {
            kind: actor.kind,
            login: actor.login.as_ref().map(|login| login.to_ascii_lowercase()),
            id: actor.id,
            role: actor.role.as_deref(),
            session: actor.session.as_deref(),
            operation: &self.operation,
            arguments: arguments.map(|(name, value)| (name.as_str(), sorted(value))).collect(),
            repository: self.context.repository.as_deref(),
            issue: self.context.issue,
        };
        match Digest::of_json(&subject) {
            Ok(digest) => digest,
            // Texts, numbers and values that came from JSON are JSON.
            Err(error) => unreachable!("a request is no JSON: {error}"),
        }
    }
}

/// The same value with the keys of all mappings in order, so that it has one spelling.
fn sorted(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Json::Array(items) => Json::Array(items.iter().map(sorted).collect()),
        Json::Object(entries) => {
            let entries: BTreeMap<&String, Json> =
                entries.iter().map(|(key, value)| (key, sorted(value))).collect();
            Json::Object(entries.into_iter().map(|(key, value)| (key.clone(), value)).collect())
        }
        other => other.clone(),
    }
}
