//! What the actions add to a job, with a cache of tools that is warm: in the local runner, on
//! the example repository, with the whole of this repository as adopters get it.

use anyhow::{Context as _, Result, ensure};

use super::figure::{Figure, Goal};
use super::measure::Times;
use super::{Measured, builds, machine, milliseconds};
use crate::act::{Ended, Extent, Releases, Scene};
use crate::workspace::Workspace;

const RUNS: usize = 10;
/// In milliseconds.
const SETUP: f64 = 1000.0;
const CHECK: f64 = 1500.0;

const WORKFLOW: &str = "\
on:
  push:
    branches: [main]
permissions: {}
jobs:
  measured:
    name: Measured
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - id: setup
        name: Measured setup
        uses: acme/countersign/actions/setup@released
        with:
          programs: docset
      - name: Measured check
        uses: acme/countersign/actions/docset-check@released
";

/// Measures both.
pub(super) fn measure(workspace: &Workspace, quick: bool) -> Result<Measured> {
    let docset = builds::docset_with_all_features(workspace)?;
    let programs = docset.path().parent().context("docset lies nowhere")?;
    let scene = Scene::set(workspace, programs, Extent::Whole)?;
    let releases = Releases::new(&scene, "measured", WORKFLOW, str::to_owned)?;
    releases.run()?.expect_jobs(&[("Measured", Ended::Well)])?;
    let (mut setups, mut checks) = (Times::default(), Times::default());
    for _ in 0..if quick { 3 } else { RUNS } {
        let report = releases.run()?;
        report.expect_jobs(&[("Measured", Ended::Well)])?;
        report.expect_output("source", "cache")?;
        report.expect_output("result", "clean")?;
        // The scripts alone. The runner copies the whole repository for every step that uses
        // an action; GitHub's does that once, before the job begins.
        setups.add_time(report.time("Set up programs", 0)?);
        let own = report.time("Set up programs", 1)?;
        checks.add_time(own + report.time("Check documents", 0)?);
    }
    ensure!(releases.downloads() == 1, "the cache was not warm");
    let setup = milliseconds(setups.report("setup, warm"));
    let check = milliseconds(checks.report("docset-check, with the setup in it"));
    Ok(Measured {
        subject: format!(
            "docset {} in a job of the local runner, on the example repository",
            machine::version(docset.program(workspace.root()))
        ),
        figures: vec![
            Figure::new("`setup`, the tool cache warm", setup, "ms", Goal::Below(SETUP)),
            Figure::new(
                "`docset-check`, with its own `setup`, the tool cache warm",
                check,
                "ms",
                Goal::Below(CHECK),
            ),
        ],
    })
}
