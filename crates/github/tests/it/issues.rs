//! Issues, pull requests and their labels.

use countersign_github::{GitHubError, IssueState};
use countersign_testkit::Fault;

use crate::fake::{Scene, said};

#[tokio::test]
async fn issues_and_pull_requests_with_a_label_are_found_open_and_closed() {
    let scene = Scene::new().await;
    let held = scene.held();
    let open = held.issue("Open", &["x", "y"]);
    let closed = held.issue("Closed", &["x"]);
    held.close(closed);
    let pull = held.pull_request("A change", &["x"], "branch");
    held.issue("Another", &["y"]);
    let mut found = scene.product().issues_with_label("X").await.unwrap();
    found.sort_by_key(|issue| issue.number);
    let numbers: Vec<u64> = found.iter().map(|issue| issue.number).collect();
    assert_eq!(numbers, [open, closed, pull]);
    assert_eq!(found[0].labels, ["x", "y"]);
    assert_eq!(found[1].state, IssueState::Closed);
    assert!(found[2].is_pull_request && !found[0].is_pull_request);
}

#[tokio::test]
async fn whether_a_label_is_in_use_costs_one_request() {
    let scene = Scene::new().await;
    for _ in 0..3 {
        scene.held().issue("An issue", &["x"]);
    }
    scene.held().label("y", "ff0000", None);
    let product = scene.product();
    assert!(product.label_in_use("x").await.unwrap());
    assert!(!product.label_in_use("y").await.unwrap());
    assert_eq!(scene.fake.request_count(), 2);
}

#[tokio::test]
async fn a_label_with_a_comma_is_not_taken_for_two() {
    let scene = Scene::new().await;
    let both = scene.held().issue("Has both halves", &["a", "b"]);
    let comma = scene.held().issue("Has the whole", &["a,b"]);
    let product = scene.product();
    let found = product.issues_with_label("a,b").await.unwrap();
    assert_eq!(found.iter().map(|issue| issue.number).collect::<Vec<_>>(), [comma]);
    assert!(product.label_in_use("a,b").await.unwrap());
    product.remove_label(comma, "a,b").await.unwrap();
    assert!(!product.label_in_use("a,b").await.unwrap());
    assert_eq!(scene.held().labels_of(both), ["a", "b"]);
}

#[tokio::test]
async fn an_issue_says_who_wrote_it_and_where_it_is() {
    let scene = Scene::new().await;
    let number = scene.held().issue("A title", &["x"]);
    scene.held().author(number, "ivan");
    let issue = scene.product().issue(number).await.unwrap();
    assert_eq!(issue.title, "A title");
    assert_eq!(issue.author.unwrap().login, "ivan");
    assert_eq!(issue.repository.unwrap().to_string(), "acme/product");
    scene.fake.delete_account("ivan");
    scene.product().issue(number).await.unwrap();
    scene.held().delete_issue(number);
    let error = scene.product().issue(number).await.unwrap_err();
    assert!(matches!(error, GitHubError::Gone { .. }), "{error}");
    insta::assert_snapshot!(said(&error), @r#"
    cannot read #1 of `acme/product`: status 410: gone ("This issue was deleted")
    help: check that it was not deleted, and that the feature is on in the repository's settings
    "#);
}

#[tokio::test]
async fn adding_labels_after_a_lost_answer_adds_only_what_is_missing() {
    let scene = Scene::new().await;
    let issue = scene.held().issue("An issue", &["a"]);
    scene.fake.fail_next(Fault::Reset.after().on("POST", "/**"));
    let labels = scene.product().add_labels(issue, &["b", "c"]).await.unwrap();
    assert_eq!(labels, ["a", "b", "c"]);
    insta::assert_snapshot!(scene.requests().join("\n"), @r#"
    POST /repos/acme/product/issues/1/labels lost
    GET /repos/acme/product/issues/1/labels 200
    "#);
    let _ = scene.fake.take_requests();
    scene.fake.fail_next(Fault::Reset.on("POST", "/**"));
    let labels = scene.product().add_labels(issue, &["d"]).await.unwrap();
    assert_eq!(labels, ["a", "b", "c", "d"]);
    assert_eq!(scene.fake.request_count(), 3);
}

#[tokio::test]
async fn taking_a_label_off_after_a_lost_answer_is_done_and_without_one_not_found() {
    let scene = Scene::new().await;
    let issue = scene.held().issue("An issue", &["a", "b"]);
    scene.fake.fail_next(Fault::Torn.after().on("DELETE", "/**"));
    scene.product().remove_label(issue, "a").await.unwrap();
    assert_eq!(scene.held().labels_of(issue), ["b"]);
    assert!(scene.product().remove_label(issue, "a").await.unwrap_err().is_not_found());
}
