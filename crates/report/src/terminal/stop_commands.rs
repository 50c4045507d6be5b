//! Text from documents in the log of a workflow.
//!
//! The runner of GitHub Actions looks for commands in every line of the log. What a
//! document says must not be one, so commands are stopped around text that quotes
//! documents, with a word that the document cannot know:
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands>.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write};

/// Writes what `write` writes, with workflow commands stopped around it if this is a
/// workflow.
///
/// # Errors
///
/// What `write` says, or that `out` cannot be written to.
pub fn stopped<W: Write, E: From<io::Error>>(
    out: &mut W,
    write: impl FnOnce(&mut W) -> Result<(), E>,
) -> Result<(), E> {
    if std::env::var_os("GITHUB_ACTIONS").is_none() {
        return write(out);
    }
    // Seeded by the system, anew in every process.
    let word = format!("countersign-{:016x}", RandomState::new().hash_one("stop"));
    writeln!(out, "::stop-commands::{word}")?;
    let result = write(out);
    writeln!(out, "::{word}::")?;
    result
}
