//! Issues, and pull requests seen as issues.
//!
//! <https://docs.github.com/rest/issues/issues>

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::{change_issue, emit_issue, issue_label, issue_of, list as page};
use crate::github::clock::Time;
use crate::github::grant::Role;
use crate::github::page::USUAL;
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::{Issue, Repository, State};

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let wanted = Wanted::of(call, repository)?;
    let mut issues: Vec<&Issue> =
        repository.issues.values().filter(|issue| wanted.fits(issue)).collect();
    issues.sort_by(|a, b| sorting(call, a, b));
    let render = call.render(state);
    Ok(page(call, &issues, USUAL, |issue| render.issue(repository, issue)))
}

pub(crate) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let issue = issue_of(call, repository)?;
    Ok(Reply::ok(call.render(state).issue(repository, issue)))
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let title = title(call)?.ok_or_else(|| Reply::missing("title"))?;
    let body = call.text("body")?.map(ToOwned::to_owned);
    let labels = labels(call)?.unwrap_or_default();
    let assignees = assignees(call)?.unwrap_or_default();
    // Who cannot push gets an issue without them, and no error.
    let pushes = pushes(state, call)?;
    let author = call.grant.login();
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
        author: Some(author),
        labels: Vec::new(),
        assignees: if pushes { assignees } else { Vec::new() },
        comments: Vec::new(),
        pull_request: None,
        closed_by: None,
        reactions: Vec::new(),
        created_at: at,
        updated_at: at,
        closed_at: None,
    };
    repository.issues.insert(number, issue);
    emit_issue(state, call, number, "opened", None, json!({}));
    if pushes {
        issue_label::attach(state, call, number, &labels)?;
    }
    drawn(state, call, number).map(Reply::created)
}

pub(crate) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let issue = issue_of(call, repository)?;
    let number = issue.number;
    let role = state.role(call.grant, repository);
    let own = issue.author.as_deref() == Some(call.grant.login().as_str());
    if role < Role::Triage && !own {
        return Err(Reply::error(403, "Must have admin rights to Repository."));
    }
    let (old_title, old_body, was_open) = (issue.title.clone(), issue.body.clone(), issue.open);
    let title = title(call)?;
    let body = call.body.get("body").map(|_| call.text("body")).transpose()?;
    let body = body.map(|text| text.map(ToOwned::to_owned));
    let open = match call.text("state")? {
        None => None,
        Some("open") => Some(true),
        Some("closed") => Some(false),
        Some(_) => return Err(Reply::invalid("Issue", "state", "invalid", None)),
    };
    let reason = call.text("state_reason")?.map(ToOwned::to_owned);
    let known = ["completed", "not_planned", "duplicate", "reopened"];
    if reason.as_deref().is_some_and(|reason| !known.contains(&reason)) {
        return Err(Reply::invalid("Issue", "state_reason", "invalid", None));
    }
    let labels = labels(call)?;
    let assignees = assignees(call)?;

    let mut changes = json!({});
    if title.as_ref().is_some_and(|title| *title != old_title) {
        changes["title"] = json!({ "from": old_title });
    }
    if body.as_ref().is_some_and(|body| *body != old_body) {
        changes["body"] = json!({ "from": old_body });
    }
    let now = state.now.next();
    let login = call.grant.login();
    change_issue(state, call, number, |issue| {
        issue.title = title.unwrap_or_else(|| issue.title.clone());
        issue.body = body.unwrap_or_else(|| issue.body.clone());
        if let Some(assignees) = assignees {
            issue.assignees = assignees;
        }
        match open {
            Some(false) if was_open => {
                issue.open = false;
                issue.closed_at = Some(now);
                issue.closed_by = Some(login);
                issue.state_reason = reason.or_else(|| Some("completed".to_owned()));
            }
            Some(true) if !was_open => {
                issue.open = true;
                issue.closed_at = None;
                issue.closed_by = None;
                issue.state_reason = Some("reopened".to_owned());
            }
            _ => {}
        }
    })?;
    if changes.as_object().is_some_and(|changes| !changes.is_empty()) {
        emit_issue(state, call, number, "edited", None, json!({ "changes": changes }));
    }
    match open {
        Some(false) if was_open => emit_issue(state, call, number, "closed", None, json!({})),
        Some(true) if !was_open => emit_issue(state, call, number, "reopened", None, json!({})),
        _ => {}
    }
    if let Some(labels) = labels
        && pushes(state, call)?
    {
        issue_label::replace(state, call, number, &labels)?;
    }
    drawn(state, call, number).map(Reply::ok)
}

fn drawn(state: &State, call: &Call<'_>, number: u64) -> Result<Value, Reply> {
    let repository = call.repository(state)?;
    let issue = repository.issues.get(&number).ok_or_else(Reply::not_found)?;
    Ok(call.render(state).issue(repository, issue))
}

fn pushes(state: &State, call: &Call<'_>) -> Result<bool, Reply> {
    Ok(state.role(call.grant, call.repository(state)?) >= Role::Triage)
}

/// GitHub takes a number for a title, too.
fn title(call: &Call<'_>) -> Result<Option<String>, Reply> {
    let title = match &call.body["title"] {
        Value::Number(number) => Some(number.to_string()),
        _ => call.text("title")?.map(ToOwned::to_owned),
    };
    match title {
        Some(title) if title.trim().is_empty() => {
            Err(Reply::invalid("Issue", "title", "missing_field", None))
        }
        title => Ok(title),
    }
}

fn labels(call: &Call<'_>) -> Result<Option<Vec<String>>, Reply> {
    match &call.body["labels"] {
        Value::Null => Ok(None),
        Value::Array(items) => issue_label::names_in(items).map(Some),
        other => {
            Err(Reply::malformed(&format!("For 'properties/labels', {other} is not an array.")))
        }
    }
}

fn assignees(call: &Call<'_>) -> Result<Option<Vec<String>>, Reply> {
    match &call.body["assignees"] {
        Value::Null => Ok(None),
        Value::Array(items) => {
            let logins = items.iter().filter_map(Value::as_str).map(ToOwned::to_owned);
            Ok(Some(logins.collect()))
        }
        other => {
            Err(Reply::malformed(&format!("For 'properties/assignees', {other} is not an array.")))
        }
    }
}

/// What a list was asked for.
struct Wanted {
    /// `None` for both.
    open: Option<bool>,
    /// `None` if one of the names does not exist, so that nothing has it.
    labels: Option<Vec<u64>>,
    since: Option<Time>,
    creator: Option<String>,
    assignee: Option<String>,
}

impl Wanted {
    fn of(call: &Call<'_>, repository: &Repository) -> Result<Self, Reply> {
        let open = match call.query("state").unwrap_or("open") {
            "open" => Some(true),
            "closed" => Some(false),
            "all" => None,
            _ => return Err(Reply::invalid("Issue", "state", "invalid", None)),
        };
        let names = call.query("labels").unwrap_or_default();
        let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        let since = match call.query("since") {
            None | Some("") => None,
            Some(text) => Some(
                Time::parse(text)
                    .ok_or_else(|| Reply::invalid("Issue", "since", "invalid", None))?,
            ),
        };
        Ok(Self {
            open,
            labels: names.map(|name| repository.label(name).map(|label| label.id)).collect(),
            since,
            creator: call.query("creator").map(str::to_lowercase),
            assignee: call.query("assignee").map(str::to_lowercase).filter(|it| it != "*"),
        })
    }

    fn fits(&self, issue: &Issue) -> bool {
        let is = |wanted: &String, login: &String| login.to_lowercase() == *wanted;
        self.open.is_none_or(|open| issue.open == open)
            && self
                .labels
                .as_ref()
                .is_some_and(|ids| ids.iter().all(|id| issue.labels.contains(id)))
            && self.since.is_none_or(|since| issue.updated_at >= since)
            && self
                .creator
                .as_ref()
                .is_none_or(|who| issue.author.as_ref().is_some_and(|author| is(who, author)))
            && self.assignee.as_ref().is_none_or(|who| match who.as_str() {
                "none" => issue.assignees.is_empty(),
                _ => issue.assignees.iter().any(|assignee| is(who, assignee)),
            })
    }
}

/// Latest first, unless asked otherwise.
fn sorting(call: &Call<'_>, a: &Issue, b: &Issue) -> Ordering {
    let order = match call.query("sort") {
        Some("updated") => a.updated_at.cmp(&b.updated_at),
        Some("comments") => a.comments.len().cmp(&b.comments.len()),
        _ => a.created_at.cmp(&b.created_at),
    };
    let order = order.then(a.number.cmp(&b.number));
    if call.query("direction") == Some("asc") { order } else { order.reverse() }
}
