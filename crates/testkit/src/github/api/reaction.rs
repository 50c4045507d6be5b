//! Reactions to issues and comments.
//!
//! <https://docs.github.com/rest/reactions/reactions>

use super::{issue_of, list as page};
use crate::github::page::USUAL;
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::{Reaction, Repository, State};

const KINDS: [&str; 8] = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let wanted = call.query("content");
    let reactions: Vec<&Reaction> = of(call, call.repository(state)?)?
        .iter()
        .filter(|it| wanted.is_none_or(|content| it.content == content))
        .collect();
    let render = call.render(state);
    Ok(page(call, &reactions, USUAL, |it| render.reaction(it)))
}

/// 201, or 200 if the same person reacted like this before.
pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let content = call.required_text("content")?;
    if !KINDS.contains(&content) {
        return Err(Reply::malformed("For 'properties/content', it is not one of the enum."));
    }
    let author = call.grant.login();
    let existing = of(call, call.repository(state)?)?
        .iter()
        .find(|it| it.content == content && it.author == author)
        .cloned();
    if let Some(existing) = existing {
        return Ok(Reply::ok(call.render(state).reaction(&existing)));
    }
    let reaction = Reaction {
        id: state.next_id(),
        author,
        content: content.to_owned(),
        created_at: state.tick(),
    };
    of_mut(call, call.repository_mut(state)?)?.push(reaction.clone());
    Ok(Reply::created(call.render(state).reaction(&reaction)))
}

fn of<'s>(call: &Call<'_>, repository: &'s Repository) -> Result<&'s [Reaction], Reply> {
    if call.param("comment_id").is_empty() {
        return issue_of(call, repository).map(|issue| issue.reactions.as_slice());
    }
    let id = call.number("comment_id")?;
    let mut comments = repository.issues.values().flat_map(|issue| &issue.comments);
    let comment = comments.find(|comment| comment.id == id);
    comment.map(|comment| comment.reactions.as_slice()).ok_or_else(Reply::not_found)
}

fn of_mut<'s>(
    call: &Call<'_>,
    repository: &'s mut Repository,
) -> Result<&'s mut Vec<Reaction>, Reply> {
    if call.param("comment_id").is_empty() {
        let number = call.number("issue_number")?;
        let issue = repository.issues.get_mut(&number);
        return issue.map(|issue| &mut issue.reactions).ok_or_else(Reply::not_found);
    }
    let id = call.number("comment_id")?;
    let mut comments = repository.issues.values_mut().flat_map(|issue| &mut issue.comments);
    let comment = comments.find(|comment| comment.id == id);
    comment.map(|comment| &mut comment.reactions).ok_or_else(Reply::not_found)
}
