//! Labels for programs: the shape is the same in every command.

use serde_json::{Value, json};

use crate::catalogue::{Authority, Label, Texts};
use crate::classify::Classification;

/// All that is known of a label.
pub(super) fn label(label: &Label) -> Value {
    json!({
        "key": label.key,
        "name": label.name,
        "class": label.class.as_str(),
        "stage": label.stage,
        "revise": label.revise,
        "starts": label.starts,
        "value": label.value,
        "family": label.family,
        "set_by": label.set_by.as_str(),
        "removed_by": label.removed_by.as_str(),
        "summary": texts(&label.summary),
        "description": texts(&label.description),
        "undo": texts(&label.undo),
        "color": label.color.to_string(),
        "variable": label.variable,
        "aliases": label.aliases,
    })
}

/// What a name means.
pub(super) fn classification(name: &str, found: &Classification<'_>) -> Value {
    json!({
        "name": name,
        "class": found.class.map(|class| class.as_str()),
        "label": found.label.map(|label| &label.key),
        "stage": found.stage,
        "revise": found.revise,
        "value": found.label.and_then(|label| label.value.as_ref()),
        "found": found.found.as_str(),
        "set_by": set_by(found).map(Authority::as_str),
    })
}

/// Who may set a label of this name; a trigger that no label is called is the owner's too.
pub(super) fn set_by(found: &Classification<'_>) -> Option<Authority> {
    match found.label {
        Some(label) => Some(label.set_by),
        None => found.is_trigger().then_some(Authority::Owner),
    }
}

fn texts(texts: &Texts) -> Value {
    json!({ "en": texts.en, "ru": texts.ru })
}
