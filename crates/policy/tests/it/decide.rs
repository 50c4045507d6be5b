//! Decisions and the reasons they give.

use countersign_policy::{Decision, Policy, Request, Verdict, output};
use countersign_report::Styling;
use serde_json::{Value, json};

pub(crate) const OWNED: &str = "\
process:
  owners: [{login: octavia, id: 7}, otto]
  delegations:
    - {to: anna, labels: [trigger], operations: [github_merge_pr], until: 2026-12-31T00:00:00Z}
";

pub(crate) fn policy(more: &str) -> Policy {
    Policy::parse("countersign.yaml", &format!("{OWNED}{more}"))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn request(value: Value) -> Request {
    serde_json::from_value(value).unwrap()
}

fn decide(value: Value) -> Verdict {
    policy("").decide(&request(value))
}

fn agent(role: &str) -> Value {
    json!({"kind": "agent", "login": "dev-agent", "role": role, "session": "S-1", "verified": true})
}

fn label(actor: impl Into<Value>, label: &str, action: &str) -> Value {
    let actor = actor.into();
    json!({
        "actor": actor,
        "operation": "github_request_label",
        "arguments": {"issue": 12, "label": label, "action": action},
        "context": {"now": "2026-11-24T09:00:00Z"},
    })
}

fn shown(verdict: &Verdict) -> String {
    let text = output::verdict(verdict, Styling::Plain);
    let mut text: String = text
        .lines()
        .filter(|line| !line.contains("sha256:"))
        .map(|line| format!("{line}\n"))
        .collect();
    // The default process grows; where a rule stands there is tested elsewhere.
    while let Some(at) = text.find(" (process.yaml:") {
        let end = text[at..].find(')').unwrap() + at + 1;
        text.replace_range(at..end, "");
    }
    text
}

#[test]
fn a_trigger_needs_an_owner_whoever_else_asks() {
    let verdict = decide(label(agent("Dev"), "run:dev", "add"));
    insta::assert_snapshot!(shown(&verdict), @"
    needs-approval: github_request_label: agent dev-agent (Dev) may do it once it is approved
      by anna, octavia, otto, 0 of 1 given, until 2026-11-25T09:00:00Z
      needs approval [starting-labels] a label that starts a workflow or a deployment is set by the owner alone
        label.class: trigger
        help: an owner answers the request with `/approve`, or sets `run:dev`
    ");
    for actor in [
        json!({"kind": "workflow", "verified": true}),
        json!({"kind": "human", "login": "bob", "permission": "admin", "verified": true}),
        json!({"kind": "agent", "login": "octavia", "id": 7, "verified": true}),
        json!({"kind": "human", "login": "octavia", "id": 7, "role": "Dev", "verified": true}),
        json!({"kind": "human", "login": "octavia", "id": 7, "session": "S-1", "verified": true}),
    ] {
        for name in ["run:dev", "RUN:dev", "run:no-such-stage", "nobody-knows"] {
            let verdict = decide(label(actor.clone(), name, "add"));
            assert!(matches!(verdict.decision, Decision::NeedsApproval(_)), "{actor} {name}");
        }
    }
}

#[test]
fn an_owner_is_known_by_a_verified_identity_and_not_by_a_name() {
    let asks = |actor: Value| decide(label(actor, "run:dev", "add")).decision;
    let owner = json!({"kind": "human", "login": "Octavia", "id": 7, "verified": true});
    assert_eq!(asks(owner), Decision::Allow);
    let unnumbered = json!({"kind": "human", "login": "otto", "verified": true});
    assert_eq!(asks(unnumbered), Decision::Allow);
    for stranger in [
        json!({"kind": "human", "login": "octavia", "id": 7}),
        json!({"kind": "human", "login": "octavia", "id": 8, "verified": true}),
        json!({"kind": "human", "login": "octavia", "verified": true}),
        json!({"kind": "human", "id": 7, "verified": true}),
        json!({"login": "octavia", "id": 7, "verified": true}),
        json!({}),
    ] {
        assert_ne!(asks(stranger.clone()), Decision::Allow, "{stranger}");
    }
}

#[test]
fn labels_that_start_nothing_are_set_by_policy() {
    for name in
        ["bug", "state:blocked", "state:in-review", "need:input", "need:sa", "[ai-reasoning-high]"]
    {
        assert_eq!(decide(label(agent("QA"), name, "add")).decision, Decision::Allow, "{name}");
    }
    for (name, action) in [
        ("state:approved", "add"),
        ("state:abandoned", "add"),
        ("need:input", "remove"),
        ("state:blocked", "remove"),
    ] {
        let verdict = decide(label(agent("QA"), name, action));
        assert!(matches!(verdict.decision, Decision::NeedsApproval(_)), "{name}");
    }
}

#[test]
fn a_label_is_found_wherever_an_operation_carries_it() {
    for (operation, arguments) in [
        ("github_create_pr", json!({"labels": ["bug", "run:dev"]})),
        ("github_create_issue", json!({"labels": ["run:dev"]})),
        ("github_comment", json!({"add_labels": ["run:dev"]})),
        ("github_request_label", json!({"labels": ["bug", "run:dev"], "action": "add"})),
        ("github_request_label", json!({"label": {"name": "run:dev"}, "action": "add"})),
    ] {
        let context = json!({"labels": [], "stage": "dev"});
        let value = json!({"actor": agent("Dev"), "operation": operation, "arguments": arguments, "context": context});
        let verdict = decide(value);
        assert!(matches!(verdict.decision, Decision::NeedsApproval(_)), "{operation} {arguments}");
    }
    let nothing = json!({"actor": agent("Dev"), "operation": "github_request_label"});
    insta::assert_snapshot!(shown(&decide(nothing)), @"
    deny: github_request_label: agent dev-agent (Dev) may not do it: no rule allows it
      unclear [barriers] work goes on only after the owner's answer
        label.action: not given
        label.name: not given
        help: an owner answers the question, or removes `LABEL-NAME`
      unclear [owners-state] it says what only an owner decides
        label.name: not given
        help: an owner answers the request with `/approve`
      unclear [starting-labels] a label that starts a workflow or a deployment is set by the owner alone
        label.class: not given
        help: an owner answers the request with `/approve`, or sets `LABEL-NAME`
      unclear [unknown-labels] nobody can tell what a label that the catalogue does not know starts
        label.class: not given
        help: describe `LABEL-NAME` under `labels: catalogue:`, or let an owner answer the request with `/approve`
      does not apply [working-labels] labels that start nothing are set by policy
        label.class: not given
      help: policy show rules
    ");
}

#[test]
fn what_nobody_does_for_an_owner_is_denied() {
    let verdict = decide(
        json!({"actor": agent("PM"), "operation": "approve_artifact", "arguments": {"id": "PRD-0001"}}),
    );
    insta::assert_snapshot!(shown(&verdict), @"
    deny: approve_artifact: agent dev-agent (PM) may not do it
      denies [owners-word] an approval is the owner's own word
        help: an owner answers the request with `/approve`, `/changes …`, `/abort` or `/ask …`
    ");
    let verdict = decide(json!({"actor": agent("PM"), "operation": "aprove_artifact"}));
    insta::assert_snapshot!(shown(&verdict), @"
    deny: there is no operation `aprove_artifact`
      help: did you mean `approve_artifact`?
    ");
    let verdict =
        decide(json!({"actor": {"kind": "human", "login": "octavia"}, "operation": "deploy"}));
    insta::assert_snapshot!(shown(&verdict), @"
    deny: deploy: unknown octavia may not do it
      denies [unverified-identity] nobody has verified who asks
        help: ask through the gateway, which is told by the workflow who calls it
    ");
}

#[test]
fn the_arguments_and_the_role_decide_about_deployments() {
    let deploy = |role: &str, environment: Value| {
        let arguments = json!({"environment": environment});
        decide(json!({"actor": agent(role), "operation": "k8s_scale", "arguments": arguments}))
    };
    let expires = |verdict: &Verdict| match &verdict.decision {
        Decision::NeedsApproval(needed) => needed.expires_in.as_secs(),
        other => panic!("{other:?}"),
    };
    assert_eq!(expires(&deploy("Dev", json!("dev"))), 3600);
    assert_eq!(expires(&deploy("SRE", json!("prod"))), 900);
    insta::assert_snapshot!(shown(&deploy("Dev", json!("prod"))), @"
    deny: k8s_scale: agent dev-agent (Dev) may not do it
      denies [production-is-for-sre] among agents only SRE touches production
        arguments.environment: prod
        actor.role: Dev
        help: set `need:sre`
      needs approval [production] production is changed only with an approval
        arguments.environment: prod
        help: an owner answers the request with `/approve`
    ");
    // Where it would go is not given: nothing is permitted.
    for role in ["Dev", "SRE"] {
        assert_eq!(deploy(role, Value::Null).decision, Decision::Deny);
    }
}

/// An approval of `run:dev` for the agent, and the request with it.
fn approved(change: impl Fn(&mut Request)) -> Request {
    let policy = policy("");
    let asked = request(label(agent("Dev"), "run:dev", "add"));
    let mut request = asked.clone();
    request.approvals.push(
        serde_json::from_value(json!({
            "id": "REQ-1",
            "request": asked.digest(),
            "policy": policy.digest(),
            "by": {"kind": "human", "login": "octavia", "id": 7, "verified": true},
            "at": "2026-11-24T08:50:00Z",
            "expires": "2026-11-25T08:50:00Z",
        }))
        .unwrap(),
    );
    change(&mut request);
    request
}

#[test]
fn an_approval_counts_for_this_request_under_this_policy_by_somebody_who_may() {
    let decide = |request: Request| policy("").decide(&request);
    let verdict = decide(approved(|_| {}));
    assert_eq!(verdict.decision, Decision::Allow);
    insta::assert_snapshot!(shown(&verdict), @"
    allow: github_request_label: agent dev-agent (Dev) may do it
      needs approval [starting-labels] a label that starts a workflow or a deployment is set by the owner alone
        label.class: trigger
        help: an owner answers the request with `/approve`, or sets `run:dev`
      holds [approval] octavia approved it: REQ-1, until 2026-11-25T08:50:00Z
    ");
    assert_eq!(
        decide(approved(|it| it.context.labels = Some(vec!["bug".into()]))).decision,
        Decision::Allow
    );

    type Change = fn(&mut Request);
    let changes: [(&str, Change); 10] = [
        ("another label", |it| {
            it.arguments.insert("label".into(), json!("run:release"));
        }),
        ("another issue", |it| {
            it.arguments.insert("issue".into(), json!(13));
        }),
        ("another caller", |it| it.actor.login = Some("qa-agent".into())),
        ("another session", |it| it.actor.session = Some("S-2".into())),
        ("expired", |it| it.context.now = "2026-11-25T08:50:00Z".parse().ok()),
        ("no time", |it| it.context.now = None),
        ("from the future", |it| it.context.now = "2026-11-24T08:49:59Z".parse().ok()),
        ("by an agent of that name", |it| it.approvals[0].by.role = Some("Dev".into())),
        ("by nobody verified", |it| it.approvals[0].by.verified = false),
        ("by somebody else", |it| it.approvals[0].by.login = Some("bob".into())),
    ];
    let mut faults = String::new();
    for (name, change) in changes {
        let verdict = decide(approved(change));
        assert!(matches!(verdict.decision, Decision::NeedsApproval(_)), "{name}");
        let fault = verdict.reason.because.iter().find(|reason| reason.rule == "approval").unwrap();
        faults.push_str(&format!("{name}: {}\n", fault.message));
    }
    insta::assert_snapshot!(faults, @"
    another label: the approval REQ-1 by octavia does not count: it is about another request
    another issue: the approval REQ-1 by octavia does not count: it is about another request
    another caller: the approval REQ-1 by octavia does not count: it is about another request
    another session: the approval REQ-1 by octavia does not count: it is about another request
    expired: the approval REQ-1 by octavia does not count: it has expired
    no time: the approval REQ-1 by octavia does not count: the time is not given, so that nobody can tell whether it has expired
    from the future: the approval REQ-1 by octavia does not count: it lies in the future
    by an agent of that name: the approval REQ-1 by octavia does not count: whoever gave it may not
    by nobody verified: the approval REQ-1 by octavia does not count: whoever gave it may not
    by somebody else: the approval REQ-1 by bob does not count: whoever gave it may not
    ");

    let stricter = policy("  rules: {starting-labels: {decide: {approval: {expires: 1h}}}}\n");
    assert!(matches!(stricter.decide(&approved(|_| {})).decision, Decision::NeedsApproval(_)));
}

#[test]
fn a_quorum_counts_people_and_not_approvals() {
    let policy = policy("  rules: {starting-labels: {decide: {approval: {quorum: 2}}}}\n");
    let mut request = approved(|_| {});
    request.approvals[0].policy = policy.digest();
    let mut again = request.approvals[0].clone();
    again.id = "REQ-2".into();
    again.by.login = Some("OCTAVIA".into());
    request.approvals.push(again);
    let Decision::NeedsApproval(needed) = policy.decide(&request).decision else { panic!() };
    assert_eq!((needed.given, needed.quorum), (1, 2));
    let mut other = request.approvals[0].clone();
    other.by.login = Some("otto".into());
    request.approvals.push(other);
    assert_eq!(policy.decide(&request).decision, Decision::Allow);
}

#[test]
fn a_delegation_counts_for_what_it_names_until_it_ends() {
    let anna = json!({"kind": "human", "login": "anna", "permission": "write", "verified": true});
    let asks = |value: Value| policy("").decide(&request(value)).decision;
    assert_eq!(asks(label(anna.clone(), "run:dev", "add")), Decision::Allow);
    let mut late = label(anna.clone(), "run:dev", "add");
    late["context"]["now"] = json!("2026-12-31T00:00:00Z");
    assert!(matches!(asks(late.clone()), Decision::NeedsApproval(_)));
    late["context"] = json!({});
    assert!(
        matches!(asks(late), Decision::NeedsApproval(_)),
        "without a time nothing is delegated"
    );
    let merge = |operation: &str| json!({"actor": anna, "operation": operation, "context": {"now": "2026-11-24T09:00:00Z"}});
    assert_eq!(asks(merge("github_merge_pr")), Decision::Allow);
    assert!(matches!(asks(merge("github_dispatch_workflow")), Decision::NeedsApproval(_)));
    assert_eq!(asks(merge("approve_artifact")), Decision::Deny);
    let verdict = decide(label(agent("Dev"), "run:dev", "add"));
    let Decision::NeedsApproval(needed) = verdict.decision else { panic!() };
    assert_eq!(needed.by, ["anna", "octavia", "otto"]);
}

#[test]
fn without_owners_nothing_weighty_can_be_approved() {
    let verdict = Policy::default().decide(&request(label(agent("Dev"), "run:dev", "add")));
    insta::assert_snapshot!(shown(&verdict), @"
    deny: github_request_label: agent dev-agent (Dev) may not do it
      fails [approvers] nobody is an owner
        help: name the owners in countersign.yaml: `process: owners: [LOGIN]`
      needs approval [starting-labels] a label that starts a workflow or a deployment is set by the owner alone
        label.class: trigger
        help: an owner answers the request with `/approve`, or sets `run:dev`
    ");
}

#[test]
fn hostile_text_is_cut_and_escaped_in_reasons() {
    let verdict = decide(json!({
        "actor": {"kind": "agent", "login": "a\n::set-output name=x::y", "verified": true},
        "operation": format!("x\u{1b}[31m\u{202e}{}", "y".repeat(10_000)),
    }));
    assert!(verdict.reason.message.len() < 400);
    let shown = output::verdict(&verdict, Styling::Plain);
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
    let verdict = decide(label(agent("Dev\n::error::x"), "x\n::error::y", "add"));
    assert!(!output::verdict(&verdict, Styling::Plain).contains("\n::"));
}

#[test]
fn the_digest_is_of_what_the_policy_says_and_not_of_how() {
    let one = policy("  default_profile: feature\n");
    let other = policy("  default_profile:   'feature'   # shorter\n");
    assert_eq!(one.digest(), other.digest());
    assert_ne!(one.digest(), policy("").digest());
    let relabelled = policy("labels: {catalogue: {bug: {name: defect}}}\n");
    assert_ne!(relabelled.digest(), policy("").digest());
}
