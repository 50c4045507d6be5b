//! `docset check`: how quick and how small it is, beside what it must not exceed.
//!
//! Programs are measured as a user starts them: whole processes, files in the cache,
//! the median of several runs.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::figure::{Figure, Goal};
use super::measure::{Times, median_time};
use super::reading::Reading;
use super::tree::Tree;
use super::{Measured, builds, machine, megabytes, milliseconds, remark};
use crate::docset::Docset;
use crate::files;
use crate::process::Program;
use crate::workspace::Workspace;

const DOCUMENTS: usize = 10_000;
const RUNS: usize = 9;

/// Measures the check, with its peer unless it is to be `quick`.
pub(super) fn measure(workspace: &Workspace, quick: bool) -> Result<Measured> {
    let (docset, clean_build) = builds::docset(workspace, quick)?;
    let documents = if quick { DOCUMENTS / 10 } else { DOCUMENTS };
    let tree = Tree::create(&workspace.target("bench/tree"), documents)?;
    expect_the_faults(&docset, &tree)?;

    let mut figures = Vec::new();
    let reading = Reading::new(builds::xtask(workspace)?, &tree);
    let check = against_reading(&docset, &reading, &tree, &mut figures)?;
    figures.push(peak_memory(&docset, &reading, &tree)?);
    figures.push(one_changed_document(&docset, &tree)?);
    let published = builds::published_docset(workspace)?;
    figures.push(size("The published program, `dist`", &published, Goal::Below(5.0))?);
    figures.push(size("The program built from source, `release`", &docset, Goal::None)?);
    figures.extend(clean_build.map(|time| {
        let goal = Goal::Below(60.0);
        Figure::new(
            "Clean release build of `countersign-docset`, dependencies included",
            time.as_secs_f64(),
            "s",
            goal,
        )
    }));
    let mut peer = String::new();
    if !quick {
        let measured = remark::measure(workspace, &docset, &tree)?;
        let (remark, docset) = (measured.time.as_secs_f64(), check.as_secs_f64());
        figures.push(Figure::new(
            "`remark` with front-matter schemas, same tree, one run",
            remark,
            "s",
            Goal::None,
        ));
        let name = "`remark`, in times of `docset check`";
        figures.push(Figure::new(name, remark / docset, "×", Goal::AtLeast(100.0)));
        peer = format!("{}; ", measured.versions);
    }
    let version = machine::version(docset.program(workspace.root()));
    let subject = format!("{version}; {peer}{}; medians of {RUNS} runs", tree.describe());
    Ok(Measured { subject, figures })
}

/// A check that is quick because it overlooks things would be no check.
fn expect_the_faults(docset: &Docset, tree: &Tree) -> Result<()> {
    let checked = docset.run(&tree.folder, &["check", "--format", "json"])?;
    checked.expect_code(1)?;
    let report: serde_json::Value = serde_json::from_str(&checked.stdout)?;
    let findings = report["diagnostics"].as_array().context("the report has no findings")?.len();
    let summary = &report["summary"];
    ensure!(
        findings == Tree::FAULTS && summary["documents"] == tree.documents,
        "the tree has {} documents with {} faults, but docset says {summary}",
        tree.documents,
        Tree::FAULTS
    );
    println!("  docset finds the {findings} faults that were made");
    Ok(())
}

/// The time of a check, beside that of only reading the files. The two take turns, so
/// that whatever else the machine does slows both.
fn against_reading(
    docset: &Docset,
    reading: &Reading<'_>,
    tree: &Tree,
    figures: &mut Vec<Figure>,
) -> Result<Duration> {
    let check = || checking(docset, tree).capture();
    // Warms the cache.
    reading.run()?;
    let (mut checks, mut reads, mut loops) = <(Times, Times, Times)>::default();
    for _ in 0..RUNS {
        checks.add(&check()?, 1)?;
        let read = reading.run()?;
        loops.add_time(read.only);
        reads.add_time(read.whole);
    }
    let check = checks.report("docset check");
    let read = reads.report("finding and reading the same files");
    let only = loops.report("only reading them");
    let (check_ms, read_ms, only_ms) =
        (milliseconds(check), milliseconds(read), milliseconds(only));
    figures.extend([
        Figure::new("`docset check`, whole process, 2 threads", check_ms, "ms", Goal::None),
        Figure::new(
            "Finding and reading the same files, whole process, 2 threads",
            read_ms,
            "ms",
            Goal::None,
        ),
        Figure::new("Only reading them, without start and search", only_ms, "ms", Goal::None),
        Figure::new(
            "`docset check`, in times of finding and reading",
            check_ms / read_ms,
            "×",
            Goal::AtMost(4.0),
        ),
        Figure::new(
            "`docset check`, in times of only reading",
            check_ms / only_ms,
            "×",
            Goal::None,
        ),
    ]);
    Ok(check)
}

fn checking(docset: &Docset, tree: &Tree) -> Program {
    docset.program(&tree.folder).args(["check", "--format", "concise", "--threads", "2"])
}

fn peak_memory(docset: &Docset, reading: &Reading<'_>, tree: &Tree) -> Result<Figure> {
    let measure = Program::new(reading.program(), &tree.folder)
        .args(["peak-memory", "--"])
        .arg(docset.path())
        .args(["check", "--format", "concise", "--threads", "2"]);
    let bytes: usize = measure.capture()?.stdout_if_success()?.trim().parse()?;
    Ok(Figure::new("Peak memory of `docset check`", megabytes(bytes), "MB", Goal::Below(200.0)))
}

fn one_changed_document(docset: &Docset, tree: &Tree) -> Result<Figure> {
    let path = tree.folder.join(&tree.some_document);
    let before = files::read(&path)?;
    files::write(&path, &format!("{before}\nOne more sentence.\n"))?;
    let changed = || {
        let arguments = ["check", "--format", "concise", "--changed-since", "HEAD"];
        docset.program(&tree.folder).args(arguments)
    };
    let first = changed().capture()?;
    let looked_at_one = first.stdout.contains("1 document:");
    ensure!(looked_at_one, "docset did not look at one document:\n{}", first.output());
    // An approved document that changes is a finding, a draft is none.
    let code = first.code.context("docset was ended by a signal")?;
    let time = median_time("docset check --changed-since HEAD", RUNS, code, changed)?;
    files::write(&path, &before)?;
    let name = "`docset check --changed-since HEAD`, one document of the tree changed";
    Ok(Figure::new(name, milliseconds(time), "ms", Goal::Below(150.0)))
}

fn size(name: &'static str, docset: &Docset, goal: Goal) -> Result<Figure> {
    let bytes = usize::try_from(std::fs::metadata(docset.path())?.len())?;
    Ok(Figure::new(name, megabytes(bytes), "MB", goal))
}
