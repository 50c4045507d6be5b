//! `cargo xtask bench`: how quick and how small docset is, beside what it must not
//! exceed.
//!
//! Programs are measured as a user starts them: whole processes, files in the cache,
//! the median of several runs.

mod builds;
mod date;
mod figure;
mod machine;
mod measure;
mod remark;
mod report;
mod tree;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use self::builds::Builds;
use self::figure::{Figure, Goal};
use self::measure::{Times, median_time};
use self::tree::Tree;
use crate::docset::Docset;
use crate::files;
use crate::process::Program;
use crate::workspace::Workspace;

/// How thorough to be.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A tenth of the documents, no clean build, no peer; writes no report
    #[arg(long)]
    quick: bool,
}

const DOCUMENTS: usize = 10_000;
const RUNS: usize = 9;

/// Measures everything, writes `docs/benchmarks.md`, and fails if a goal is missed.
///
/// # Errors
///
/// If something cannot be measured, or docset finds other faults than were made.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let builds = builds::build(workspace, arguments.quick)?;
    let documents = if arguments.quick { DOCUMENTS / 10 } else { DOCUMENTS };
    println!("writing a tree of {documents} documents");
    let tree = Tree::create(&workspace.target("bench/tree"), documents)?;
    println!("  {:.1} MB", megabytes(tree.bytes));
    expect_the_faults(&builds.docset, &tree)?;

    let mut figures = Vec::new();
    let check = against_reading(&builds, &tree, &mut figures)?;
    figures.push(peak_memory(&builds, &tree)?);
    figures.push(one_changed_document(&builds.docset, &tree)?);
    figures.push(size(&builds.docset)?);
    figures.extend(builds.clean_build.map(|time| {
        let goal = Goal::Below(60.0);
        Figure::new(
            "Clean release build of `countersign-docset`, dependencies included",
            time.as_secs_f64(),
            "s",
            goal,
        )
    }));
    let mut peer = None;
    if !arguments.quick {
        let measured = remark::measure(workspace, &builds.docset, &tree)?;
        let (remark, docset) = (measured.time.as_secs_f64(), check.as_secs_f64());
        figures.push(Figure::new(
            "`remark` with front-matter schemas, same tree, one run",
            remark,
            "s",
            Goal::None,
        ));
        let name = "`remark`, in times of `docset check`";
        figures.push(Figure::new(name, remark / docset, "×", Goal::AtLeast(100.0)));
        peer = Some(measured.versions);
    }

    println!("\n{}", report::table(&figures));
    if let Some(peer) = peer {
        let subject =
            report::Subject { tree: &tree, docset: &builds.docset, peer: &peer, runs: RUNS };
        report::write(workspace, &subject, &figures)?;
    }
    let missed: Vec<&Figure> = figures.iter().filter(|figure| !figure.reached()).collect();
    for figure in &missed {
        println!("missed: {}", figure.name);
    }
    Ok(if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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
fn against_reading(builds: &Builds, tree: &Tree, figures: &mut Vec<Figure>) -> Result<Duration> {
    let check = || checking(&builds.docset, tree).capture();
    let read = || {
        let program = Program::new(&builds.xtask, &tree.folder);
        program.args(["read-tree", "docs", "--threads", "2"]).capture()
    };
    // Warms the cache.
    read_loop(&read()?.stdout, tree)?;
    let (mut checks, mut reads, mut loops) = <(Times, Times, Times)>::default();
    for _ in 0..RUNS {
        checks.add(&check()?, 1)?;
        let run = read()?;
        loops.add_time(read_loop(&run.stdout, tree)?);
        reads.add(&run, 0)?;
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

/// The time of the reading in a line of `read-tree`, after a look whether it read
/// everything.
fn read_loop(line: &str, tree: &Tree) -> Result<Duration> {
    let numbers: Vec<usize> =
        line.split_whitespace().map(str::parse).collect::<Result<_, _>>().context("read-tree")?;
    let [files, bytes, microseconds] = numbers[..] else {
        anyhow::bail!("read-tree printed `{line}`");
    };
    ensure!(
        files == tree.documents && bytes == tree.bytes,
        "read-tree read {files} files, {bytes} bytes"
    );
    Ok(Duration::from_micros(u64::try_from(microseconds)?))
}

fn peak_memory(builds: &Builds, tree: &Tree) -> Result<Figure> {
    let measure = Program::new(&builds.xtask, &tree.folder)
        .args(["peak-memory", "--"])
        .arg(builds.docset.path())
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

fn size(docset: &Docset) -> Result<Figure> {
    let bytes = std::fs::metadata(docset.path())?.len();
    let bytes = usize::try_from(bytes)?;
    Ok(Figure::new("Stripped release binary", megabytes(bytes), "MB", Goal::Below(5.0)))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Millions of bytes.
fn megabytes(bytes: usize) -> f64 {
    to_f64(bytes) / 1_000_000.0
}

fn to_f64(number: usize) -> f64 {
    // Exact for everything that is measured here: below 2^32.
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
