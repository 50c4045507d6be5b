use serde_json::json;

use super::owner;

const LABELS: &str = "/repos/acme/product/labels";

#[test]
fn a_label_is_made_read_changed_and_deleted() {
    let (github, client) = owner();
    github.repository("acme/product");
    let body = json!({ "name": "run:intake", "color": "1D76DB", "description": "Starts" });
    let made = client.post(LABELS, body);
    assert_eq!(made.status, 201);
    assert_eq!(made.json()["color"], "1d76db");
    assert_eq!(made.header("location"), made.json()["url"].as_str());

    let path = format!("{LABELS}/run%3Aintake");
    assert_eq!(client.get(&path).json(), made.json());
    let changed = client.patch(&path, json!({ "description": null }));
    assert_eq!((changed.status, &changed.json()["description"]), (200, &json!(null)));
    let deleted = client.delete(&path);
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    let gone = client.get(&path);
    assert_eq!(gone.status, 404);
    assert_eq!(
        gone.json(),
        json!({
            "message": "Not Found",
            "documentation_url": "https://docs.github.com/rest/issues/labels#get-a-label",
            "status": "404",
        }),
    );
}

#[test]
fn names_that_differ_in_case_only_are_one_label() {
    let (github, client) = owner();
    github.repository("acme/product").label("Bug", "ff0000", None);
    let again = client.post(LABELS, json!({ "name": "bUG" }));
    assert_eq!(again.status, 422);
    assert_eq!(
        again.json()["errors"],
        json!([{ "resource": "Label", "code": "already_exists", "field": "name" }]),
    );
    assert_eq!(client.get(&format!("{LABELS}/BUG")).json()["name"], "Bug");
    let renamed = client.patch(&format!("{LABELS}/bug"), json!({ "new_name": "bug" }));
    assert_eq!((renamed.status, &renamed.json()["name"]), (200, &json!("bug")));
}

#[test]
fn a_rename_keeps_issues_labelled_and_a_deletion_does_not() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let issue = product.issue("One", &["bug", "help"]);
    let pull = product.pull_request("Two", &["bug"], "topic");
    let renamed = client.patch(&format!("{LABELS}/bug"), json!({ "new_name": "defect" }));
    assert_eq!(renamed.status, 200);
    assert_eq!(product.labels_of(issue), ["defect", "help"]);
    assert_eq!(product.labels_of(pull), ["defect"]);
    assert_eq!(client.delete(&format!("{LABELS}/defect")).status, 204);
    assert_eq!(product.labels_of(issue), ["help"]);
    assert!(product.labels_of(pull).is_empty());
}

#[test]
fn a_rename_to_a_name_that_is_taken_is_refused() {
    let (github, client) = owner();
    github.repository("acme/product").label("a", "ff0000", None).label("b", "00ff00", None);
    let refused = client.patch(&format!("{LABELS}/a"), json!({ "new_name": "B" }));
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["errors"][0]["code"], "already_exists");
}

#[test]
fn what_github_does_not_take_is_refused_in_its_words() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let error = |body| {
        let refused = client.post(LABELS, body);
        assert_eq!(refused.status, 422, "{}", refused.text);
        refused.json()
    };
    assert_eq!(error(json!({}))["message"], "Invalid request.\n\n\"name\" wasn't supplied.");
    let long = error(json!({ "name": "n".repeat(51) }));
    assert_eq!(long["errors"][0]["message"], "name is too long (maximum is 50 characters)");
    let long = error(json!({ "name": "n", "description": "d".repeat(101) }));
    assert_eq!(long["errors"][0]["message"], "description is too long (maximum is 100 characters)",);
    let color = error(json!({ "name": "n", "color": "#ff0000" }));
    assert_eq!(color["errors"][0]["code"], "invalid");
    assert!(product.labels().is_empty());
}

#[test]
fn a_name_with_anything_in_it_finds_its_way_through_a_path() {
    let (github, client) = owner();
    github.repository("acme/product");
    client.make_label("acme/product", "a/b c?#%é");
    let path = format!("{LABELS}/a%2Fb%20c%3F%23%25%C3%A9");
    assert_eq!(client.get(&path).json()["name"], "a/b c?#%é");
    assert_eq!(client.delete(&path).status, 204);
}

#[test]
fn lists_come_in_pages_that_link_to_each_other() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    for n in 0..250 {
        product.label(&format!("label-{n:03}"), "ff0000", None);
    }
    let first = client.get(&format!("{LABELS}?per_page=1000"));
    assert_eq!(first.each("name").len(), 100, "more than 100 is not to be had");
    assert!(first.link("prev").is_none() && first.link("first").is_none());
    let next = first.link("next").unwrap();
    assert!(next.contains("/repositories/") && next.ends_with("per_page=1000&page=2"), "{next}");
    let second = client.get(&next);
    assert_eq!(second.each("name")[0], "label-100");
    let last = client.get(&second.link("last").unwrap());
    assert_eq!(last.each("name").len(), 50);
    assert!(last.link("next").is_none());
    assert_eq!(last.link("first"), second.link("prev"));
    assert_eq!(client.get(LABELS).each("name").len(), 30, "the usual page");
    assert!(client.get(&format!("{LABELS}?page=99")).each("name").is_empty());
}

#[test]
fn labels_of_an_issue_are_added_set_and_removed() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    product.label("Bug", "ff0000", None);
    let issue = product.issue("One", &[]);
    let path = format!("/repos/acme/product/issues/{issue}/labels");

    let added = client.post(&path, json!({ "labels": ["bug", "new"] }));
    assert_eq!((added.status, added.each("name")), (200, vec![json!("Bug"), json!("new")]));
    assert_eq!(client.post(&path, json!(["bug"])).status, 200, "a bare list will do");
    assert_eq!(product.labels_of(issue), ["Bug", "new"], "nothing is added twice");
    assert_eq!(client.get(&path).each("name"), added.each("name"));

    assert_eq!(client.put(&path, json!({ "labels": ["third", "new"] })).status, 200);
    assert_eq!(product.labels_of(issue), ["new", "third"]);
    let removed = client.delete(&format!("{path}/NEW"));
    assert_eq!((removed.status, removed.each("name")), (200, vec![json!("third")]));
    let again = client.delete(&format!("{path}/new"));
    assert_eq!((again.status, &again.json()["message"]), (404, &json!("Label does not exist")));
    assert_eq!(client.delete(&path).status, 204);
    assert!(product.labels_of(issue).is_empty());
}

#[test]
fn what_happens_to_labels_is_told_as_events() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    let issue = product.issue("One", &[]);
    let pull = product.pull_request("Two", &["b"], "topic");
    client.post(&format!("/repos/acme/product/issues/{issue}/labels"), json!(["a"]));
    client.put(&format!("/repos/acme/product/issues/{pull}/labels"), json!(["a"]));
    client.patch(&format!("{LABELS}/a"), json!({ "new_name": "c" }));
    let told: Vec<String> = github
        .events()
        .iter()
        .map(|it| format!("{} {:?} {:?} {}", it.name, it.number, it.label, it.sender))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    issues.labeled Some(1) Some("a") olga
    pull_request.unlabeled Some(2) Some("b") olga
    pull_request.labeled Some(2) Some("a") olga
    label.edited None Some("c") olga
    "#);
    let labeled = github.events()[0].payload();
    assert_eq!(labeled["action"], "labeled");
    assert_eq!(labeled["label"]["name"], "a");
    assert_eq!(labeled["issue"]["number"], issue);
    assert_eq!(labeled["sender"]["login"], "olga");
    assert_eq!(labeled["repository"]["full_name"], "acme/product");
}
