use countersign_testkit::{Grant, Role};
use serde_json::json;

use super::client::Client;
use super::owner;

const COMMENTS: &str = "/repos/acme/product/issues/1/comments";

#[test]
fn a_comment_is_written_changed_and_deleted() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    product.issue("One", &[]);
    let made = client.post(COMMENTS, json!({ "body": "first" }));
    assert_eq!((made.status, &made.json()["user"]["login"]), (201, &json!("olga")));
    let path = format!("/repos/acme/product/issues/comments/{}", made.json()["id"]);
    let changed = client.patch(&path, json!({ "body": "second" }));
    assert_eq!((changed.status, &changed.json()["body"]), (200, &json!("second")));
    assert!(changed.json()["updated_at"].as_str() > changed.json()["created_at"].as_str());
    assert_eq!(client.get(COMMENTS).each("body"), ["second"]);
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&path).status, 404);
    let names: Vec<String> = github.events().into_iter().map(|event| event.name).collect();
    assert_eq!(names, ["issue_comment.created", "issue_comment.edited", "issue_comment.deleted"],);
}

#[test]
fn the_comments_of_all_issues_are_one_list() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let (one, two) = (product.issue("One", &[]), product.issue("Two", &[]));
    product.comment(two, "rita", "a");
    product.comment(one, "rita", "b");
    let all = "/repos/acme/product/issues/comments";
    assert_eq!(client.get(all).each("body"), ["a", "b"]);
    assert_eq!(client.get(&format!("{all}?sort=created&direction=desc")).each("body"), ["b", "a"]);
}

#[test]
fn an_empty_comment_and_one_that_is_too_long_are_refused() {
    let (github, client) = owner();
    github.repository("acme/product").issue("One", &[]);
    let empty = client.post(COMMENTS, json!({ "body": " " }));
    assert_eq!((empty.status, &empty.json()["errors"][0]["code"]), (422, &json!("missing_field")));
    let long = client.post(COMMENTS, json!({ "body": "я".repeat(65_537) }));
    assert_eq!((long.status, &long.json()["errors"][0]["code"]), (422, &json!("unprocessable")));
    assert_eq!(client.post(COMMENTS, json!({ "body": "я".repeat(65_536) })).status, 201);
}

#[test]
fn somebody_elses_comment_takes_write_access() {
    let (github, _) = owner();
    let product = github.repository("acme/product");
    product.collaborator("rita", Role::Triage).collaborator("walt", Role::Write);
    let issue = product.issue("One", &[]);
    let id = product.comment(issue, "octocat", "mine");
    github.token("rita", Grant::user("rita"));
    github.token("walt", Grant::user("walt"));
    let path = format!("/repos/acme/product/issues/comments/{id}");
    let change = json!({ "body": "yours" });
    assert_eq!(Client::new(&github, "rita").patch(&path, change.clone()).status, 403);
    assert_eq!(product.comments_of(issue), ["mine"]);
    assert_eq!(Client::new(&github, "walt").patch(&path, change).status, 200);
}
