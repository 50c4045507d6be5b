//! Labels of one issue or pull request.
//!
//! <https://docs.github.com/rest/issues/labels>

use serde_json::{Value, json};

use super::label::{DEFAULT_COLOR, check_name_for_issue};
use super::{change_issue, emit_issue, issue_of, list as page};
use crate::github::page::USUAL;
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::{Label, State};

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let issue = issue_of(call, repository)?;
    let labels: Vec<&Label> = repository.labels_with(&issue.labels).collect();
    let render = call.render(state);
    Ok(page(call, &labels, USUAL, |label| render.label(repository, label)))
}

pub(crate) fn add(state: &mut State, call: &Call<'_>) -> Answer {
    let number = issue_of(call, call.repository(state)?)?.number;
    let names = names(&call.body)?;
    if names.is_empty() {
        return Err(Reply::malformed("No subschema in \"oneOf\" matched."));
    }
    attach(state, call, number, &names)?;
    drawn(state, call, number)
}

pub(crate) fn set(state: &mut State, call: &Call<'_>) -> Answer {
    let number = issue_of(call, call.repository(state)?)?.number;
    let names = names(&call.body)?;
    replace(state, call, number, &names)?;
    drawn(state, call, number)
}

pub(crate) fn clear(state: &mut State, call: &Call<'_>) -> Answer {
    let number = issue_of(call, call.repository(state)?)?.number;
    replace(state, call, number, &[])?;
    Ok(Reply::no_content())
}

pub(crate) fn remove(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let issue = issue_of(call, repository)?;
    let number = issue.number;
    let label = repository.label(call.param("name")).filter(|it| issue.labels.contains(&it.id));
    let Some(label) = label.map(|label| label.id) else {
        return Err(Reply::error(404, "Label does not exist"));
    };
    detach(state, call, number, &[label])?;
    drawn(state, call, number)
}

fn drawn(state: &State, call: &Call<'_>, number: u64) -> Answer {
    let repository = call.repository(state)?;
    let issue = repository.issues.get(&number).ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(call.render(state).labels(repository, &issue.labels)))
}

/// The names in a body, which may be a list or an object with one, of texts or of labels.
fn names(body: &Value) -> Result<Vec<String>, Reply> {
    let list = match body {
        Value::Object(fields) => fields.get("labels").unwrap_or(&Value::Null),
        other => other,
    };
    match list {
        Value::Null => Ok(Vec::new()),
        Value::String(name) => Ok(vec![name.clone()]),
        Value::Array(items) => names_in(items),
        _ => Err(Reply::malformed("For 'properties/labels', it is not an array.")),
    }
}

/// The names in a list of texts or of objects with a `name`.
pub(crate) fn names_in(items: &[Value]) -> Result<Vec<String>, Reply> {
    items
        .iter()
        .map(|item| match item {
            Value::String(name) => Ok(name.clone()),
            Value::Object(label) => {
                label.get("name").and_then(Value::as_str).map(ToOwned::to_owned).ok_or_else(|| {
                    Reply::malformed("For 'properties/labels', a label has no name.")
                })
            }
            other => {
                Err(Reply::malformed(&format!("For 'properties/labels', {other} is no label.")))
            }
        })
        .collect()
}

/// Gives an issue labels it does not have yet, making those that do not exist.
pub(crate) fn attach(
    state: &mut State,
    call: &Call<'_>,
    number: u64,
    names: &[String],
) -> Result<(), Reply> {
    for name in names {
        check_name_for_issue(name)?;
    }
    for name in names {
        let id = match call.repository(state)?.label(name) {
            Some(label) => label.id,
            None => make(state, call, name)?,
        };
        let issue = call.repository(state)?.issues.get(&number).ok_or_else(Reply::not_found)?;
        if !issue.labels.contains(&id) {
            change_issue(state, call, number, |issue| issue.labels.push(id))?;
            told(state, call, number, "labeled", id)?;
        }
    }
    Ok(())
}

/// Gives an issue exactly these labels.
pub(crate) fn replace(
    state: &mut State,
    call: &Call<'_>,
    number: u64,
    names: &[String],
) -> Result<(), Reply> {
    for name in names {
        check_name_for_issue(name)?;
    }
    let repository = call.repository(state)?;
    let issue = repository.issues.get(&number).ok_or_else(Reply::not_found)?;
    let keep: Vec<u64> =
        names.iter().filter_map(|name| repository.label(name)).map(|label| label.id).collect();
    let drop: Vec<u64> = issue.labels.iter().copied().filter(|id| !keep.contains(id)).collect();
    detach(state, call, number, &drop)?;
    attach(state, call, number, names)
}

fn detach(state: &mut State, call: &Call<'_>, number: u64, ids: &[u64]) -> Result<(), Reply> {
    for id in ids {
        change_issue(state, call, number, |issue| issue.labels.retain(|other| other != id))?;
        told(state, call, number, "unlabeled", *id)?;
    }
    Ok(())
}

fn make(state: &mut State, call: &Call<'_>, name: &str) -> Result<u64, Reply> {
    let id = state.next_id();
    let (name, color) = (name.to_owned(), DEFAULT_COLOR.to_owned());
    call.repository_mut(state)?.add_label(Label { id, name, color, description: None });
    Ok(id)
}

fn told(
    state: &mut State,
    call: &Call<'_>,
    number: u64,
    action: &str,
    label: u64,
) -> Result<(), Reply> {
    let repository = call.repository(state)?;
    let Some(label) = repository.labels_with(&[label]).next().cloned() else { return Ok(()) };
    let details = json!({ "label": call.render(state).label(repository, &label) });
    emit_issue(state, call, number, action, Some(&label.name), details);
    Ok(())
}
