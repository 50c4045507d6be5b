//! Everything has an end: time, size, length of lists, attempts.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use countersign_github::{GitHub, GitHubError, Label, Outcome};

use crate::clock::TestClock;
use crate::wire::{Wire, product, reply};

fn label(name: &str) -> Label {
    Label { name: name.into(), color: "ff0000".into(), description: None }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_after_the_time_limit() {
    let server = Wire::start(|_, _| {
        std::thread::sleep(Duration::from_secs(5));
        Vec::new()
    });
    let github = server
        .client()
        .clock(TestClock::new())
        .timeout(Duration::from_millis(100))
        .retries(2, Duration::from_millis(1), Duration::from_millis(1))
        .build()
        .unwrap();
    let start = Instant::now();
    let error = product(&github).labels().await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(3));
    assert_eq!(
        error.to_string(),
        "cannot list the labels of `acme/product`: no answer within 0.1 seconds (after 2 attempts)"
    );
}

#[tokio::test]
async fn a_body_that_trickles_in_without_end_is_left_after_the_time_limit() {
    let server = Wire::start(|_, _| {
        // Promises more than comes; the connection stays open as long as the thread sleeps.
        let mut bytes = reply(200, &[], "");
        bytes.truncate(bytes.len() - "content-length: 0\r\n\r\n".len());
        bytes.extend(b"content-length: 1000\r\n\r\n[");
        bytes
    });
    let github = server
        .client()
        .clock(TestClock::new())
        .retries(3, Duration::from_millis(1), Duration::from_millis(1))
        .build()
        .unwrap();
    let error = product(&github).labels().await.unwrap_err();
    assert!(error.to_string().contains("the answer broke off"), "{error}");
    assert_eq!(server.heard().len(), 3);
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_read() {
    let server = Wire::start(|_, _| reply(200, &[], &" ".repeat(100_000)));
    let github = server.client().longest_body(10_000).build().unwrap();
    let error = product(&github).labels().await.unwrap_err();
    assert!(error.to_string().contains("longer than this client reads"), "{error}");
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn a_list_that_comes_back_to_itself_has_no_end_and_is_an_error() {
    let server = Wire::start(|number, _| {
        let link = format!("</repos/acme/product/labels?page={}>; rel=\"next\"", number % 3);
        reply(200, &[("link", &link)], "[]")
    });
    let error = product(&server.client().build().unwrap()).labels().await.unwrap_err();
    assert_eq!(error.to_string(), "cannot list the labels of `acme/product`: the list has no end");
    assert!(server.heard().len() <= 5);
}

#[tokio::test]
async fn a_list_that_goes_on_for_ever_is_an_error() {
    let server = Wire::start(|number, _| {
        let link = format!("</repos/acme/product/labels?page={number}>; rel=\"next\"");
        reply(200, &[("link", &link)], "[]")
    });
    let error = product(&server.client().build().unwrap()).labels().await.unwrap_err();
    assert!(matches!(error, GitHubError::Protocol { .. }), "{error}");
    assert_eq!(server.heard().len(), 2_000);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again_with_growing_random_waits() {
    // A port that was free a moment ago, and is not listened at.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let clock = TestClock::new();
    let github = GitHub::builder()
        .api_url(format!("http://{address}"))
        .clock(clock.clone())
        .seed(3)
        .retries(4, Duration::from_secs(1), Duration::from_secs(60))
        .build()
        .unwrap();
    // A creation too: nothing can have happened.
    let error = product(&github).create_label(&label("x")).await.unwrap_err();
    let GitHubError::Unavailable { reason, outcome, .. } = &error else { panic!("{error}") };
    assert_eq!(*outcome, Outcome::NothingDone);
    assert!(reason.starts_with("cannot connect: "), "{reason}");
    assert!(reason.contains("refused") && reason.ends_with("(after 4 attempts)"), "{reason}");
    let waits = clock.waits();
    assert_eq!(waits.len(), 3);
    for (wait, bound) in waits.iter().zip([1, 2, 4]) {
        assert!(*wait <= Duration::from_secs(bound), "{waits:?}");
    }
    assert_eq!(github.usage().requests, 4);
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_an_error_and_is_not_kept() {
    let server = Wire::start(|number, request| {
        assert!(!request.contains("if-none-match"));
        let body = if number == 0 { "<html>" } else { "[]" };
        reply(200, &[("etag", "\"a\"")], body)
    });
    let repository = product(&server.client().build().unwrap());
    let error = repository.labels().await.unwrap_err();
    insta::assert_snapshot!(error, @"cannot list the labels of `acme/product`: the answer is not as GitHub documents it: expected value at line 1 column 1");
    assert_eq!(repository.labels().await.unwrap(), []);
    assert_eq!(server.heard().len(), 2);
}

#[tokio::test]
async fn no_more_requests_are_in_flight_than_allowed() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    let flying = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (now, peak) = (flying.clone(), most.clone());
    let server = Wire::start(move |_, _| {
        peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
        now.fetch_sub(1, Ordering::SeqCst);
        reply(200, &[], "[]")
    });
    let github = server.client().concurrency(3).build().unwrap();
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let repository = product(&github);
            tokio::spawn(async move { repository.labels().await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(most.load(Ordering::SeqCst), 3);
}
