//! `--step`: what a workflow's runner is told by gates and audits.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::repository::{Outcome, Repository, owner};

/// What a step came to, with all that the runner got.
struct Told {
    outcome: Outcome,
    outputs: String,
    summary: String,
}

impl Told {
    /// The value of an output, read as the runner does.
    #[track_caller]
    fn output(&self, name: &str) -> &str {
        let found = self.outputs.split_once(&format!("{name}<<"));
        let (_, rest) = found.unwrap_or_else(|| panic!("no `{name}`: {:?}", self.outcome));
        let (word, rest) = rest.split_once('\n').unwrap();
        rest.split_once(&format!("\n{word}\n")).unwrap().0
    }

    fn annotations(&self) -> String {
        let lines = self.outcome.stdout.lines().filter(|line| line.starts_with("::error "));
        lines.map(|line| format!("{line}\n")).collect()
    }
}

/// Runs the command as its action does.
fn step(repository: &Repository, command: &str, inputs: &[(&str, &str)]) -> Told {
    let files = tempfile::tempdir().unwrap();
    let file = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    let (output, summary, workspace) = (file("output"), file("summary"), repository.path(""));
    let runner = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_OUTPUT", &output),
        ("GITHUB_STEP_SUMMARY", &summary),
        ("GITHUB_WORKSPACE", workspace.to_str().unwrap()),
    ];
    let words: Vec<&str> = command.split(' ').collect();
    let outcome = repository.policy_with(&words, &[&runner[..], inputs].concat());
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    Told { outcome, outputs: read(&output), summary: read(&summary) }
}

const ENTER: (&str, &str) = ("INPUT_DIRECTION", "enter");

#[test]
fn an_open_gate_is_an_output_and_a_summary() {
    let repository = Repository::new();
    let event = repository.event(12, &["feature", "run:intake"], "run:intake", &owner());
    let told = step(&repository, "gate --step", &[ENTER, ("GITHUB_EVENT_PATH", &event)]);
    assert_eq!(told.outcome.code, 0, "{:?}", told.outcome);
    assert_eq!((told.output("decision"), told.output("stage")), ("allowed", "intake"));
    assert_eq!(told.output("reasons"), "[]");
    assert_eq!(told.annotations(), "");
    assert!(
        told.summary.starts_with("### ✅ `intake` may start for issue 12\n"),
        "{}",
        told.summary
    );
}

#[test]
fn a_shut_gate_says_why_and_what_mends_it_everywhere() {
    let repository = Repository::new();
    let event = repository.event(12, &["run:vision"], "run:vision", &owner());
    let inputs = [ENTER, ("INPUT_STAGE", "vision"), ("GITHUB_EVENT_PATH", &*event)];
    let told = step(&repository, "gate --step", &inputs);
    assert_eq!(told.outcome.code, 1, "{:?}", told.outcome);
    assert_eq!((told.output("decision"), told.output("stage")), ("refused", "vision"));
    let reasons: Value = serde_json::from_str(told.output("reasons")).unwrap();
    let reasons = reasons.as_array().unwrap();
    assert!(!reasons.is_empty());
    assert!(reasons.iter().all(|reason| reason["judgement"] == "fails"), "{reasons:#?}");
    assert_snapshot!(told.annotations(), @"
    ::error title=gate enter%3A legal-transition::the issue is in no stage yet, and `full` begins with `intake`%0Aan owner sets `run:intake`; an issue that is further has it on record: `docset sync issue 12 --stage STAGE`
    ::error title=gate enter%3A needed-artifact::no `problem` names issue 12%0Adocset new package intake --issue 12 --title TITLE
    ::error title=gate enter%3A needed-artifact::no `personas` names issue 12%0Adocset new package intake --issue 12 --title TITLE
    ::error title=gate enter%3A needed-artifact::no `scope` names issue 12%0Adocset new package intake --issue 12 --title TITLE
    ::error title=gate enter%3A needed-artifact::no `constraints` names issue 12%0Adocset new package intake --issue 12 --title TITLE
    ::error title=gate enter%3A needed-artifact::no `brief` names issue 12%0Adocset new package intake --issue 12 --title TITLE
    ");
    assert_snapshot!(told.summary, @"
    ### ❌ `vision` may not start for issue 12: 6 of 12 conditions not met

    | Condition | Why | What mends it |
    |---|---|---|
    | legal-transition | the issue is in no stage yet, and `full` begins with `intake` | an owner sets `run:intake`; an issue that is further has it on record: `docset sync issue 12 --stage STAGE` |
    | needed-artifact | no `problem` names issue 12 | `docset new package intake --issue 12 --title TITLE` |
    | needed-artifact | no `personas` names issue 12 | `docset new package intake --issue 12 --title TITLE` |
    | needed-artifact | no `scope` names issue 12 | `docset new package intake --issue 12 --title TITLE` |
    | needed-artifact | no `constraints` names issue 12 | `docset new package intake --issue 12 --title TITLE` |
    | needed-artifact | no `brief` names issue 12 | `docset new package intake --issue 12 --title TITLE` |

    <details><summary>6 conditions met</summary>

    - one-trigger-label: `run:vision` is the only label that starts a stage
    - trigger-of-stage: `run:vision` starts `vision`
    - allowed-sender: `octavia` may set `run:vision`
    - not-blocked: the issue is not blocked
    - no-open-question: no question is open
    - profile: the issue goes by the profile `full`

    </details>
    ");
}

#[test]
fn a_stranger_and_an_app_do_not_open_a_gate() {
    let repository = Repository::new();
    for sender in [
        json!({"login": "mallory", "id": 666, "type": "User"}),
        json!({"login": "helper[bot]", "id": 5, "type": "Bot"}),
    ] {
        let event = repository.event(12, &["run:intake"], "run:intake", &sender);
        let told = step(&repository, "gate --step", &[ENTER, ("GITHUB_EVENT_PATH", &event)]);
        assert_eq!(told.outcome.code, 1, "{sender}");
        assert_eq!(told.output("decision"), "refused", "{sender}");
    }
}

#[test]
fn where_two_stages_are_possible_the_decision_is_a_question() {
    let repository = Repository::new();
    let labels = ["run:intake", "run:prd"];
    let event = repository.event(12, &labels, "run:prd", &owner());
    let told = step(&repository, "gate --step", &[ENTER, ("GITHUB_EVENT_PATH", &event)]);
    assert_eq!(told.outcome.code, 1, "{:?}", told.outcome);
    assert_ne!(told.output("decision"), "allowed");
    assert!(told.summary.contains("run:intake"), "{}", told.summary);
}

#[test]
fn what_a_gate_needs_to_know_is_asked_for_by_the_name_of_the_input() {
    let repository = Repository::new();
    let told = step(&repository, "gate --step", &[("INPUT_ISSUE", "12")]);
    assert_eq!(told.outcome.code, 2);
    assert!(told.summary.contains("the input `direction` is required"), "{}", told.summary);
    let leave = [("INPUT_DIRECTION", "leave"), ("INPUT_ISSUE", "12")];
    let told = step(&repository, "gate --step", &leave);
    assert!(told.summary.contains("the input `stage` is required"), "{}", told.summary);
    let event = repository.event(13, &["run:intake"], "run:intake", &owner());
    let other = [ENTER, ("INPUT_ISSUE", "12"), ("GITHUB_EVENT_PATH", &*event)];
    let told = step(&repository, "gate --step", &other);
    assert_eq!(told.outcome.code, 2, "{:?}", told.outcome);
    assert_eq!(told.outputs, "");
}

#[test]
fn what_an_input_says_is_no_command_to_the_runner() {
    let repository = Repository::new();
    for hostile in ["1\n::add-mask::octavia", "1 ##[add-mask]octavia", "1\r::stop-commands::x"] {
        let told = step(&repository, "gate --step", &[ENTER, ("INPUT_ISSUE", hostile)]);
        assert_eq!(told.outcome.code, 2, "{:?}", told.outcome);
        let stopped = told.outcome.stderr.starts_with("::stop-commands::countersign-");
        assert!(stopped && told.outcome.stderr.contains("invalid value"), "{:?}", told.outcome);
        let commands = told.outcome.stdout.lines().filter(|line| !line.starts_with("::error "));
        assert_eq!(commands.count(), 0, "{:?}", told.outcome);
        assert_eq!(told.summary.matches("invalid digit").count(), 1, "{}", told.summary);
    }
    // What is no command is said as it always is.
    let told = step(&repository, "gate --step", &[ENTER, ("INPUT_ISSUE", "twelve")]);
    assert!(told.outcome.stderr.starts_with("error: invalid value 'twelve'"), "{:?}", told.outcome);
}

#[test]
fn leaving_compares_with_the_base_of_the_pull_request() {
    let repository = Repository::new();
    repository.commit();
    repository.git(&["branch", "base"]);
    repository.write("src/main.rs", "fn main() {}\n");
    repository.commit();
    let path = repository.path(".git/event.json");
    let text = r#"{"pull_request": {"number": 34, "labels": [], "base": {"sha": "base"}}}"#;
    countersign_files::write_atomically(&path, text.as_bytes()).unwrap();
    let event = path.to_str().unwrap();
    let told = step(
        &repository,
        "gate --step",
        &[
            ("INPUT_DIRECTION", "leave"),
            ("INPUT_STAGE", "prd"),
            ("INPUT_ISSUE", "12"),
            ("GITHUB_EVENT_PATH", event),
        ],
    );
    assert_eq!(told.outcome.code, 1, "{:?}", told.outcome);
    assert!(told.output("reasons").contains("src/main.rs"), "{}", told.output("reasons"));
    let told = step(&repository, "audit --step", &[("GITHUB_EVENT_PATH", event)]);
    assert_eq!(told.outcome.code, 1, "{:?}", told.outcome);
    assert_eq!(told.output("result"), "findings");
    assert!(told.output("findings").parse::<usize>().unwrap() > 0);
    assert!(told.summary.contains("### ❌ Audit of pull request 34"), "{}", told.summary);
    assert!(told.annotations().contains("::error title=policy audit%3A missing-docset,"));
}

#[test]
fn an_issue_that_looks_like_a_command_is_none() {
    let repository = Repository::new();
    let path = repository.path(".git/event.json");
    let hostile = "run:intake\n::set-output name=decision::allowed";
    let event = json!({
        "action": "labeled",
        "label": {"name": hostile},
        "issue": {"number": 12, "title": "\"; rm -rf . #$(id)", "labels": [{"name": hostile}]},
        "sender": owner(),
    });
    countersign_files::write_atomically(&path, event.to_string().as_bytes()).unwrap();
    let told =
        step(&repository, "gate --step", &[ENTER, ("GITHUB_EVENT_PATH", path.to_str().unwrap())]);
    assert_eq!(told.outcome.code, 1, "{:?}", told.outcome);
    assert!(!told.outcome.stdout.contains("\n::set-output"), "{:?}", told.outcome);
    assert!(!told.summary.contains("\n::set-output"), "{}", told.summary);
}
