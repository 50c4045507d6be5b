//! The guard on every event that there is, and on events that there should not be.

use chrono::DateTime;
use countersign_labels::Catalogue;
use countersign_labels::event::{Event, EventError, LARGEST};
use countersign_labels::guard::{Decision, Facts, GuardSettings, Verdict, decide};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::payloads;

fn read(payload: &Value, name: &str) -> Result<Event, EventError> {
    Event::read(&serde_json::to_vec(payload).unwrap(), Some(name))
}

fn judge(event: &Event, settings: &GuardSettings) -> Option<Verdict> {
    decide(event, &Catalogue::default(), settings, &Facts::at(DateTime::UNIX_EPOCH)).ok()
}

#[test]
fn every_event_that_github_sends_is_read_and_none_of_the_examples_is_refused() {
    let examples = payloads::all();
    assert!(examples.len() > 200, "only {} examples", examples.len());
    for example in examples {
        let event = read(&example.payload, &example.name).unwrap_or_else(|error| {
            panic!("{}.{}: {error}", example.name, example.payload["action"])
        });
        // None of them sets a label of the process; all name their labels and numbers.
        let verdict = judge(&event, &GuardSettings::default()).unwrap();
        assert_eq!(verdict.decision, Decision::Keep, "{verdict:?}");
    }
}

#[test]
fn a_payload_tells_its_event_without_the_name() {
    for example in payloads::all() {
        let bytes = serde_json::to_vec(&example.payload).unwrap();
        let told = Event::read(&bytes, None).unwrap();
        let labels = matches!(example.name.as_str(), "issues" | "pull_request");
        // `pull_request` events and others about pull requests differ by what they hold.
        if labels {
            assert_eq!(told.name.as_str(), example.name);
        } else {
            assert_eq!(told.subject.is_some(), told.name.as_str() != "", "{}", example.name);
            assert_ne!(told.name.as_str(), "issues", "{}", example.name);
        }
    }
}

#[test]
fn what_no_github_sends_is_refused_with_its_place() {
    let refused = |text: &str| Event::read(text.as_bytes(), None).unwrap_err().to_string();
    insta::assert_snapshot!(refused(""), @"line 1, column 0: EOF while parsing a value");
    insta::assert_snapshot!(refused("[]"), @"an event is an object, and this is a list");
    insta::assert_snapshot!(refused("{\"action\": 7}"), @"line 1, column 12: invalid type: integer `7`, expected a string");
    insta::assert_snapshot!(refused("{\n \"sender\": {\"id\": \"21031067\"}}"), @r#"line 2, column 28: invalid type: string "21031067", expected u64"#);
    insta::assert_snapshot!(refused("{\"sender\": {\"id\": -1}}"), @"line 1, column 20: invalid value: integer `-1`, expected u64");
    insta::assert_snapshot!(refused("{\"sender\": null, \"sender\": {\"id\": 7}}"), @"line 1, column 25: duplicate field `sender`");
    insta::assert_snapshot!(refused(&"[".repeat(100_000)), @"an event is an object, and this is a list");
    let long = json!({"label": {"name": "x".repeat(2000)}}).to_string();
    insta::assert_snapshot!(refused(&long), @"`label.name` is 2000 bytes long; no name on GitHub is longer than 1024");
    let many = json!({"issue": {"labels": vec![json!({"name": "a"}); 101]}}).to_string();
    insta::assert_snapshot!(refused(&many), @"`issue.labels` has 101 entries; GitHub allows 100");
    let odd = json!({"action": {"x".repeat(5000): "\u{1b}"}}).to_string();
    assert!(refused(&odd).len() < 400, "{}", refused(&odd));
    let large = vec![b' '; LARGEST + 1];
    insta::assert_snapshot!(Event::read(&large, None).unwrap_err(), @"26214401 bytes; GitHub sends no event above 26214400");
}

/// Takes away, or replaces by `null`, what the path leads to.
fn damage(payload: &mut Value, path: &[usize], null: bool) {
    let Some((at, rest)) = path.split_first() else { return };
    let Value::Object(map) = payload else { return };
    let keys: Vec<String> = map.keys().cloned().collect();
    let Some(key) = keys.get(at % keys.len().max(1)) else { return };
    if !rest.is_empty() && map[key].is_object() {
        damage(&mut map[key], rest, null);
    } else if null {
        map[key] = Value::Null;
    } else {
        map.remove(key);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_gap_in_an_event_ever_lets_a_trigger_stay(
        damages in prop::collection::vec(
            (prop::collection::vec(0usize..40, 1..4), any::<bool>()), 0..6),
        kind in prop::sample::select(vec!["User", "Bot", "Organization", "Mannequin", "user", ""]),
        login in prop::sample::select(vec!["octavia", "Codertocat", "octavia[bot]", "ghost", ""]),
        id in prop::sample::select(vec![0u64, 7, 10_137, 583_231]),
    ) {
        // The owner is 583231 with type User; everything else must be refused or undecided.
        let settings: GuardSettings =
            serde_json::from_value(json!({"owners": [{"login": "octavia", "id": 583_231}]})).unwrap();
        let mut payload = payloads::one("issues", "labeled", |_| true);
        payload["label"]["name"] = json!("run:dev");
        payload["issue"]["labels"][0]["name"] = json!("run:dev");
        payload["sender"]["login"] = json!(login);
        payload["sender"]["id"] = json!(id);
        payload["sender"]["type"] = json!(kind);
        for (path, null) in &damages {
            damage(&mut payload, path, *null);
        }
        let Ok(event) = read(&payload, "issues") else { return Ok(()) };
        let owner = payload["sender"]["id"] == 583_231
            && payload["sender"]["type"] == "User"
            && payload["sender"]["login"] != "ghost";
        let trigger = payload["label"]["name"] == "run:dev" && payload["action"] == "labeled";
        if let Some(verdict) = judge(&event, &settings) {
            let stays = verdict.decision == Decision::Keep;
            prop_assert!(!trigger || stays == owner, "{verdict:?}");
        }
    }
}
