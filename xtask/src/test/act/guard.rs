//! Who may set a label that starts a stage.

use std::time::Duration;

use anyhow::{Result, ensure};
use countersign_testkit::{Access, FakeGitHub, Fault, RepositoryHandle, Role};

use super::{ISSUE, LABELS, run_of};
use crate::act::{Adopter, Ended, Event, OWNER, PRODUCT, Report, Scene};

/// The title that tries to be a command.
const HOSTILE: &str = "\"; rm -rf . #$(id)";
const TRIGGER: &str = "run:vision";
const STRANGER: (&str, u64) = ("mallory", 666);
const APP: (&str, u64) = ("helper[bot]", 777);

/// GitHub after somebody has set the trigger on the issue.
struct World {
    github: FakeGitHub,
    product: RepositoryHandle,
    adopter: Adopter,
}

impl World {
    fn new(scene: &Scene, name: &str, title: &str, label: &str) -> Result<Self> {
        let adopter = scene.adopter(name, |_| Ok(()))?;
        // What the workflow states; the runner does not look at it.
        let github = Scene::github(&[("issues", Access::Write), ("pull_requests", Access::Write)])?;
        let product = github.repository(PRODUCT);
        product.collaborator(OWNER.0, Role::Admin).collaborator(STRANGER.0, Role::Triage);
        while product.issue("An older one", &[]) + 1 < ISSUE {}
        product.issue(title, &[label, "bug"]);
        Ok(Self { github, product, adopter })
    }

    /// Runs the wrapper. `gate` is whether GitHub would start the gate after a good guard.
    fn run(&self, scene: &Scene, event: &Event, gate: bool) -> Result<Report> {
        let run = run_of(LABELS, event);
        let answer = scene.starts(&self.adopter, &run)?;
        ensure!(answer.starts && answer.jobs["guard"].runs, "GitHub would not start the guard");
        ensure!(answer.jobs["gate"].runs == gate, "the gate's condition: {answer:?}");
        let group = answer.group.as_deref().unwrap_or_default();
        ensure!(group.ends_with("-41"), "runs of one issue share no group: {group}");
        let report = scene.run(&self.adopter, &self.github, &run)?;
        ensure!(
            self.adopter.status()?.is_empty(),
            "the tree is changed: {}",
            self.adopter.status()?
        );
        let violations = self.github.violations()?;
        ensure!(violations.is_empty(), "GitHub does not work like that: {violations:?}");
        Ok(report)
    }

    /// Nothing, if the label is gone and the issue says why, once.
    fn expect_undone(&self, report: &Report) -> Result<()> {
        report.expect_jobs(&[("Label guard", Ended::Badly)])?;
        report.expect_output("verdict", "undone")?;
        report.expect_output("label", TRIGGER)?;
        let labels = self.product.labels_of(ISSUE);
        ensure!(labels == ["bug"], "labels: {labels:?}\n{}", report.show());
        let comments = self.product.comments_of(ISSUE);
        ensure!(comments.len() == 1, "{} comments\n{}", comments.len(), report.show());
        ensure!(comments[0].contains(TRIGGER), "the comment: {}", comments[0]);
        Ok(())
    }
}

pub(super) fn by_the_owner(scene: &Scene) -> Result<()> {
    let world = World::new(scene, "owner", "One-click checkout", TRIGGER)?;
    let event = Event::labeled(&scene.gha, ISSUE, TRIGGER, &[TRIGGER, "bug"])?.by(OWNER.0, OWNER.1);
    let report = world.run(scene, &event, true)?;
    report.expect_jobs(&[("Label guard", Ended::Well), ("Gate of the stage", Ended::Well)])?;
    report.expect_output("verdict", "allowed")?;
    report.expect_output("decision", "allowed")?;
    report.expect_output("stage", "vision")?;
    ensure!(world.product.labels_of(ISSUE) == [TRIGGER, "bug"], "the label is gone");
    ensure!(world.product.comments_of(ISSUE).is_empty(), "somebody commented");
    Ok(())
}

pub(super) fn by_a_stranger(scene: &Scene) -> Result<()> {
    let world = World::new(scene, "stranger", "One-click checkout", TRIGGER)?;
    let event =
        Event::labeled(&scene.gha, ISSUE, TRIGGER, &[TRIGGER, "bug"])?.by(STRANGER.0, STRANGER.1);
    let report = world.run(scene, &event, true)?;
    world.expect_undone(&report)?;
    report.expect_summary(STRANGER.0)?;
    ensure!(report.output("reasons").contains(STRANGER.0), "no reason names the stranger");
    Ok(())
}

pub(super) fn by_an_app(scene: &Scene) -> Result<()> {
    let world = World::new(scene, "app", "One-click checkout", TRIGGER)?;
    let event = Event::labeled(&scene.gha, ISSUE, TRIGGER, &[TRIGGER, "bug"])?.by(APP.0, APP.1);
    let report = world.run(scene, &event, true)?;
    world.expect_undone(&report)?;
    report.expect_summary("approved request")
}

pub(super) fn of_no_trigger(scene: &Scene) -> Result<()> {
    let world = World::new(scene, "no-trigger", "One-click checkout", "help")?;
    let event =
        Event::labeled(&scene.gha, ISSUE, "help", &["help", "bug"])?.by(STRANGER.0, STRANGER.1);
    let report = world.run(scene, &event, false)?;
    report.expect_jobs(&[("Label guard", Ended::Well)])?;
    report.expect_output("verdict", "allowed")?;
    ensure!(world.product.labels_of(ISSUE) == ["help", "bug"], "the label is gone");
    Ok(())
}

pub(super) fn hostile_title(scene: &Scene) -> Result<()> {
    for (name, sender) in [("hostile-owner", OWNER), ("hostile-stranger", STRANGER)] {
        let world = World::new(scene, name, HOSTILE, TRIGGER)?;
        let event = Event::labeled(&scene.gha, ISSUE, TRIGGER, &[TRIGGER, "bug"])?
            .titled(HOSTILE)
            .by(sender.0, sender.1);
        let report = world.run(scene, &event, true)?;
        if sender == OWNER {
            report
                .expect_jobs(&[("Label guard", Ended::Well), ("Gate of the stage", Ended::Well)])?;
        } else {
            world.expect_undone(&report)?;
        }
        // What `id` would have printed.
        let said = [&report.log, &report.summary, &world.product.comments_of(ISSUE).concat()]
            .map(|text| text.contains("uid="));
        ensure!(said == [false; 3], "the title ran\n{}", report.show());
        ensure!(world.adopter.folder.join("countersign.yaml").is_file(), "the tree is gone");
    }
    Ok(())
}

pub(super) fn rate_limited(scene: &Scene) -> Result<()> {
    let world = World::new(scene, "limited", "One-click checkout", TRIGGER)?;
    let reset = Duration::from_secs(2);
    world.github.fail_next(Fault::RateLimit { reset }.on("DELETE", "/repos/**"));
    let event =
        Event::labeled(&scene.gha, ISSUE, TRIGGER, &[TRIGGER, "bug"])?.by(STRANGER.0, STRANGER.1);
    let report = world.run(scene, &event, true)?;
    let refused = world.github.requests().iter().filter(|it| it.fault.is_some()).count();
    ensure!(refused == 1, "the limit was not met\n{}", report.show());
    world.expect_undone(&report)
}

pub(super) fn rate_limited_for_long(scene: &Scene) -> Result<()> {
    let world = World::new(scene, "limited-for-long", "One-click checkout", TRIGGER)?;
    let reset = Duration::from_secs(7200);
    world.github.fail_next(Fault::RateLimit { reset }.on("DELETE", "/repos/**"));
    let event =
        Event::labeled(&scene.gha, ISSUE, TRIGGER, &[TRIGGER, "bug"])?.by(STRANGER.0, STRANGER.1);
    let report = world.run(scene, &event, true)?;
    // Nothing may start after a guard that could not do its work.
    report.expect_jobs(&[("Label guard", Ended::Badly)])?;
    ensure!(report.output("verdict").is_empty(), "a verdict without its effect\n{}", report.show());
    let told = report
        .annotations
        .iter()
        .any(|it| it.level == "error" && it.message.contains("rate limit"));
    ensure!(told, "nobody says why\n{}", report.show());
    Ok(())
}
