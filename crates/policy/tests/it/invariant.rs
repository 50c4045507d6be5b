//! No sequence of requests by agents alone ends with a trigger or deploy label set, an
//! artifact approved, or a stage moved.

use countersign_policy::invariant::{Extent, Proof, Space, explore, prove};
use countersign_policy::request::ActorKind;
use countersign_policy::{Decision, Policy, Request};

use crate::decide::policy;

#[test]
fn the_default_policy_holds_agents_over_the_whole_space() {
    let text = "process: {owners: [{login: octavia, id: 7}]}";
    let policy = Policy::parse("countersign.yaml", text).unwrap();
    let proof = prove(&policy, Extent::Whole).unwrap_or_else(|found| panic!("{found}"));
    println!("{proof:?}");
    let process = policy.process();
    // Actors, operations, classes of labels, stages.
    let least = process.roles.len() * process.operations.len() * 6 * process.stages.len();
    assert!(proof.requests > 3 * least, "{} requests are too few", proof.requests);
    assert_premises(proof);
}

/// That the proof is one of something: agents may do a lot, and the worlds are visited.
fn assert_premises(proof: Proof) {
    assert!(proof.moves > 100 && proof.worlds == 4, "{proof:?}");
    assert!(proof.steps >= proof.moves * proof.worlds, "{proof:?}");
}

#[test]
fn the_quick_proof_comes_to_the_same() {
    assert_premises(prove(&policy(""), Extent::Relevant).unwrap_or_else(|found| panic!("{found}")));
    let ownerless = prove(&Policy::default(), Extent::Relevant);
    ownerless.unwrap_or_else(|found| panic!("{found}"));
}

#[test]
fn the_space_has_every_actor_operation_label_and_stage() {
    let policy = policy("");
    let space = Space::new(&policy, Extent::Whole);
    let actors: Vec<_> = space.actors().collect();
    for role in policy.process().roles.keys() {
        assert!(actors.iter().any(|actor| actor.role.as_ref() == Some(role)), "{role}");
    }
    for kind in [ActorKind::Agent, ActorKind::Workflow, ActorKind::Human, ActorKind::Unknown] {
        assert!(actors.iter().any(|actor| actor.kind == kind), "{kind:?}");
        let pretends =
            |login| actors.iter().any(|it| it.kind == kind && it.login.as_deref() == Some(login));
        assert!(pretends("octavia") && pretends("anna"), "{kind:?}");
    }
    // None of them is a person: that is the premise of the invariant.
    assert!(actors.iter().all(|actor| {
        actor.kind != ActorKind::Human
            || !actor.verified
            || actor.session.is_some()
            || actor.role.is_some()
    }));
    let mut seen = [
        policy.process().operations.len(),
        policy.labels().labels().len(),
        policy.process().stages.len(),
    ]
    .map(|_| std::collections::BTreeSet::new());
    space.each_request(&mut |_, request| {
        let [operations, labels, stages] = &mut seen;
        operations.insert(request.operation.clone());
        stages.extend(request.context.stage.clone());
        let label = request.arguments.get("label").and_then(|label| label.as_str());
        labels.extend(label.map(str::to_owned));
    });
    let [operations, labels, stages] = seen;
    assert!(policy.process().operations.keys().all(|name| operations.contains(name)));
    assert!(policy.process().stages.keys().all(|name| stages.contains(name)));
    assert!(policy.labels().labels().iter().all(|label| labels.contains(&label.name)));
}

/// From what is allowed to what is not.
fn strictness(decision: &Decision) -> u8 {
    match decision {
        Decision::Allow => 0,
        Decision::NeedsApproval(_) => 1,
        Decision::Deny => 2,
    }
}

#[test]
fn a_fact_that_is_not_given_never_loosens_a_verdict() {
    type Take = fn(&mut Request);
    let takes: [Take; 8] = [
        |it| it.context.stage = None,
        |it| it.context.profile = None,
        |it| it.context.labels = None,
        |it| it.context.now = None,
        |it| it.context.facts.clear(),
        |it| it.actor.permission = None,
        |it| drop(it.arguments.remove("environment")),
        |it| drop(it.arguments.remove("action")),
    ];
    let policy = policy(
        "  rules:
    strict-early: {who: [agent], effects: [record], when: {issue.stage: [intake, vision], context.incident: [true]}, decide: deny, because: it is early}
    except-late: {who: [agent], effects: [work], unless: {issue.profile: [full], issue.blocked: [false]}, decide: deny, because: it is held up}
",
    );
    let (mut compared, mut tightened) = (0, 0);
    let mut number = 0;
    Space::new(&policy, Extent::Relevant).each_request(&mut |_, request| {
        number += 1;
        if number % 13 != 0 {
            return;
        }
        let given = policy.decision(request);
        for take in takes {
            let mut less = request.clone();
            take(&mut less);
            if less == *request {
                continue;
            }
            compared += 1;
            let taken = policy.decision(&less);
            assert!(strictness(&taken) >= strictness(&given), "{request:?}\n{less:?}");
            tightened += usize::from(strictness(&taken) > strictness(&given));
        }
    });
    assert!(compared > 10_000 && tightened > 100, "{compared} compared, {tightened} tightened");
}

/// The policy broken on purpose, and the sequence that is found.
fn broken(change: &str) -> String {
    let policy = policy(change);
    match prove(&policy, Extent::Relevant) {
        Ok(proof) => panic!("nothing was found in {proof:?} for\n{change}"),
        Err(found) => found.to_string(),
    }
}

#[test]
fn a_trigger_among_the_labels_of_anything_is_found() {
    insta::assert_snapshot!(broken("  rules: {starting-labels: ~}\n"), @r#"
    1. agent (agent, role Auditor): ask_question labels="run:intake": allow (records)
    => a label that starts a workflow or a deployment is set
    "#);
    insta::assert_snapshot!(broken("  rules: {starting-labels: {who: [agent, human]}}\n"), @r#"
    1. github-actions[bot] (workflow): ask_question labels="run:intake": allow (records)
    => a label that starts a workflow or a deployment is set
    "#);
    insta::assert_snapshot!(broken("  rules: {starting-labels: {unless: {issue.stage: [ops]}}, working-labels: {when: {label.class: [trigger]}}}\n"), @r#"
    1. agent (agent, role Auditor): ask_question labels="run:intake", stage ops: allow (records)
    => a label that starts a workflow or a deployment is set
    "#);
    insta::assert_snapshot!(broken("  rules: {unknown-labels: ~}\n"), @r#"
    1. agent (agent, role Auditor): ask_question labels="nobody-knows": allow (records)
    => a label that starts a workflow or a deployment is set
    "#);
}

#[test]
fn work_that_is_approved_by_agents_is_found() {
    insta::assert_snapshot!(broken("  rules: {owners-state: ~}\n"), @r#"
    1. agent (agent, role Auditor): ask_question labels="state:approved": allow (records)
    => an artifact is approved
    "#);
    insta::assert_snapshot!(broken(
        "  rules:
    owners-word: {who: [workflow, human]}
    auditors: {who: [agent], operations: [approve_artifact], when: {actor.role: [Auditor], context.checked: [true]}, decide: allow, because: it was audited}
"
    ), @"
    1. agent (agent, role Auditor): approve_artifact, checked is true: allow (auditors)
    => an artifact is approved
    ");
}

#[test]
fn a_stage_moved_or_work_started_by_agents_is_found() {
    insta::assert_snapshot!(broken(
        "  rules:
    weighty: {unless: {issue.profile: [quick-fix]}}
    quick: {who: [workflow], operations: [move_stage], when: {issue.profile: [quick-fix]}, decide: allow, because: it is quick}
"
    ), @"
    1. github-actions[bot] (workflow): move_stage, profile quick-fix: allow (quick)
    => the issue is moved to another stage
    ");
    insta::assert_snapshot!(broken("  rules: {deployments: {decide: allow}}\n"), @r#"
    1. agent (agent, role Dev): database_create environment="dev": allow (deployments)
    => something is deployed
    "#);
    insta::assert_snapshot!(broken(
        "  operations: {page_somebody: {effect: run}}
  rules:
    weighty: {effects: [merge, stage]}
    pager: {who: [agent], operations: [page_somebody], when: {arguments.urgency: {at_least: 3}}, decide: allow, because: it is urgent}
"
    ), @"
    1. agent (agent, role Auditor): page_somebody urgency=3: allow (pager)
    => a label that starts a workflow or a deployment is set
    ");
}

#[test]
fn a_detour_over_authority_is_found() {
    insta::assert_snapshot!(broken(
        "  rules:
    authority: {who: [workflow, human]}
    tidy: {who: [agent], operations: [github_define_label], decide: allow, because: labels may be tidied up}
"
    ), @"
    1. agent (agent, role Auditor): github_define_label: allow (tidy)
    2. agent (agent, role Auditor): abort: nothing holds agents any more
    => the issue is moved to another stage
    ");
    insta::assert_snapshot!(broken(
        "  rules:
    weighty: {effects: [run, stage]}
    documents: {who: [agent], operations: [github_merge_pr], when: {issue.blocked: [false]}, decide: allow, because: it is only documents}
"
    ), @"
    1. agent (agent, role Auditor): github_merge_pr: allow (documents)
    2. agent (agent, role Auditor): abort: nothing holds agents any more
    => the issue is moved to another stage
    ");
}

#[test]
fn somebody_whom_nobody_verified_is_found() {
    insta::assert_snapshot!(broken(
        "  rules: {unverified-identity: ~, owner-decides: {who: [owner, delegate, unknown]}}\n"
    ), @"
    1. anna (human, unverified): abort: allow (owner-decides)
    => the issue is moved to another stage
    ");
}

#[test]
fn what_is_harmless_is_not_reported() {
    for change in [
        "  rules: {barriers: ~, waiting-for-input: ~, outside-of-its-stage: ~, new-issues: {decide: allow}}\n",
        "  rules: {starting-labels: {when: {label.action: [add]}}}\n",
        "  rules: {drafts: {decide: deny}}\n",
        // A second lock: the first can be taken away.
        "  rules: {owners-word: ~, authority: ~, unverified-identity: ~, weighty: ~}\n",
        // An agent may not be trusted with an approval, whatever it is allowed to answer.
        "  rules: {owners-word: {operations: [approve_artifact, request_changes], effects: []},
    helpful: {who: [agent], operations: [decide_approval], decide: allow, because: it saves time}}\n",
    ] {
        if let Err(found) = prove(&policy(change), Extent::Relevant) {
            panic!("{change}\n{found}");
        }
    }
}

/// The decision broken on purpose: `break_it` changes what the decision gets to see, or
/// decides itself.
fn broken_decision(
    change: &str,
    break_it: impl Fn(&Policy, &mut Request) -> Option<Decision>,
) -> String {
    let policy = policy(change);
    let decide = |request: &Request| {
        let mut request = request.clone();
        break_it(&policy, &mut request).unwrap_or_else(|| policy.decision(&request))
    };
    match explore(&policy, Extent::Relevant, decide) {
        Ok(proof) => panic!("nothing was found in {proof:?}"),
        Err(found) => found.to_string(),
    }
}

#[test]
fn a_fault_in_the_decision_itself_is_found() {
    // Whoever is called like an owner.
    let by_name = broken_decision("", |policy, request| {
        let login = request.actor.login.as_ref()?;
        policy.process().is_owner(login, request.actor.id).then_some(Decision::Allow)
    });
    assert!(by_name.contains("octavia"), "{by_name}");
    // A person's token in an agent's hands.
    let by_kind = broken_decision("", |_, request| {
        (request.actor.role, request.actor.session) = (None, None);
        None
    });
    assert!(by_kind.contains("(human"), "{by_kind}");
    // Unverified, and taken for true.
    let unverified = broken_decision("", |_, request| {
        request.actor.verified = true;
        None
    });
    assert!(unverified.contains("unverified"), "{unverified}");
    // Only `label` is looked at.
    let overlooked = broken_decision("", |_, request| {
        request.arguments.retain(|name, _| name == "label" || name == "action");
        None
    });
    assert!(overlooked.contains("labels=\"run:"), "{overlooked}");
    // Labels are compared as they are written.
    let other_case = broken_decision("", |_, request| {
        let upper = request.arguments.values_mut().find(|it| **it == "RUN:DEV");
        if let Some(label) = upper {
            *label = "bug".into();
        }
        None
    });
    assert!(other_case.contains("RUN:DEV"), "{other_case}");
}

#[test]
fn an_approval_by_an_agent_takes_two_steps_and_is_found() {
    let change = "  rules: {owners-word: {operations: [approve_artifact, request_changes], effects: []},
    helpful: {who: [agent], operations: [decide_approval], decide: allow, because: it saves time}}\n";
    let found = broken_decision(change, |_, request| {
        (!request.approvals.is_empty()).then_some(Decision::Allow)
    });
    let steps: Vec<&str> = found.lines().collect();
    assert_eq!(steps.len(), 3, "{found}");
    assert!(steps[0].contains("decide_approval"), "{found}");
}
