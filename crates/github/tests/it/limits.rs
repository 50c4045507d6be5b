//! Rate limits: waited for where it is worth it, told, and never run into blindly.

use std::time::Duration;

use countersign_github::{GitHubError, Limit};
use countersign_testkit::Fault;

use crate::fake::{Scene, label, said};
use crate::wire::{Wire, product, reply};

#[tokio::test]
async fn a_used_up_limit_is_waited_for_and_told() {
    let scene = Scene::new().await;
    scene.fake.fail_next(Fault::RateLimit { reset: Duration::ZERO });
    scene.product().create_label(&label("x")).await.unwrap();
    assert_eq!(scene.label_names(), ["x"]);
    assert_eq!(scene.waits_told(), ["the rate limit is used up"]);
    assert!(scene.clock.seconds()[0] <= 3, "{:?}", scene.clock.seconds());
}

#[tokio::test]
async fn a_limit_that_lasts_longer_than_allowed_is_an_error_that_says_until_when() {
    let scene = Scene::new().await;
    scene.fake.fail_next(Fault::RateLimit { reset: Duration::from_secs(3000) });
    let error = scene.product().labels().await.unwrap_err();
    let GitHubError::RateLimited { until, limit, .. } = &error else { panic!("{error}") };
    assert_eq!(*limit, Limit::Primary);
    let wait = until.duration_since(std::time::SystemTime::now()).unwrap();
    assert!((2900..3100).contains(&wait.as_secs()));
    let text = said(&error);
    assert!(
        text.starts_with(
            "cannot list the labels of `acme/product`: the rate limit is used up until 20"
        ),
        "{text}"
    );
    assert!(scene.clock.waits().is_empty());
    // Whoever asks next is told without another request.
    let before = scene.fake.request_count();
    assert_eq!(before, 1);
}

#[tokio::test]
async fn all_requests_of_a_client_wait_for_the_same_limit_and_one_tells() {
    let scene = Scene::new().await;
    let github = scene.client().longest_wait(Duration::from_secs(60)).build().unwrap();
    scene.fake.fail_next(Fault::RateLimit { reset: Duration::from_secs(3000) });
    assert!(product(&github).labels().await.is_err());
    assert!(product(&github).issue(1).await.is_err());
    assert!(product(&github).delete_label("x").await.is_err());
    assert_eq!(scene.fake.request_count(), 1);
}

#[tokio::test]
async fn a_secondary_limit_is_waited_for_as_long_as_it_says() {
    let scene = Scene::new().await;
    for status in [403, 429] {
        let retry_after = Some(Duration::from_secs(7));
        scene.fake.fail_next(Fault::SecondaryRateLimit { status, retry_after });
        scene.product().create_label(&label(&status.to_string())).await.unwrap();
    }
    assert_eq!(scene.clock.seconds(), [7, 7]);
    assert_eq!(scene.label_names(), ["403", "429"]);
    assert_eq!(scene.waits_told(), vec!["GitHub asks to slow down (secondary rate limit)"; 2]);
}

#[tokio::test]
async fn a_secondary_limit_without_a_time_is_waited_for_a_minute_and_then_twice_that() {
    let scene = Scene::new().await;
    let fault = Fault::SecondaryRateLimit { status: 403, retry_after: None };
    scene.fake.fail_next(fault.times(3));
    scene.product().create_label(&label("x")).await.unwrap();
    assert_eq!(scene.clock.seconds(), [60, 120, 240]);
    assert_eq!(scene.label_names(), ["x"]);
}

#[tokio::test]
async fn waits_of_one_request_end_at_the_bound_in_sum() {
    let scene = Scene::new().await;
    let github = scene.client().longest_wait(Duration::from_secs(200)).build().unwrap();
    scene.fake.fail_next(Fault::SecondaryRateLimit { status: 429, retry_after: None }.always());
    let error = product(&github).labels().await.unwrap_err();
    assert!(matches!(error, GitHubError::RateLimited { limit: Limit::Secondary, .. }), "{error}");
    assert_eq!(scene.clock.seconds(), [60, 120]);
}

#[tokio::test]
async fn the_last_request_of_a_window_closes_the_gate_before_github_has_to() {
    let server = Wire::start(|number, _| {
        let reset = std::time::SystemTime::now() + Duration::from_secs(30);
        let reset = reset.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().to_string();
        let left = if number == 0 { "0" } else { "4999" };
        reply(200, &[("x-ratelimit-remaining", left), ("x-ratelimit-reset", &reset)], "[]")
    });
    let clock = crate::clock::TestClock::new();
    let github = server.client().clock(clock.clone()).build().unwrap();
    product(&github).labels().await.unwrap();
    assert!(clock.waits().is_empty());
    product(&github).labels().await.unwrap();
    let waits = clock.seconds();
    assert!(waits.len() == 1 && (29..=32).contains(&waits[0]), "{waits:?}");
}

#[tokio::test]
async fn a_server_that_says_again_at_once_for_ever_is_left_in_the_end() {
    let server = Wire::start(|_, _| reply(429, &[("retry-after", "0")], "{}"));
    let clock = crate::clock::TestClock::new();
    let day = Duration::from_secs(24 * 60 * 60);
    let github = server.client().clock(clock).longest_wait(day).build().unwrap();
    let error = product(&github).labels().await.unwrap_err();
    assert!(matches!(error, GitHubError::RateLimited { .. }), "{error}");
    assert_eq!(server.heard().len(), 21);
}

#[tokio::test]
async fn changes_keep_the_pause_that_github_asks_for_and_reads_do_not() {
    let scene = Scene::new().await;
    let github = scene.client().write_pause(Duration::from_secs(1)).build().unwrap();
    let product = product(&github);
    for name in ["a", "b", "c"] {
        product.create_label(&label(name)).await.unwrap();
        product.labels().await.unwrap();
    }
    assert_eq!(scene.clock.seconds(), [1, 1]);
}
