//! `labels guard` as its users run it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use countersign_testkit::{Access, FakeGitHub, Grant, Role};
use serde_json::{Value, json};

use super::payloads;

/// A repository on disk with an owner, and an event in a file.
struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    fn new(config: &str, event: &Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| fs::File::create(folder.path().join(name)).unwrap();
        use std::io::Write as _;
        file("countersign.yaml").write_all(config.as_bytes()).unwrap();
        file("event.json").write_all(event.to_string().as_bytes()).unwrap();
        Self { folder }
    }

    fn file(&self, name: &str, text: &str) {
        use std::io::Write as _;
        let mut file = fs::File::create(self.folder.path().join(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn guard(&self, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        shown(self.folder.path(), arguments, variables)
    }
}

fn shown(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_labels"))
        .arg("guard")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    format!(
        "exit {}\n{}{}",
        status.code().unwrap(),
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap()
    )
}

const OWNED: &str = "labels: {guard: {owners: [{login: octavia, id: 583231}]}}\n";

fn labeled(label: &str, sender: (&str, u64, &str)) -> Value {
    let mut event = payloads::one("issues", "labeled", |_| true);
    event["label"]["name"] = json!(label);
    event["issue"]["labels"] = json!([{"name": label}]);
    event["issue"]["number"] = json!(1);
    event["repository"]["full_name"] = json!("acme/product");
    event["repository"]["owner"] = json!({"login": "acme", "id": 9, "type": "Organization"});
    event["sender"]["login"] = json!(sender.0);
    event["sender"]["id"] = json!(sender.1);
    event["sender"]["type"] = json!(sender.2);
    event
}

#[test]
fn the_exit_code_tells_keep_from_remove_from_undecided() {
    let event = ["--event", "event.json"];
    let kept = Tree::new(OWNED, &labeled("run:prd", ("octavia", 583_231, "User")));
    insta::assert_snapshot!(kept.guard(&event, &[]), @r#"
    exit 0
    keep: issues.labeled of issue 1 in acme/product
      `run:prd`: keep
        `octavia` (id 583231) is an owner, by the number of the account [owner]
          from: /sender/id
    "#);
    let removed = Tree::new(OWNED, &labeled("run:prd", ("mallory", 666, "User")));
    insta::assert_snapshot!(removed.guard(&event, &[]), @r#"
    exit 1
    remove: issues.labeled of issue 1 in acme/product
      `run:prd`: remove
        `run:prd` is the owner's to set, and `mallory` (id 666) is no owner [owner-only]
          from: /sender/id
          help: ask the owner `octavia` to set `run:prd`
    nothing was changed; --apply does it
    "#);
    let undecided = Tree::new(OWNED, &json!({"action": "labeled", "issue": {"number": 1}}));
    insta::assert_snapshot!(undecided.guard(&event, &[]), @r#"
    exit 2
    error: the event gives no `label.name`, and without it nothing can be decided
      help: pass the whole payload, as GitHub wrote it to GITHUB_EVENT_PATH
    "#);
    let broken = Tree::new(OWNED, &json!([1]));
    insta::assert_snapshot!(broken.guard(&event, &[]), @r#"
    exit 2
    error: cannot read the event `event.json`
      caused by: an event is an object, and this is a list
      help: pass the payload of an event, as GitHub wrote it to GITHUB_EVENT_PATH
    "#);
    insta::assert_snapshot!(broken.guard(&["--event", "no.json"], &[]), @r#"
    exit 2
    error: cannot read the event `no.json`
      caused by: No such file or directory (os error 2)
      help: pass the payload of an event, as GitHub wrote it to GITHUB_EVENT_PATH
    "#);
    insta::assert_snapshot!(broken.guard(&[], &[]), @r#"
    exit 2
    error: no event is given
      help: pass --event FILE; in a workflow GITHUB_EVENT_PATH is taken
    "#);
}

#[test]
fn in_a_workflow_the_environment_says_where_the_event_is() {
    let tree = Tree::new(OWNED, &labeled("run:prd", ("mallory", 666, "User")));
    let path = tree.folder.path().join("event.json");
    let variables =
        [("GITHUB_EVENT_PATH", path.to_str().unwrap()), ("GITHUB_EVENT_NAME", "issues")];
    assert!(tree.guard(&[], &variables).starts_with("exit 1\nremove: issues.labeled"));
    // Under another name it would pass unseen.
    let variables = [variables[0], ("GITHUB_EVENT_NAME", "issue_comment")];
    let refused = tree.guard(&[], &variables).replace(path.to_str().unwrap(), "[event]");
    insta::assert_snapshot!(refused, @r#"
    exit 2
    error: cannot read the event `[event]`
      caused by: the payload is one of `issues` events, and the event is called `issue_comment`
      help: pass the payload of an event, as GitHub wrote it to GITHUB_EVENT_PATH
    "#);
}

#[test]
fn without_owners_the_permission_decides_and_must_be_known() {
    let tree = Tree::new("", &labeled("run:prd", ("mallory", 666, "User")));
    let event = ["--event", "event.json"];
    insta::assert_snapshot!(tree.guard(&event, &[]), @r#"
    exit 2
    error: no owner is configured, and the permission of the sender is not known
      help: name the owners under `process: owners` in countersign.yaml, pass --permission, or set GITHUB_TOKEN so that GitHub can be asked
    "#);
    // What needs no owner needs no permission either.
    let free = Tree::new("", &labeled("bug", ("mallory", 666, "User")));
    assert!(free.guard(&event, &[]).starts_with("exit 0"));
    let with = |level| [&event[..], &["--permission", level]].concat();
    assert!(tree.guard(&with("admin"), &[]).starts_with("exit 0"));
    assert!(tree.guard(&with("write"), &[]).starts_with("exit 1"));
    // GitHub is asked.
    let github = FakeGitHub::start_blocking().unwrap();
    github.token("ghs_x", Grant::workflow("acme/product").allow("issues", Access::Write));
    github.repository("acme/product").collaborator("mallory", Role::Maintain);
    let variables = [("GITHUB_API_URL", &*github.url()), ("GITHUB_TOKEN", "ghs_x")];
    insta::assert_snapshot!(tree.guard(&event, &variables), @r#"
    exit 1
    remove: issues.labeled of issue 1 in acme/product
      `run:prd`: remove
        `run:prd` is the owner's to set, and `mallory` (id 666) has the permission maintain, where admin is needed [owner-only]
          from: permission
          help: ask somebody with the admin permission to set `run:prd`
    nothing was changed; --apply does it
    the token is an installation token of a GitHub App; a label that it sets starts the workflows that listen to it
    "#);
    github.repository("acme/product").collaborator("mallory", Role::Admin);
    assert!(tree.guard(&event, &variables).starts_with("exit 0"));
}

#[test]
fn apply_does_it_and_says_what_the_token_is() {
    let github = FakeGitHub::start_blocking().unwrap();
    github.token("ghs_x", Grant::workflow("acme/product").allow("issues", Access::Write));
    let product = github.repository("acme/product");
    product.label("run:prd", "1d76db", None);
    let issue = product.issue("A new product", &["run:prd"]);
    assert_eq!(issue, 1);
    let tree = Tree::new(OWNED, &labeled("run:prd", ("mallory", 666, "User")));
    let url = github.url();
    let variables =
        [("GITHUB_API_URL", &*url), ("GITHUB_TOKEN", "ghs_x"), ("GITHUB_ACTIONS", "true")];
    let arguments = ["--event", "event.json", "--apply", "--format", "json"];
    let text = tree.guard(&arguments, &variables);
    let output: Value = serde_json::from_str(text.strip_prefix("exit 1\n").unwrap()).unwrap();
    assert_eq!(output["verdict"]["decision"], "remove");
    assert_eq!(output["done"][0], json!({"done": "removed", "label": "run:prd"}));
    assert_eq!(output["done"][1]["done"], "commented");
    assert_eq!(output["token"]["starts_workflows"], false);
    assert!(product.labels_of(issue).is_empty());
    assert_eq!(product.comments_of(issue).len(), 1);
    assert!(!text.contains("ghs_x"));

    let again = tree.guard(&["--event", "event.json", "--apply"], &variables[..2]);
    insta::assert_snapshot!(again.replace(&output["done"][1]["comment"].to_string(), "[comment]"), @r#"
    exit 1
    remove: issues.labeled of issue 1 in acme/product
      `run:prd`: remove
        `run:prd` is the owner's to set, and `mallory` (id 666) is no owner [owner-only]
          from: /sender/id
          help: ask the owner `octavia` to set `run:prd`
    `run:prd` was off already
    the comment [comment] says so already
    the token is an installation token of a GitHub App; a label that it sets starts the workflows that listen to it
    "#);
    let none = tree.guard(&["--event", "event.json", "--apply"], &variables[..1]);
    insta::assert_snapshot!(none, @r#"
    exit 2
    error: there is no token for GitHub
      help: set GITHUB_TOKEN or GH_TOKEN
    "#);
}

#[test]
fn an_approval_counts_until_it_ends() {
    let tree = Tree::new(OWNED, &labeled("run:prd", ("countersign[bot]", 5, "Bot")));
    let approval = json!({
        "request_id": "REQ-17",
        "operation": "github_request_label",
        "repository": "acme/product",
        "issue": 1,
        "label": "run:prd",
        "approver": {"login": "octavia", "id": 583_231},
        "expires_at": "2026-03-01T12:00:00Z",
    });
    tree.file("approval.json", &approval.to_string());
    let at = |time| {
        let files = ["--event", "event.json", "--approval", "approval.json"];
        tree.guard(&[&files[..], &["--now", time]].concat(), &[])
    };
    insta::assert_snapshot!(at("2026-03-01T11:59:59Z"), @r#"
    exit 0
    keep: issues.labeled of issue 1 in acme/product
      `run:prd`: keep
        `countersign[bot]` (id 5) carries out request `REQ-17`, approved by `octavia` (id 583231) and good until 2026-03-01T12:00:00Z [approved-request]
          from: approval
    "#);
    insta::assert_snapshot!(at("2026-03-01T12:00:00Z"), @r#"
    exit 1
    remove: issues.labeled of issue 1 in acme/product
      `run:prd`: remove
        the approval of request `REQ-17` ended at 2026-03-01T12:00:00Z; it is 2026-03-01T12:00:00Z [approval-expired]
          from: approval
          help: request it: the owner approves, and the gateway sets `run:prd`
    nothing was changed; --apply does it
    "#);
    assert!(at("yesterday").starts_with("exit 2"), "{}", at("yesterday"));
    tree.file("approval.json", "{\"request_id\": 17}");
    insta::assert_snapshot!(at("2026-03-01T11:59:59Z"), @r#"
    exit 2
    error: cannot read the approval `approval.json`
      caused by: invalid type: integer `17`, expected a string at line 1 column 17
      help: pass the record of one approved request, as the gateway writes it
    "#);
}

#[test]
fn a_summary_is_markdown() {
    let tree = Tree::new(OWNED, &labeled("run:prd", ("mallory", 666, "User")));
    let arguments = ["--event", "event.json", "--format", "markdown"];
    insta::assert_snapshot!(tree.guard(&arguments, &[]), @r#"
    exit 1
    ### Labels guard: remove

    **`run:prd`: remove**

    - `run:prd` is the owner's to set, and `mallory` (id 666) is no owner (`owner-only`)
      **What to do:** ask the owner `octavia` to set `run:prd`
    "#);
}

#[test]
fn a_fault_of_the_owner_list_names_its_line() {
    let config = "labels:\n  guard:\n    agents: [robot]\n    owners:\n      - octavia\n      - login: Robot\n";
    let tree = Tree::new(config, &labeled("run:prd", ("octavia", 1, "User")));
    insta::assert_snapshot!(tree.guard(&["--event", "event.json"], &[]), @r#"
    exit 2
    error: countersign.yaml:6:9: `Robot` is an agent too; an agent is never an owner
      help: name it under one of the two
    "#);
}

#[test]
fn the_owners_of_the_process_are_the_owners_of_the_labels() {
    let event = ["--event", "event.json"];
    let guard =
        |config: &str, sender| Tree::new(config, &labeled("run:prd", sender)).guard(&event, &[]);
    let process = "process: {owners: [{login: octavia, id: 583231}]}\n";
    assert!(guard(process, ("octavia", 583_231, "User")).starts_with("exit 0"));
    insta::assert_snapshot!(guard(process, ("octavia", 1, "User")), @r"
    exit 1
    remove: issues.labeled of issue 1 in acme/product
      `run:prd`: remove
        `octavia` (id 1) has the login of the owner octavia (id 583231), but the number of the account is 1 [look-alike]
          from: /sender/id
          help: if the owner's account is another now, change `id` among the owners in countersign.yaml; else ask the owner `octavia` to set `run:prd`
    nothing was changed; --apply does it
    ");
    // Named twice, they are the same people.
    assert!(
        guard(&format!("{process}{OWNED}"), ("octavia", 583_231, "User")).starts_with("exit 0")
    );
    let other = format!("process: {{owners: [otto]}}\n{OWNED}");
    insta::assert_snapshot!(guard(&other, ("octavia", 583_231, "User")), @r"
    exit 2
    error: `labels: guard: owners` and `process: owners` in countersign.yaml name different people; name the owners once, under `process: owners`
    ");
    let agent = "process: {owners: [otto]}\nlabels: {guard: {agents: [Otto]}}\n";
    insta::assert_snapshot!(guard(agent, ("otto", 1, "User")), @r"
    exit 2
    error: `process: owners` in countersign.yaml: `otto` is an agent too; an agent is never an owner; name it under one of the two
    ");
}

#[test]
fn whom_an_owner_put_in_their_place_sets_what_was_delegated_while_it_lasts() {
    let guard = |to: &str, classes: &str, label: &str, sender, now: &str| {
        let config = format!(
            "process:\n  owners: [octavia]\n  delegations: [{{to: {to}, labels: [{classes}], until: \
             2026-03-01T00:00:00Z}}]\nlabels: {{guard: {{agents: [robot]}}}}\n"
        );
        let tree = Tree::new(&config, &labeled(label, sender));
        tree.guard(&["--event", "event.json", "--now", now], &[])
    };
    let otto = ("otto", 7, "User");
    let in_time = "2026-02-28T23:59:59Z";
    insta::assert_snapshot!(guard("otto", "trigger", "run:prd", otto, in_time), @r"
    exit 0
    keep: issues.labeled of issue 1 in acme/product
      `run:prd`: keep
        `otto` (id 7) stands in for the owner with trigger labels until 2026-03-01T00:00:00Z [delegate]
          from: configuration
    ");
    for (to, classes, sender, now) in [
        ("otto", "trigger", otto, "2026-03-01T00:00:00Z"),
        ("otto", "state", otto, in_time),
        ("otto", "trigger", ("otto", 7, "Bot"), in_time),
        ("otto", "trigger", ("mallory", 666, "User"), in_time),
        ("{login: otto, id: 8}", "trigger", otto, in_time),
    ] {
        let said = guard(to, classes, "run:prd", sender, now);
        assert!(said.starts_with("exit 1"), "{to} {classes} {sender:?} {now}: {said}");
    }
    let agent = guard("Robot", "trigger", "run:prd", ("robot", 9, "User"), in_time);
    insta::assert_snapshot!(agent, @r"
    exit 2
    error: `process: delegations` in countersign.yaml: `Robot` is an agent; an agent can be neither owner nor delegate
    ");
}

#[test]
fn what_an_event_says_is_no_command_to_the_runner() {
    let hostile = "run:x\n::error::owned";
    let tree = Tree::new(OWNED, &labeled(hostile, ("mallory", 666, "User")));
    let text = tree.guard(&["--event", "event.json"], &[("GITHUB_ACTIONS", "true")]);
    assert!(text.lines().all(|line| !line.trim_start().starts_with("::error")), "{text}");
    assert!(text.contains("::stop-commands::"), "{text}");
}
