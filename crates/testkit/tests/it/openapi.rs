use std::collections::BTreeSet;
use std::time::Duration;

use countersign_testkit::openapi::{Description, Place};
use countersign_testkit::{Access, FakeGitHub, Fault, Grant, Role};
use serde_json::json;

use super::client::Client;
use super::owner;

/// Does everything that the fake can do, with everything that shows in replies.
fn session(github: &FakeGitHub, client: &Client) {
    let product = github.repository("acme/product");
    product.collaborator("rita", Role::Triage).file("docs/a.md", "one\n").branch("topic");
    product.file_on("topic", "docs/a.md", "two\n").file_on("topic", "docs/new.md", "new\n");
    let at = |rest: &str| format!("/repos/acme/product{rest}");

    for path in ["/user", "/users/rita", "/rate_limit", "/orgs/acme/repos", "/users/acme/repos"] {
        assert_eq!(client.get(path).status, 200, "{path}");
    }
    assert_eq!(client.get(&at("")).status, 200);
    assert_eq!(client.get(&at("/collaborators/rita/permission")).status, 200);
    let event = json!({ "event_type": "go", "client_payload": { "issue": 1 } });
    assert_eq!(client.post(&at("/dispatches"), event).status, 204);
    let run = json!({ "ref": "main", "inputs": { "stage": "intake" } });
    assert_eq!(client.post(&at("/actions/workflows/wf.yml/dispatches"), run).status, 204);

    for (name, description) in [("a/b c", Some("text")), ("plain", None)] {
        let body = json!({ "name": name, "color": "ff0000", "description": description });
        // GitHub's description knows no `null` there, though GitHub takes it.
        let body = if description.is_none() { json!({ "name": name }) } else { body };
        assert_eq!(client.post(&at("/labels"), body).status, 201);
    }
    assert_eq!(client.get(&at("/labels?per_page=1&page=1")).status, 200);
    let first = client.get(&at("/labels?per_page=1"));
    assert_eq!(client.get(&first.link("next").unwrap()).status, 200);
    let tag = first.header("etag").unwrap();
    let unchanged =
        client.try_send("GET", &at("/labels?per_page=1"), &[("if-none-match", tag)], None);
    assert_eq!(unchanged.unwrap().status, 304);
    assert_eq!(client.get(&at("/labels/a%2Fb%20c")).status, 200);
    let change = json!({ "new_name": "renamed", "color": "00ff00", "description": "other" });
    assert_eq!(client.patch(&at("/labels/a%2Fb%20c"), change).status, 200);

    let issue =
        json!({ "title": "One", "body": "text", "labels": ["plain"], "assignees": ["rita"] });
    assert_eq!(client.post(&at("/issues"), issue).status, 201);
    assert_eq!(client.post(&at("/issues/1/labels"), json!({ "labels": ["renamed"] })).status, 200);
    assert_eq!(client.get(&at("/issues/1/labels")).status, 200);
    assert_eq!(client.delete(&at("/issues/1/labels/renamed")).status, 200);
    assert_eq!(client.put(&at("/issues/1/labels"), json!({ "labels": ["plain"] })).status, 200);
    assert_eq!(client.post(&at("/issues/1/reactions"), json!({ "content": "eyes" })).status, 201);
    assert_eq!(client.get(&at("/issues/1/reactions")).status, 200);

    let pull = json!({ "title": "Two", "head": "topic", "base": "main", "draft": true });
    assert_eq!(client.post(&at("/pulls"), pull).status, 201);
    assert_eq!(client.put(&at("/issues/2/labels"), json!({ "labels": ["plain"] })).status, 200);
    for path in ["/pulls", "/pulls/2", "/pulls/2/files", "/issues/2", "/issues/1"] {
        assert_eq!(client.get(&at(path)).status, 200, "{path}");
    }
    assert_eq!(client.patch(&at("/pulls/2"), json!({ "state": "closed" })).status, 200);
    assert_eq!(client.get(&at("/pulls?state=all&sort=updated&direction=asc")).status, 200);

    let made = client.post(&at("/issues/1/comments"), json!({ "body": "text" }));
    let comment = at(&format!("/issues/comments/{}", made.json()["id"]));
    assert_eq!(client.patch(&comment, json!({ "body": "other" })).status, 200);
    let reactions = format!("{comment}/reactions");
    for status in [201, 200] {
        assert_eq!(client.post(&reactions, json!({ "content": "+1" })).status, status);
    }
    for path in
        [&reactions, &comment, &at("/issues/comments?sort=updated"), &at("/issues/1/comments")]
    {
        assert_eq!(client.get(path).status, 200, "{path}");
    }
    assert_eq!(client.delete(&comment).status, 204);
    let close = json!({ "state": "closed", "state_reason": "not_planned" });
    assert_eq!(client.patch(&at("/issues/1"), close).status, 200);
    let all =
        "/issues?state=all&labels=plain&sort=updated&direction=desc&since=2026-01-01T00:00:00Z";
    assert_eq!(client.get(&at(all)).each("number").len(), 2);
    github.delete_account("olga");
    assert_eq!(client.get(&at("/issues/1")).json()["user"], json!(null));
    assert_eq!(client.delete(&at("/issues/1/labels")).status, 204);
    assert_eq!(client.delete(&at("/labels/plain")).status, 204);

    for variables in [at("/actions/variables"), "/orgs/acme/actions/variables".to_owned()] {
        let mut body = json!({ "name": "A", "value": "1" });
        if variables.starts_with("/orgs") {
            body["visibility"] = "selected".into();
            body["selected_repository_ids"] = json!([1]);
        }
        assert_eq!(client.post(&variables, body).status, 201);
        let one = format!("{variables}/A");
        assert_eq!(client.get(&variables).status, 200);
        assert_eq!(client.get(&one).status, 200);
        assert_eq!(client.patch(&one, json!({ "value": "2" })).status, 204);
        assert_eq!(client.delete(&one).status, 204);
    }

    assert_eq!(client.get(&at("/contents/docs")).status, 200);
    let file = client.get(&at("/contents/docs/a.md?ref=main")).json();
    let body = json!({ "message": "m", "content": "eA==", "sha": file["sha"] });
    let changed = client.put(&at("/contents/docs/a.md"), body);
    assert_eq!(changed.status, 200);
    let body = json!({ "message": "m", "content": "eA==", "branch": "topic" });
    assert_eq!(client.put(&at("/contents/docs/b.md"), body).status, 201);
    let body = json!({ "message": "m", "sha": changed.json()["content"]["sha"] });
    assert_eq!(client.send("DELETE", &at("/contents/docs/a.md"), Some(body)).status, 200);
}

/// The ways in which the API refuses.
fn refusals(github: &FakeGitHub, client: &Client) {
    let product = github.repository("acme/product");
    product.label("taken", "ff0000", None).variable("TAKEN", "1").file("taken.md", "x");
    let gone = product.issue("Gone", &[]);
    product.delete_issue(gone);
    let at = |rest: &str| format!("/repos/acme/product{rest}");
    let expect = |status: u16, method: &str, path: &str, body: serde_json::Value| {
        let body = Some(body).filter(|body| !body.is_null());
        let reply = client.send(method, path, body);
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text);
    };
    expect(404, "GET", "/repos/acme/nothing", json!(null));
    expect(404, "DELETE", &at("/labels/nothing"), json!(null));
    expect(410, "GET", &at(&format!("/issues/{gone}")), json!(null));
    expect(422, "POST", &at("/labels"), json!({ "name": "TAKEN" }));
    expect(422, "POST", &at("/labels"), json!({}));
    expect(409, "POST", &at("/actions/variables"), json!({ "name": "taken", "value": "1" }));
    expect(422, "POST", &at("/pulls"), json!({ "title": "t", "head": "no", "base": "main" }));
    let stale = json!({ "message": "m", "content": "eA==", "sha": "0" });
    expect(409, "PUT", &at("/contents/taken.md"), stale);
    github.token("job", Grant::workflow("acme/product").allow("issues", Access::Read));
    let job = Client::new(github, "job");
    assert_eq!(job.get(&at("/actions/variables")).status, 403);
    assert_eq!(job.post(&at("/labels"), json!({ "name": "a" })).status, 403);
    assert_eq!(Client::new(github, "unknown").get("/user").status, 401);
    for fault in [
        Fault::RateLimit { reset: Duration::ZERO },
        Fault::SecondaryRateLimit { status: 429, retry_after: Some(Duration::ZERO) },
    ] {
        github.fail_next(fault);
        assert!([403, 429].contains(&client.get(&at("/labels")).status));
    }
}

fn shown(github: &FakeGitHub) -> String {
    let violations = github.violations().unwrap();
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_session_that_does_everything_fits_githubs_description() {
    let (github, client) = owner();
    session(&github, &client);
    let done: BTreeSet<String> =
        github.requests().into_iter().filter_map(|it| it.operation).collect();
    let all: BTreeSet<String> = FakeGitHub::operations().collect();
    assert_eq!(done, all, "the session leaves nothing out");
    assert_eq!(shown(&github), "");
}

#[test]
fn refusals_fit_githubs_description() {
    let (github, client) = owner();
    refusals(&github, &client);
    assert_eq!(shown(&github), "");
}

#[test]
fn a_reply_that_github_would_not_give_is_found() {
    let (github, client) = owner();
    github.repository("acme/product").label("a", "ff0000", None);
    client.get("/repos/acme/product/labels");
    let mut exchanges = github.requests();
    let check = |exchanges: &_| Description::load().unwrap().check(exchanges);
    assert_eq!(check(&exchanges), []);

    exchanges[0].reply = Some(json!([{ "name": "a", "color": 7 }]));
    let found = check(&exchanges);
    assert!(found.iter().all(|it| it.place == Place::ReplyBody), "{found:?}");
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.iter().any(|it| it.contains("\"id\" is a required property")), "{found:?}");
    assert!(found.iter().any(|it| it.contains("/0/color: 7 is not of type")), "{found:?}");

    exchanges[0].reply = None;
    assert_eq!(check(&exchanges)[0].place, Place::ReplyBody, "a body is missing");
    exchanges[0].status = Some(299);
    assert_eq!(check(&exchanges)[0].place, Place::Status);
    exchanges[0].status = Some(403);
    exchanges[0].reply = Some(json!({ "error": "no" }));
    assert_eq!(check(&exchanges)[0].message, "an error has a `message`");
}

#[test]
fn a_request_that_github_would_not_take_is_found() {
    let (github, client) = owner();
    github.repository("acme/product");
    client.post("/repos/acme/product/labels", json!({ "name": "a", "colour": "ff0000" }));
    client.get("/repos/acme/product/labels?perpage=5");
    client.get("/repos/acme/product/labels?per_page=many");
    client.get("/repos/acme/product/milestones");
    let body = Some(json!({ "labels": ["a"] }));
    client.send("DELETE", "/repos/acme/product/labels/a", body);
    insta::assert_snapshot!(shown(&github), @r#"
    #0 POST /repos/acme/product/labels: body: there is no field `colour`
    #1 GET /repos/acme/product/labels: query: there is no parameter `perpage`
    #2 GET /repos/acme/product/labels: query: `per_page`: "many" is not of type "integer"
    #3 GET /repos/acme/product/milestones: operation: the fake has no such operation
    #4 DELETE /repos/acme/product/labels/a: body: there should be none
    "#);
}

#[test]
fn what_a_fault_made_of_a_reply_is_not_held_against_it() {
    let (github, client) = owner();
    github.repository("acme/product");
    github.fail_next(Fault::BadGateway);
    github.fail_next(Fault::MalformedJson.after());
    client.get("/repos/acme/product/labels");
    client.get("/repos/acme/product/labels");
    assert_eq!(shown(&github), "");
}
