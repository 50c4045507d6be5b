//! Whether a stage may start, by the documents of the stages before it.

use std::path::Path;

use anyhow::{Result, ensure};
use countersign_testkit::Access;

use super::{ISSUE, LABELS, run_of};
use crate::act::{Ended, Event, OWNER, PRODUCT, Report, Scene};
use crate::files;

const TRIGGER: &str = "run:vision";

pub(super) fn missing_artifact(scene: &Scene) -> Result<()> {
    let report = refused(scene, "missing", |folder| {
        let path = folder.join("docs/intake/personas.md");
        // Of another issue: this one has none.
        let text = files::read(&path)?;
        files::write(&path, &text.replacen("related_issues: [41]", "related_issues: [42]", 1))
    })?;
    expect_reason(&report, "no `personas` names issue 41")
}

pub(super) fn stale_approval(scene: &Scene) -> Result<()> {
    let report = refused(scene, "stale", |folder| {
        let path = folder.join("docs/intake/brief.md");
        files::write(&path, &format!("{}\nOne more sentence.\n", files::read(&path)?))
    })?;
    expect_reason(&report, "BRF-0001")
}

/// The owner sets the trigger: the label stays, the gate does not open.
fn refused(scene: &Scene, name: &str, change: impl FnOnce(&Path) -> Result<()>) -> Result<Report> {
    let adopter = scene.adopter(name, change)?;
    let github = Scene::github(&[("issues", Access::Write), ("pull_requests", Access::Write)])?;
    let product = github.repository(PRODUCT);
    while product.issue("An older one", &[]) + 1 < ISSUE {}
    product.issue("One-click checkout", &[TRIGGER]);
    let event = Event::labeled(&scene.gha, ISSUE, TRIGGER, &[TRIGGER])?.by(OWNER.0, OWNER.1);
    let report = scene.run(&adopter, &github, &run_of(LABELS, &event))?;
    report.expect_jobs(&[("Label guard", Ended::Well), ("Gate of the stage", Ended::Badly)])?;
    report.expect_output("verdict", "allowed")?;
    report.expect_output("decision", "refused")?;
    report.expect_output("stage", "vision")?;
    ensure!(product.labels_of(ISSUE) == [TRIGGER], "the label is gone");
    Ok(report)
}

/// The reason is in the output for machines and in the summary for people.
fn expect_reason(report: &Report, part: &str) -> Result<()> {
    let values: Vec<_> = report.outputs("reasons").filter(|it| it.contains(part)).collect();
    ensure!(!values.is_empty(), "no reason says `{part}`\n{}", report.show());
    report.expect_summary(part)
}
