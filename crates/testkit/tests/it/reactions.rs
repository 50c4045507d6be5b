use serde_json::json;

use super::owner;

#[test]
fn one_reacts_in_the_same_way_once() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let issue = product.issue("One", &[]);
    let comment = product.comment(issue, "rita", "text");
    for path in [
        format!("/repos/acme/product/issues/{issue}/reactions"),
        format!("/repos/acme/product/issues/comments/{comment}/reactions"),
    ] {
        assert_eq!(client.post(&path, json!({ "content": "eyes" })).status, 201);
        assert_eq!(client.post(&path, json!({ "content": "eyes" })).status, 200);
        assert_eq!(client.post(&path, json!({ "content": "+1" })).status, 201);
        assert_eq!(client.post(&path, json!({ "content": "shrug" })).status, 422);
        assert_eq!(client.get(&path).each("content"), ["eyes", "+1"]);
        assert_eq!(client.get(&format!("{path}?content=%2B1")).each("content"), ["+1"]);
    }
    let rollup = client.get("/repos/acme/product/issues/1").json()["reactions"].clone();
    assert_eq!((&rollup["total_count"], &rollup["eyes"]), (&json!(2), &json!(1)));
}
