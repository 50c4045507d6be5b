//! The knowledge base, indexed on a push to the default branch.

use anyhow::{Context as _, Result, ensure};

use super::run_of;
use crate::act::{Ended, Event, Run, Scene};
use crate::files;

const INDEX: &str = "countersign-index.yml";

pub(super) fn in_sqlite(scene: &Scene) -> Result<()> {
    let database = scene.folder.join("index.sqlite");
    indexed(scene, "sqlite", &format!("sqlite:{}", database.display()))
}

pub(super) fn in_postgres(scene: &Scene) -> Result<()> {
    let server = countersign_testkit::Postgres::shared().map_err(anyhow::Error::msg)?;
    let database = server.database()?;
    indexed(scene, "postgres", database.url())
}

/// All documents are new once, and none is the second time.
fn indexed(scene: &Scene, name: &str, url: &str) -> Result<()> {
    let adopter = scene.adopter(name, |_| Ok(()))?;
    let github = Scene::github(&[])?;
    let mut event = Event::real(&scene.gha, "push", None)?;
    event.payload["ref"] = "refs/heads/main".into();
    // All documents are looked at: the example's commits are none of this push.
    event.payload["created"] = true.into();
    event.payload["after"] = adopter.head()?.into();
    let secrets = [("COUNTERSIGN_DATABASE_URL", url)];
    let vars = [("COUNTERSIGN_INDEX", "true")];
    let run = Run { secrets: &secrets, vars: &vars, ..run_of(INDEX, &event) };
    let answer = scene.starts(&adopter, &run)?;
    ensure!(answer.starts && answer.jobs["index"].runs, "GitHub would not start it: {answer:?}");
    let unset = Run { vars: &[], ..run_of(INDEX, &event) };
    let answer = scene.starts(&adopter, &unset)?;
    ensure!(!answer.jobs["index"].runs, "GitHub would start it without the variable");

    let first = scene.run(&adopter, &github, &run)?;
    first.expect_jobs(&[("Index documents", Ended::Well)])?;
    let added: usize = first.output("added").parse().context("`added` is no number")?;
    ensure!(added > 10, "{added} documents\n{}", first.show());
    let second = scene.run(&adopter, &github, &run)?;
    second.expect_jobs(&[("Index documents", Ended::Well)])?;
    second.expect_output("added", "0")?;
    second.expect_output("changed", "0")?;
    second.expect_output("unchanged", &added.to_string())?;
    ensure!(!second.log.contains(url), "the log has the address of the database");
    Ok(())
}

/// A workflow of the adopter's own, in which an agent could go on with what was found.
const SEARCH: &str = "\
on:
  push:
    branches: [main]
permissions: {}
jobs:
  search:
    name: Search
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v6
      - uses: acme/countersign/actions/kb-index@v0.1.0
        with:
          no-embeddings: 'true'
      - uses: acme/countersign/actions/kb-search@v0.1.0
        with:
          query: why are card tokens kept?
          filters: |
            type=adr
            issue=41
          limit: '3'
";

/// What was superseded is not found, and every hit names its place.
pub(super) fn searched(scene: &Scene) -> Result<()> {
    let adopter = scene.adopter("search", |folder| {
        files::write(&folder.join(".github/workflows/search.yml"), SEARCH)
    })?;
    let github = Scene::github(&[])?;
    let mut event = Event::real(&scene.gha, "push", None)?;
    event.payload["ref"] = "refs/heads/main".into();
    event.payload["after"] = adopter.head()?.into();
    let report = scene.run(&adopter, &github, &run_of("search.yml", &event))?;
    report.expect_jobs(&[("Search", Ended::Well)])?;
    let hits: serde_json::Value = serde_json::from_str(report.output("hits"))?;
    let hits = hits.as_array().context("`hits` is no list")?;
    ensure!(!hits.is_empty() && hits.len() <= 3, "{}", report.show());
    report.expect_output("count", &hits.len().to_string())?;
    let decision = "docs/architecture/adr-0002-tokens-of-the-provider.md";
    ensure!(hits.iter().all(|hit| hit["path"] == decision), "{}", report.show());
    ensure!(hits.iter().all(|hit| hit["first_line"].as_u64() > Some(0)), "{}", report.show());
    report.expect_summary(decision)
}
