//! The knowledge base: `kb index` as a whole process, on the tree of the other parts.
//!
//! Without embeddings, which are measured apart. A run counts only if the index holds what
//! the tree has.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::figure::{Figure, Goal};
use super::measure::Times;
use super::reading::Reading;
use super::tree::Tree;
use super::{Measured, builds, machine, milliseconds, to_f64};
use crate::process::Program;
use crate::workspace::Workspace;

const DOCUMENTS: usize = 10_000;
/// Of indexing from nothing.
const RUNS: usize = 3;
/// Of runs that find nothing to do.
const IDLE_RUNS: usize = 9;

/// The longest that a run may take that finds nothing to do, in milliseconds.
const IDLE: f64 = 1000.0;
/// The fewest chunks a second that PostgreSQL takes.
const CHUNKS: f64 = 15_000.0;

/// Measures the program with a file, and with the server that the starter of the tests
/// brings up.
pub(super) fn measure(workspace: &Workspace, quick: bool) -> Result<Measured> {
    let documents = if quick { DOCUMENTS / 10 } else { DOCUMENTS };
    let tree = Tree::create(&workspace.target("bench/kb-tree"), documents)?;
    let kb = builds::kb(workspace)?;
    let reading = Reading::new(builds::xtask(workspace)?, &tree);
    // The first one warms the cache.
    reading.run()?;
    let mut reads = Times::default();
    for _ in 0..IDLE_RUNS {
        reads.add_time(reading.run()?.whole);
    }
    let read = milliseconds(reads.report("finding and reading the same files"));
    let file = workspace.target("bench/kb.db");
    let sqlite = store(&kb, &tree, &mut || {
        for end in ["", "-wal", "-shm", ".lock"] {
            let path = file.with_extension(format!("db{end}"));
            if path.exists() {
                std::fs::remove_file(&path)?;
            }
        }
        Ok(format!("sqlite:{}", file.display()))
    })?;
    let mut server = builds::PostgresServer::start(workspace)?;
    let postgres = store(&kb, &tree, &mut || server.database())?;
    let version = machine::version(Program::new(&kb, workspace.root()));
    let subject = format!(
        "{version}; {}, {} chunks; without embeddings; medians of {RUNS} runs from nothing and {IDLE_RUNS} with nothing to do; a PostgreSQL on the same machine, with fsync off and 1 GB of shared buffers",
        tree.describe(),
        postgres.chunks
    );
    let rate = |store: &Indexed| to_f64(store.chunks) / store.whole.as_secs_f64();
    let figures = vec![
        Figure::new(
            "Finding and reading the same files, whole process, 2 threads",
            read,
            "ms",
            Goal::None,
        ),
        Figure::new(
            "`kb index` from nothing, PostgreSQL",
            rate(&postgres),
            "chunks/s",
            Goal::AtLeast(CHUNKS),
        ),
        Figure::new("`kb index` from nothing, SQLite", rate(&sqlite), "chunks/s", Goal::None),
        Figure::new(
            "`kb index` with nothing to do, PostgreSQL",
            milliseconds(postgres.idle),
            "ms",
            Goal::Below(IDLE),
        ),
        Figure::new(
            "`kb index` with nothing to do, SQLite",
            milliseconds(sqlite.idle),
            "ms",
            Goal::Below(IDLE),
        ),
    ];
    Ok(Measured { subject, figures })
}

/// What indexing into one kind of store took.
struct Indexed {
    chunks: usize,
    whole: Duration,
    idle: Duration,
}

/// Indexes into stores that `fresh` makes, each with nothing in it.
fn store(kb: &Path, tree: &Tree, fresh: &mut dyn FnMut() -> Result<String>) -> Result<Indexed> {
    let (mut wholes, mut idles, mut chunks) = (Times::default(), Times::default(), 0);
    let mut url = String::new();
    for _ in 0..RUNS {
        url = fresh()?;
        let (time, summary) = index(kb, tree, &url)?;
        let added = summary["added"].as_array().map_or(0, Vec::len);
        ensure!(added == tree.documents, "{added} of {} documents were indexed", tree.documents);
        let count = summary["chunks"]["added"].as_u64().context("the summary counts no chunks")?;
        chunks = usize::try_from(count)?;
        wholes.add_time(time);
    }
    for _ in 0..IDLE_RUNS {
        let (time, summary) = index(kb, tree, &url)?;
        let unchanged = summary["unchanged"].as_u64().unwrap_or_default();
        ensure!(
            usize::try_from(unchanged)? == tree.documents,
            "{unchanged} documents are unchanged"
        );
        idles.add_time(time);
    }
    let kind = url.split(':').next().unwrap_or_default();
    Ok(Indexed {
        chunks,
        whole: wholes.report(&format!("{kind}: from nothing")),
        idle: idles.report(&format!("{kind}: nothing to do")),
    })
}

fn index(kb: &Path, tree: &Tree, url: &str) -> Result<(Duration, Value)> {
    let run = Program::new(kb, &tree.folder)
        .args(["index", "--no-embeddings", "--format", "json", "--db", url])
        .capture()?;
    run.expect_code(0)?;
    let summary = serde_json::from_str(&run.stdout).context("the summary is no JSON")?;
    Ok((run.time, summary))
}
