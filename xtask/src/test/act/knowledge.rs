//! The knowledge base, indexed on a push to the default branch.

use anyhow::{Context as _, Result, ensure};

use super::run_of;
use crate::act::{Ended, Event, Run, Scene};

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
