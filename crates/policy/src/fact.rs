//! The facts of a request, by the names that rules use.

use countersign_labels::Catalogue;
use countersign_process::{Process, Value};

use crate::request::Request;

/// The class of a label that the catalogue does not know.
pub const UNKNOWN_CLASS: &str = "unknown";
/// Catalogue key of the label of work that is held up.
pub const BLOCKED: &str = "state:blocked";
/// Catalogue key of the label of work that waits for the owner's answer.
pub const NEED_INPUT: &str = "need:input";

/// A label that a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The key in the catalogue, or the name in lower case if the catalogue has none.
    pub key: String,
    /// Its class, [`UNKNOWN_CLASS`] if nothing is known of it.
    pub class: &'static str,
    /// Whether it is set, or removed; `None` if the request does not say.
    pub action: Option<&'static str>,
}

/// The facts of one request.
#[derive(Debug)]
pub struct Facts<'r> {
    request: &'r Request,
    /// The labels that it carries; `None` if it should say and does not.
    labels: Option<Vec<Carried>>,
    blocked: Option<bool>,
    open_input: Option<bool>,
    role_in_stage: Option<bool>,
}

impl<'r> Facts<'r> {
    /// The facts of `request`.
    #[must_use]
    pub fn new(request: &'r Request, process: &Process, catalogue: &Catalogue) -> Self {
        let labels = carried(request, process, catalogue);
        let has =
            |key: &str| {
                let labels = request.context.labels.as_ref()?;
                Some(labels.iter().any(|name| {
                    catalogue.classify(name).label.is_some_and(|label| label.key == key)
                }))
            };
        let stage = request.context.stage.as_ref().and_then(|name| process.stages.get(name));
        let role = request.actor.role.as_ref();
        Self {
            request,
            labels,
            blocked: has(BLOCKED),
            open_input: has(NEED_INPUT),
            role_in_stage: stage.zip(role).map(|(stage, role)| stage.roles.contains(role)),
        }
    }

    /// The labels that the request carries; `None` if it should say and does not.
    #[must_use]
    pub fn labels(&self) -> Option<&[Carried]> {
        self.labels.as_deref()
    }

    /// The values of the fact: several where the request carries several labels or a list,
    /// `None` if it is not given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Vec<Value>> {
        let request = self.request;
        let text = |text: &str| Value::Text(text.to_owned());
        let one = |value: Option<Value>| value.map(|value| vec![value]);
        match name {
            "actor.role" => one(request.actor.role.as_deref().map(text)),
            "actor.session" => one(request.actor.session.as_deref().map(text)),
            "actor.permission" => one(request.actor.permission.map(|it| text(it.as_str()))),
            "issue.stage" => one(request.context.stage.as_deref().map(text)),
            "issue.profile" => one(request.context.profile.as_deref().map(text)),
            "issue.blocked" => one(self.blocked.map(Value::Flag)),
            "issue.open_input" => one(self.open_input.map(Value::Flag)),
            "role_in_stage" => one(self.role_in_stage.map(Value::Flag)),
            "label.name" => Some(self.labels()?.iter().map(|label| text(&label.key)).collect()),
            "label.class" => Some(self.labels()?.iter().map(|label| text(label.class)).collect()),
            "label.action" => {
                let labels = self.labels()?.iter();
                labels.map(|label| label.action.map(text)).collect()
            }
            _ => {
                if let Some(name) = name.strip_prefix("arguments.") {
                    return values(request.arguments.get(name)?);
                }
                let name = name.strip_prefix("context.")?;
                one(request.context.facts.get(name).cloned())
            }
        }
    }
}

/// The labels that a request carries, whatever the operation: an issue can be opened with
/// labels on it.
fn carried(request: &Request, process: &Process, catalogue: &Catalogue) -> Option<Vec<Carried>> {
    let action = match request.arguments.get("action").and_then(serde_json::Value::as_str) {
        Some("add") => Some("add"),
        Some("remove") => Some("remove"),
        _ => None,
    };
    let is_label = process
        .operations
        .get(&request.operation)
        .is_some_and(|operation| operation.effect == countersign_process::Effect::Label);
    // What is set by opening something with labels is set.
    let action = if is_label { action } else { Some("add") };
    let mut labels = Vec::new();
    let mut named = false;
    for (argument, action) in [
        ("label", action),
        ("labels", action),
        ("add_labels", Some("add")),
        ("remove_labels", Some("remove")),
    ] {
        let Some(value) = request.arguments.get(argument) else { continue };
        named = true;
        let one = std::slice::from_ref(value);
        for name in value.as_array().map_or(one, Vec::as_slice) {
            // A label that is no text is none that anybody knows.
            labels.push(carry(name.as_str().unwrap_or_default(), action, catalogue));
        }
    }
    (named || !is_label).then_some(labels)
}

fn carry(name: &str, action: Option<&'static str>, catalogue: &Catalogue) -> Carried {
    let found = catalogue.classify(name);
    let key = found.label.map_or_else(|| name.to_lowercase(), |label| label.key.clone());
    let class = found.class.map_or(UNKNOWN_CLASS, countersign_labels::Class::as_str);
    Carried { key, class, action }
}

/// The values of an argument: those of a list, or the one. A value of another shape (a
/// mapping, a fraction) is its JSON.
fn values(argument: &serde_json::Value) -> Option<Vec<Value>> {
    use serde_json::Value as Json;
    let one = |value: &Json| match value {
        Json::Bool(flag) => Value::Flag(*flag),
        Json::String(text) => Value::Text(text.clone()),
        Json::Number(number) if number.as_i64().is_some() => {
            Value::Number(number.as_i64().unwrap_or_default())
        }
        other => Value::Text(other.to_string()),
    };
    match argument {
        Json::Null => None,
        Json::Array(items) => Some(items.iter().map(one).collect()),
        other => Some(vec![one(other)]),
    }
}
