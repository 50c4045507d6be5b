use serde_json::json;

use super::owner;

const CONTENTS: &str = "/repos/acme/product/contents";

#[test]
fn a_file_is_written_read_and_replaced_by_who_knows_what_it_replaces() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let path = format!("{CONTENTS}/docs/a%20b.md");
    // "hello\n"
    let new = json!({ "message": "Add", "content": "aGVsbG8K" });
    let made = client.put(&path, new.clone());
    assert_eq!(made.status, 201);
    let sha = made.json()["content"]["sha"].as_str().unwrap().to_owned();
    assert_eq!(sha, "ce013625030ba8dba906f756967f9e9ca394464a", "as git counts");
    let read = client.get(&path).json();
    assert_eq!((&read["content"], &read["sha"]), (&json!("aGVsbG8K\n"), &json!(sha)));
    assert_eq!(product.read("main", "docs/a b.md").as_deref(), Some("hello\n"));

    let unknowing = client.put(&path, new.clone());
    assert_eq!(unknowing.status, 422);
    assert_eq!(unknowing.json()["message"], "Invalid request.\n\n\"sha\" wasn't supplied.");
    let body = |sha: &str| json!({ "message": "Change", "content": "eA==", "sha": sha });
    let stale = client.put(&path, body("0000000000000000000000000000000000000000"));
    assert_eq!(stale.status, 409);
    assert!(stale.json()["message"].as_str().unwrap().starts_with("docs/a b.md does not match"));
    assert_eq!(client.put(&path, body(&sha)).status, 200);
    assert_eq!(client.put(&path, body(&sha)).status, 409, "it has changed since");
    assert_eq!(product.read("main", "docs/a b.md").as_deref(), Some("x"));
}

#[test]
fn a_directory_lists_what_is_directly_below_it() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    product.file("docs/a.md", "a").file("docs/adr/1.md", "b").file("README.md", "c");
    let root = client.get(&format!("{CONTENTS}/"));
    assert_eq!(root.each("path"), ["README.md", "docs"]);
    let docs = client.get(&format!("{CONTENTS}/docs"));
    assert_eq!(docs.each("path"), ["docs/a.md", "docs/adr"]);
    assert_eq!(docs.each("type"), ["file", "dir"]);
    assert_eq!(client.get(&format!("{CONTENTS}/nothing")).status, 404);
}

#[test]
fn branches_are_apart() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    product.file("a.md", "old").branch("topic").file_on("topic", "a.md", "new");
    let read = |query: &str| client.get(&format!("{CONTENTS}/a.md{query}")).json()["size"].clone();
    assert_eq!((read(""), read("?ref=topic")), (json!(3), json!(3)));
    assert_eq!(product.read("main", "a.md").as_deref(), Some("old"));
    assert_eq!(client.get(&format!("{CONTENTS}/a.md?ref=nowhere")).status, 404);
    let body = json!({ "message": "m", "content": "eA==", "branch": "nowhere" });
    assert_eq!(client.put(&format!("{CONTENTS}/b.md"), body).status, 404);
}

#[test]
fn a_file_is_deleted_by_who_knows_it() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    product.file("a.md", "hello\n");
    let path = format!("{CONTENTS}/a.md");
    let body = |sha: &str| Some(json!({ "message": "Remove", "sha": sha }));
    assert_eq!(client.send("DELETE", &path, body("00")).status, 409);
    let sha = "ce013625030ba8dba906f756967f9e9ca394464a";
    let deleted = client.send("DELETE", &path, body(sha));
    assert_eq!((deleted.status, &deleted.json()["content"]), (200, &json!(null)));
    assert_eq!(product.read("main", "a.md"), None);
    assert_eq!(client.send("DELETE", &path, body(sha)).status, 404);
}

#[test]
fn what_is_not_base64_is_refused() {
    let (github, client) = owner();
    github.repository("acme/product");
    let body = json!({ "message": "Add", "content": "?" });
    assert_eq!(client.put(&format!("{CONTENTS}/a.md"), body).status, 422);
    let body = json!({ "message": "Add", "content": "eA==" });
    assert_eq!(client.put(&format!("{CONTENTS}/../a.md"), body).status, 422);
}
