//! Variables of GitHub Actions, of a repository or an organisation.
//!
//! <https://docs.github.com/rest/actions/variables>

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::with_link;
use crate::github::page::{Page, VARIABLES};
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::{State, Variable, Visibility};

/// Limits of
/// <https://docs.github.com/actions/reference/workflows-and-actions/variables#limits-for-configuration-variables>
const LARGEST_VALUE: usize = 48 * 1024;
const MOST_IN_REPOSITORY: usize = 500;
const MOST_IN_ORGANISATION: usize = 1000;

type Variables = BTreeMap<String, Variable>;

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let variables = of(state, call)?;
    let page = Page::of(call, variables.len(), VARIABLES);
    let render = call.render(state);
    let drawn: Value = variables
        .values()
        .skip(page.skip)
        .take(page.take)
        .map(|it| render.variable(it, organisation(call)))
        .collect();
    let body = json!({ "total_count": variables.len(), "variables": drawn });
    Ok(with_link(Reply::ok(body), &page))
}

pub(crate) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let variable = of(state, call)?.get(&call.param("name").to_uppercase());
    let variable = variable.ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(call.render(state).variable(variable, organisation(call))))
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let name = call.required_text("name")?.to_uppercase();
    let value = value(call)?.ok_or_else(|| Reply::missing("value"))?;
    check_name(&name)?;
    let visibility = match organisation(call) {
        None => Visibility::All,
        Some(_) => visibility(call)?.ok_or_else(|| Reply::missing("visibility"))?,
    };
    let variables = of(state, call)?;
    if variables.contains_key(&name) {
        return Err(Reply::error(409, "Already exists - Variable already exists"));
    }
    let most = organisation(call).map_or(MOST_IN_REPOSITORY, |_| MOST_IN_ORGANISATION);
    if variables.len() >= most {
        return Err(Reply::error(422, &format!("Variable limit exceeded: at most {most}")));
    }
    let at = state.tick();
    let variable =
        Variable { name: name.clone(), value, visibility, created_at: at, updated_at: at };
    of_mut(state, call)?.insert(name, variable);
    let mut reply = Reply::created(json!({}));
    reply.headers.clear();
    Ok(reply)
}

pub(crate) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let old = call.param("name").to_uppercase();
    if !of(state, call)?.contains_key(&old) {
        return Err(Reply::not_found());
    }
    let new = call.text("name")?.map_or_else(|| old.clone(), str::to_uppercase);
    check_name(&new)?;
    if new != old && of(state, call)?.contains_key(&new) {
        return Err(Reply::error(409, "Already exists - Variable already exists"));
    }
    let value = value(call)?;
    let visibility = visibility(call)?;
    let at = state.tick();
    let variables = of_mut(state, call)?;
    let mut variable = variables.remove(&old).ok_or_else(Reply::not_found)?;
    variable.name.clone_from(&new);
    variable.value = value.unwrap_or(variable.value);
    variable.visibility = visibility.unwrap_or(variable.visibility);
    variable.updated_at = at;
    variables.insert(new, variable);
    Ok(Reply::no_content())
}

pub(crate) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let name = call.param("name").to_uppercase();
    of_mut(state, call)?.remove(&name).ok_or_else(Reply::not_found)?;
    Ok(Reply::no_content())
}

fn organisation<'c>(call: &'c Call<'_>) -> Option<&'c str> {
    Some(call.param("org")).filter(|name| !name.is_empty())
}

fn of<'s>(state: &'s State, call: &Call<'_>) -> Result<&'s Variables, Reply> {
    match organisation(call) {
        None => call.repository(state).map(|repository| &repository.variables),
        Some(name) => state
            .accounts
            .get(&name.to_lowercase())
            .map(|account| &account.variables)
            .ok_or_else(Reply::not_found),
    }
}

fn of_mut<'s>(state: &'s mut State, call: &Call<'_>) -> Result<&'s mut Variables, Reply> {
    match organisation(call) {
        None => call.repository_mut(state).map(|repository| &mut repository.variables),
        Some(name) => state
            .accounts
            .get_mut(&name.to_lowercase())
            .map(|account| &mut account.variables)
            .ok_or_else(Reply::not_found),
    }
}

/// Letters, digits and underscores; no digit first; nothing that GitHub keeps for itself.
///
/// <https://docs.github.com/actions/reference/workflows-and-actions/variables#naming-conventions-for-configuration-variables>
fn check_name(name: &str) -> Result<(), Reply> {
    let first = name.bytes().next();
    let legal = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && first.is_some_and(|byte| !byte.is_ascii_digit());
    if !legal {
        return Err(Reply::error(
            422,
            "Variable names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or \
             underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or \
             underscores (_).",
        ));
    }
    if name.starts_with("GITHUB_") {
        return Err(Reply::error(422, "Variable names must not start with GITHUB_."));
    }
    Ok(())
}

fn value(call: &Call<'_>) -> Result<Option<String>, Reply> {
    let value = call.text("value")?;
    if value.is_some_and(|value| value.len() > LARGEST_VALUE) {
        return Err(Reply::error(422, "Variable value is too large: at most 48 KB"));
    }
    Ok(value.map(ToOwned::to_owned))
}

fn visibility(call: &Call<'_>) -> Result<Option<Visibility>, Reply> {
    match call.text("visibility")? {
        None => Ok(None),
        Some("all") => Ok(Some(Visibility::All)),
        Some("private") => Ok(Some(Visibility::Private)),
        Some("selected") => {
            let ids = call.body["selected_repository_ids"].as_array();
            let ids = ids.map(|ids| ids.iter().filter_map(Value::as_u64).collect());
            Ok(Some(Visibility::Selected(ids.unwrap_or_default())))
        }
        Some(_) => Err(Reply::malformed("For 'properties/visibility', it is not one of the enum.")),
    }
}
