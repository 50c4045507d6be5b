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
    insta::assert_snapshot!(scene.run(&["vars", "acme/product"]), @"");
    insta::assert_snapshot!(scene.run(&["vars", "acme/product", "--apply"]), @"");
    let mut variables = product.variables();
    variables.sort();
    let shown: Vec<String> =
        variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
    insta::assert_snapshot!(shown.join("\n"), @"");
    insta::assert_snapshot!(scene.run(&["vars", "acme/product"]), @"");
    insta::assert_snapshot!(scene.run(&["vars", "acme/product", "--format", "json"]), @"");
    assert!(scene.github.violations().unwrap().is_empty());
}

#[test]
fn an_organisation_has_variables_for_all_its_repositories() {
    let scene = Scene::new(SMALL);
    scene.github.organisation("acme");
    insta::assert_snapshot!(scene.run(&["vars", "--organisation", "acme", "--apply"]), @"");
    insta::assert_snapshot!(scene.run(&["vars", "--organisation", "acme"]), @"");
    assert!(scene.github.violations().unwrap().is_empty());
}

#[test]
fn the_token_of_a_workflow_cannot_write_variables_and_it_is_said() {
    let scene = Scene::new(SMALL);
    scene.github.repository("acme/product");
    let grant = Grant::workflow("acme/product").allow("actions_variables", Access::Write);
    scene.github.token("ghs_job", grant);
    insta::assert_snapshot!(scene.run_as("ghs_job", &["vars", "acme/product", "--apply"]), @"");
}
