use countersign_testkit::{Grant, Role};
use serde_json::json;

use super::client::Client;
use super::owner;

#[test]
fn a_repository_is_found_without_regard_to_case_and_by_its_number() {
    let (github, client) = owner();
    github.repository("Acme/Product");
    let found = client.get("/repos/acme/PRODUCT");
    assert_eq!((found.status, &found.json()["full_name"]), (200, &json!("Acme/Product")));
    assert_eq!(client.get(&format!("/repositories/{}", found.json()["id"])).json(), found.json());
    assert_eq!(client.get("/repos/acme/other").status, 404);
    assert_eq!(client.get("/repositories/1").status, 404);
}

#[test]
fn an_organisation_and_a_person_list_what_the_asker_may_see() {
    let (github, client) = owner();
    github.repository("acme/one");
    github.repository("acme/two").private();
    github.user("rita");
    github.repository("rita/notes");
    assert_eq!(client.get("/orgs/acme/repos").each("name"), ["two", "one"], "latest first");
    let sorted = client.get("/orgs/acme/repos?sort=full_name&per_page=1");
    assert_eq!(sorted.each("name"), ["one"]);
    let next = sorted.link("next").unwrap();
    assert!(next.contains("/organizations/"), "{next}");
    assert_eq!(client.get(&next).each("name"), ["two"]);
    assert_eq!(client.get("/users/rita/repos").each("full_name"), ["rita/notes"]);
    assert_eq!(client.get("/orgs/rita/repos").status, 404);

    github.token("rita", Grant::user("rita"));
    let rita = Client::new(&github, "rita");
    assert_eq!(rita.get("/orgs/acme/repos").each("name"), ["one"]);
    github.repository("acme/two").collaborator("rita", Role::Read);
    assert_eq!(rita.get("/orgs/acme/repos").each("name"), ["two", "one"]);
}

#[test]
fn a_dispatch_needs_a_branch_and_a_payload_of_reasonable_size() {
    let (github, client) = owner();
    github.repository("acme/product");
    let workflow = "/repos/acme/product/actions/workflows/wf.yml/dispatches";
    let refused = client.post(workflow, json!({ "ref": "nowhere" }));
    assert_eq!(refused.json()["message"], "No ref found for: nowhere");
    let payload: serde_json::Map<_, _> = (0..11).map(|n| (n.to_string(), json!(n))).collect();
    let body = json!({ "event_type": "go", "client_payload": payload });
    assert_eq!(client.post("/repos/acme/product/dispatches", body).status, 422);
    assert!(github.events().is_empty());
}
