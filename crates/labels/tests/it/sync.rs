//! `labels sync` as its users run it.

use countersign_testkit::{Access, Fault, Grant};

use crate::program::Scene;

/// A catalogue of four labels.
pub(crate) const SMALL: &str = "\
labels:
  without: [run:intake:revise, run:vision, 'run:vision:revise', run:prd, 'run:prd:revise', run:arch, 'run:arch:revise', run:design, 'run:design:revise', run:plan:revise, run:dev, 'run:dev:revise', run:doc-audit, run:qa, run:release, run:postdeploy, run:ops, run:abort, run:rethink, state:blocked, state:in-review, state:approved, state:superseded, state:abandoned, need:input, need:pm, need:sa, need:qa, need:sre, feature, doc, debt, idea, epic, '[ai-model-gpt-5.2]', '[ai-model-gpt-5.1-codex-max]', '[ai-model-gpt-5.1-codex-mini]', '[ai-reasoning-low]', '[ai-reasoning-medium]', '[ai-reasoning-high]', '[ai-reasoning-extra-high]']
  catalogue:
    run:plan: {aliases: ['[ai-plan]', ai-plan]}
";

fn requests(scene: &Scene) -> Vec<String> {
    let recorded = scene.github.take_requests();
    recorded.iter().map(|one| format!("{} {}", one.method, one.path)).collect()
}

#[test]
fn a_plan_changes_nothing_and_is_then_applied() {
    let scene = Scene::new(SMALL);
    let product = scene.github.repository("acme/product");
    product.label("bug", "d73a4a", Some("Something isn't working"));
    product.label("[ai-plan]", "ededed", None).label("mine", "ededed", None);
    product.label("Run:Intake", "1d76db", Some("Start of an idea or project"));
    let issue = product.issue("A", &["[ai-plan]", "ai-plan", "mine"]);
    let pull = product.pull_request("B", &["ai-plan"], "topic");

    insta::assert_snapshot!(scene.run(&["sync", "acme/product"]), @"");
    assert_eq!(requests(&scene), ["GET /repos/acme/product/labels"]);
    insta::assert_snapshot!(scene.run(&["sync", "acme/product", "--apply"]), @"");
    let mut labels = product.labels_of(issue);
    labels.sort();
    assert_eq!(labels, ["mine", "run:plan"]);
    assert_eq!(product.labels_of(pull), ["run:plan"]);
    insta::assert_snapshot!(requests(&scene).join("\n"), @"");
    insta::assert_snapshot!(scene.run(&["sync", "acme/product", "--apply"]), @"");
    assert_eq!(requests(&scene).len(), 1);
    assert!(scene.github.violations().unwrap().is_empty());
}

#[test]
fn prune_deletes_only_what_nothing_uses() {
    let scene = Scene::new("");
    let product = scene.github.repository("acme/product");
    product.label("unused", "ededed", None).label("a/b c?#%,d", "ededed", None);
    let closed = product.issue("Done", &["used"]);
    product.close(closed);
    let text = scene.run(&["sync", "acme/product", "--prune"]);
    assert!(text.contains("delete  unused (unused)\n"), "{text}");
    assert!(text.contains("kept    `used` is in use, so it is not deleted\n"), "{text}");
    let text = scene.run(&["sync", "acme/product", "--prune", "--apply"]);
    insta::assert_snapshot!(text, @"");
    let names: Vec<String> = product.labels().into_iter().map(|label| label.name).collect();
    assert!(names.contains(&"used".to_owned()) && names.len() == 46, "{names:?}");
}

#[test]
fn a_reviewed_plan_is_applied_as_it_is_or_not_at_all() {
    let scene = Scene::new(SMALL);
    let product = scene.github.repository("acme/product");
    for name in ["a", "b", "extra"] {
        product.label(name, "ededed", None);
    }
    let issue = product.issue("A", &["a"]);
    let swap = ["--rename", "a=b", "--rename", "b=a", "--save-plan", "plan.json"];
    insta::assert_snapshot!(scene.run(&[&["sync", "acme/product"], &swap[..]].concat()), @"");
    product.label("extra", "000000", None).label("new", "ededed", None);
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "plan.json", "--apply"]), @"");
    assert_eq!(product.labels_of(issue), ["a"]);

    scene.run(&[&["sync", "acme/product"], &swap[..]].concat());
    // Ended by a fault that stays, in the middle of the exchange.
    scene.github.fail_next(
        Fault::Reply { status: 403, body: "{\"message\":\"no\"}".to_owned() }
            .on("PATCH", "/repos/*/*/labels/*")
            .nth(2),
    );
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "plan.json", "--apply"]), @"");
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "plan.json", "--apply"]), @"");
    assert_eq!(product.labels_of(issue), ["b"]);
    let edited = scene.read("plan.json").replace("\"b\"", "\"c\"");
    scene.write("plan.json", &edited);
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "plan.json", "--apply"]), @"");
}

#[test]
fn every_repository_of_an_organisation_is_told_of_and_one_fault_does_not_stop_the_others() {
    let scene = Scene::new(SMALL);
    scene.github.organisation("acme");
    for name in ["acme/a", "acme/b", "acme/c"] {
        scene.github.repository(name);
    }
    scene.github.repository("acme/old").archive();
    scene.github.token(
        "ghs_app",
        Grant::installation("bot", 7).allow("issues", Access::Write).only(&["acme/a", "acme/b"]),
    );
    let arguments = ["sync", "acme/a", "acme/c", "acme/A", "acme/b", "--apply"];
    insta::assert_snapshot!(scene.run_as("ghs_app", &arguments), @"");
    let text = scene.run(&["sync", "--organisation", "acme", "--apply", "--format", "json"]);
    let json = text.split("stderr:").next().unwrap().strip_prefix("exit 0\n").unwrap();
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let outcomes: Vec<String> = value["repositories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["repository"], one["outcome"]))
        .collect();
    insta::assert_snapshot!(outcomes.join("\n"), @"");
    assert!(text.contains("acme/old: skipped"), "{text}");
}

#[test]
fn what_is_wrong_is_said_before_anything_is_asked() {
    let scene = Scene::new("");
    insta::assert_snapshot!(scene.run(&["sync"]), @"");
    insta::assert_snapshot!(scene.run(&["sync", "acme"]), @"");
    insta::assert_snapshot!(scene.run(&["sync", "a/b", "--rename", "x"]), @"");
    insta::assert_snapshot!(scene.run(&["sync", "a/b", "--rename", "run:qa=x"]), @"");
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "countersign.yaml"]), @"");
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "missing.json"]), @"");
    assert!(scene.github.requests().is_empty());
    insta::assert_snapshot!(scene.run_as("ghp_unknown", &["sync", "acme/product"]), @"");
    let no_token = crate::program::run(scene.folder.path(), &[], &["sync", "acme/product"]);
    insta::assert_snapshot!(no_token, @"");
}

#[test]
fn a_rate_limit_is_waited_for_in_sight() {
    let scene = Scene::new(SMALL);
    scene.github.repository("acme/product");
    scene.github.fail_next(
        Fault::RateLimit { reset: std::time::Duration::from_secs(1) }
            .on("POST", "/repos/*/*/labels")
            .nth(2),
    );
    let text = scene.run(&["sync", "acme/product", "--apply"]);
    assert!(text.starts_with("exit 0\nacme/product: 4 created\n"), "{text}");
    assert!(text.contains("waiting until "), "{text}");
}

#[test]
fn the_least_number_of_requests_is_made() {
    let scene = Scene::new("");
    let product = scene.github.repository("acme/product");
    for number in 0..250 {
        product.label(&format!("other-{number}"), "ededed", None);
    }
    scene.run(&["sync", "acme/product", "--apply"]);
    // Three pages, and one request for each of the 45 labels.
    assert_eq!(requests(&scene).len(), 3 + 45);
    scene.run(&["sync", "acme/product", "--apply"]);
    assert_eq!(requests(&scene).len(), 3);
}
