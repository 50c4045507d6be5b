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

    insta::assert_snapshot!(scene.run(&["sync", "acme/product"]), @r#"
    exit 1
    acme/product: 1 to merge, 1 to rename, 2 to update, 1 to create
      merge   ai-plan -> [ai-plan] (its issues get the other label, then it is deleted)
      rename  [ai-plan] -> run:plan; colour ededed -> 1d76db, description "" -> "Write the delivery plan"
      update  Run:Intake -> run:intake: case of the name
      update  bug: description "Something isn't working" -> "Defect in existing behaviour"
      create  [ai-model-gpt-5.3-codex]
    Nothing was changed; --apply makes the changes.
    "#);
    assert_eq!(requests(&scene), ["GET /repos/acme/product/labels"]);
    insta::assert_snapshot!(scene.run(&["sync", "acme/product", "--apply"]), @r"
    exit 0
    acme/product: 1 merged, 1 issues labelled, 1 renamed, 2 updated, 1 created
    ");
    let mut labels = product.labels_of(issue);
    labels.sort();
    assert_eq!(labels, ["mine", "run:plan"]);
    assert_eq!(product.labels_of(pull), ["run:plan"]);
    insta::assert_snapshot!(requests(&scene).join("\n"), @r"
    GET /repos/acme/product/labels
    GET /repos/acme/product/issues
    POST /repos/acme/product/issues/2/labels
    GET /repos/acme/product/issues
    DELETE /repos/acme/product/labels/ai-plan
    PATCH /repos/acme/product/labels/%5Bai-plan%5D
    PATCH /repos/acme/product/labels/Run%3AIntake
    PATCH /repos/acme/product/labels/bug
    POST /repos/acme/product/labels
    ");
    insta::assert_snapshot!(scene.run(&["sync", "acme/product", "--apply"]), @r"
    exit 0
    acme/product: nothing to change
    ");
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
    insta::assert_snapshot!(text, @r"
    exit 0
    acme/product: 45 created, 2 deleted, 1 kept
      kept    `used` is in use, so it is not deleted
    ");
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
    insta::assert_snapshot!(scene.run(&[&["sync", "acme/product"], &swap[..]].concat()), @r"
    exit 1
    acme/product: 3 to rename, 4 to create
      rename  a -> ~countersign-rename-ca978112-3e23e816
      rename  b -> a
      rename  ~countersign-rename-ca978112-3e23e816 -> b
      create  [ai-model-gpt-5.3-codex]
      create  bug
      create  run:intake
      create  run:plan
    Nothing was changed. To apply this: labels sync --plan plan.json --apply
    ");
    product.label("extra", "000000", None).label("new", "ededed", None);
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "plan.json", "--apply"]), @r"
    exit 1
    acme/product: the labels changed since the plan was made; plan again
      `extra` has the colour 000000 now, not ededed
      `new` is there now
    ");
    assert_eq!(product.labels_of(issue), ["a"]);

    scene.run(&[&["sync", "acme/product"], &swap[..]].concat());
    // Ended by a fault that stays, in the middle of the exchange.
    scene.github.fail_next(
        Fault::Reply { status: 403, body: "{\"message\":\"no\"}".to_owned() }
            .on("PATCH", "/repos/*/*/labels/*")
            .nth(2),
    );
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "plan.json", "--apply"]), @r#"
    exit 2
    acme/product: 1 renamed; then cannot change the label `b` in `acme/product`: status 403: the token may not ("no")
      help: give the token the permission it lacks, or use a token that has it
    "#);
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "plan.json", "--apply"]), @r"
    exit 0
    acme/product: 2 renamed, 4 created
    ");
    assert_eq!(product.labels_of(issue), ["b"]);
    let edited = scene.read("plan.json").replace("\"b\"", "\"c\"");
    scene.write("plan.json", &edited);
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "plan.json", "--apply"]), @r"
    exit 2
    stderr:
    error: plan.json: the plan of `acme/product` was changed: its digest is not that of the repository and the labels in it; plan again
    ");
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
    // Progress is told in the order in which repositories are done, which differs from run to run.
    let output = scene.run_as("ghs_app", &arguments);
    let (told, progress) = output.split_once("stderr:\n").unwrap();
    let mut progress: Vec<&str> = progress.lines().collect();
    progress.sort_unstable();
    insta::assert_snapshot!(format!("{told}stderr:\n{}", progress.join("\n")), @r#"
    exit 2
    acme/a: 4 created
    acme/c: cannot create the label `[ai-model-gpt-5.3-codex]` in `acme/c`: status 403: the token may not; it needs `issues=write`, or `pull_requests=write` ("Resource not accessible by integration")
      help: give the token `issues=write`, or `pull_requests=write` (in a workflow, under `permissions:`)
    acme/b: 4 created
    stderr:
    acme/a: 4 created
    acme/b: 4 created
    acme/c: cannot create the label `[ai-model-gpt-5.3-codex]` in `acme/c`: status 403: the token may not; it needs `issues=write`, or `pull_requests=write` ("Resource not accessible by integration")
    "#);
    let text = scene.run(&["sync", "--organisation", "acme", "--apply", "--format", "json"]);
    let json = text.split("stderr:").next().unwrap().strip_prefix("exit 0\n").unwrap();
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let outcomes: Vec<String> = value["repositories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["repository"], one["outcome"]))
        .collect();
    insta::assert_snapshot!(outcomes.join("\n"), @r#"
    "acme/a" "unchanged"
    "acme/b" "unchanged"
    "acme/c" "done"
    "#);
    assert!(text.contains("acme/old: skipped"), "{text}");
}

#[test]
fn what_is_wrong_is_said_before_anything_is_asked() {
    let scene = Scene::new("");
    insta::assert_snapshot!(scene.run(&["sync"]), @r"
    exit 2
    stderr:
    error: no repository is named; say which, as `owner/name`, or --organisation
    ");
    insta::assert_snapshot!(scene.run(&["sync", "acme"]), @r"
    exit 2
    stderr:
    error: invalid value 'acme' for '[OWNER/NAME]...': `acme` is no name of a repository: it has no `/`

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(scene.run(&["sync", "a/b", "--rename", "x"]), @r"
    exit 2
    stderr:
    error: invalid value 'x' for '--rename <OLD=NEW>': write it as `old name=new name`

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(scene.run(&["sync", "a/b", "--rename", "run:qa=x"]), @r"
    exit 2
    stderr:
    error: `run:qa` is a label of the catalogue and would come back; change `labels: catalogue: run:qa: name:` in countersign.yaml instead
    ");
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "countersign.yaml"]), @r"
    exit 2
    stderr:
    error: countersign.yaml: line 1, column 0: this is no plan of `labels sync`
    ");
    insta::assert_snapshot!(scene.run(&["sync", "--plan", "missing.json"]), @r"
    exit 2
    stderr:
    error: cannot read `missing.json`: No such file or directory (os error 2)
    ");
    assert!(scene.github.requests().is_empty());
    insta::assert_snapshot!(scene.run_as("ghp_unknown", &["sync", "acme/product"]), @r#"
    exit 2
    acme/product: cannot list the labels of `acme/product`: status 401: GitHub does not accept the token ("Bad credentials")
      help: set GITHUB_TOKEN or GH_TOKEN to a token that is valid and has not expired
    "#);
    let no_token = crate::program::run(scene.folder.path(), &[], &["sync", "acme/product"]);
    insta::assert_snapshot!(no_token, @r"
    exit 2
    stderr:
    error: there is no token for GitHub
      help: set GITHUB_TOKEN or GH_TOKEN; in a workflow: `env: {GITHUB_TOKEN: ${{ github.token }}}`
    ");
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
