//! Where the programs of a job come from, when nobody has put them there before.

use anyhow::{Result, ensure};

use crate::act::{Ended, Releases, Scene};

/// A workflow of the adopter's own that needs one program.
const WORKFLOW: &str = "\
on:
  push:
    branches: [main]
permissions: {}
jobs:
  setup:
    name: Setup
    runs-on: ubuntu-latest
    steps:
      - id: setup
        uses: acme/countersign/actions/setup@released
        with:
          programs: docset
      - run: docset --version
        shell: bash
";

pub(super) fn cold_warm_corrupt(scene: &Scene) -> Result<()> {
    let releases = Releases::new(scene, "releases", WORKFLOW, str::to_owned)?;
    let before = releases.downloads();

    let cold = releases.run()?;
    cold.expect_jobs(&[("Setup", Ended::Well)])?;
    cold.expect_output("source", "release")?;
    ensure!(releases.downloads() == before + 1, "no archive was fetched\n{}", cold.show());
    ensure!(cold.log.contains("docset 0."), "the program is not on the path\n{}", cold.show());

    let warm = releases.run()?;
    warm.expect_jobs(&[("Setup", Ended::Well)])?;
    warm.expect_output("source", "cache")?;
    ensure!(releases.downloads() == before + 1, "an archive was fetched again");

    let cached = releases.cached()?;
    let whole = std::fs::metadata(&cached)?.len();
    std::fs::File::options().write(true).open(&cached)?.set_len(whole / 2)?;
    let corrupt = releases.run()?;
    corrupt.expect_jobs(&[("Setup", Ended::Well)])?;
    corrupt.expect_output("source", "release")?;
    let told = corrupt
        .annotations
        .iter()
        .any(|it| it.level == "warning" && it.message.contains("is not what was put there"));
    ensure!(told, "nobody says that the cache was corrupt\n{}", corrupt.show());
    let mended = std::fs::metadata(releases.cached()?)?.len();
    ensure!(mended == whole, "the cache has {mended} bytes of {whole}");
    Ok(())
}

pub(super) fn replaced_release(scene: &Scene) -> Result<()> {
    let releases = Releases::new(scene, "replaced", WORKFLOW, |sum| {
        let other = if sum.starts_with('0') { "1" } else { "0" };
        format!("{other}{}", &sum[1..])
    })?;
    let report = releases.run()?;
    report.expect_jobs(&[("Setup", Ended::Badly)])?;
    let told = report
        .annotations
        .iter()
        .any(|it| it.level == "error" && it.message.contains("checksums.txt says"));
    ensure!(told, "nobody says what is wrong\n{}", report.show());
    ensure!(releases.cached().is_err(), "the program is in the cache");
    Ok(())
}
