//! Writing into a store and searching it, by a program of its own: what is built here is not
//! optimised, and SQLite neither.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::figure::{Figure, Goal};
use super::{Measured, builds};
use crate::files;
use crate::process::Program;
use crate::workspace::Workspace;

const CHUNKS: usize = 100_000;

/// Measures SQLite.
pub(super) fn measure(workspace: &Workspace, quick: bool) -> Result<Measured> {
    let program = builds::measure_store(workspace)?;
    let chunks = if quick { CHUNKS / 10 } else { CHUNKS };
    let folder = workspace.target("bench/store");
    files::make_empty_folder(&folder)?;
    let url = format!("sqlite:{}", folder.join("kb.db").display());
    let sqlite = Run::of(&program, &folder, &url, chunks)?;
    let figures = vec![
        Figure::new("SQLite: chunks written", sqlite.get("written")?, "/s", Goal::None),
        Figure::new("SQLite: chunks written again", sqlite.get("rewritten")?, "/s", Goal::None),
        Figure::new("SQLite: vectors kept", sqlite.get("embedded")?, "/s", Goal::None),
        Figure::new("SQLite: file", sqlite.get("bytes")? / 1_000_000.0, "MB", Goal::None),
        Figure::new("SQLite: search by words, p50", sqlite.get("lexical-p50")?, "ms", Goal::None),
        Figure::new("SQLite: the same, p95", sqlite.get("lexical-p95")?, "ms", LIMIT),
        Figure::new("SQLite: search by vector, p50", sqlite.get("vector-p50")?, "ms", Goal::None),
        Figure::new("SQLite: the same, p95", sqlite.get("vector-p95")?, "ms", LIMIT),
        Figure::new("SQLite: search by both, p50", sqlite.get("hybrid-p50")?, "ms", Goal::None),
        Figure::new("SQLite: the same, p95", sqlite.get("hybrid-p95")?, "ms", LIMIT),
        Figure::new("SQLite: the same in one type, p95", sqlite.get("filtered-p95")?, "ms", LIMIT),
        Figure::new(
            "SQLite: recall@10 of search by vector",
            sqlite.get("recall")?,
            "",
            Goal::AtLeast(0.95),
        ),
    ];
    let subject = format!(
        "countersign-kb {}; {chunks} chunks of about 120 words in documents of 10, vectors of 384 \
         numbers; 200 searches of five words each, 10 hits wanted; the first search by words, in \
         documents in force",
        env!("CARGO_PKG_VERSION")
    );
    Ok(Measured { subject, figures })
}

/// Issue 6 asks this of SQLite.
const LIMIT: Goal = Goal::Below(80.0);

/// What the program printed: names and values.
struct Run(Vec<(String, f64)>);

impl Run {
    fn of(program: &Path, folder: &Path, url: &str, chunks: usize) -> Result<Self> {
        let program = Program::new(program, folder).args([url, &chunks.to_string()]);
        let printed = program.capture()?.stdout_if_success()?;
        print!("{printed}");
        Self::parse(&printed)
    }

    fn parse(printed: &str) -> Result<Self> {
        let line = |line: &str| -> Result<(String, f64)> {
            let (name, value) = line.split_once(' ').with_context(|| line.to_owned())?;
            let value: f64 = value.parse().with_context(|| line.to_owned())?;
            ensure!(value.is_finite() && value > 0.0, "nothing was measured: `{line}`");
            Ok((name.to_owned(), value))
        };
        Ok(Self(printed.lines().map(line).collect::<Result<_>>()?))
    }

    fn get(&self, name: &str) -> Result<f64> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| *value).with_context(|| format!("`{name}` was not measured"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_program_prints() {
        let run = Run::parse("written 15000\nrecall 0.9700\n").unwrap();
        assert!((run.get("recall").unwrap() - 0.97).abs() < 1e-9);
        assert!(run.get("lexical-p95").is_err());
        assert!(Run::parse("written 0\n").is_err());
        assert!(Run::parse("error: sqlite:x belongs to another program\n").is_err());
    }
}
