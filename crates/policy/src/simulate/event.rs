//! Events of GitHub as requests: who did what, as far as the payload says.
//!
//! The payload comes from GitHub, so that its sender is verified; what it does not say (a
//! role, a permission, a session) is not given.
//! Source: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::request::{Actor, ActorKind, Context, Request};

/// The request that an event amounts to; `None` if its sender asked for nothing that a
/// policy decides on.
#[must_use]
pub fn request_of_event(event: &Value) -> Option<Request> {
    let action = event.get("action").and_then(Value::as_str).unwrap_or_default();
    let subject = ["issue", "pull_request"].into_iter().find_map(|key| event.get(key));
    let is_pull_request =
        event.get("pull_request").is_some() || event.pointer("/issue/pull_request").is_some();
    let label = event.pointer("/label/name").cloned();
    let labels = || names(subject?.get("labels")?);
    let (operation, arguments): (&str, Vec<(&str, Value)>) = if event.get("comment").is_some() {
        (action == "created").then_some(("github_comment", Vec::new()))?
    } else if let Some(release) = event.get("release") {
        let tag = release.get("tag_name").cloned().unwrap_or(Value::Null);
        (action == "published").then(|| ("github_create_release", vec![("tag", tag)]))?
    } else if let (Some(workflow), true) = (event.get("workflow"), event.get("inputs").is_some()) {
        ("github_dispatch_workflow", vec![("workflow", workflow.clone())])
    } else if subject.is_none() && label.is_some() {
        ("github_define_label", vec![("label", label?), ("action", json!(action))])
    } else {
        match action {
            "labeled" => {
                ("github_request_label", vec![("label", label?), ("action", json!("add"))])
            }
            "unlabeled" => {
                ("github_request_label", vec![("label", label?), ("action", json!("remove"))])
            }
            "opened" if is_pull_request => {
                ("github_create_pr", vec![("labels", json!(labels().unwrap_or_default()))])
            }
            "opened" => {
                ("github_create_issue", vec![("labels", json!(labels().unwrap_or_default()))])
            }
            "edited" => ("github_update_issue", Vec::new()),
            "closed" if subject?.get("merged") == Some(&json!(true)) => {
                ("github_merge_pr", Vec::new())
            }
            "closed" => ("github_close_issue", Vec::new()),
            "review_requested" => ("github_request_review", Vec::new()),
            "milestoned" => ("github_set_milestone", Vec::new()),
            _ => return None,
        }
    };
    let number = subject.and_then(|subject| subject.get("number")).and_then(Value::as_u64);
    let mut arguments: BTreeMap<String, Value> =
        arguments.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if let Some(number) = number {
        arguments.insert("issue".to_owned(), json!(number));
    }
    Some(Request {
        actor: sender(event.get("sender")),
        operation: operation.to_owned(),
        arguments,
        context: Context {
            repository: event
                .pointer("/repository/full_name")
                .and_then(Value::as_str)
                .map(str::to_owned),
            issue: number,
            labels: labels(),
            ..Context::default()
        },
        approvals: Vec::new(),
    })
}

/// Who the sender is: by the type of the account, never by the look of the login. A
/// deleted account has none.
fn sender(sender: Option<&Value>) -> Actor {
    let Some(sender) = sender.filter(|sender| !sender.is_null()) else { return Actor::default() };
    let kind = match sender.get("type").and_then(Value::as_str) {
        Some("User") => ActorKind::Human,
        Some("Bot") => ActorKind::Agent,
        _ => ActorKind::Unknown,
    };
    Actor {
        kind,
        login: sender.get("login").and_then(Value::as_str).map(str::to_owned),
        id: sender.get("id").and_then(Value::as_u64),
        verified: kind != ActorKind::Unknown,
        ..Actor::default()
    }
}

/// The names in a list of labels; `None` if it is no list of labels.
fn names(labels: &Value) -> Option<Vec<String>> {
    let name = |label: &Value| label.get("name").and_then(Value::as_str).map(str::to_owned);
    labels.as_array()?.iter().map(name).collect()
}
