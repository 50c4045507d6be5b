//! Labels of a repository.
//!
//! <https://docs.github.com/rest/issues/labels>

use serde_json::json;

use super::{About, emit, list as page};
use crate::github::page::USUAL;
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::{Label, State};

/// The colour of a label that is made without one.
pub(crate) const DEFAULT_COLOR: &str = "ededed";

/// In characters. Longer ones are refused with these words:
/// <https://github.com/github/docs/issues/32156>
const LONGEST_NAME: usize = 50;
const LONGEST_DESCRIPTION: usize = 100;

/// By name; GitHub does not document an order.
pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let labels: Vec<&Label> = repository.labels.values().collect();
    let render = call.render(state);
    Ok(page(call, &labels, USUAL, |label| render.label(repository, label)))
}

pub(crate) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let label = repository.label(call.param("name")).ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(call.render(state).label(repository, label)))
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let name = call.required_text("name")?.to_owned();
    let color = color(call)?.unwrap_or_else(|| DEFAULT_COLOR.to_owned());
    let description = description(call)?.flatten();
    check_name(&name)?;
    if call.repository(state)?.label(&name).is_some() {
        return Err(Reply::invalid("Label", "name", "already_exists", None));
    }
    let label = Label { id: state.next_id(), name, color, description };
    state.tick();
    call.repository_mut(state)?.add_label(label.clone());
    let drawn = call.render(state).label(call.repository(state)?, &label);
    let about = About { label: Some(&label.name), ..About::default() };
    emit(state, call, "label.created", &about, json!({ "label": drawn }));
    Ok(Reply::created(drawn))
}

pub(crate) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let old = repository.label(call.param("name")).ok_or_else(Reply::not_found)?.clone();
    let mut new = old.clone();
    if let Some(name) = call.text("new_name")? {
        check_name(name)?;
        if repository.label(name).is_some_and(|other| other.id != old.id) {
            return Err(Reply::invalid("Label", "name", "already_exists", None));
        }
        name.clone_into(&mut new.name);
    }
    if let Some(color) = color(call)? {
        new.color = color;
    }
    if let Some(description) = description(call)? {
        new.description = description;
    }
    let mut changes = json!({});
    if new.name != old.name {
        changes["name"] = json!({ "from": old.name });
    }
    if new.color != old.color {
        changes["color"] = json!({ "from": old.color });
    }
    if new.description != old.description {
        changes["description"] = json!({ "from": old.description });
    }
    state.tick();
    call.repository_mut(state)?.put_label(new.clone());
    let drawn = call.render(state).label(call.repository(state)?, &new);
    if new != old {
        let about = About { label: Some(&new.name), ..About::default() };
        let details = json!({ "label": drawn, "changes": changes });
        emit(state, call, "label.edited", &about, details);
    }
    Ok(Reply::ok(drawn))
}

/// Takes the label off every issue as well.
pub(crate) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let label = repository.label(call.param("name")).ok_or_else(Reply::not_found)?.clone();
    let drawn = call.render(state).label(repository, &label);
    state.tick();
    let repository = call.repository_mut(state)?;
    repository.labels.remove(&label.name.to_lowercase());
    for issue in repository.issues.values_mut() {
        issue.labels.retain(|id| *id != label.id);
    }
    let about = About { label: Some(&label.name), ..About::default() };
    emit(state, call, "label.deleted", &about, json!({ "label": drawn }));
    Ok(Reply::no_content())
}

fn check_name(name: &str) -> Result<(), Reply> {
    if name.trim().is_empty() {
        return Err(Reply::invalid("Label", "name", "missing_field", None));
    }
    if name.chars().count() > LONGEST_NAME {
        let message = format!("name is too long (maximum is {LONGEST_NAME} characters)");
        return Err(Reply::invalid("Label", "name", "custom", Some(&message)));
    }
    Ok(())
}

/// Whether an issue may be given a label of this name, which is made if it does not exist. Here
/// GitHub says less: <https://github.com/semantic-release/github/issues/518>
pub(crate) fn check_name_for_issue(name: &str) -> Result<(), Reply> {
    check_name(name).map_err(|_| {
        let mut reply = Reply::invalid("Label", "name", "invalid", None);
        if let crate::github::reply::Body::Json(body) = &mut reply.body {
            body["errors"][0]["value"] = name.into();
        }
        reply
    })
}

fn color(call: &Call<'_>) -> Result<Option<String>, Reply> {
    let Some(color) = call.text("color")? else { return Ok(None) };
    let right = color.len() == 6 && color.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !right {
        return Err(Reply::invalid("Label", "color", "invalid", None));
    }
    Ok(Some(color.to_lowercase()))
}

/// The outer `None` is a field that was not sent; the inner one is no description.
fn description(call: &Call<'_>) -> Result<Option<Option<String>>, Reply> {
    if call.body.get("description").is_none() {
        return Ok(None);
    }
    let text = call.text("description")?.filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > LONGEST_DESCRIPTION) {
        let message =
            format!("description is too long (maximum is {LONGEST_DESCRIPTION} characters)");
        return Err(Reply::invalid("Label", "description", "custom", Some(&message)));
    }
    Ok(Some(text.map(ToOwned::to_owned)))
}
