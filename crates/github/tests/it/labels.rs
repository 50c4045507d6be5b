//! Labels of a repository.

use countersign_github::{GitHubError, LabelChange};
use countersign_testkit::Fault;

use crate::fake::{Scene, label, said};

/// Names that would ask for something else if they went into a path as they are.
const AWKWARD: [&str; 9] = [
    "a/b c?#%",
    "..",
    ".",
    "%2F",
    "a%20b",
    "[ai-model-gpt-5.3-codex]",
    "готово",
    "run:dev:revise",
    "😀 & co+",
];

#[tokio::test]
async fn all_pages_are_read_with_as_few_requests_as_possible() {
    let scene = Scene::new().await;
    for number in 0..250 {
        scene.held().label(&format!("label-{number:03}"), "ff0000", None);
    }
    let labels = scene.product().labels().await.unwrap();
    assert_eq!(labels.len(), 250);
    assert_eq!(labels[249].name, "label-249");
    assert_eq!(scene.fake.request_count(), 3);
}

#[tokio::test]
async fn what_did_not_change_costs_nothing_and_what_did_is_seen() {
    let scene = Scene::new().await;
    for number in 0..150 {
        scene.held().label(&format!("label-{number:03}"), "ff0000", None);
    }
    let github = scene.github();
    let product = crate::wire::product(&github);
    let first = product.labels().await.unwrap();
    assert_eq!(product.labels().await.unwrap(), first);
    let usage = github.usage();
    assert_eq!((usage.requests, usage.not_modified), (4, 2));

    scene.held().label("label-149", "00ff00", None);
    assert_eq!(product.labels().await.unwrap()[149].color, "00ff00");
    let usage = github.usage();
    assert_eq!((usage.requests, usage.not_modified), (6, 3));
}

#[tokio::test]
async fn every_name_can_be_created_read_renamed_used_and_deleted() {
    let scene = Scene::new().await;
    let product = scene.product();
    let issue = scene.held().issue("An issue", &[]);
    for name in AWKWARD {
        product.create_label(&label(name)).await.unwrap();
        assert_eq!(product.label(name).await.unwrap().name, name);
        product.add_labels(issue, &[name]).await.unwrap();
        assert!(product.label_in_use(name).await.unwrap(), "{name}");
        assert_eq!(product.issues_with_label(name).await.unwrap()[0].number, issue);
        let change = LabelChange { new_name: Some("plain".into()), ..LabelChange::default() };
        product.update_label(name, &change).await.unwrap();
        assert_eq!(scene.held().labels_of(issue), ["plain"], "{name}");
        let change = LabelChange { new_name: Some(name.into()), ..LabelChange::default() };
        assert_eq!(product.update_label("plain", &change).await.unwrap().name, name);
        product.remove_label(issue, name).await.unwrap();
        assert!(!product.label_in_use(name).await.unwrap(), "{name}");
        product.delete_label(name).await.unwrap();
        assert!(scene.label_names().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn an_empty_name_is_refused_before_it_becomes_the_address_of_all_labels() {
    let scene = Scene::new().await;
    let product = scene.product();
    for error in [
        product.delete_label("").await.unwrap_err(),
        product.label("").await.unwrap_err(),
        product.remove_label(1, "").await.unwrap_err(),
        product.label_in_use("").await.unwrap_err(),
    ] {
        assert!(matches!(error, GitHubError::Invalid { status: None, .. }), "{error}");
    }
    assert_eq!(scene.fake.request_count(), 0);
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_found_and_not_made_twice() {
    let scene = Scene::new().await;
    for fault in [Fault::BadGateway, Fault::Torn, Fault::Reset] {
        scene.fake.fail_next(fault.after().on("POST", "/**"));
        let made = scene.product().create_label(&label("x")).await.unwrap();
        assert!(made.is_same_as(&label("x")));
        assert_eq!(scene.label_names(), ["x"]);
        let requests = scene.fake.take_requests();
        let methods: Vec<&str> = requests.iter().map(|one| one.method.as_str()).collect();
        assert_eq!(methods, ["POST", "GET"]);
        scene.product().delete_label("x").await.unwrap();
        let _ = scene.fake.take_requests();
    }
}

#[tokio::test]
async fn a_creation_that_was_lost_before_it_was_done_is_sent_again() {
    let scene = Scene::new().await;
    scene.fake.fail_next(Fault::BadGateway.on("POST", "/**"));
    scene.fake.fail_next(Fault::Reset.on("POST", "/**"));
    scene.product().create_label(&label("x")).await.unwrap();
    assert_eq!(scene.label_names(), ["x"]);
    insta::assert_snapshot!(scene.requests().join("\n"), @r#"
    POST /repos/acme/product/labels 502
    GET /repos/acme/product/labels/x 404
    POST /repos/acme/product/labels lost
    GET /repos/acme/product/labels/x 404
    POST /repos/acme/product/labels 201
    "#);
}

#[tokio::test]
async fn a_creation_beside_somebody_elses_is_told_from_ones_own() {
    let scene = Scene::new().await;
    scene.held().label("x", "00ff00", None);
    // Without a lost answer the label that is there is somebody else's, even if it is the same.
    let error = scene.product().create_label(&label("x")).await.unwrap_err();
    insta::assert_snapshot!(said(&error), @r#"
    cannot create the label `x` in `acme/product`: it exists already
    help: change what is there, or choose another name
    "#);
    // With one it counts only if it is the same.
    scene.fake.fail_next(Fault::BadGateway.on("POST", "/**"));
    let error = scene.product().create_label(&label("x")).await.unwrap_err();
    insta::assert_snapshot!(error, @r#"cannot create the label `x` in `acme/product`: it exists already ("it looks different")"#);
    assert_eq!(scene.held().labels()[0].color, "00ff00");
}

#[tokio::test]
async fn a_creation_that_never_gets_through_gives_up_and_says_that_it_does_not_know() {
    let scene = Scene::new().await;
    scene.fake.fail_next(Fault::BadGateway.always());
    let error = scene.product().create_label(&label("x")).await.unwrap_err();
    assert!(error.outcome_unknown());
    insta::assert_snapshot!(said(&error), @r#"
    cannot create the label `x` in `acme/product`: status 502 (Bad Gateway); whether it was done is not known
    help: see whether it was done before you run it again; https://www.githubstatus.com shows disturbances
    "#);
    assert!(scene.fake.request_count() < 20);
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_done() {
    let scene = Scene::new().await;
    for fault in [Fault::BadGateway, Fault::Reset] {
        scene.held().label("x", "ff0000", None);
        scene.fake.fail_next(fault.after().on("DELETE", "/**"));
        scene.product().delete_label("x").await.unwrap();
        assert!(scene.label_names().is_empty());
    }
    let error = scene.product().delete_label("x").await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_renaming_whose_answer_was_lost_is_done_and_found_under_the_new_name() {
    let scene = Scene::new().await;
    scene.held().label("old", "ff0000", None);
    let issue = scene.held().issue("An issue", &["old"]);
    scene.fake.fail_next(Fault::Reset.after().on("PATCH", "/**"));
    let change = LabelChange {
        new_name: Some("new".into()),
        color: Some("00ff00".into()),
        description: None,
    };
    let label = scene.product().update_label("old", &change).await.unwrap();
    assert_eq!((label.name.as_str(), label.color.as_str()), ("new", "00ff00"));
    assert_eq!(scene.held().labels_of(issue), ["new"]);
    insta::assert_snapshot!(scene.requests().join("\n"), @r#"
    PATCH /repos/acme/product/labels/old lost
    PATCH /repos/acme/product/labels/old 404
    GET /repos/acme/product/labels/new 200
    "#);
}

#[tokio::test]
async fn a_renaming_of_what_is_not_there_is_not_found_even_after_a_lost_answer() {
    let scene = Scene::new().await;
    scene.held().label("new", "0000ff", None);
    scene.fake.fail_next(Fault::BadGateway.on("PATCH", "/**"));
    let change = LabelChange {
        new_name: Some("new".into()),
        color: Some("00ff00".into()),
        description: None,
    };
    let error = scene.product().update_label("old", &change).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
