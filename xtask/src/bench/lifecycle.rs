//! The life of a document: the commands that read the whole tree and write one file.
//!
//! Each run starts without the file that it writes, and counts only if the file says
//! what the tree says.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::figure::{Figure, Goal};
use super::measure::Times;
use super::reading::Reading;
use super::tree::Tree;
use super::{Measured, builds, machine, milliseconds};
use crate::docset::Docset;
use crate::files;
use crate::workspace::Workspace;

const DOCUMENTS: usize = 10_000;
const RUNS: usize = 9;

/// The issue that is synchronised, and the one of the new document.
const ISSUE: usize = 77;

/// A command, the file that it writes, and what the file must hold.
struct Command<'t> {
    name: &'static str,
    arguments: &'t [&'t str],
    /// From the root; `None` if the command names it on standard output.
    writes: Option<&'t str>,
    holds: &'t dyn Fn(&str) -> bool,
    goal: Goal,
}

/// Measures the commands.
pub(super) fn measure(workspace: &Workspace, quick: bool) -> Result<Measured> {
    let docset = builds::docset_with_all_features(workspace)?;
    let documents = if quick { DOCUMENTS / 10 } else { DOCUMENTS };
    let tree = Tree::create(&workspace.target("bench/lifecycle-tree"), documents)?;
    let reading = Reading::new(builds::xtask(workspace)?, &tree);

    let issue = ISSUE.to_string();
    let docset_file = format!("docs/_docset/issues/issue-{ISSUE}.yaml");
    let about = tree.documents_about(ISSUE);
    let commands = [
        Command {
            name: "`docset map`",
            arguments: &["map"],
            writes: Some("docs/_index/issue_map.md"),
            holds: &|text| text.matches("\n| Issue ").count() == tree.issues,
            goal: Goal::Below(1500.0),
        },
        Command {
            name: "`docset sync issue N`",
            arguments: &["sync", "issue", &issue],
            writes: Some(&docset_file),
            holds: &|text| text.matches(", digest: ").count() == about,
            goal: Goal::Below(300.0),
        },
        Command {
            name: "`docset new adr`",
            arguments: &["new", "adr", "--title", "One more decision", "--issue", &issue],
            writes: None,
            holds: &|text| text.contains("title: One more decision\n"),
            goal: Goal::None,
        },
        Command {
            name: "`docset index`",
            arguments: &["index"],
            writes: Some("docs/_index/index.md"),
            holds: &|text| text.matches("](../").count() == tree.documents,
            goal: Goal::None,
        },
        Command {
            name: "`docset report`",
            arguments: &["report"],
            writes: Some("docs/_index/report.html"),
            holds: &|text| text.matches("<th scope=\"row\"><a ").count() == tree.documents,
            goal: Goal::None,
        },
    ];
    // Warms the cache.
    reading.run()?;
    let mut reads = Times::default();
    let mut times: Vec<Times> = commands.iter().map(|_| Times::default()).collect();
    let mut verifications = Times::default();
    // They take turns, so that whatever else the machine does slows all of them.
    for _ in 0..RUNS {
        reads.add_time(reading.run()?.whole);
        for (command, times) in commands.iter().zip(&mut times) {
            times.add_time(command.run(&docset, &tree)?);
        }
        verifications.add_time(verify(&docset, &tree)?);
    }
    let read = milliseconds(reads.report("finding and reading the same files"));
    let mut figures = vec![Figure::new(
        "Finding and reading the same files, whole process, 2 threads",
        read,
        "ms",
        Goal::None,
    )];
    for (command, times) in commands.iter().zip(times) {
        let time = milliseconds(times.report(command.name));
        figures.push(Figure::new(command.name, time, "ms", command.goal));
        if command.arguments == ["map"] {
            let name = "`docset map`, in times of finding and reading";
            figures.push(Figure::new(name, time / read, "×", Goal::None));
        }
    }
    let time = milliseconds(verifications.report("docset verify"));
    figures.push(Figure::new("`docset verify`", time, "ms", Goal::None));
    figures.push(Figure::new(
        "`docset verify`, in times of finding and reading",
        time / read,
        "×",
        Goal::None,
    ));
    let version = machine::version(docset.program(workspace.root()));
    let subject =
        format!("{version}; {}, {} issues; medians of {RUNS} runs", tree.describe(), tree.issues);
    Ok(Measured { subject, figures })
}

impl Command<'_> {
    /// Runs it, looks at what it wrote, and takes that away again.
    fn run(&self, docset: &Docset, tree: &Tree) -> Result<Duration> {
        let run = docset.program(&tree.folder).args(self.arguments).capture()?;
        run.expect_code(0)?;
        let path = match self.writes {
            Some(path) => path,
            None => run.stdout.trim(),
        };
        ensure!(Path::new(path).is_relative(), "`{}` printed `{path}`", run.line);
        let path = tree.folder.join(path);
        let text = files::read(&path).with_context(|| format!("`{}`", run.line))?;
        ensure!((self.holds)(&text), "`{}` wrote something else than expected", run.line);
        std::fs::remove_file(&path)?;
        Ok(run.time)
    }
}

/// Recomputes the digests of all approvals.
fn verify(docset: &Docset, tree: &Tree) -> Result<Duration> {
    let run = docset.run(&tree.folder, &["verify", "--format", "json"])?;
    run.expect_code(0)?;
    let report: serde_json::Value = serde_json::from_str(&run.stdout)?;
    let approved = report["approvals"].as_array().map_or(0, Vec::len);
    ensure!(approved == tree.approved, "{approved} of {} approvals", tree.approved);
    Ok(run.time)
}
