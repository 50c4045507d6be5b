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
pub fn stopped<W: Write, T, E: From<io::Error>>(
    out: &mut W,
    write: impl FnOnce(&mut W) -> Result<T, E>,
) -> Result<T, E> {
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

/// Writes `text`, with workflow commands stopped around it only if a line of it could be
/// one. For what other programs read as well.
///
/// # Errors
///
/// That `out` cannot be written to.
pub fn harmless<W: Write>(out: &mut W, text: &str) -> io::Result<()> {
    // `::name::` begins a line, blanks aside; the older `##[name]` stands anywhere:
    // <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>
    let is_command = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
    match text.split(['\n', '\r']).any(is_command) {
        true => stopped(out, |out| {
            out.write_all(text.as_bytes())?;
            // The word stands at the start of a line.
            if text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") }
        }),
        false => out.write_all(text.as_bytes()),
    }
}

/// Says `text` on standard error, which is in the log as well. Nobody reading it does not
/// make the run a success: the exit code says it too.
pub fn say(text: &str) {
    let _ = harmless(&mut io::stderr().lock(), text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_command_is_written_as_it_is() {
        let mut out = Vec::new();
        harmless(&mut out, "docs/a::b.md\n# [x]\n").unwrap();
        assert_eq!(out, b"docs/a::b.md\n# [x]\n");
    }
}
