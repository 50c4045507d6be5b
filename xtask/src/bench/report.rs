//! `docs/benchmarks.md`: the figures between two markers; the prose around stays.

use anyhow::{Context as _, Result};

use super::figure::Figure;
use super::tree::Tree;
use super::{date, machine, megabytes};
use crate::docset::Docset;
use crate::files;
use crate::workspace::Workspace;

const PATH: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- figures: written by `cargo xtask bench` -->";
const END: &str = "<!-- end of figures -->";

/// What was measured.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) tree: &'a Tree,
    pub(super) docset: &'a Docset,
    /// Name and versions of the peer.
    pub(super) peer: &'a str,
    /// Runs behind each median.
    pub(super) runs: usize,
}

/// The figures as a table.
pub(super) fn table(figures: &[Figure]) -> String {
    let rows: String = figures.iter().map(Figure::row).collect();
    format!("| Figure | Measured | Goal |\n| --- | ---: | --- |\n{rows}")
}

/// Puts the figures into the page.
pub(super) fn write(
    workspace: &Workspace,
    subject: &Subject<'_>,
    figures: &[Figure],
) -> Result<()> {
    let path = workspace.root().join(PATH);
    let page = files::read(&path)?;
    let docset = machine::version(subject.docset.program(workspace.root()));
    let facts = format!(
        "Measured on {}, {}; {docset}, {}; {}; {} documents of {:.0} MB together; medians of {} runs.\n",
        date::today(),
        machine::describe(),
        machine::rustc(workspace),
        subject.peer,
        subject.tree.documents,
        megabytes(subject.tree.bytes),
        subject.runs
    );
    let figures = format!("{facts}\n{}", table(figures));
    files::write(&path, &between_markers(&page, &figures)?)?;
    println!("wrote {PATH}");
    Ok(())
}

fn between_markers(page: &str, text: &str) -> Result<String> {
    let markers = || format!("{PATH} has no `{BEGIN}` followed by `{END}`");
    let (before, rest) = page.split_once(BEGIN).with_context(markers)?;
    let (_, after) = rest.split_once(END).with_context(markers)?;
    Ok(format!("{before}{BEGIN}\n\n{text}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_around_the_markers_stays() {
        let page = format!("# A\n\n{BEGIN}\nold\n{END}\n\nB\n");
        let written = between_markers(&page, "new\n").unwrap();
        assert_eq!(written, format!("# A\n\n{BEGIN}\n\nnew\n\n{END}\n\nB\n"));
        assert_eq!(between_markers(&written, "new\n").unwrap(), written);
        assert!(between_markers("# A\n", "new").is_err());
    }
}
