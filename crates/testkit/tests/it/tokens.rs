use countersign_testkit::{Access, FakeGitHub, Grant, Role};
use serde_json::json;

use super::client::Client;
use super::owner;

#[test]
fn without_a_known_token_nothing_is_told() {
    let (github, _) = owner();
    github.repository("acme/product");
    let missing = Client::new(&github, "").get("/repos/acme/product");
    assert_eq!(
        (missing.status, &missing.json()["message"]),
        (401, &json!("Requires authentication"))
    );
    let unknown = Client::new(&github, "guess").get("/repos/acme/product");
    assert_eq!((unknown.status, &unknown.json()["message"]), (401, &json!("Bad credentials")));
    github.token("guess", Grant::user("rita"));
    assert_eq!(Client::new(&github, "guess").get("/repos/acme/product").status, 200);
    github.revoke("guess");
    assert_eq!(Client::new(&github, "guess").get("/repos/acme/product").status, 401);
}

#[test]
fn a_missing_permission_is_named_in_a_header() {
    let github = FakeGitHub::start_blocking().unwrap();
    let product = github.repository("acme/product");
    let issue = product.issue("One", &[]);
    let path = format!("/repos/acme/product/issues/{issue}/labels");
    github.token("job", Grant::workflow("acme/product").allow("issues", Access::Read));
    let job = Client::new(&github, "job");
    let refused = job.post(&path, json!(["a"]));
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["message"], "Resource not accessible by integration");
    assert_eq!(
        refused.header("x-accepted-github-permissions"),
        Some("issues=write; pull_requests=write"),
    );
    assert!(product.labels_of(issue).is_empty());
    assert_eq!(job.get(&path).status, 200);

    github.token("fine", Grant::fine_grained("olga").allow("issues", Access::Read));
    let refused = Client::new(&github, "fine").post(&path, json!(["a"]));
    assert_eq!(refused.json()["message"], "Resource not accessible by personal access token");
}

#[test]
fn a_fine_grained_token_can_do_no_more_than_its_owner() {
    let github = FakeGitHub::start_blocking().unwrap();
    let product = github.repository("acme/product");
    product.collaborator("rita", Role::Read);
    github.token("fine", Grant::fine_grained("rita").allow("issues", Access::Write));
    let client = Client::new(&github, "fine");
    let refused = client.post("/repos/acme/product/labels", json!({ "name": "a" }));
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["message"], "Must have admin rights to Repository.");
}

#[test]
fn a_token_reaches_its_repositories_only() {
    let github = FakeGitHub::start_blocking().unwrap();
    github.repository("acme/product").issue("One", &[]);
    github.repository("acme/open").issue("One", &[]);
    github.repository("acme/hidden").private();
    let grant = Grant::installation("helper", 7).allow("issues", Access::Write);
    github.token("app", grant.only(&["Acme/Product"]));
    let app = Client::new(&github, "app");
    let label = json!({ "name": "a" });
    assert_eq!(app.post("/repos/acme/product/labels", label.clone()).status, 201);
    assert_eq!(app.get("/repos/acme/open/labels").status, 200, "it is public");
    assert_eq!(app.post("/repos/acme/open/labels", label).status, 403);
    assert_eq!(app.get("/repos/acme/hidden").status, 404, "it does not even exist");
    assert_eq!(app.get("/orgs/acme/repos").each("name"), ["open", "product"]);
}

#[test]
fn what_the_token_of_a_workflow_causes_starts_no_workflow() {
    let github = FakeGitHub::start_blocking().unwrap();
    let product = github.repository("acme/product");
    let issue = product.issue("One", &[]);
    let rights = |grant: Grant| {
        grant
            .allow("issues", Access::Write)
            .allow("contents", Access::Write)
            .allow("actions", Access::Write)
    };
    github.token("job", rights(Grant::workflow("acme/product")));
    github.token("app", rights(Grant::installation("helper", 7)));
    for (token, label) in [("job", "a"), ("app", "b")] {
        let client = Client::new(&github, token);
        let path = format!("/repos/acme/product/issues/{issue}/labels");
        assert_eq!(client.post(&path, json!([label])).status, 200);
        let body = json!({ "event_type": "go", "client_payload": { "n": 1 } });
        assert_eq!(client.post("/repos/acme/product/dispatches", body).status, 204);
        let path = "/repos/acme/product/actions/workflows/wf.yml/dispatches";
        assert_eq!(client.post(path, json!({ "ref": "main" })).status, 204);
    }
    let told: Vec<(String, String, bool)> =
        github.events().into_iter().map(|it| (it.name, it.sender, it.suppressed)).collect();
    let event =
        |name: &str, sender: &str, suppressed| (name.to_owned(), sender.to_owned(), suppressed);
    assert_eq!(
        told,
        [
            event("issues.labeled", "github-actions[bot]", true),
            event("repository_dispatch.go", "github-actions[bot]", false),
            event("workflow_dispatch", "github-actions[bot]", false),
            event("issues.labeled", "helper[bot]", false),
            event("repository_dispatch.go", "helper[bot]", false),
            event("workflow_dispatch", "helper[bot]", false),
        ],
    );
}

#[test]
fn a_persons_permission_is_told_exactly() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    github.user("stranger");
    let ask = |login: &str| {
        let path = format!("/repos/acme/product/collaborators/{login}/permission");
        let reply = client.get(&path);
        let body = reply.json();
        (reply.status, body["permission"].clone(), body["role_name"].clone())
    };
    for (role, permission, name) in [
        (Role::Triage, "read", "triage"),
        (Role::Maintain, "write", "maintain"),
        (Role::Admin, "admin", "admin"),
    ] {
        product.collaborator("rita", role);
        assert_eq!(ask("RITA"), (200, json!(permission), json!(name)));
    }
    assert_eq!(ask("stranger"), (200, json!("read"), json!("read")));
    product.private();
    assert_eq!(ask("stranger"), (200, json!("none"), json!("none")));
    assert_eq!(ask("nobody").0, 404);
    assert_eq!(ask("github-actions%5Bbot%5D").0, 404, "a bot is no user");
}

#[test]
fn a_person_has_a_profile_and_a_bot_has_none() {
    let (github, client) = owner();
    assert_eq!(client.get("/user").json()["login"], "olga");
    assert_eq!(client.get("/users/OLGA").json()["type"], "User");
    assert_eq!(client.get("/users/nobody").status, 404);
    github.token("job", Grant::workflow("acme/product"));
    assert_eq!(Client::new(&github, "job").get("/user").status, 403);
}

#[test]
fn an_archived_repository_takes_no_changes() {
    let (github, client) = owner();
    github.repository("acme/product").archive();
    let refused = client.post("/repos/acme/product/labels", json!({ "name": "a" }));
    assert_eq!(refused.status, 403);
    assert_eq!(client.get("/repos/acme/product/labels").status, 200);
}
