use countersign_testkit::{Grant, Role};
use serde_json::json;

use super::client::Client;
use super::owner;

const ISSUES: &str = "/repos/acme/product/issues";

#[test]
fn issues_and_pull_requests_share_one_sequence() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    assert_eq!(product.issue("One", &[]), 1);
    assert_eq!(product.pull_request("Two", &[], "topic"), 2);
    let made = client.post(ISSUES, json!({ "title": "Three", "labels": ["a"] }));
    assert_eq!((made.status, &made.json()["number"]), (201, &json!(3)));
    assert_eq!(client.get(ISSUES).each("number"), [3, 2, 1], "latest first, both kinds");
    let pull = client.get(&format!("{ISSUES}/2"));
    assert!(pull.json()["pull_request"]["url"].as_str().unwrap().ends_with("/pulls/2"));
    assert!(client.get(&format!("{ISSUES}/1")).json().get("pull_request").is_none());
}

#[test]
fn lists_are_filtered_and_sorted() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    product.issue("One", &["Bug", "a"]);
    product.issue("Two", &["bug"]);
    product.issue("Three", &["a"]);
    product.close(3);
    let numbers = |query: &str| client.get(&format!("{ISSUES}?{query}")).each("number");
    assert_eq!(numbers("labels=BUG"), [2, 1]);
    assert_eq!(numbers("labels=bug,a"), [1], "all of them");
    assert!(numbers("labels=bug,nothing").is_empty());
    assert_eq!(numbers("state=closed"), [3]);
    assert_eq!(numbers("state=all&sort=created&direction=asc"), [1, 2, 3]);
    let since = client.get(&format!("{ISSUES}/3")).json()["closed_at"].as_str().unwrap().to_owned();
    assert_eq!(numbers(&format!("state=all&since={since}")), [3]);
    assert_eq!(client.get(&format!("{ISSUES}?state=odd")).status, 422);
}

#[test]
fn an_issue_is_closed_and_opened_again() {
    let (github, client) = owner();
    github.repository("acme/product").issue("One", &["a"]);
    let path = format!("{ISSUES}/1");
    let closed = client.patch(&path, json!({ "state": "closed", "state_reason": "not_planned" }));
    assert_eq!(closed.json()["state_reason"], "not_planned");
    assert_eq!(closed.json()["closed_by"]["login"], "olga");
    let opened = client.patch(&path, json!({ "state": "open", "labels": ["b"], "body": "text" }));
    assert_eq!(opened.json()["closed_at"], json!(null));
    assert_eq!(opened.json()["labels"][0]["name"], "b");
    let names: Vec<String> = github.events().into_iter().map(|event| event.name).collect();
    assert_eq!(
        names,
        ["issues.closed", "issues.edited", "issues.reopened", "issues.unlabeled", "issues.labeled",],
    );
}

#[test]
fn a_deleted_issue_is_gone_for_good() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let issue = product.issue("One", &[]);
    product.delete_issue(issue);
    assert_eq!(client.get(&format!("{ISSUES}/1")).status, 410);
    assert_eq!(client.get(&format!("{ISSUES}/2")).status, 404);
    assert_eq!(product.issue("Two", &[]), 2, "the number is not used again");
}

#[test]
fn labels_from_somebody_who_cannot_push_are_dropped_without_a_word() {
    let (github, _) = owner();
    let product = github.repository("acme/product");
    product.label("run:intake", "ff0000", None).collaborator("rita", Role::Read);
    github.token("reader", Grant::user("rita"));
    let reader = Client::new(&github, "reader");
    let made = reader.post(ISSUES, json!({ "title": "One", "labels": ["run:intake"] }));
    assert_eq!((made.status, &made.json()["labels"]), (201, &json!([])));
    let refused = reader.post(&format!("{ISSUES}/1/labels"), json!(["run:intake"]));
    assert_eq!(refused.status, 403);
}

#[test]
fn the_author_may_be_gone() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let issue = product.issue("One", &[]);
    product.author(issue, "leaver");
    github.delete_account("leaver");
    assert_eq!(client.get(&format!("{ISSUES}/{issue}")).json()["user"], json!(null));
}
