//! The guard's table, over real payloads with single values changed.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use countersign_labels::Catalogue;
use countersign_labels::event::Event;
use countersign_labels::guard::{
    Approval, Decision, Effect, Facts, GuardSettings, KnownAccount, Permission, decide, human,
};
use serde_json::{Value, json};

use super::payloads;

/// The account behind the `GITHUB_TOKEN` of every workflow.
const ACTIONS: (&str, u64) = ("github-actions[bot]", 41_898_282);

/// An event and what holds beside it; a row changes what it is about.
struct Case {
    name: &'static str,
    payload: Value,
    settings: Value,
    approval: Option<Value>,
    permission: Option<Permission>,
    own: Option<KnownAccount>,
}

impl Case {
    fn new(name: &'static str, action: &str, holds: impl Fn(&Value) -> bool) -> Self {
        Self {
            name,
            payload: payloads::one(name, action, holds),
            settings: json!({"owners": [{"login": "octavia", "id": 583_231}]}),
            approval: None,
            permission: None,
            own: None,
        }
        .sender("octavia", 583_231, "User")
    }

    /// `issues.labeled`: `octavia`, the owner, sets `label`.
    fn labeled(label: &str) -> Self {
        Self::new("issues", "labeled", |_| true).label(label).carries(&[label])
    }

    fn unlabeled(label: &str) -> Self {
        Self::new("issues", "unlabeled", |_| true).label(label).carries(&[])
    }

    fn opened(labels: &[&str]) -> Self {
        Self::new("issues", "opened", |it| it["changes"].is_null()).carries(labels)
    }

    fn edited() -> Self {
        let mut case = Self::new("issues", "edited", |_| true).carries(&["run:prd", "bug"]);
        case.payload["changes"] = json!({"body": {"from": "before"}});
        case
    }

    fn subject(&mut self) -> &mut Value {
        let key = if self.name == "issues" { "issue" } else { "pull_request" };
        &mut self.payload[key]
    }

    fn label(mut self, label: &str) -> Self {
        self.payload["label"]["name"] = json!(label);
        self
    }

    fn carries(mut self, labels: &[&str]) -> Self {
        let labels: Vec<Value> = labels.iter().map(|name| json!({"name": name})).collect();
        self.subject()["labels"] = json!(labels);
        self
    }

    fn sender(mut self, login: &str, id: u64, kind: &str) -> Self {
        self.payload["sender"]["login"] = json!(login);
        self.payload["sender"]["id"] = json!(id);
        self.payload["sender"]["type"] = json!(kind);
        self
    }

    fn actions(self) -> Self {
        self.sender(ACTIONS.0, ACTIONS.1, "Bot")
    }

    fn own_is_actions(mut self) -> Self {
        self.own = Some(KnownAccount { login: ACTIONS.0.to_owned(), id: Some(ACTIONS.1) });
        self
    }

    fn change(mut self, change: impl FnOnce(&mut Value)) -> Self {
        change(&mut self.payload);
        self
    }

    fn settings(mut self, settings: Value) -> Self {
        self.settings = settings;
        self
    }

    fn permission(mut self, permission: Permission) -> Self {
        self.permission = Some(permission);
        self
    }

    /// An approval of just this event, then changed.
    fn approved(mut self, change: impl FnOnce(&mut Value)) -> Self {
        let mut approval = json!({
            "request_id": "REQ-17",
            "operation": "github_request_label",
            "repository": self.payload["repository"]["full_name"],
            "issue": self.subject()["number"],
            "label": self.payload["label"]["name"],
            "approver": {"login": "octavia", "id": 583_231},
            "expires_at": "2026-03-01T12:00:00Z",
        });
        change(&mut approval);
        self.approval = Some(approval);
        self
    }

    fn event(&self) -> Event {
        Event::read(&serde_json::to_vec(&self.payload).unwrap(), Some(self.name)).unwrap()
    }

    fn verdict(&self) -> Result<countersign_labels::guard::Verdict, String> {
        let settings: GuardSettings = serde_json::from_value(self.settings.clone()).unwrap();
        settings.validate().unwrap();
        let approval = self.approval.as_ref();
        let facts = Facts {
            permission: self.permission,
            own: self.own.clone(),
            approval: approval.map(|it| Approval::read(it.to_string().as_bytes()).unwrap()),
            ..Facts::at("2026-03-01T11:00:00Z".parse::<DateTime<Utc>>().unwrap())
        };
        decide(&self.event(), &Catalogue::default(), &settings, &facts)
            .map_err(|undecided| undecided.to_string())
    }

    fn shown(&self) -> String {
        match self.verdict() {
            Ok(verdict) => human(&verdict),
            Err(undecided) => format!("undecided: {undecided}\n"),
        }
    }
}

fn mallory(case: Case) -> Case {
    case.sender("mallory", 666, "User")
}

fn with_pull_request(label: &str) -> Case {
    Case::new("pull_request", "labeled", |_| true).label(label).carries(&[label])
}

fn transferred_in() -> Case {
    Case::new("issues", "opened", |it| it["changes"].is_object()).carries(&["run:prd", "bug"])
}

/// What happens, and to which event.
fn rows() -> Vec<(&'static str, Case)> {
    let id = |login: &str, id: u64| json!({"login": login, "id": id});
    vec![
        // Owners.
        ("the owner sets a trigger", Case::labeled("run:prd")),
        ("an owner who is configured by login alone", Case::labeled("run:prd").settings(json!({"owners": ["Octavia"]}))),
        ("an owner whose login changed", Case::labeled("run:prd").sender("octavia-new", 583_231, "User")),
        ("a stranger who took the owner's old login", Case::labeled("run:prd").sender("octavia", 999, "User")),
        ("the owner's login without a number", Case::labeled("run:prd").change(|it| it["sender"]["id"] = Value::Null)),
        ("an app that is called like the owner", Case::labeled("run:prd").sender("octavia", 583_231, "Bot")),
        ("an app whose login is the owner's with a suffix", Case::labeled("run:prd").sender("octavia[bot]", 5, "Bot")),
        ("the owner on a pull request", with_pull_request("run:doc-audit")),
        // Other people.
        ("a person who is no owner", mallory(Case::labeled("run:prd"))),
        ("the same with the admin permission, where owners are named", mallory(Case::labeled("run:prd")).permission(Permission::Admin)),
        ("a person whose login ends like an app's", Case::labeled("run:prd").sender("helpful-bot", 667, "User")),
        ("a person who looks like the workflow's account", Case::labeled("run:prd").sender("github-actions[bot]", 668, "User")),
        ("a trigger in other case", mallory(Case::labeled("Run:PRD"))),
        ("a trigger that no catalogue has", mallory(Case::labeled("run:anything"))),
        ("a person sets a semantic label", mallory(Case::labeled("bug"))),
        ("a person sets a label that nobody knows", mallory(Case::labeled("help wanted"))),
        ("a person on a pull request", mallory(with_pull_request("run:qa"))),
        // Nobody named.
        ("no owner is named: the admin", Case::labeled("run:prd").settings(json!({})).permission(Permission::Admin)),
        ("no owner is named: a maintainer", mallory(Case::labeled("run:prd")).settings(json!({})).permission(Permission::Maintain)),
        ("no owner is named: the permission is not given", mallory(Case::labeled("run:prd")).settings(json!({}))),
        ("no owner is named: the person whom the repository belongs to", Case::labeled("run:prd").settings(json!({})).sender("Codertocat", 21_031_067, "User")),
        ("no owner is named: an app with the admin permission", Case::labeled("run:prd").actions().settings(json!({})).permission(Permission::Admin)),
        // Accounts that are gone.
        ("a deleted account: ghost", Case::labeled("run:prd").sender("ghost", 10_137, "User")),
        ("a deleted account: nobody", Case::labeled("run:prd").change(|it| it["sender"] = Value::Null)),
        ("a deleted account sets a semantic label", Case::labeled("bug").change(|it| it["sender"] = Value::Null)),
        ("the sender is left out", Case::labeled("run:prd").change(|it| { it.as_object_mut().unwrap().remove("sender"); })),
        ("the sender's type is left out", Case::labeled("run:prd").change(|it| it["sender"]["type"] = Value::Null)),
        ("an organisation", Case::labeled("run:prd").sender("acme", 9, "Organization")),
        ("a stand-in after an import", Case::labeled("run:prd").sender("octavia", 583_231, "Mannequin")),
        // Agents.
        ("an app without approval", Case::labeled("run:prd").actions()),
        ("an app with the approval of just that", Case::labeled("run:prd").actions().approved(|_| {})),
        ("an approval in other case", Case::labeled("run:prd").actions().approved(|it| it["label"] = json!("Run:PRD"))),
        ("an approval for another label", Case::labeled("run:prd").actions().approved(|it| it["label"] = json!("run:dev"))),
        ("an approval for another issue", Case::labeled("run:prd").actions().approved(|it| it["issue"] = json!(4711))),
        ("an approval for another repository", Case::labeled("run:prd").actions().approved(|it| it["repository"] = json!("acme/other"))),
        ("an approval of another operation", Case::labeled("run:prd").actions().approved(|it| it["operation"] = json!("github_merge_pr"))),
        ("an approval that ended", Case::labeled("run:prd").actions().approved(|it| it["expires_at"] = json!("2026-03-01T11:00:00Z"))),
        ("an approval in another time zone that still counts", Case::labeled("run:prd").actions().approved(|it| it["expires_at"] = json!("2026-03-01T14:00:01+03:00"))),
        ("an approval by somebody else", Case::labeled("run:prd").actions().approved(|it| it["approver"] = id("mallory", 666))),
        ("an approval by somebody with the owner's old login", Case::labeled("run:prd").actions().approved(|it| it["approver"] = id("octavia", 999))),
        ("an approval carried out by an app that is not named", Case::labeled("run:prd").actions().approved(|_| {}).settings(json!({"owners": [id("octavia", 583_231)], "executors": [id("countersign[bot]", 5)]}))),
        ("an approval carried out by the app that is named", Case::labeled("run:prd").sender("renamed[bot]", 5, "Bot").approved(|_| {}).settings(json!({"owners": [id("octavia", 583_231)], "executors": [id("countersign[bot]", 5)]}))),
        ("a machine that signed up like a person", Case::labeled("run:prd").sender("robot", 77, "User").settings(json!({"owners": ["octavia"], "agents": ["robot"]}))),
        ("the same with an approval", Case::labeled("run:prd").sender("robot", 77, "User").approved(|_| {}).settings(json!({"owners": ["octavia"], "agents": ["robot"]}))),
        ("a person with an approval is still no owner", mallory(Case::labeled("run:prd")).approved(|_| {})),
        ("an app sets a state", Case::labeled("state:in-review").actions()),
        ("an app sets a need", Case::labeled("need:input").actions()),
        ("an app sets a model", Case::labeled("[ai-model-gpt-5.2]").actions()),
        // Families.
        ("two stages at once", Case::labeled("run:prd").carries(&["bug", "run:dev", "run:prd"])),
        ("a stage beside one that is not in the catalogue", Case::labeled("run:prd").carries(&["run:other", "run:prd"])),
        ("a stage beside its revision, in other case", Case::labeled("run:prd:revise").carries(&["RUN:prd", "Run:PRD:revise"])),
        ("abort beside a stage", Case::labeled("run:abort").carries(&["run:dev", "run:abort"])),
        ("a stage beside abort", Case::labeled("run:dev").carries(&["run:dev", "run:abort"])),
        ("abort by somebody else", mallory(Case::labeled("run:abort")).carries(&["run:dev", "run:abort"])),
        ("an approved stage beside another", Case::labeled("run:prd").actions().approved(|_| {}).carries(&["run:dev", "run:prd"])),
        ("two models", Case::labeled("[ai-model-gpt-5.2]").carries(&["ai-model-gpt-5.3-codex", "[ai-model-gpt-5.2]"])),
        ("two levels of reasoning, one in short form", Case::labeled("[ai-reasoning-low]").carries(&["ai-high", "[ai-reasoning-low]"])),
        ("one model and one level", Case::labeled("[ai-reasoning-low]").carries(&["[ai-model-gpt-5.2]", "[ai-reasoning-low]"])),
        // Taken off.
        ("a person takes a trigger off", mallory(Case::unlabeled("run:prd"))),
        ("the guard took a trigger off", Case::unlabeled("run:prd").actions().own_is_actions()),
        ("a person takes a block off", mallory(Case::unlabeled("state:blocked"))),
        ("the owner takes a block off", Case::unlabeled("state:blocked")),
        ("an app takes a question off", Case::unlabeled("need:input").actions()),
        ("the named app takes a question off", Case::unlabeled("need:input").sender("countersign[bot]", 5, "Bot").settings(json!({"owners": ["octavia"], "executors": ["countersign[bot]"]}))),
        ("a workflow with the guard's account takes a block off", Case::unlabeled("state:blocked").actions().own_is_actions()),
        ("nobody takes a block off", Case::unlabeled("state:blocked").change(|it| it["sender"] = Value::Null)),
        ("the guard set a block again", Case::labeled("state:blocked").actions().own_is_actions()),
        // The guard's account is no way around.
        ("a workflow with the guard's account sets a trigger", Case::labeled("run:prd").actions().own_is_actions()),
        // Opened.
        ("an issue is opened with a trigger by a stranger", mallory(Case::opened(&["bug", "run:prd"]))),
        ("an issue is opened with a trigger by the owner", Case::opened(&["bug", "run:prd"])),
        ("an issue is opened with two triggers by the owner", Case::opened(&["run:dev", "run:prd"])),
        ("an issue is opened without labels", mallory(Case::opened(&[]))),
        ("a pull request is opened with a trigger by an app", Case::new("pull_request", "opened", |_| true).carries(&["run:qa"]).actions()),
        // Transferred.
        ("an issue comes from another repository with a trigger", transferred_in()),
        ("an issue comes from a repository that is not named", transferred_in().change(|it| { it["changes"].as_object_mut().unwrap().remove("old_repository"); })),
        ("an issue goes to another repository", Case::new("issues", "transferred", |_| true).carries(&["run:prd"])),
        // Edited.
        ("the owner edits the text while a stage is active", Case::edited()),
        ("a stranger edits the text while a stage is active", mallory(Case::edited())),
        ("a stranger edits title and text", mallory(Case::edited()).change(|it| it["changes"] = json!({"title": {"from": "a"}, "body": {"from": "b"}}))),
        ("a stranger edits an issue without triggers", mallory(Case::edited()).carries(&["bug"])),
        ("an edit that says nothing of changes", mallory(Case::edited()).change(|it| { it.as_object_mut().unwrap().remove("changes"); })),
        // Other events.
        ("an issue with a trigger is reopened", mallory(Case::new("issues", "reopened", |_| true)).carries(&["run:prd"])),
        ("a pull request gets commits", mallory(Case::new("pull_request", "synchronize", |_| true)).carries(&["run:qa"])),
        // Hostile and partial.
        ("a label that is Markdown", mallory(Case::labeled("run:`x` <img src=x> @acme/owners [a](b) -->\n\u{202e}"))),
        ("a login that is Markdown", Case::labeled("run:prd").sender("`**x**` @acme/owners", 1, "User")),
        ("the label is left out", Case::labeled("run:prd").change(|it| { it.as_object_mut().unwrap().remove("label"); })),
        ("the labels of the issue are left out", Case::labeled("run:prd").change(|it| { it["issue"].as_object_mut().unwrap().remove("labels"); })),
        ("a label of the issue has no name", Case::labeled("run:prd").change(|it| it["issue"]["labels"] = json!([{"name": "run:prd"}, {}]))),
        ("the issue is left out", Case::labeled("run:prd").change(|it| { it.as_object_mut().unwrap().remove("issue"); })),
        ("the number is left out", Case::labeled("run:prd").change(|it| { it["issue"].as_object_mut().unwrap().remove("number"); })),
        ("the action is left out", Case::labeled("run:prd").change(|it| { it.as_object_mut().unwrap().remove("action"); })),
        ("the repository is left out, with an approval", Case::labeled("run:prd").actions().approved(|_| {}).change(|it| { it.as_object_mut().unwrap().remove("repository"); })),
    ]
}

#[test]
fn the_table() {
    let mut text = String::new();
    for (what, case) in rows() {
        let _ = writeln!(text, "## {what}\n\n{}", case.shown());
    }
    insta::assert_snapshot!(text);
}

#[test]
fn what_the_guard_does_it_never_undoes() {
    // Every effect of every row, as the event that it causes, is kept: no loop.
    let mut effects = 0;
    for (what, case) in rows() {
        let Ok(verdict) = case.verdict() else { continue };
        for effect in verdict.effects() {
            let echo = match effect {
                Effect::RemoveLabel { label } => Case::unlabeled(&label),
                Effect::AddLabel { label } => Case::labeled(&label),
                Effect::Comment { .. } => continue,
            };
            effects += 1;
            let echo = echo.actions().own_is_actions();
            assert_eq!(
                echo.verdict().unwrap().decision,
                Decision::Keep,
                "{what}\n{}",
                echo.shown()
            );
        }
    }
    assert!(effects > 30, "only {effects} effects");
}

#[test]
fn a_verdict_is_data() {
    let verdict = mallory(Case::labeled("run:prd")).verdict().unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&verdict).unwrap(), @r#"
    {
      "decision": "remove",
      "event": "issues.labeled",
      "place": {
        "repository": "Codertocat/Hello-World",
        "kind": "issue",
        "number": 1
      },
      "sender": {
        "login": "mallory",
        "id": 666,
        "type": "User",
        "standing": "person"
      },
      "findings": [
        {
          "label": "run:prd",
          "decision": "remove",
          "reasons": [
            {
              "rule": "owner-only",
              "fact": "`run:prd` is the owner's to set, and `mallory` (id 666) is no owner",
              "source": "/sender/id",
              "remedy": "ask the owner `octavia` to set `run:prd`"
            }
          ]
        }
      ]
    }
    "#);
}

#[test]
fn a_comment_says_what_happened_why_and_what_to_do() {
    let comment = |case: Case| match case.verdict().unwrap().effects().pop() {
        Some(Effect::Comment { body, .. }) => body,
        other => panic!("{other:?}"),
    };
    insta::assert_snapshot!(comment(mallory(Case::labeled("run:prd"))), @r#"
    <!-- countersign:labels-guard:v1:run:prd -->
    **The label `run:prd` was taken off; nothing is to start.**

    - `run:prd` is the owner's to set, and `mallory` (id 666) is no owner (`owner-only`)
      **What to do:** ask the owner `octavia` to set `run:prd`

    <sub>labels guard, event `issues.labeled`</sub>
    "#);
    insta::assert_snapshot!(comment(mallory(Case::unlabeled("state:blocked"))), @r#"
    <!-- countersign:labels-guard:v1:state:blocked -->
    **The label `state:blocked` was set again.**

    - `state:blocked` holds work back, and `mallory` (id 666) is no owner (`protected-label`)
      **What to do:** the owner `octavia` takes it off when the work may go on

    <sub>labels guard, event `issues.unlabeled`</sub>
    "#);
    insta::assert_snapshot!(comment(mallory(Case::edited())), @r#"
    <!-- countersign:labels-guard:v1:run:prd -->
    **Look again before relying on `run:prd`.**

    - `mallory` (id 666) changed the text while `run:prd` is set: a run may read either version (`changed-while-active`)
      **What to do:** read the text before approving what the run makes of it; take `run:prd` off and set it again to run anew

    <sub>labels guard, event `issues.edited`</sub>
    "#);
    let hostile = "run:`x` <img src=x> @acme/owners [a](b) -->\n# no";
    insta::assert_snapshot!(comment(mallory(Case::labeled(hostile))), @r#"
    <!-- countersign:labels-guard:v1:run:%60x%60%20%3Cimg%20src%3Dx%3E%20%40acme%2Fowners%20%5Ba%5D%28b%29%20%2D%2D%3E%0A%23%20no -->
    **The label `run:\u{60}x\u{60} <img src=x> @acme/owners [a](b) -->\n# no` was taken off; nothing is to start.**

    - `run:\u{60}x\u{60} <img src=x> @acme/owners [a](b) -->\n# no` is the owner's to set, and `mallory` (id 666) is no owner (`owner-only`)
      **What to do:** ask the owner `octavia` to set `run:\u{60}x\u{60} <img src=x> @acme/owners [a](b) -->\n# no`

    <sub>labels guard, event `issues.labeled`</sub>
    "#);
}
