//! Events that somebody sends on purpose. They start workflows, whoever sends them.
//!
//! <https://docs.github.com/actions/concepts/security/github_token>

use serde_json::{Value, json};

use super::{About, emit};
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::State;

/// In characters.
const LONGEST_TYPE: usize = 100;
/// Keys of `client_payload` at its top level, and inputs of a workflow.
const MOST_KEYS: usize = 10;
const MOST_INPUTS: usize = 25;

pub(crate) fn repository(state: &mut State, call: &Call<'_>) -> Answer {
    let kind = call.required_text("event_type")?;
    if kind.is_empty() || kind.chars().count() > LONGEST_TYPE {
        return Err(Reply::malformed("For 'properties/event_type', it is empty or too long."));
    }
    let payload = call.body.get("client_payload").cloned().unwrap_or_else(|| json!({}));
    let Value::Object(keys) = &payload else {
        return Err(Reply::malformed("For 'properties/client_payload', it is not an object."));
    };
    if keys.len() > MOST_KEYS {
        let message = format!(
            "No more than {MOST_KEYS} properties are allowed; {} were supplied.",
            keys.len()
        );
        return Err(Reply::malformed(&message));
    }
    let branch = call.repository(state)?.default_branch.clone();
    let details = json!({ "branch": branch, "client_payload": payload });
    sent(state, call, &format!("repository_dispatch.{kind}"), details);
    Ok(Reply::no_content())
}

pub(crate) fn workflow(state: &mut State, call: &Call<'_>) -> Answer {
    let reference = call.required_text("ref")?;
    let inputs = call.body.get("inputs").cloned().unwrap_or_else(|| json!({}));
    let known = call.repository(state)?.commits.find(reference).is_some();
    if !known {
        return Err(Reply::error(422, &format!("No ref found for: {reference}")));
    }
    if inputs.as_object().is_none_or(|inputs| inputs.len() > MOST_INPUTS) {
        return Err(Reply::malformed("For 'properties/inputs', it is no object or too large."));
    }
    let workflow = call.param("workflow_id").to_owned();
    let details = json!({ "workflow": workflow, "ref": reference, "inputs": inputs });
    sent(state, call, "workflow_dispatch", details);
    Ok(Reply::no_content())
}

/// Not even the token of a workflow suppresses these two.
fn sent(state: &mut State, call: &Call<'_>, name: &str, details: Value) {
    state.tick();
    emit(state, call, name, &About::default(), details);
    if let Some(event) = state.events.last_mut() {
        event.suppressed = false;
    }
}
