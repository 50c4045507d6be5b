//! What docset makes of this repository's own documents: docset files, the map of issues, the
//! index.

use anyhow::{Result, bail};

use crate::docset::Docset;
use crate::workspace::Workspace;

/// The docset files of issues; each stays until somebody removes it.
const ISSUES: &str = "docs/_docset/issues";

/// Whether to write or to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Write,
    Check,
}

/// Writes the pages, or fails if one is stale.
pub(super) fn run(workspace: &Workspace, docset: &Docset, mode: Mode) -> Result<()> {
    let mut stale = String::new();
    // Docset files first: the map and the index name them.
    let mut commands: Vec<Vec<String>> = issues(workspace)?
        .into_iter()
        .map(|number| vec!["sync".to_owned(), "issue".to_owned(), number])
        .collect();
    commands.extend(["map", "index"].map(|page| vec![page.to_owned()]));
    for mut command in commands {
        if mode == Mode::Check {
            command.push("--check".to_owned());
        }
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let finished = docset.run(workspace.root(), &arguments)?;
        match finished.code {
            Some(0) => {}
            Some(1) if mode == Mode::Check => stale.push_str(&finished.stderr),
            _ => bail!("`{}`: {}", finished.line, finished.stderr.trim()),
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    bail!("run `cargo xtask generate` and commit:\n{}", stale.trim_end())
}

/// The numbers of the issues that have a docset file, in the order of the numbers.
fn issues(workspace: &Workspace) -> Result<Vec<String>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(workspace.root().join(ISSUES))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let number = name.strip_prefix("issue-").and_then(|rest| rest.strip_suffix(".yaml"));
        numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers.iter().map(u64::to_string).collect())
}
