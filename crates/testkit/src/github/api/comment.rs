//! Comments on issues and pull requests.
//!
//! <https://docs.github.com/rest/issues/comments>

use serde_json::{Value, json};

use super::{About, change_issue, emit, issue_of, list as page};
use crate::github::clock::Time;
use crate::github::grant::Role;
use crate::github::page::USUAL;
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::{Comment, Repository, State};

/// In characters.
const LONGEST_BODY: usize = 65_536;

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let issue = issue_of(call, repository)?;
    let since = since(call)?;
    let comments: Vec<&Comment> = issue
        .comments
        .iter()
        .filter(|it| since.is_none_or(|since| it.updated_at >= since))
        .collect();
    let render = call.render(state);
    Ok(page(call, &comments, USUAL, |it| render.comment(repository, issue.number, it)))
}

/// Of all issues: by id unless asked otherwise.
pub(crate) fn list_all(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let since = since(call)?;
    let mut comments: Vec<(u64, &Comment)> = repository
        .issues
        .values()
        .flat_map(|issue| issue.comments.iter().map(|comment| (issue.number, comment)))
        .filter(|(_, it)| since.is_none_or(|since| it.updated_at >= since))
        .collect();
    match call.query("sort") {
        Some("updated") => comments.sort_by_key(|(_, comment)| (comment.updated_at, comment.id)),
        _ => comments.sort_by_key(|(_, comment)| comment.id),
    }
    if call.query("direction") == Some("desc") {
        comments.reverse();
    }
    let render = call.render(state);
    Ok(page(call, &comments, USUAL, |(issue, it)| render.comment(repository, *issue, it)))
}

pub(crate) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let (issue, comment) = find(call, repository)?;
    Ok(Reply::ok(call.render(state).comment(repository, issue, comment)))
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let number = issue_of(call, call.repository(state)?)?.number;
    let body = body(call)?;
    let id = state.next_id();
    let at = state.now.next();
    let comment = Comment {
        id,
        author: Some(call.grant.login()),
        body,
        reactions: Vec::new(),
        created_at: at,
        updated_at: at,
    };
    change_issue(state, call, number, |issue| issue.comments.push(comment))?;
    told(state, call, "created", number, id, json!({}))?;
    drawn(state, call, number, id).map(Reply::created)
}

pub(crate) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let (number, comment) = find(call, repository)?;
    let (id, from) = (comment.id, comment.body.clone());
    may_change(state, call, repository, comment)?;
    let body = body(call)?;
    let at = state.now.next();
    change_issue(state, call, number, |issue| {
        for comment in issue.comments.iter_mut().filter(|comment| comment.id == id) {
            comment.body.clone_from(&body);
            comment.updated_at = at;
        }
    })?;
    told(state, call, "edited", number, id, json!({ "changes": { "body": { "from": from } } }))?;
    drawn(state, call, number, id).map(Reply::ok)
}

pub(crate) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let (number, comment) = find(call, repository)?;
    let id = comment.id;
    may_change(state, call, repository, comment)?;
    told(state, call, "deleted", number, id, json!({}))?;
    change_issue(state, call, number, |issue| issue.comments.retain(|it| it.id != id))?;
    Ok(Reply::no_content())
}

fn find<'s>(call: &Call<'_>, repository: &'s Repository) -> Result<(u64, &'s Comment), Reply> {
    let id = call.number("comment_id")?;
    repository
        .issues
        .values()
        .find_map(|issue| Some((issue.number, issue.comments.iter().find(|it| it.id == id)?)))
        .ok_or_else(Reply::not_found)
}

/// One's own, or with write access anyone's.
fn may_change(
    state: &State,
    call: &Call<'_>,
    repository: &Repository,
    comment: &Comment,
) -> Result<(), Reply> {
    let own = comment.author.as_deref() == Some(call.grant.login().as_str());
    if own || state.role(call.grant, repository) >= Role::Write {
        return Ok(());
    }
    Err(Reply::error(403, "Must have admin rights to Repository."))
}

fn drawn(state: &State, call: &Call<'_>, issue: u64, id: u64) -> Result<Value, Reply> {
    let repository = call.repository(state)?;
    let comments = repository.issues.get(&issue).map(|issue| &issue.comments);
    let comment = comments.and_then(|all| all.iter().find(|it| it.id == id));
    let comment = comment.ok_or_else(Reply::not_found)?;
    Ok(call.render(state).comment(repository, issue, comment))
}

fn told(
    state: &mut State,
    call: &Call<'_>,
    action: &str,
    number: u64,
    id: u64,
    mut details: Value,
) -> Result<(), Reply> {
    details["comment"] = drawn(state, call, number, id)?;
    let repository = call.repository(state)?;
    let issue = repository.issues.get(&number).ok_or_else(Reply::not_found)?;
    details["issue"] = call.render(state).issue(repository, issue);
    let about = About { number: Some(number), label: None };
    emit(state, call, &format!("issue_comment.{action}"), &about, details);
    Ok(())
}

fn body(call: &Call<'_>) -> Result<String, Reply> {
    let body = call.required_text("body")?;
    if body.trim().is_empty() {
        return Err(Reply::invalid("IssueComment", "body", "missing_field", None));
    }
    if body.chars().count() > LONGEST_BODY {
        let message = format!("Body is too long (maximum is {LONGEST_BODY} characters)");
        return Err(Reply::invalid("IssueComment", "data", "unprocessable", Some(&message)));
    }
    Ok(body.to_owned())
}

fn since(call: &Call<'_>) -> Result<Option<Time>, Reply> {
    match call.query("since") {
        None | Some("") => Ok(None),
        Some(text) => Time::parse(text)
            .map(Some)
            .ok_or_else(|| Reply::invalid("IssueComment", "since", "invalid", None)),
    }
}
