//! Cutting documents into chunks, beside `text-splitter`, by a program of its own that
//! nothing else waits for.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use super::figure::{Figure, Goal};
use super::tree::Tree;
use super::{Measured, builds, megabytes, to_f64};
use crate::process::Program;
use crate::workspace::Workspace;

const DOCUMENTS: usize = 10_000;

/// The size of a chunk by characters, about what the default size by tokens comes to.
const CHARACTERS: &str = "1600";

const ROUNDS: usize = 9;

/// Measures both.
pub(super) fn measure(workspace: &Workspace, quick: bool) -> Result<Measured> {
    let program = builds::chunking(workspace)?;
    let documents = if quick { DOCUMENTS / 10 } else { DOCUMENTS };
    let tree = Tree::create(&workspace.target("bench/chunk-tree"), documents)?;
    let run = Run::of(&program, &tree)?;
    ensure!(run.documents == tree.documents, "cut {} of {documents} documents", run.documents);
    let speed = |time: Duration| megabytes(run.bytes) / time.as_secs_f64();
    let [default, characters, peer] = &run.measured;
    for (name, measured) in [("default", default), ("characters", characters), ("peer", peer)] {
        // As many chunks as the text fills, or the program did not do its work.
        ensure!(measured.chunks > run.bytes / 8_000, "{name}: {} chunks", measured.chunks);
        println!("  {name}: {:.0} MB/s, {} chunks", speed(measured.time), measured.chunks);
    }
    let times = peer.time.as_secs_f64() / characters.time.as_secs_f64();
    let figures = vec![
        Figure::new(
            "Chunking with default sizes, one thread",
            speed(default.time),
            "MB/s",
            Goal::AtLeast(100.0),
        ),
        Figure::new("The same", to_f64(default.chunks), "chunks", Goal::None),
        Figure::new("Chunking by 1600 characters", speed(characters.time), "MB/s", Goal::None),
        Figure::new("`text-splitter` by 1600 characters", speed(peer.time), "MB/s", Goal::None),
        Figure::new("Chunking, in times of `text-splitter`", times, "×", Goal::AtLeast(20.0)),
    ];
    let subject = format!(
        "countersign-kb {}; text-splitter {}; bodies of {}; processor time, medians of {ROUNDS} \
         runs and 3 of the peer",
        env!("CARGO_PKG_VERSION"),
        builds::version_of_peer(workspace)?,
        tree.describe()
    );
    Ok(Measured { subject, figures })
}

/// What the program printed.
struct Run {
    documents: usize,
    bytes: usize,
    /// Default sizes; by characters; the peer.
    measured: [Chunking; 3],
}

struct Chunking {
    /// The median.
    time: Duration,
    chunks: usize,
}

impl Run {
    fn of(program: &Path, tree: &Tree) -> Result<Self> {
        let program = Program::new(program, &tree.folder);
        let run = program.args(["docs", CHARACTERS, &ROUNDS.to_string()]).capture()?;
        Self::parse(&run.stdout_if_success()?)
    }

    fn parse(printed: &str) -> Result<Self> {
        let mut lines = printed.lines();
        let numbers = |line: &str| -> Result<Vec<usize>> {
            let words = line.split_whitespace().filter(|word| word.starts_with(char::is_numeric));
            words.map(|word| word.parse().with_context(|| line.to_owned())).collect()
        };
        let [documents, bytes] = numbers(lines.next().unwrap_or_default())?[..] else {
            bail!("the program printed `{printed}`");
        };
        let mut chunking = || -> Result<Chunking> {
            let [_, median, chunks] = numbers(lines.next().unwrap_or_default())?[..] else {
                bail!("the program printed `{printed}`");
            };
            let time = Duration::from_micros(u64::try_from(median)?);
            ensure!(!time.is_zero(), "no time was measured: `{printed}`");
            Ok(Chunking { time, chunks })
        };
        Ok(Self { documents, bytes, measured: [chunking()?, chunking()?, chunking()?] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_program_prints() {
        let run = Run::parse("2 30\ndefault 4 5 6\ncharacters 7 8 9\ntext-splitter 10 11 12\n");
        let run = run.unwrap();
        assert_eq!((run.documents, run.bytes), (2, 30));
        assert_eq!(run.measured[2].time, Duration::from_micros(11));
        assert_eq!(run.measured[0].chunks, 6);
        assert!(Run::parse("2 30\ndefault 4 5 6\n").is_err());
        assert!(Run::parse("2 30\na 1 0 6\nb 7 8 9\nc 10 11 12\n").is_err());
    }
}
