use serde_json::json;

use super::owner;

const PULLS: &str = "/repos/acme/product/pulls";

#[test]
fn a_pull_request_takes_a_branch_with_something_new() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let body = json!({ "title": "Change", "head": "topic", "base": "main" });
    let missing = client.post(PULLS, body.clone());
    assert_eq!((missing.status, &missing.json()["errors"][0]["field"]), (422, &json!("head")));
    product.branch("topic");
    let nothing = client.post(PULLS, body.clone());
    assert_eq!(nothing.json()["errors"][0]["message"], "No commits between main and topic");
    product.file_on("topic", "a.md", "a");
    let made = client.post(PULLS, body.clone());
    assert_eq!((made.status, &made.json()["commits"]), (201, &json!(1)));
    let again = client.post(PULLS, body);
    assert_eq!(
        again.json()["errors"][0]["message"],
        "A pull request already exists for acme:topic.",
    );
    let names: Vec<String> = github.events().into_iter().map(|event| event.name).collect();
    assert_eq!(names, ["pull_request.opened"]);
}

#[test]
fn its_files_are_what_changed_since_the_branches_parted() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    product.file("kept.md", "a\nb\n").branch("topic");
    product.file_on("topic", "kept.md", "a\nc\n").file_on("topic", "new.md", "x\n");
    product.file("later.md", "only on main");
    let number = product.pull_request("Change", &[], "topic");
    let files = client.get(&format!("{PULLS}/{number}/files"));
    assert_eq!(files.each("filename"), ["kept.md", "new.md"]);
    assert_eq!(files.each("status"), ["modified", "added"]);
    assert_eq!(files.json()[0]["patch"], "@@ -1,2 +1,2 @@\n a\n-b\n+c");
    let pull = client.get(&format!("{PULLS}/{number}")).json();
    assert_eq!(
        [&pull["additions"], &pull["deletions"], &pull["changed_files"], &pull["commits"]],
        [2, 1, 2, 2],
    );
}

#[test]
fn pull_requests_are_listed_changed_and_closed() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    product.issue("Not one", &[]);
    let first = product.pull_request("First", &["a"], "one");
    let second = product.pull_request("Second", &[], "two");
    assert_eq!(client.get(PULLS).each("number"), [second, first]);
    assert_eq!(client.get(&format!("{PULLS}?head=acme:one")).each("number"), [first]);
    assert!(client.get(&format!("{PULLS}?base=other")).each("number").is_empty());
    let path = format!("{PULLS}/{first}");
    let changed = client.patch(&path, json!({ "title": "New", "state": "closed" }));
    assert_eq!(changed.json()["state"], "closed");
    assert_eq!(changed.json()["labels"][0]["name"], "a");
    assert_eq!(client.get(&format!("{PULLS}?state=closed")).each("title"), ["New"]);
    assert_eq!(client.get(&format!("{PULLS}/1")).status, 404, "an issue is none");
    let names: Vec<String> = github.events().into_iter().map(|event| event.name).collect();
    assert_eq!(names, ["pull_request.edited", "pull_request.closed"]);
}
