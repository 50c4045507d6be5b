//! `labels vars` as its users run it.

use countersign_testkit::{Access, Grant};

use crate::program::Scene;
use crate::sync::SMALL;

#[test]
fn drift_is_shown_both_ways_and_mended() {
    let scene = Scene::new(SMALL);
    let product = scene.github.repository("acme/product");
    product.variable("RUN_INTAKE_LABEL", "[ai-intake]").variable("OLD_LABEL", "old");
    product.variable("REGISTRY", "ghcr.io");
    insta::assert_snapshot!(scene.run(&["vars", "acme/product"]), @r"
    exit 1
    acme/product: 3 missing, 1 different
      change  RUN_INTAKE_LABEL: [ai-intake] -> run:intake
      create  AI_MODEL_GPT_5_3_CODEX_LABEL: [ai-model-gpt-5.3-codex]
      create  BUG_LABEL: bug
      create  RUN_PLAN_LABEL: run:plan
      stray   OLD_LABEL: old (no label of the catalogue has it)
    ");
    insta::assert_snapshot!(scene.run(&["vars", "acme/product", "--apply"]), @r"
    exit 0
    acme/product: 4 variables written
      stray   OLD_LABEL: old (no label of the catalogue has it)
    ");
    let mut variables = product.variables();
    variables.sort();
    let shown: Vec<String> =
        variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    AI_MODEL_GPT_5_3_CODEX_LABEL=[ai-model-gpt-5.3-codex]
    BUG_LABEL=bug
    OLD_LABEL=old
    REGISTRY=ghcr.io
    RUN_INTAKE_LABEL=run:intake
    RUN_PLAN_LABEL=run:plan
    ");
    insta::assert_snapshot!(scene.run(&["vars", "acme/product"]), @r"
    exit 0
    acme/product: nothing to change
      stray   OLD_LABEL: old (no label of the catalogue has it)
    ");
    insta::assert_snapshot!(scene.run(&["vars", "acme/product", "--format", "json"]), @r#"
    exit 0
    [
      {
        "place": "acme/product",
        "missing": [],
        "different": [],
        "stray": [
          {
            "name": "OLD_LABEL",
            "value": "old"
          }
        ],
        "written": 0,
        "stopped": false,
        "error": null
      }
    ]
    "#);
    assert!(scene.github.violations().unwrap().is_empty());
}

#[test]
fn an_organisation_has_variables_for_all_its_repositories() {
    let scene = Scene::new(SMALL);
    scene.github.organisation("acme");
    insta::assert_snapshot!(scene.run(&["vars", "--organisation", "acme", "--apply"]), @r"
    exit 0
    acme: 4 variables written
    ");
    insta::assert_snapshot!(scene.run(&["vars", "--organisation", "acme"]), @r"
    exit 0
    acme: nothing to change
    ");
    assert!(scene.github.violations().unwrap().is_empty());
}

#[test]
fn the_token_of_a_workflow_cannot_write_variables_and_it_is_said() {
    let scene = Scene::new(SMALL);
    scene.github.repository("acme/product");
    let grant = Grant::workflow("acme/product").allow("actions_variables", Access::Write);
    scene.github.token("ghs_job", grant);
    insta::assert_snapshot!(scene.run_as("ghs_job", &["vars", "acme/product", "--apply"]), @r#"
    exit 2
    acme/product: cannot list the variables of `acme/product`: status 403: the token may not; it needs `actions_variables=read` ("Resource not accessible by integration")
      help: give the token `actions_variables=read`; the GITHUB_TOKEN of a workflow cannot have it
    "#);
}
