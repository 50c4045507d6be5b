//! Labels and variables of a repository, as a workflow of the adopter's own brings them.

use anyhow::{Result, ensure};
use countersign_testkit::{Access, Grant};

use super::run_of;
use crate::act::{Ended, Event, PRODUCT, Run, Scene};
use crate::files;

const WORKFLOW: &str = "\
on:
  push:
    branches: [main]
permissions: {}
jobs:
  labels:
    name: Labels
    runs-on: ubuntu-latest
    permissions:
      contents: read
      issues: write
    steps:
      - uses: actions/checkout@v6
      - uses: acme/countersign/actions/labels-sync@v0.1.0
        with:
          apply: 'true'
      - uses: acme/countersign/actions/labels-vars@v0.1.0
        with:
          apply: 'true'
          token: ${{ secrets.OWNER_TOKEN }}
";

const OWNER_TOKEN: &str = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

pub(super) fn labels_and_variables(scene: &Scene) -> Result<()> {
    let adopter = scene.adopter("labels", |folder| {
        files::write(&folder.join(".github/workflows/labels.yml"), WORKFLOW)
    })?;
    let github = Scene::github(&[("issues", Access::Write)])?;
    github.token(OWNER_TOKEN, Grant::owner("marta-acme"));
    let product = github.repository(PRODUCT);
    product.label("bug", "d73a4a", None);
    let mut event = Event::real(&scene.gha, "push", None)?;
    event.payload["ref"] = "refs/heads/main".into();
    let secrets = [("OWNER_TOKEN", OWNER_TOKEN)];
    let run = Run { secrets: &secrets, ..run_of("labels.yml", &event) };

    let report = scene.run(&adopter, &github, &run)?;
    report.expect_jobs(&[("Labels", Ended::Well)])?;
    let names: Vec<String> = product.labels().into_iter().map(|label| label.name).collect();
    ensure!(names.len() > 30 && names.contains(&"run:vision".to_owned()), "labels: {names:?}");
    ensure!(names.contains(&"bug".to_owned()), "a label of the repository's own is gone");
    let variables = product.variables();
    let vision = ("RUN_VISION_LABEL".to_owned(), "run:vision".to_owned());
    ensure!(variables.contains(&vision), "variables: {variables:?}");
    let changes: Vec<usize> = report.outputs("changes").filter_map(|it| it.parse().ok()).collect();
    ensure!(changes.iter().all(|it| *it > 30), "changes: {changes:?}");

    let report = scene.run(&adopter, &github, &run)?;
    report.expect_jobs(&[("Labels", Ended::Well)])?;
    report.expect_output("changes", "0")?;
    let violations = github.violations()?;
    ensure!(violations.is_empty(), "GitHub does not work like that: {violations:?}");
    ensure!(!report.log.contains(OWNER_TOKEN), "the log has the owner's token");
    Ok(())
}
