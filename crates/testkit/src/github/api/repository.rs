//! Repositories, and who may do what in them.
//!
//! <https://docs.github.com/rest/repos/repos>,
//! <https://docs.github.com/rest/collaborators/collaborators>

use serde_json::json;

use super::list;
use crate::github::grant::Role;
use crate::github::page::USUAL;
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::{AccountKind, Repository, State};

pub(crate) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    Ok(Reply::ok(call.render(state).repository(repository)))
}

pub(crate) fn of_organisation(state: &mut State, call: &Call<'_>) -> Answer {
    owned(state, call, call.param("org"), |kind| kind == AccountKind::Organization)
}

pub(crate) fn of_user(state: &mut State, call: &Call<'_>) -> Answer {
    owned(state, call, call.param("username"), |_| true)
}

/// What the caller may see, the latest first as GitHub has it.
fn owned(
    state: &State,
    call: &Call<'_>,
    owner: &str,
    right: impl Fn(AccountKind) -> bool,
) -> Answer {
    let account = state.accounts.get(&owner.to_lowercase());
    account.filter(|account| right(account.kind)).ok_or_else(Reply::not_found)?;
    let seen = |it: &Repository| {
        !it.private
            || (call.grant.covers(&it.full_name()) && state.role(call.grant, it) >= Role::Read)
    };
    let mut repositories: Vec<&Repository> = state
        .repositories
        .values()
        .filter(|it| it.owner.eq_ignore_ascii_case(owner) && seen(it))
        .collect();
    match call.query("sort") {
        Some("full_name") => {
            repositories.sort_by_key(|it| it.full_name().to_lowercase());
            if call.query("direction") == Some("desc") {
                repositories.reverse();
            }
        }
        _ => {
            repositories.sort_by_key(|it| it.created_at);
            if call.query("direction") != Some("asc") {
                repositories.reverse();
            }
        }
    }
    let render = call.render(state);
    Ok(list(call, &repositories, USUAL, |it| render.repository(it)))
}

/// `permission` knows four levels; `role_name` is exact.
pub(crate) fn permission(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let login = call.param("username");
    let account = state.accounts.get(&login.to_lowercase()).ok_or_else(Reply::not_found)?;
    if account.kind != AccountKind::User {
        return Err(Reply::error(404, &format!("{login} is not a user")));
    }
    let role = repository.role_of(login);
    let mut user = call.render(state).user(&account.login);
    user["permissions"] = json!({
        "admin": role >= Role::Admin,
        "maintain": role >= Role::Maintain,
        "push": role >= Role::Write,
        "triage": role >= Role::Triage,
        "pull": role >= Role::Read,
    });
    user["role_name"] = role.name().into();
    Ok(Reply::ok(json!({
        "permission": role.legacy_name(),
        "role_name": role.name(),
        "user": user,
    })))
}
