use std::time::{Duration, Instant};

use countersign_testkit::{Fault, FaultPlan};
use serde_json::json;

use super::owner;

const LABELS: &str = "/repos/acme/product/labels";

#[test]
fn a_fault_before_the_effect_leaves_nothing_and_one_after_it_leaves_all() {
    for fault in [
        Fault::InternalError,
        Fault::BadGateway,
        Fault::Unavailable,
        Fault::Torn,
        Fault::Reset,
        Fault::MalformedJson,
    ] {
        let (github, client) = owner();
        let product = github.repository("acme/product");
        let create =
            |name: &str| client.try_send("POST", LABELS, &[], Some(json!({ "name": name })));
        let whole = |name: &str| {
            create(name).is_ok_and(|reply| {
                reply.status == 201
                    && serde_json::from_str::<serde_json::Value>(&reply.text).is_ok()
            })
        };
        github.fail_next(fault.clone());
        assert!(!whole("before"), "{fault:?} did not strike");
        assert!(product.labels().is_empty(), "{fault:?}");
        github.fail_next(fault.clone().after());
        assert!(!whole("after"), "{fault:?} did not strike");
        assert_eq!(product.labels().len(), 1, "{fault:?}");
        assert!(whole("third"), "{fault:?} strikes once");
        let faults: Vec<bool> = github.requests().iter().map(|it| it.fault.is_some()).collect();
        assert_eq!(faults, [true, true, false]);
    }
}

#[test]
fn servers_fail_in_html() {
    let (github, client) = owner();
    github.repository("acme/product");
    github.fail_next(Fault::BadGateway);
    let reply = client.get(LABELS);
    assert_eq!(reply.status, 502);
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(reply.text.contains("<h1>502 Bad Gateway</h1>"));
}

#[test]
fn a_torn_reply_promises_more_than_it_gives() {
    let (github, client) = owner();
    github.repository("acme/product").label("a", "ff0000", None);
    github.fail_next(Fault::Torn.after());
    let error = client.try_send("GET", LABELS, &[], None).unwrap_err();
    assert!(matches!(error, ureq::Error::Io(_)), "{error:?}");
    assert_eq!(github.requests()[0].status, Some(200), "the head arrived");
    assert!(github.requests()[0].reply.is_none());
}

#[test]
fn a_rate_limit_lasts_until_its_reset() {
    let (github, client) = owner();
    github.repository("acme/product");
    let reset_after = Duration::from_secs(2);
    github.fail_next(Fault::RateLimit { reset: reset_after });
    let refused = client.get(LABELS);
    assert_eq!((refused.status, refused.header("x-ratelimit-remaining")), (403, Some("0")));
    let reset: u64 = refused.header("x-ratelimit-reset").unwrap().parse().unwrap();
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    assert!((now..=now + 3).contains(&reset));
    assert_eq!(client.get(LABELS).status, 403, "too early");
    std::thread::sleep(reset_after);
    assert_eq!(client.get(LABELS).status, 200);
    github.fail_next(Fault::RateLimit { reset: Duration::ZERO });
    assert_eq!(client.get(LABELS).status, 403);
    assert_eq!(client.get(LABELS).status, 200, "without a wait if asked for none");
}

#[test]
fn a_secondary_limit_says_how_long_to_wait_or_does_not() {
    let (github, client) = owner();
    github.repository("acme/product");
    let after = Some(Duration::from_millis(1500));
    github.fail_next(Fault::SecondaryRateLimit { status: 429, retry_after: after });
    github.fail_next(Fault::SecondaryRateLimit { status: 403, retry_after: None });
    let first = client.get(LABELS);
    assert_eq!((first.status, first.header("retry-after")), (429, Some("2")));
    assert!(first.json()["message"].as_str().unwrap().contains("secondary rate limit"));
    let second = client.get(LABELS);
    assert_eq!((second.status, second.header("retry-after")), (403, None));
    assert_ne!(second.header("x-ratelimit-remaining"), Some("0"));
}

#[test]
fn the_n_th_request_that_fits_is_hit() {
    let (github, client) = owner();
    github.repository("acme/product").label("a", "ff0000", None).label("b", "ff0000", None);
    github
        .faults(FaultPlan::rules([Fault::Unavailable.on("DELETE", "/repos/*/*/labels/*").nth(2)]));
    assert_eq!(client.get(LABELS).status, 200);
    assert_eq!(client.delete(&format!("{LABELS}/a")).status, 204);
    assert_eq!(client.delete(&format!("{LABELS}/b")).status, 503);
    assert_eq!(client.delete(&format!("{LABELS}/b")).status, 204);
}

#[test]
fn a_sequence_has_one_entry_per_request() {
    let (github, client) = owner();
    github.repository("acme/product");
    let plan = [None, Some(Fault::InternalError.into()), None, Some(Fault::BadGateway.after())];
    github.faults(FaultPlan::sequence(plan));
    let statuses: Vec<u16> = (0..5).map(|_| client.get(LABELS).status).collect();
    assert_eq!(statuses, [200, 500, 200, 502, 200]);
}

#[test]
fn a_random_plan_ends() {
    let (github, client) = owner();
    github.repository("acme/product");
    github.faults(FaultPlan::random(42).one_in(2).at_most(10));
    for _ in 0..100 {
        // Some of these fail; that is the point.
        let _ = client.try_send("GET", LABELS, &[], None);
    }
    let struck = github.requests().iter().filter(|it| it.fault.is_some()).count();
    assert_eq!(struck, 10);
    assert_eq!(client.get(LABELS).status, 200);
}

#[test]
fn a_slow_reply_is_slow_and_right() {
    let (github, client) = owner();
    github.repository("acme/product");
    github.fail_next(Fault::Slow(Duration::from_millis(200)));
    let start = Instant::now();
    assert_eq!(client.get(LABELS).status, 200);
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn nobody_answers_while_the_fake_is_offline() {
    let (github, client) = owner();
    github.repository("acme/product");
    assert_eq!(client.get(LABELS).status, 200);
    github.go_offline();
    let refused = client.try_send("GET", LABELS, &[], None).unwrap_err();
    assert!(matches!(&refused, ureq::Error::Io(_) | ureq::Error::ConnectionFailed), "{refused:?}");
    github.go_online();
    assert_eq!(client.get(LABELS).status, 200);
    github.fail_next(Fault::Offline(Duration::from_secs(1)));
    assert!(client.try_send("GET", LABELS, &[], None).is_err());
    assert!(client.try_send("GET", LABELS, &[], None).is_err());
    let start = Instant::now();
    while client.try_send("GET", LABELS, &[], None).is_err() {
        assert!(start.elapsed() < Duration::from_secs(20), "it never came back");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_redirect_leads_elsewhere() {
    let (github, client) = owner();
    github.repository("acme/product");
    let location = "http://127.0.0.1:9/elsewhere".to_owned();
    github.fail_next(Fault::Redirect { status: 301, location: location.clone() });
    let reply = client.get(LABELS);
    assert_eq!((reply.status, reply.header("location")), (301, Some(location.as_str())));
}
