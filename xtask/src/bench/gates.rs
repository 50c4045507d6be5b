//! Policy: the gates of one issue in a large repository.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::figure::{Figure, Goal};
use super::measure::Times;
use super::reading::Reading;
use super::tree::Tree;
use super::{Measured, builds, machine, milliseconds};
use crate::files;
use crate::process::Program;
use crate::workspace::Workspace;

const DOCUMENTS: usize = 10_000;
const RUNS: usize = 9;

/// The issue whose gates are asked.
const ISSUE: usize = 77;

/// The longest that a gate may take, in milliseconds.
const GATE: f64 = 250.0;

/// Measures the program.
pub(super) fn measure(workspace: &Workspace, quick: bool) -> Result<Measured> {
    let documents = if quick { DOCUMENTS / 10 } else { DOCUMENTS };
    let tree = Tree::create(&workspace.target("bench/policy-tree"), documents)?;
    let policy = builds::policy(workspace)?;
    let figures = gates(workspace, &policy, &tree)?;
    let version = machine::version(Program::new(&policy, workspace.root()));
    let subject =
        format!("{version}; {}, {} issues; medians of {RUNS} runs", tree.describe(), tree.issues);
    Ok(Measured { subject, figures })
}

/// The gates of one issue, whole processes. A run counts only if the verdict is about the
/// documents that the tree has.
fn gates(workspace: &Workspace, policy: &PathBuf, tree: &Tree) -> Result<Vec<Figure>> {
    let docset = builds::docset_with_all_features(workspace)?;
    let reading = Reading::new(builds::xtask(workspace)?, tree);
    // The first one warms the cache. Before the tree has a document of its own.
    reading.run()?;
    let mut reads = Times::default();
    for _ in 0..RUNS {
        reads.add_time(reading.run()?.whole);
    }
    let issue = ISSUE.to_string();
    let sync = ["sync", "issue", &issue, "--stage", "design"];
    docset.run(&tree.folder, &sync)?.expect_code(0)?;
    // One document that the docset file knows nothing of, so that it must be found.
    let path = tree.folder.join("docs/adr/adr-99999-found.md");
    let text = format!(
        "---\ndoc_id: ADR-99999\ntype: adr\ntitle: Found\nstatus: proposed\nowner_role: SA\n\
         created_at: 2026-02-06\nupdated_at: 2026-02-06\nrelated_issues: [{ISSUE}]\n---\n\n# Found\n"
    );
    files::write(&path, &text)?;
    let event = json!({
        "action": "labeled",
        "label": {"name": "run:plan"},
        "issue": {"number": ISSUE, "labels": [{"name": "run:plan"}]},
        "sender": {"login": "octavia", "id": 1, "type": "User"},
    });
    let event_path = workspace.target("bench/event.json");
    files::write(&event_path, &event.to_string())?;
    let event_path = event_path.to_string_lossy().into_owned();
    let enter = ["enter", "--stage", "plan", "--event", &event_path];
    let leave = ["leave", "--stage", "arch", "--changed-since", "HEAD"];
    let gate = |words: &[&str]| -> Result<(std::time::Duration, Value)> {
        let run = Program::new(policy, &tree.folder)
            .arg("gate")
            .args(words)
            .args(["--issue", &issue, "--format", "json"])
            .capture()?;
        // No document of the tree was written for this issue alone.
        run.expect_code(1)?;
        let verdict = serde_json::from_str(&run.stdout).context("the verdict is no JSON")?;
        Ok((run.time, verdict))
    };
    let (mut enters, mut leaves) = (Times::default(), Times::default());
    for _ in 0..RUNS {
        let (time, verdict) = gate(&enter)?;
        ensure!(verdict["stage"] == "plan", "it is about another stage");
        enters.add_time(time);
        let (time, verdict) = gate(&leave)?;
        let found = verdict["conditions"].to_string().contains("ADR-99999");
        ensure!(found, "the gate does not see a document that the docset file leaves out");
        leaves.add_time(time);
    }
    let read = milliseconds(reads.report("finding and reading the same files"));
    let enter = milliseconds(enters.report("policy gate enter"));
    let leave = milliseconds(leaves.report("policy gate leave"));
    Ok(vec![
        Figure::new(
            "Finding and reading the same files, whole process, 2 threads",
            read,
            "ms",
            Goal::None,
        ),
        Figure::new("`policy gate enter`, with an event", enter, "ms", Goal::Below(GATE)),
        Figure::new("`policy gate leave`, documents checked", leave, "ms", Goal::Below(GATE)),
    ])
}
