//! Pull requests.
//!
//! <https://docs.github.com/rest/pulls/pulls>

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::{change_issue, emit_issue, list as page};
use crate::github::grant::Role;
use crate::github::page::USUAL;
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::{Issue, PullRequest, Repository, State};

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let open = match call.query("state").unwrap_or("open") {
        "open" => Some(true),
        "closed" => Some(false),
        "all" => None,
        _ => return Err(Reply::invalid("PullRequest", "state", "invalid", None)),
    };
    // `user:branch`; branches of forks do not exist here.
    let head = call.query("head").map(|head| head.split_once(':').map_or(head, |(_, name)| name));
    let base = call.query("base");
    let mut pulls: Vec<(&Issue, &PullRequest)> = repository
        .issues
        .values()
        .filter_map(|issue| Some((issue, issue.pull_request.as_ref()?)))
        .filter(|(issue, pull)| {
            open.is_none_or(|open| issue.open == open)
                && head.is_none_or(|head| pull.head == head)
                && base.is_none_or(|base| pull.base == base)
        })
        .collect();
    pulls.sort_by(|(a, _), (b, _)| sorting(call, a, b));
    let render = call.render(state);
    Ok(page(call, &pulls, USUAL, |(issue, pull)| render.pull(repository, issue, pull)))
}

pub(crate) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let number = find(call, call.repository(state)?)?.0.number;
    drawn(state, call, number).map(Reply::ok)
}

pub(crate) fn files(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let (_, pull) = find(call, repository)?;
    let files = call.render(state).files(repository, pull);
    Ok(page(call, &files, USUAL, Value::clone))
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let title = call.required_text("title")?.to_owned();
    let head = call.required_text("head")?;
    let base = call.required_text("base")?.to_owned();
    let body = call.text("body")?.map(ToOwned::to_owned);
    let draft = call.body["draft"].as_bool().unwrap_or(false);
    if title.trim().is_empty() {
        return Err(Reply::invalid("PullRequest", "title", "missing_field", None));
    }
    let repository = call.repository(state)?;
    let owner = repository.owner.clone();
    let head = head.split_once(':').map_or(head, |(_, name)| name).to_owned();
    for (field, name) in [("head", &head), ("base", &base)] {
        if !repository.commits.has_branch(name) {
            return Err(Reply::invalid("PullRequest", field, "invalid", None));
        }
    }
    if repository.commits.ahead(&base, &head) == 0 {
        let message = format!("No commits between {base} and {head}");
        return Err(custom(&message));
    }
    let exists = repository.issues.values().any(|issue| {
        let pull = issue.pull_request.as_ref();
        issue.open && pull.is_some_and(|pull| pull.head == head && pull.base == base)
    });
    if exists {
        return Err(custom(&format!("A pull request already exists for {owner}:{head}.")));
    }
    let (id, at) = (state.next_id(), state.tick());
    let repository = call.repository_mut(state)?;
    repository.last_number += 1;
    let number = repository.last_number;
    let issue = Issue {
        number,
        id,
        title,
        body,
        open: true,
        state_reason: None,
        author: Some(call.grant.login()),
        labels: Vec::new(),
        assignees: Vec::new(),
        comments: Vec::new(),
        pull_request: Some(PullRequest { head, base, draft, merged: false }),
        closed_by: None,
        reactions: Vec::new(),
        created_at: at,
        updated_at: at,
        closed_at: None,
    };
    repository.issues.insert(number, issue);
    emit_issue(state, call, number, "opened", None, json!({}));
    drawn(state, call, number).map(Reply::created)
}

pub(crate) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let (issue, pull) = find(call, repository)?;
    let (number, was_open) = (issue.number, issue.open);
    let own = issue.author.as_deref() == Some(call.grant.login().as_str());
    if !own && state.role(call.grant, repository) < Role::Write {
        return Err(Reply::error(403, "Must have admin rights to Repository."));
    }
    let title = call.text("title")?.map_or_else(|| issue.title.clone(), ToOwned::to_owned);
    let body = match call.body.get("body") {
        None => issue.body.clone(),
        Some(_) => call.text("body")?.map(ToOwned::to_owned),
    };
    let base = call.text("base")?.map_or_else(|| pull.base.clone(), ToOwned::to_owned);
    if !repository.commits.has_branch(&base) {
        return Err(Reply::invalid("PullRequest", "base", "invalid", None));
    }
    let open = match call.text("state")? {
        None => was_open,
        Some("open") => true,
        Some("closed") => false,
        Some(_) => return Err(Reply::invalid("PullRequest", "state", "invalid", None)),
    };
    let edited = title != issue.title || body != issue.body || base != pull.base;
    let now = state.now.next();
    let login = call.grant.login();
    change_issue(state, call, number, |issue| {
        issue.title = title;
        issue.body = body;
        issue.open = open;
        issue.closed_at = if open { None } else { issue.closed_at.or(Some(now)) };
        issue.closed_by = if open { None } else { issue.closed_by.take().or(Some(login)) };
        if let Some(pull) = &mut issue.pull_request {
            pull.base = base;
        }
    })?;
    if edited {
        emit_issue(state, call, number, "edited", None, json!({ "changes": {} }));
    }
    match (was_open, open) {
        (true, false) => emit_issue(state, call, number, "closed", None, json!({})),
        (false, true) => emit_issue(state, call, number, "reopened", None, json!({})),
        _ => {}
    }
    drawn(state, call, number).map(Reply::ok)
}

fn find<'s>(
    call: &Call<'_>,
    repository: &'s Repository,
) -> Result<(&'s Issue, &'s PullRequest), Reply> {
    let issue = repository.issues.get(&call.number("pull_number")?).ok_or_else(Reply::not_found)?;
    issue.pull_request.as_ref().map(|pull| (issue, pull)).ok_or_else(Reply::not_found)
}

fn drawn(state: &State, call: &Call<'_>, number: u64) -> Result<Value, Reply> {
    let repository = call.repository(state)?;
    let issue = repository.issues.get(&number).ok_or_else(Reply::not_found)?;
    let pull = issue.pull_request.as_ref().ok_or_else(Reply::not_found)?;
    Ok(call.render(state).full_pull(repository, issue, pull))
}

/// A refusal that is about no field in particular.
fn custom(message: &str) -> Reply {
    let mut reply = Reply::error(422, "Validation Failed");
    if let crate::github::reply::Body::Json(body) = &mut reply.body {
        body["errors"] =
            json!([{ "resource": "PullRequest", "code": "custom", "message": message }]);
    }
    reply
}

/// Latest first, unless asked otherwise.
fn sorting(call: &Call<'_>, a: &Issue, b: &Issue) -> Ordering {
    let order = match call.query("sort") {
        Some("updated") => a.updated_at.cmp(&b.updated_at),
        _ => a.created_at.cmp(&b.created_at),
    };
    let order = order.then(a.number.cmp(&b.number));
    if call.query("direction") == Some("asc") { order } else { order.reverse() }
}
