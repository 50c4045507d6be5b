//! Repeated where it is safe, and only there.

use std::time::Duration;

use countersign_github::{GitHubError, LabelChange};
use countersign_testkit::Fault;

use crate::fake::{Scene, said};
use crate::wire::{Wire, product, reply};

#[tokio::test]
async fn a_reading_is_repeated_through_every_fault_that_passes() {
    let scene = Scene::new().await;
    scene.held().label("x", "ff0000", None);
    let faults =
        [Fault::InternalError, Fault::BadGateway, Fault::Unavailable, Fault::Torn, Fault::Reset];
    for fault in faults {
        scene.fake.fail_next(fault.clone().times(2));
        let labels = scene.product().labels().await.unwrap();
        assert_eq!(labels.len(), 1, "{fault:?}");
    }
    assert_eq!(scene.fake.request_count(), 15);
    assert_eq!(scene.waits_told()[0], "status 500 (Internal Server Error); attempt 2 follows");
}

#[tokio::test]
async fn a_fault_that_stays_is_an_error_after_five_attempts() {
    let scene = Scene::new().await;
    scene.fake.fail_next(Fault::Unavailable.always());
    let error = scene.product().labels().await.unwrap_err();
    insta::assert_snapshot!(said(&error), @r#"
    cannot list the labels of `acme/product`: status 503 (Service Unavailable) (after 5 attempts)
    help: check the network, GITHUB_API_URL and https://www.githubstatus.com, then run it again
    "#);
    assert_eq!(scene.fake.request_count(), 5);
}

#[tokio::test]
async fn changes_that_set_a_state_are_repeated() {
    let scene = Scene::new().await;
    scene.held().label("x", "ff0000", None).label("y", "ff0000", None);
    let issue = scene.held().issue("An issue", &["x"]);
    let comment = scene.held().comment(issue, "olga", "old");
    let product = scene.product();
    scene.fake.fail_next(Fault::BadGateway.after().on("PUT", "/**"));
    assert_eq!(product.set_labels(issue, &["y"]).await.unwrap(), ["y"]);
    scene.fake.fail_next(Fault::Reset.after().on("PATCH", "/**").times(2));
    let change = LabelChange { color: Some("0000ff".into()), ..LabelChange::default() };
    assert_eq!(product.update_label("x", &change).await.unwrap().color, "0000ff");
    scene.fake.fail_next(Fault::InternalError.after().on("PATCH", "/**"));
    product.update_comment(comment, "new").await.unwrap();
    assert_eq!(scene.held().comments_of(issue), ["new"]);
}

#[tokio::test]
async fn a_comment_whose_answer_was_lost_is_not_written_twice() {
    let scene = Scene::new().await;
    let issue = scene.held().issue("An issue", &[]);
    for fault in [Fault::BadGateway, Fault::Torn, Fault::Reset] {
        let _ = scene.fake.take_requests();
        scene.fake.fail_next(fault.after().on("POST", "/**"));
        let error = scene.product().create_comment(issue, "once").await.unwrap_err();
        assert!(error.outcome_unknown(), "{error}");
        assert_eq!(scene.fake.request_count(), 1);
    }
    assert_eq!(scene.held().comments_of(issue), ["once"; 3]);
}

#[tokio::test]
async fn a_comment_that_was_refused_for_its_rate_is_written_once() {
    let scene = Scene::new().await;
    let issue = scene.held().issue("An issue", &[]);
    let retry_after = Some(Duration::from_secs(1));
    scene.fake.fail_next(Fault::SecondaryRateLimit { status: 403, retry_after });
    let id = scene.product().create_comment(issue, "once").await.unwrap();
    assert_eq!(scene.held().comments_of(issue), ["once"]);
    assert_eq!(scene.product().comments(issue).await.unwrap()[0].id, id);
}

#[tokio::test]
async fn a_comment_with_a_broken_answer_says_that_it_may_be_there() {
    let scene = Scene::new().await;
    let issue = scene.held().issue("An issue", &[]);
    scene.fake.fail_next(Fault::MalformedJson.after().on("POST", "/**"));
    let error = scene.product().create_comment(issue, "once").await.unwrap_err();
    assert!(matches!(error, GitHubError::Protocol { .. }) && error.outcome_unknown(), "{error}");
}

#[tokio::test]
async fn what_github_refuses_is_not_asked_again() {
    for (status, body) in
        [(400, "{}"), (401, "{}"), (403, "{}"), (404, "{}"), (410, "{}"), (422, "{}"), (501, "{}")]
    {
        let server = Wire::start(move |_, _| reply(status, &[], body));
        let error = product(&server.client().build().unwrap()).labels().await.unwrap_err();
        assert_eq!(server.heard().len(), 1, "{status}: {error}");
        assert!(error.to_string().contains(&format!("status {status}")), "{error}");
        assert!(!error.help().is_empty());
    }
}

#[test]
fn requests_can_be_made_from_tasks_of_any_thread() {
    fn check<T: Send>(_: impl FnOnce(countersign_github::Repository) -> T) {}
    check(|one| async move { one.create_label(&crate::fake::label("x")).await });
    check(|one| async move { one.update_label("x", &LabelChange::default()).await });
    check(|one| async move { one.add_labels(1, &["x"]).await });
    check(|one| async move { one.create_variable("A", "1").await });
    check(|one| async move { one.issues_with_label("x").await });
}

#[tokio::test]
async fn a_server_that_asks_for_time_gets_it() {
    let server = Wire::start(|number, _| match number {
        0 => reply(503, &[("retry-after", "20")], ""),
        _ => reply(200, &[], "[]"),
    });
    let clock = crate::clock::TestClock::new();
    let github = server.client().clock(clock.clone()).build().unwrap();
    product(&github).labels().await.unwrap();
    assert_eq!(clock.seconds(), [20]);
}
