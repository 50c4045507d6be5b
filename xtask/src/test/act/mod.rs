//! An adopter's workflows, end to end: what they say, what they leave on GitHub and in the tree.
//!
//! Each case has a repository of its own, made of the example and what `docset init --github`
//! installs, and asks GitHub's own code first whether the event would start anything.

mod documents;
mod guard;
mod knowledge;
mod labels;
mod setup;
mod stages;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

use super::step::Outcome;
use crate::act::{Event, Extent, Report, Run, Scene};
use crate::docset::Docset;
use crate::workspace::Workspace;

/// Something that an adopter meets.
struct Case {
    /// What must hold, as a sentence.
    name: &'static str,
    run: fn(&Scene) -> Result<()>,
}

const CASES: &[Case] = &[
    Case { name: "good documents pass, by a full commit hash, too", run: documents::all_green },
    Case { name: "a broken document is shown where it stands", run: documents::broken },
    Case { name: "a commit has the generated files and nothing else", run: documents::commit },
    Case { name: "the owner's label stays, and the stage may start", run: guard::by_the_owner },
    Case { name: "a stranger's label is taken off, and nothing starts", run: guard::by_a_stranger },
    Case { name: "an app needs an approved request", run: guard::by_an_app },
    Case { name: "a label that starts nothing starts nothing", run: guard::of_no_trigger },
    Case { name: "a title is not a command", run: guard::hostile_title },
    Case { name: "a limit of requests is waited for", run: guard::rate_limited },
    Case { name: "a limit that lasts is told", run: guard::rate_limited_for_long },
    Case { name: "a missing artifact keeps a stage from starting", run: stages::missing_artifact },
    Case { name: "an approval of another text does not count", run: stages::stale_approval },
    Case {
        name: "programs come from a release, then from the cache",
        run: setup::cold_warm_corrupt,
    },
    Case { name: "a release that was replaced is refused", run: setup::replaced_release },
    Case { name: "the knowledge base is indexed on a push, in SQLite", run: knowledge::in_sqlite },
    Case { name: "the same in PostgreSQL", run: knowledge::in_postgres },
    Case { name: "a decision is found by a search", run: knowledge::searched },
    Case { name: "labels and variables get there once", run: labels::labels_and_variables },
];

/// # Errors
///
/// If a case fails; the others are run all the same.
pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    if cfg!(windows) {
        return Ok(Outcome::Skipped("the runner of workflows has no shell for Windows"));
    }
    let docset = Docset::build(workspace)?;
    let programs = docset.path().parent().unwrap_or(Path::new("."));
    let scene = Scene::set(workspace, programs, Extent::Thin)?;
    let mut failed = Vec::new();
    for case in CASES {
        let start = Instant::now();
        let outcome = (case.run)(&scene);
        let seconds = start.elapsed().as_secs_f64();
        match outcome {
            Ok(()) => println!("  {} ({seconds:.1} s)", case.name),
            Err(error) => {
                println!("  FAILED: {} ({seconds:.1} s): {error:#}", case.name);
                failed.push(case.name);
            }
        }
    }
    if !failed.is_empty() {
        bail!("{} of {} cases: {}", failed.len(), CASES.len(), failed.join("; "));
    }
    Ok(Outcome::Passed)
}

/// The wrappers that adopters have.
const CHECKS: &str = "countersign-checks.yml";
const LABELS: &str = "countersign-labels.yml";

/// The issue that the example is about.
const ISSUE: u64 = 41;
/// What names the labels that start a stage.
const VARS: &[(&str, &str)] = &[
    ("RUN_INTAKE_LABEL", "run:intake"),
    ("RUN_VISION_LABEL", "run:vision"),
    ("RUN_PRD_LABEL", "run:prd"),
    ("RUN_DEV_LABEL", "run:dev"),
];

/// A run of a wrapper with the usual variables.
const fn run_of<'a>(workflow: &'a str, event: &'a Event) -> Run<'a> {
    Run { workflow, event, vars: VARS, secrets: &[], environment: &[], kept: None }
}

/// The findings that the runner showed at a file.
fn annotations_at(report: &Report, file: &str) -> usize {
    report.annotations.iter().filter(|it| it.file.as_deref() == Some(file)).count()
}
