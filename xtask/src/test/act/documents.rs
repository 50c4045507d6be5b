//! Checks of documents on a pull request, and generated files that a workflow commits.

use anyhow::{Result, ensure};

use super::{CHECKS, annotations_at, run_of};
use crate::act::{Ended, Event, Scene};
use crate::files;

const BRIEF: &str = "docs/intake/brief.md";

pub(super) fn all_green(scene: &Scene) -> Result<()> {
    let adopter = scene.adopter("green", |folder| {
        let wrapper = folder.join(".github/workflows").join(CHECKS);
        let pinned = files::read(&wrapper)?.replace("@v0.1.0", &format!("@{}", scene.commit));
        files::write(&wrapper, &pinned)
    })?;
    let github = Scene::github(&[])?;
    let event = Event::real(&scene.gha, "pull_request", Some("opened"))?;
    let run = run_of(CHECKS, &event);
    let answer = scene.starts(&adopter, &run)?;
    ensure!(answer.starts && answer.jobs["checks"].runs, "GitHub would not start it: {answer:?}");
    let closed = Event::real(&scene.gha, "pull_request", Some("closed"))?;
    ensure!(!scene.starts(&adopter, &run_of(CHECKS, &closed))?.starts, "closing starts it");

    let report = scene.run(&adopter, &github, &run)?;
    report.expect_jobs(&[("Documents", Ended::Well), ("Labels in workflows", Ended::Well)])?;
    report.expect_output("result", "clean")?;
    report.expect_output("errors", "0")?;
    report.expect_output("source", "seed")?;
    let errors = report.annotations.iter().filter(|it| it.level == "error").count();
    ensure!(errors == 0, "there are errors\n{}", report.show());
    ensure!(!report.summary.is_empty(), "there is no summary\n{}", report.show());
    ensure!(adopter.status()?.is_empty(), "the check changed files: {}", adopter.status()?);
    ensure!(github.requests().is_empty(), "the check asked GitHub");
    Ok(())
}

pub(super) fn broken(scene: &Scene) -> Result<()> {
    let adopter = scene.adopter("broken", |folder| {
        let path = folder.join(BRIEF);
        let text = files::read(&path)?;
        // An unknown status, a dead link, and a text that would end an annotation's line.
        let text = text.replacen("status: approved", "status: aproved", 1);
        files::write(&path, &format!("{text}\n[gone](gone%0A::error::x.md)\n"))
    })?;
    let github = Scene::github(&[])?;
    let event = Event::real(&scene.gha, "pull_request", Some("opened"))?;
    let report = scene.run(&adopter, &github, &run_of(CHECKS, &event))?;
    report.expect_jobs(&[("Documents", Ended::Badly), ("Labels in workflows", Ended::Well)])?;
    report.expect_output("result", "findings")?;
    ensure!(report.output("errors").parse::<usize>()? >= 2, "{}", report.show());
    ensure!(
        annotations_at(&report, BRIEF) >= 2,
        "no annotation at the document\n{}",
        report.show()
    );
    let of_status = report.annotations.iter().find(|it| it.message.contains("aproved"));
    ensure!(of_status.is_some_and(|it| it.line == Some(5)), "{}", report.show());
    report.expect_summary(BRIEF)?;
    report.expect_summary("aproved")
}

/// A workflow of the adopter's own, which commits what is generated and pushes it.
const SYNC: &str = "\
on:
  push:
    branches: [main]
permissions: {}
jobs:
  sync:
    name: Sync
    runs-on: ubuntu-latest
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v6
      - id: sync
        uses: acme/countersign/actions/docset-sync@v0.1.0
        with:
          what: map index
          mode: commit
          push: 'true'
";

pub(super) fn commit(scene: &Scene) -> Result<()> {
    let adopter = scene.adopter("commit", |folder| {
        files::write(&folder.join(".github/workflows/sync.yml"), SYNC)?;
        let path = folder.join("docs/intake/problem.md");
        let text = files::read(&path)?;
        // The title is in the generated pages.
        files::write(&path, &text.replacen("\ntitle: ", "\ntitle: Renamed, ", 1))
    })?;
    let before = adopter.head()?;
    let github = Scene::github(&[])?;
    let mut event = Event::real(&scene.gha, "push", None)?;
    event.payload["ref"] = "refs/heads/main".into();
    let run = run_of("sync.yml", &event);
    ensure!(scene.starts(&adopter, &run)?.starts, "GitHub would not start it");
    let report = scene.run(&adopter, &github, &run)?;
    report.expect_jobs(&[("Sync", Ended::Well)])?;
    report.expect_output("changed", "true")?;
    let commit = report.output("commit");
    let changed = scene.changed_on_server(&before, commit)?;
    ensure!(!changed.is_empty(), "nothing was committed\n{}", report.show());
    let generated =
        |path: &&String| path.starts_with("docs/_index/") || path.as_str() == "docs/index.md";
    let others: Vec<_> = changed.iter().filter(|path| !generated(path)).collect();
    ensure!(others.is_empty(), "the commit also has {others:?}");
    Ok(())
}
