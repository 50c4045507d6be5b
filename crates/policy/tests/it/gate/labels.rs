//! What gates say of labels, senders and profiles.

use countersign_files::write_atomically;
use serde_json::{Value, json};

use super::in_the_way;
use crate::repository::{Repository, owner};

/// Why the intake of issue 12 may not start, given these labels, of which the first was
/// set by `sender`.
fn refused(repository: &Repository, labels: &[&str], sender: &Value, more: &[&str]) -> String {
    let event = repository.event(12, labels, labels.first().unwrap_or(&""), sender);
    let arguments =
        [&["gate", "enter", "--issue", "12", "--event", &event, "--format", "json"], more];
    let outcome = repository.policy(&arguments.concat());
    let verdict = outcome.json();
    assert_eq!(outcome.code == 0, verdict["outcome"] == "pass", "{outcome:?}");
    let lines = in_the_way(verdict["conditions"].as_array().unwrap());
    format!("{}\n{}", verdict["outcome"].as_str().unwrap(), lines.join("\n"))
}

#[test]
fn the_owner_starts_the_first_stage() {
    let repository = Repository::new();
    assert_eq!(refused(&repository, &["run:intake"], &owner(), &[]), "pass\n");
    let case = json!({"login": "Octavia", "id": 1, "type": "User"});
    assert_eq!(refused(&repository, &["RUN:Intake", "bug"], &case, &[]), "pass\n");
}

#[test]
fn nobody_else_does() {
    let repository = Repository::new();
    for sender in [
        json!({"login": "octavia", "id": 1, "type": "Bot"}),
        json!({"login": "octavia"}),
        json!({"login": "octavia[bot]", "id": 3, "type": "Bot"}),
        json!({"login": "mallory", "id": 2, "type": "User"}),
        json!({"login": "octavia\n", "id": 1, "type": "User"}),
        json!({"login": "", "type": "User"}),
        Value::Null,
    ] {
        let said = refused(&repository, &["run:intake"], &sender, &[]);
        assert!(said.starts_with("refused\n[allowed-sender] "), "{sender}: {said}");
    }
    // A number that is on record must agree.
    repository.write("countersign.yaml", "process: {owners: [{login: octavia, id: 7}]}\n");
    let said = refused(&repository, &["run:intake"], &owner(), &[]);
    assert!(said.starts_with("refused\n[allowed-sender] `octavia` may not set"), "{said}");
}

#[test]
fn whoever_did_something_else_did_not_set_the_label() {
    let repository = Repository::new();
    let event = |action: &str, more: Value| {
        let mut event = json!({
            "action": action,
            "issue": {"number": 12, "labels": [{"name": "run:intake"}]},
            "sender": owner(),
        });
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let path = repository.path(".git/event.json");
        write_atomically(&path, event.to_string().as_bytes()).unwrap();
        let path = path.to_str().unwrap().to_owned();
        let gate = ["gate", "enter", "--issue", "12", "--event", &path, "--format", "json"];
        let verdict = repository.policy(&gate).json();
        in_the_way(verdict["conditions"].as_array().unwrap()).join("\n")
    };
    let intake = json!({"label": {"name": "run:intake"}});
    assert_eq!(event("labeled", intake.clone()), "");
    assert_eq!(event("opened", json!({})), "");
    let moved = json!({"changes": {"old_issue": {"number": 3}, "old_repository": {"id": 1}}});
    for (action, more) in [
        ("labeled", json!({})),
        ("unlabeled", json!({"label": {"name": "bug"}})),
        ("unlabeled", intake),
        ("edited", json!({"changes": {"title": {"from": "x"}}})),
        ("created", json!({"comment": {"body": "looks good"}})),
        ("opened", moved),
        ("", json!({})),
    ] {
        let said = event(action, more);
        assert!(said.starts_with("[allowed-sender] nobody knows who set the label"), "{action}");
    }
}

#[test]
fn without_owners_nobody_starts_anything() {
    let repository = Repository::new();
    repository.write("countersign.yaml", "");
    insta::assert_snapshot!(refused(&repository, &["run:intake"], &owner(), &[]), @"
        refused
        [allowed-sender] nobody is an owner of this repository
                name the owners under `process: owners:` in countersign.yaml
        ");
}

#[test]
fn an_account_that_programs_use_is_no_owner_and_no_delegate() {
    let repository = Repository::new();
    let agents = "labels:\n  guard:\n    agents: [Robot, {login: other, id: 9}]\n";
    let error = |process: &str| {
        repository.write("countersign.yaml", &format!("process:\n{process}{agents}"));
        let outcome = repository.policy(&["check"]);
        assert_eq!(outcome.code, 2, "{outcome:?}");
        outcome.stderr
    };
    insta::assert_snapshot!(error("  owners: [octavia, robot]\n"), @r"
        error: countersign.yaml:2:21: `robot` is an agent by `labels: guard: agents`
          help: an agent can be neither owner nor delegate; name it in one of the two
        ");
    let renamed = error("  owners: [octavia, {login: renamed, id: 9}]\n");
    assert!(renamed.contains("`renamed` is an agent"), "{renamed}");
    let delegate =
        error("  delegations: [{to: robot, labels: [trigger], until: 2026-12-31T00:00:00Z}]\n");
    assert!(delegate.contains("countersign.yaml:2:17: `robot` is an agent"), "{delegate}");
}

#[test]
fn two_triggers_are_a_question_and_no_trigger_is_a_refusal() {
    let repository = Repository::new();
    let event = repository.event(12, &["run:prd", "run:intake"], "run:prd", &owner());
    let outcome = repository.policy(&["gate", "enter", "--issue", "12", "--event", &event]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!(outcome.stdout, @"
        ask: nobody can tell which stage is to start for issue 12
          which stage is meant for issue 12?
            1. start intake: keep `run:intake`, and remove the other ones
            2. start prd: keep `run:prd`, and remove the other ones
            3. none of them: remove every label that starts a stage
            or in your own words; meanwhile `need:input` is to be set
          unclear [one-trigger-label] 2 labels of the issue start a stage
            trigger labels: run:intake, run:prd
            help: an owner says which one is meant, and removes the others
          holds [not-blocked] the issue is not blocked
          holds [no-open-question] no question is open
        ");
    insta::assert_snapshot!(refused(&repository, &["feature"], &owner(), &["--stage", "intake"]), @"
        refused
        [one-trigger-label] no label of the issue starts a stage
                an owner sets `run:intake` on issue 12
        ");
    let many: Vec<String> = ["vision", "prd", "arch", "design", "plan", "dev", "qa"]
        .map(|stage| format!("run:{stage}"))
        .into();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let event = repository.event(12, &many, "run:prd", &owner());
    let outcome = repository
        .policy(&["gate", "enter", "--issue", "12", "--event", &event, "--format", "json"]);
    let question = &outcome.json()["question"];
    assert_eq!(question["choices"].as_array().unwrap().len(), 5, "{question}");
    assert_eq!(question["free_answer"], true);
}

#[test]
fn blocked_work_and_open_questions_stay_where_they_are() {
    let repository = Repository::new();
    let labels = ["run:intake", "state:blocked", "need:input"];
    insta::assert_snapshot!(refused(&repository, &labels, &owner(), &[]), @"
        refused
        [not-blocked] the issue is blocked: it has `state:blocked`
                an owner settles what it waits for, and removes `state:blocked`
        [no-open-question] a question is open: it has `need:input`
                an owner answers it, and removes `need:input`
        ");
}

#[test]
fn the_trigger_must_be_that_of_the_stage() {
    let repository = Repository::new();
    insta::assert_snapshot!(
        refused(&repository, &["run:vision"], &owner(), &["--stage", "intake"]),
        @"
        refused
        [trigger-of-stage] `run:vision` starts `vision`, not `intake`
                an owner removes `run:vision`, and sets `run:intake`
        "
    );
    let said = refused(&repository, &["run:everything"], &owner(), &["--stage", "intake"]);
    assert!(said.contains("`run:everything` starts no stage of this process"), "{said}");
}

#[test]
fn what_is_not_given_is_not_assumed() {
    let repository = Repository::new();
    let outcome = repository.policy(&["gate", "enter", "--stage", "intake", "--issue", "12"]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!(outcome.stdout, @"
        refused: `intake` may not start for issue 12: 3 of 5 conditions not met
          fails [one-trigger-label] the labels of the issue are not known
            labels: not given
            help: give the event with `--event FILE`, or each label of the issue with `--label NAME`
          fails [not-blocked] nobody knows whether the issue has `state:blocked`
            labels: not given
            help: give the event with `--event FILE`
          fails [no-open-question] nobody knows whether the issue has `need:input`
            labels: not given
            help: give the event with `--event FILE`
          holds [profile] the issue goes by the profile `full`
          holds [legal-transition] `intake` is the first stage of `full`
        ");
    let outcome = repository.policy(&["gate", "leave", "--stage", "intake", "--issue", "12"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("nobody knows which files changed"), "{outcome:?}");
}

#[test]
fn a_shorter_way_needs_the_owner_once_the_issue_is_on_record() {
    let repository = Repository::new();
    let quick = ["--profile", "quick-fix"];
    assert_eq!(refused(&repository, &["run:intake"], &owner(), &quick), "pass\n");
    repository.create(countersign_docset::new::What::Package("intake".to_owned()), 12);
    repository.sync(12, Some("intake"));
    let said = refused(&repository, &["run:intake"], &owner(), &quick);
    insta::assert_snapshot!(said, @"
        refused
        [profile] the issue has the profile `full`, and `quick-fix` is asked for
                an owner agrees, and the change is put on record: `docset sync issue 12 --profile quick-fix`
        ");
}

#[test]
fn an_approved_request_lets_the_gateway_set_the_label() {
    let repository = Repository::new();
    let request = json!({
        "actor": {"kind": "agent", "login": "pm-agent", "role": "PM", "verified": true},
        "operation": "github_request_label",
        "arguments": {"issue": 12, "label": "run:intake", "action": "add"},
        "context": {"issue": 12},
    });
    let file = repository.path(".git/request.json");
    let write = |request: &Value| write_atomically(&file, request.to_string().as_bytes()).unwrap();
    write(&request);
    let path = file.to_str().unwrap();
    let decided = repository.policy(&["decide", "--request", path, "--format", "json"]).json();
    assert_eq!(decided["decision"], "needs-approval");
    let mut granted = request.clone();
    granted["approvals"] = json!([{
        "id": "REQ-1",
        "request": decided["request"],
        "policy": decided["policy"],
        "by": {"kind": "human", "login": "octavia", "id": 1, "verified": true},
        "at": "2026-02-06T10:00:00Z",
        "expires": "2026-02-06T20:00:00Z",
    }]);
    let gateway = json!({"login": "countersign[bot]", "id": 9, "type": "Bot"});
    let enter = |now: &str, sender: &Value| {
        refused(&repository, &["run:intake"], sender, &["--approved", path, "--now", now])
    };
    let in_time = "2026-02-06T12:00:00Z";

    let said = enter(in_time, &gateway);
    assert!(said.contains("no approval counts for setting `run:intake`"), "{said}");
    write(&granted);
    assert_eq!(enter(in_time, &gateway), "pass\n");
    // It ages, and it is nobody else's.
    let said = enter("2026-02-07T12:00:00Z", &gateway);
    assert!(said.contains("no approval counts for setting `run:intake`"), "{said}");
    let said = enter(in_time, &json!({"login": "mallory", "id": 2, "type": "User"}));
    assert!(said.contains("`mallory` may not set `run:intake`"), "{said}");
    // Any change voids it.
    let mut other = granted.clone();
    other["arguments"]["issue"] = json!(13);
    write(&other);
    assert!(enter(in_time, &gateway).contains("the approved request is about another issue"));
    let mut other = granted.clone();
    other["arguments"]["label"] = json!("run:prd");
    write(&other);
    assert!(enter(in_time, &gateway).contains("the approved request is not to set `run:intake`"));
    let mut other = granted;
    other["actor"]["role"] = json!("EM");
    write(&other);
    assert!(enter(in_time, &gateway).contains("no approval counts"));
}

#[test]
fn bad_input_ends_with_two_and_says_what_to_do() {
    let repository = Repository::new();
    repository.write("broken.json", "{\n  \"issue\": }");
    let event = repository.event(13, &["run:intake"], "run:intake", &owner());
    for (arguments, wanted) in [
        (&["--stage", "intaek"][..], "there is no stage `intaek`; did you mean `intake`?"),
        (&["--profile", "slow"], "there is no profile `slow`"),
        (&["--stage", "qa:revise"], "the stage `qa` is never revised; give `--stage qa`"),
        (
            &["--event", "broken.json"],
            "it is no event of GitHub: expected value at line 2 column 12",
        ),
        (&["--event", "nowhere.json"], "cannot read `nowhere.json`"),
        (&["--event", &event], "is about issue 13, not about issue 12"),
    ] {
        let outcome = repository.policy(&[&["gate", "enter", "--issue", "12"], arguments].concat());
        assert_eq!(outcome.code, 2, "{outcome:?}");
        assert!(outcome.stderr.contains(wanted), "{wanted}: {outcome:?}");
    }
    let outcome = repository.policy(&[
        "gate",
        "leave",
        "--stage",
        "prd",
        "--issue",
        "12",
        "--changed-since",
        "nowhere",
    ]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.stderr.contains("git cannot compare with `nowhere`"), "{outcome:?}");
}
