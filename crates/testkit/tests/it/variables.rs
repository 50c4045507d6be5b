use countersign_testkit::{Access, Grant};
use serde_json::json;

use super::client::Client;
use super::owner;

const VARIABLES: &str = "/repos/acme/product/actions/variables";

#[test]
fn a_variable_is_made_read_changed_and_deleted() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let made = client.post(VARIABLES, json!({ "name": "run_intake_label", "value": "run:intake" }));
    assert_eq!((made.status, made.json()), (201, json!({})));
    let path = format!("{VARIABLES}/RUN_INTAKE_LABEL");
    assert_eq!(client.get(&path).json()["value"], "run:intake");
    assert_eq!(client.patch(&path, json!({ "value": "run:start" })).status, 204);
    assert_eq!(
        product.variables(),
        [("RUN_INTAKE_LABEL".to_owned(), "run:start".to_owned())],
        "names are kept in upper case",
    );
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&path).status, 404);
    assert_eq!(client.patch(&path, json!({ "value": "x" })).status, 404);
}

#[test]
fn a_name_is_taken_once_and_must_be_legal() {
    let (github, client) = owner();
    github.repository("acme/product").variable("A", "1");
    let again = client.post(VARIABLES, json!({ "name": "a", "value": "2" }));
    assert_eq!(again.status, 409);
    assert_eq!(again.json()["message"], "Already exists - Variable already exists");
    for name in ["1A", "A-B", "A B", "", "github_x", "É"] {
        let refused = client.post(VARIABLES, json!({ "name": name, "value": "1" }));
        assert_eq!(refused.status, 422, "{name}");
    }
}

#[test]
fn variables_come_in_small_pages() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    for n in 0..40 {
        product.variable(&format!("V_{n:02}"), "x");
    }
    let count =
        |response: &super::client::Response| response.json()["variables"].as_array().unwrap().len();
    let usual = client.get(VARIABLES);
    assert_eq!((count(&usual), &usual.json()["total_count"]), (10, &json!(40)));
    let most = client.get(&format!("{VARIABLES}?per_page=100"));
    assert_eq!(count(&most), 30);
    assert_eq!(count(&client.get(&most.link("next").unwrap())), 10);
}

#[test]
fn an_organisation_says_who_sees_its_variables() {
    let (github, client) = owner();
    github.organisation("acme");
    let path = "/orgs/acme/actions/variables";
    let body = json!({ "name": "A", "value": "1" });
    assert_eq!(client.post(path, body).status, 422, "visibility is missing");
    let body = json!({
        "name": "A", "value": "1", "visibility": "selected", "selected_repository_ids": [1],
    });
    assert_eq!(client.post(path, body).status, 201);
    let variable = client.get(&format!("{path}/A"));
    assert_eq!(variable.json()["visibility"], "selected");
    assert!(variable.json()["selected_repositories_url"].is_string());
    assert_eq!(client.get("/orgs/nobody/actions/variables").status, 404);
}

#[test]
fn the_token_of_a_workflow_cannot_see_variables() {
    let (github, _) = owner();
    github.repository("acme/product").variable("A", "1");
    let grant = Grant::workflow("acme/product").allow("actions_variables", Access::Write);
    github.token("job", grant);
    let refused = Client::new(&github, "job").get(VARIABLES);
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["message"], "Resource not accessible by integration");
    assert_eq!(refused.header("x-accepted-github-permissions"), Some("actions_variables=read"));
}
