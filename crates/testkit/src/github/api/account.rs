//! People, and what their tokens have left.

use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::State;

pub(crate) fn me(state: &mut State, call: &Call<'_>) -> Answer {
    if call.grant.is_bot() {
        return Err(Reply::error(403, "Resource not accessible by integration"));
    }
    Ok(Reply::ok(call.render(state).profile(&call.grant.login(), true)))
}

pub(crate) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let account = state.accounts.get(&call.param("username").to_lowercase());
    let login = account.ok_or_else(Reply::not_found)?.login.clone();
    Ok(Reply::ok(call.render(state).profile(&login, false)))
}

/// The figures come with the call, from whoever counts.
pub(crate) fn rate_limit(_: &mut State, call: &Call<'_>) -> Answer {
    Ok(Reply::ok(call.body.clone()))
}
