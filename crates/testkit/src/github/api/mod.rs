//! The operations: each takes the state and a call whose sender may do it, and gives a reply.

pub(crate) mod account;
pub(crate) mod comment;
pub(crate) mod contents;
pub(crate) mod dispatch;
pub(crate) mod issue;
pub(crate) mod issue_label;
pub(crate) mod label;
pub(crate) mod pull;
pub(crate) mod reaction;
pub(crate) mod repository;
pub(crate) mod variable;

use serde_json::{Value, json};

use super::event::Event;
use super::page::{Page, PageSize};
use super::render::{Render, merge};
use super::reply::Reply;
use super::route::Call;
use super::state::{Issue, Repository, State};

/// A page of a list, drawn.
fn list<T>(call: &Call<'_>, items: &[T], size: PageSize, draw: impl Fn(&T) -> Value) -> Reply {
    let page = Page::of(call, items.len(), size);
    let value = items.iter().skip(page.skip).take(page.take).map(draw).collect();
    with_link(Reply::ok(value), &page)
}

fn with_link(reply: Reply, page: &Page) -> Reply {
    if page.link.is_empty() { reply } else { reply.header("link", page.link.clone()) }
}

/// The issue or pull request that a call is about.
fn issue_of<'s>(call: &Call<'_>, repository: &'s Repository) -> Result<&'s Issue, Reply> {
    let number = call.number("issue_number")?;
    if repository.deleted.contains(&number) {
        return Err(Reply::error(410, "This issue was deleted"));
    }
    repository.issues.get(&number).ok_or_else(Reply::not_found)
}

/// Makes a change to an issue and notes when.
fn change_issue(
    state: &mut State,
    call: &Call<'_>,
    number: u64,
    change: impl FnOnce(&mut Issue),
) -> Result<(), Reply> {
    let at = state.tick();
    let repository = call.repository_mut(state)?;
    let issue = repository.issues.get_mut(&number).ok_or_else(Reply::not_found)?;
    issue.updated_at = at;
    change(issue);
    Ok(())
}

/// What an event is about, beside its name.
#[derive(Default)]
struct About<'a> {
    number: Option<u64>,
    label: Option<&'a str>,
}

/// Notes an event `name.action` with the keys of `details` in its payload.
fn emit(state: &mut State, call: &Call<'_>, name: &str, about: &About<'_>, details: Value) {
    let sender = call.grant.login();
    let Ok(repository) = call.repository(state) else { return };
    let (id, full_name, shown) = (repository.id, repository.full_name(), repository.shown());
    let account = state.accounts.get(&sender.to_lowercase()).map_or(0, |account| account.id);
    let base = call.base;
    let repository_drawn = state.drawn(id, &shown, |state| {
        let repository = state.repository(&full_name);
        repository.map(|it| Render { base, state }.repository(it)).unwrap_or_default()
    });
    let sender_drawn = state.drawn(account, &sender, |state| Render { base, state }.user(&sender));
    state.events.push(Event {
        name: name.to_owned(),
        repository: full_name,
        number: about.number,
        label: about.label.map(ToOwned::to_owned),
        suppressed: !call.grant.starts_workflows(),
        sender,
        details,
        repository_drawn,
        sender_drawn,
    });
}

/// Notes `issues.action` or `pull_request.action`, whichever the number is.
fn emit_issue(
    state: &mut State,
    call: &Call<'_>,
    number: u64,
    action: &str,
    label: Option<&str>,
    mut details: Value,
) {
    let Ok(repository) = call.repository(state) else { return };
    let Some(issue) = repository.issues.get(&number) else { return };
    let render = call.render(state);
    let name = match &issue.pull_request {
        Some(pull) => {
            merge(
                &mut details,
                json!({
                    "number": number,
                    "pull_request": render.full_pull(repository, issue, pull),
                }),
            );
            "pull_request"
        }
        None => {
            merge(&mut details, json!({ "issue": render.issue(repository, issue) }));
            "issues"
        }
    };
    let about = About { number: Some(number), label };
    emit(state, call, &format!("{name}.{action}"), &about, details);
}
