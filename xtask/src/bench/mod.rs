//! `cargo xtask bench`: the figures of `docs/benchmarks.md`, part by part.
//!
//! A part measures one subject and owns one table of the page. It runs alone, so that
//! whoever works on its subject does not wait for the others.

mod actions;
mod builds;
mod check;
mod chunk;
mod date;
mod decisions;
mod embed;
mod figure;
mod gates;
mod kb;
mod labels;
mod lifecycle;
mod machine;
mod measure;
mod reading;
mod remark;
mod report;
mod retrieval;
mod store;
mod tree;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use self::figure::Figure;
use crate::workspace::Workspace;

/// What to measure, and how thoroughly.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What to measure. Default: everything
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
    /// A tenth of the documents, no clean build, no peer; writes no report
    #[arg(long)]
    quick: bool,
}

/// A part of the benchmarks, by the name that the command line and the page know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// `docset check` on 10,000 documents, and the program itself
    Check,
    /// The commands of the life of a document, on 10,000 documents and 2,000 issues
    Lifecycle,
    /// Single decisions of the policy
    Decisions,
    /// The gates of one issue, among 10,000 documents
    Gates,
    /// `labels sync` on 1,000 labels and 50 repositories, beside github-label-sync
    Labels,
    /// Cutting 10,000 documents into chunks
    Chunk,
    /// Embedding chunks with a real model, beside fastembed for Python
    Embed,
    /// Writing 100,000 chunks into a store, and searching them
    Store,
    /// `kb index` on 10,000 documents, into PostgreSQL and SQLite
    Kb,
    /// Questions with known answers, asked of both stores
    Retrieval,
    /// What the actions add to a job
    Actions,
}

/// What a part measured.
#[derive(Debug)]
struct Measured {
    /// What it was measured on, for the line above the table: versions, sizes, runs.
    subject: String,
    figures: Vec<Figure>,
}

impl Part {
    /// All parts, in the order in which they run.
    const ALL: [Self; 11] = [
        Self::Check,
        Self::Lifecycle,
        Self::Labels,
        Self::Decisions,
        Self::Gates,
        Self::Chunk,
        Self::Embed,
        Self::Store,
        Self::Kb,
        Self::Retrieval,
        Self::Actions,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Lifecycle => "lifecycle",
            Self::Decisions => "decisions",
            Self::Gates => "gates",
            Self::Labels => "labels",
            Self::Chunk => "chunk",
            Self::Embed => "embed",
            Self::Store => "store",
            Self::Kb => "kb",
            Self::Retrieval => "retrieval",
            Self::Actions => "actions",
        }
    }

    fn measure(self, workspace: &Workspace, quick: bool) -> Result<Measured> {
        match self {
            Self::Check => check::measure(workspace, quick),
            Self::Lifecycle => lifecycle::measure(workspace, quick),
            Self::Decisions => decisions::measure(workspace, quick),
            Self::Gates => gates::measure(workspace, quick),
            Self::Labels => labels::measure(workspace, quick),
            Self::Chunk => chunk::measure(workspace, quick),
            Self::Embed => embed::measure(workspace, quick),
            Self::Store => store::measure(workspace, quick),
            Self::Kb => kb::measure(workspace, quick),
            Self::Retrieval => retrieval::measure(workspace, quick),
            Self::Actions => actions::measure(workspace, quick),
        }
    }
}

/// Measures the parts, writes their tables in `docs/benchmarks.md` (unless it is to be
/// quick), and fails if a goal is missed.
///
/// # Errors
///
/// If something cannot be measured, or does not do what it should.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for part in Part::ALL {
        if !arguments.parts.is_empty() && !arguments.parts.contains(&part) {
            continue;
        }
        println!("==> {}", part.name());
        let measured = part.measure(workspace, arguments.quick)?;
        println!("\n{}", report::table(&measured.figures));
        if !arguments.quick {
            report::write(workspace, part.name(), &measured)?;
        }
        for figure in measured.figures.iter().filter(|figure| !figure.reached()) {
            println!("missed: {}", figure.name);
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
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
