use std::time::Duration;

use countersign_testkit::Limit;
use serde_json::json;

use super::owner;

const LABELS: &str = "/repos/acme/product/labels";

#[test]
fn what_has_not_changed_is_told_briefly_and_costs_nothing() {
    let (github, client) = owner();
    let product = github.repository("acme/product");
    product.label("a", "ff0000", None);
    let first = client.get(LABELS);
    let tag = first.header("etag").unwrap().to_owned();
    let remaining = first.header("x-ratelimit-remaining").unwrap().to_owned();
    let again = client.try_send("GET", LABELS, &[("if-none-match", &tag)], None).unwrap();
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    assert_eq!(again.header("x-ratelimit-remaining"), Some(remaining.as_str()));
    assert_eq!(again.header("etag"), Some(tag.as_str()));
    product.label("b", "ff0000", None);
    let changed = client.try_send("GET", LABELS, &[("if-none-match", &tag)], None).unwrap();
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[test]
fn a_used_up_limit_refuses_until_it_is_reset() {
    let (github, client) = owner();
    github.repository("acme/product");
    let window = Duration::from_secs(2);
    github.limit(Limit { requests: 2, window });
    assert_eq!(client.get(LABELS).header("x-ratelimit-remaining"), Some("1"));
    assert_eq!(client.get(LABELS).header("x-ratelimit-remaining"), Some("0"));
    let refused = client.get(LABELS);
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    assert!(refused.json()["message"].as_str().unwrap().starts_with("API rate limit exceeded"));
    let told = client.get("/rate_limit");
    assert_eq!((told.status, &told.json()["rate"]["remaining"]), (200, &json!(0)));
    std::thread::sleep(window);
    assert_eq!(client.get(LABELS).status, 200);
}

#[test]
fn requests_are_recorded_without_the_token() {
    let (github, client) = owner();
    github.repository("acme/product");
    client.get(&format!("{LABELS}?per_page=5"));
    client.post(LABELS, json!({ "name": "a" }));
    client.get("/nowhere");
    let requests = github.take_requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0].query, "per_page=5");
    assert_eq!(requests[0].operation.as_deref(), Some("GET /repos/{owner}/{repo}/labels"));
    assert_eq!(requests[0].header("user-agent"), Some("testkit"));
    assert!(requests[1].is("POST", "/repos/*/*/labels"));
    assert_eq!(requests[1].body, Some(json!({ "name": "a" })));
    assert_eq!((requests[1].status, requests[1].actor.as_deref()), (Some(201), Some("olga")));
    assert_eq!((requests[2].status, &requests[2].operation), (Some(404), &None));
    assert!(!format!("{requests:?}").contains("owner-token"));
    assert_eq!(github.request_count(), 0);
}

#[test]
fn what_is_not_json_is_refused() {
    let (github, client) = owner();
    github.repository("acme/product");
    let url = format!("{}{LABELS}", github.url());
    let reply =
        ureq::Agent::from(ureq::Agent::config_builder().http_status_as_error(false).build())
            .post(url)
            .header("authorization", "token owner-token")
            .send("{")
            .unwrap();
    assert_eq!(reply.status(), 400);
    assert_eq!(client.post(LABELS, json!({ "name": 7 })).status, 422);
}

#[test]
fn who_does_not_say_who_they_are_is_turned_away() {
    let (github, client) = owner();
    github.repository("acme/product");
    let anonymous = client.try_send("GET", LABELS, &[("user-agent", "")], None).unwrap();
    assert_eq!(anonymous.status, 403);
}

#[test]
fn the_fake_serves_while_its_test_awaits() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let github = runtime.block_on(countersign_testkit::FakeGitHub::start()).unwrap();
    github.token("t", countersign_testkit::Grant::owner("olga"));
    github.repository("acme/product");
    assert_eq!(super::Client::new(&github, "t").get(LABELS).status, 200);
    let look = github.state(|state| state.repository("ACME/Product").map(|it| it.full_name()));
    assert_eq!(look.as_deref(), Some("acme/product"));
}

#[test]
fn numbers_are_given_once_however_many_ask() {
    let (github, _) = owner();
    github.repository("acme/product");
    let create = |_| {
        let client = super::Client::new(&github, "owner-token");
        let body = || json!({ "title": "One", "labels": ["a"] });
        let create = || client.post("/repos/acme/product/issues", body()).json()["number"].clone();
        (0..20).filter_map(|_| create().as_u64()).collect::<Vec<_>>()
    };
    let mut numbers: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|n| scope.spawn(move || create(n))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=160).collect::<Vec<_>>());
    assert_eq!(github.repository("acme/product").labels().len(), 1);
}

#[test]
fn a_fake_that_is_dropped_keeps_nobody_waiting() {
    let (github, client) = owner();
    github.repository("acme/product");
    github.fail_next(countersign_testkit::Fault::Slow(Duration::from_secs(600)).after());
    let start = std::time::Instant::now();
    let waiting = std::thread::spawn(move || client.try_send("GET", LABELS, &[], None).is_err());
    while github.request_count() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(github);
    assert!(waiting.join().unwrap(), "the connection went away");
    assert!(start.elapsed() < Duration::from_secs(10));
}
