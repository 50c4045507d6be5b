//! Files of a repository.
//!
//! <https://docs.github.com/rest/repos/contents>

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{About, emit};
use crate::github::render::path as encoded;
use crate::github::reply::{Answer, Reply};
use crate::github::route::Call;
use crate::github::state::{Repository, State};
use crate::github::tree::{Commit, blob_id, hex};

/// GitHub breaks the encoded content into lines of this length.
const LINE: usize = 60;

pub(crate) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let repository = call.repository(state)?;
    let reference = call.query("ref").unwrap_or(&repository.default_branch);
    let commit = repository
        .commits
        .find(reference)
        .ok_or_else(|| Reply::error(404, &format!("No commit found for the ref {reference}")))?;
    let path = call.param("path").trim_end_matches('/');
    if let Some(bytes) = commit.tree.get(path) {
        let mut file = entry(call, repository, reference, path, "file", Some(bytes));
        file["encoding"] = "base64".into();
        file["content"] = wrapped(bytes).into();
        return Ok(Reply::ok(file));
    }
    let entries = directory(call, repository, commit, reference, path);
    if entries.is_empty() && !path.is_empty() {
        return Err(Reply::not_found());
    }
    Ok(Reply::ok(entries.into()))
}

pub(crate) fn put(state: &mut State, call: &Call<'_>) -> Answer {
    let path = call.param("path").to_owned();
    let message = call.required_text("message")?.to_owned();
    let content = call.required_text("content")?.replace(['\n', '\r'], "");
    let Ok(bytes) = STANDARD.decode(content) else {
        return Err(Reply::error(422, "content is not valid Base64"));
    };
    if path.is_empty() || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(Reply::error(422, "path contains a malformed path component"));
    }
    let (branch, mut tree) = stage(state, call, &path)?;
    let existed = tree.contains_key(&path);
    tree.insert(path.clone(), bytes.into());
    let at = state.tick();
    let author = call.grant.login();
    call.repository_mut(state)?.commits.commit(&branch, tree, &message, &author, at);
    pushed(state, call, &branch);
    let repository = call.repository(state)?;
    let commit = repository.commits.find(&branch).ok_or_else(Reply::not_found)?;
    let bytes = commit.tree.get(&path).map(AsRef::as_ref);
    let body = json!({
        "content": entry(call, repository, &branch, &path, "file", bytes),
        "commit": drawn(call, repository, commit),
    });
    let mut reply = if existed { Reply::ok(body) } else { Reply::created(body) };
    reply.headers.clear();
    Ok(reply)
}

pub(crate) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let path = call.param("path").to_owned();
    let message = call.required_text("message")?.to_owned();
    call.required_text("sha")?;
    let (branch, mut tree) = stage(state, call, &path)?;
    if tree.remove(&path).is_none() {
        return Err(Reply::not_found());
    }
    let at = state.tick();
    let author = call.grant.login();
    call.repository_mut(state)?.commits.commit(&branch, tree, &message, &author, at);
    pushed(state, call, &branch);
    let repository = call.repository(state)?;
    let commit = repository.commits.find(&branch).ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(json!({ "content": null, "commit": drawn(call, repository, commit) })))
}

/// The branch to write to and its files, if the caller knows what it replaces.
fn stage(
    state: &State,
    call: &Call<'_>,
    path: &str,
) -> Result<(String, crate::github::tree::Tree), Reply> {
    let repository = call.repository(state)?;
    let branch = call.text("branch")?.unwrap_or(&repository.default_branch).to_owned();
    if !repository.commits.has_branch(&branch) {
        return Err(Reply::error(404, &format!("Branch {branch} not found")));
    }
    let commit = repository.commits.find(&branch).ok_or_else(Reply::not_found)?;
    let current = commit.tree.get(path).map(|bytes| blob_id(bytes));
    match (current, call.text("sha")?) {
        (Some(current), Some(sha)) if current != sha => {
            Err(Reply::error(409, &format!("{path} does not match {sha}")))
        }
        (Some(_), None) => Err(Reply::missing("sha")),
        (None, Some(sha)) if call.body.get("content").is_some() => {
            Err(Reply::error(409, &format!("{path} does not match {sha}")))
        }
        _ => Ok((branch, commit.tree.clone())),
    }
}

fn pushed(state: &mut State, call: &Call<'_>, branch: &str) {
    let details = json!({ "ref": format!("refs/heads/{branch}") });
    emit(state, call, "push", &About::default(), details);
}

/// What is directly below a path, files and directories, by name.
fn directory(
    call: &Call<'_>,
    repository: &Repository,
    commit: &Commit,
    reference: &str,
    path: &str,
) -> Vec<Value> {
    let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
    let mut names: BTreeMap<&str, Option<&[u8]>> = BTreeMap::new();
    for (at, bytes) in &commit.tree {
        let Some(rest) = at.strip_prefix(&prefix) else { continue };
        match rest.split_once('/') {
            Some((directory, _)) => names.insert(directory, None),
            None => names.insert(rest, Some(bytes)),
        };
    }
    names
        .into_iter()
        .map(|(name, bytes)| {
            let at = format!("{prefix}{name}");
            let kind = if bytes.is_some() { "file" } else { "dir" };
            entry(call, repository, reference, &at, kind, bytes)
        })
        .collect()
}

fn entry(
    call: &Call<'_>,
    repository: &Repository,
    reference: &str,
    path: &str,
    kind: &str,
    bytes: Option<&[u8]>,
) -> Value {
    let full_name = repository.full_name();
    let at = encoded(path);
    // A directory's id hangs on what is in it; its path will do.
    let sha = bytes.map_or_else(|| blob_id(path.as_bytes()), blob_id);
    let api = format!("{}/repos/{full_name}", call.base);
    let url = format!("{api}/contents/{at}?ref={}", encoded(reference));
    let (blob, tree) = if bytes.is_some() { ("blobs", "blob") } else { ("trees", "tree") };
    let git = format!("{api}/git/{blob}/{sha}");
    let html = format!("{}/{full_name}/{tree}/{}/{at}", call.base, encoded(reference));
    let download =
        bytes.map(|_| format!("{}/{full_name}/raw/{}/{at}", call.base, encoded(reference)));
    json!({
        "name": path.rsplit('/').next().unwrap_or(path),
        "path": path,
        "sha": sha,
        "size": bytes.map_or(0, <[u8]>::len),
        "url": url,
        "html_url": html,
        "git_url": git,
        "download_url": download,
        "type": kind,
        "_links": { "self": url, "git": git, "html": html },
    })
}

fn drawn(call: &Call<'_>, repository: &Repository, commit: &Commit) -> Value {
    let full_name = repository.full_name();
    let api = format!("{}/repos/{full_name}/git", call.base);
    let person = json!({
        "date": commit.at.to_string(),
        "name": commit.author,
        "email": format!("{}@users.noreply.github.com", commit.author),
    });
    let parents: Vec<Value> = commit
        .parent
        .iter()
        .map(|sha| {
            json!({
                "sha": sha,
                "url": format!("{api}/commits/{sha}"),
                "html_url": format!("{}/{full_name}/commit/{sha}", call.base),
            })
        })
        .collect();
    let tree = blob_id(commit.sha.as_bytes());
    json!({
        "sha": commit.sha,
        "node_id": format!("C_{}", hex(&commit.sha.as_bytes()[..8])),
        "url": format!("{api}/commits/{}", commit.sha),
        "html_url": format!("{}/{full_name}/commit/{}", call.base, commit.sha),
        "author": person,
        "committer": person,
        "message": commit.message,
        "tree": { "sha": tree, "url": format!("{api}/trees/{tree}") },
        "parents": parents,
        "verification": {
            "verified": false,
            "reason": "unsigned",
            "signature": null,
            "payload": null,
            "verified_at": null,
        },
    })
}

fn wrapped(bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    let mut text = String::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    for (index, letter) in encoded.chars().enumerate() {
        if index > 0 && index % LINE == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push('\n');
    text
}
