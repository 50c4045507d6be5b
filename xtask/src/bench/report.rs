//! `docs/benchmarks.md`: the table of each part between two markers; the prose around
//! stays.

use anyhow::{Context as _, Result};

use super::figure::Figure;
use super::{Measured, date, machine};
use crate::files;
use crate::workspace::Workspace;

const PATH: &str = "docs/benchmarks.md";
const END: &str = "<!-- end of figures -->";

/// The figures as a table.
pub(super) fn table(figures: &[Figure]) -> String {
    let rows: String = figures.iter().map(Figure::row).collect();
    format!("| Figure | Measured | Goal |\n| --- | ---: | --- |\n{rows}")
}

/// Puts the figures of a part into the page.
pub(super) fn write(workspace: &Workspace, part: &str, measured: &Measured) -> Result<()> {
    let path = workspace.root().join(PATH);
    let page = files::read(&path)?;
    let text = format!(
        "Measured on {}, {}, {}; {}.\n\n{}",
        date::today(),
        machine::describe(),
        machine::rustc(workspace),
        measured.subject,
        table(&measured.figures)
    );
    files::write(&path, &between_markers(&page, part, &text)?)?;
    println!("wrote the part `{part}` of {PATH}");
    Ok(())
}

fn between_markers(page: &str, part: &str, text: &str) -> Result<String> {
    let begin = format!("<!-- figures: written by `cargo xtask bench {part}` -->");
    let markers = || format!("{PATH} has no `{begin}` followed by `{END}`");
    let (before, rest) = page.split_once(&begin).with_context(markers)?;
    let (_, after) = rest.split_once(END).with_context(markers)?;
    Ok(format!("{before}{begin}\n\n{text}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_and_the_figures_of_other_parts_stay() {
        let part = |name: &str, text: &str| {
            format!("<!-- figures: written by `cargo xtask bench {name}` -->\n\n{text}\n{END}\n\n")
        };
        let page = format!("# A\n\n{}B\n\n{}C\n", part("one", "old\n"), part("two", "other\n"));
        let written = between_markers(&page, "one", "new\n").unwrap();
        let expected = format!("# A\n\n{}B\n\n{}C\n", part("one", "new\n"), part("two", "other\n"));
        assert_eq!(written, expected);
        assert_eq!(between_markers(&written, "one", "new\n").unwrap(), written);
        assert!(between_markers(&page, "three", "new\n").is_err());
    }
}
