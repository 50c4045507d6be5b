//! Workflow commands, which GitHub shows as annotations on the changed lines.
//!
//! Format: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.
//! GitHub shows ten annotations of each kind per step; all findings are in the log.

use std::io::{self, Write};

use super::{Output, places};
use crate::diagnostic::Severity;
use countersign_markup::shown::escape;

pub(super) fn write(output: &Output<'_>, out: &mut dyn Write) -> io::Result<()> {
    for place in places(output.diagnostics, output.sources) {
        let diagnostic = place.diagnostic;
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        write!(
            out,
            "::{command} title={},file={},line={},col={}",
            property(&format!("{} {}", output.tool.name, diagnostic.rule)),
            property(&escape(&diagnostic.path)),
            place.start.line,
            place.start.column,
        )?;
        // GitHub wants columns only where both ends are on one line.
        if place.end.line == place.start.line {
            write!(out, ",endLine={},endColumn={}", place.end.line, place.end.column)?;
        }
        let help = diagnostic.help.as_deref().unwrap_or_default();
        let separator = if help.is_empty() { "" } else { "\n" };
        writeln!(out, "::{}", data(&format!("{}{separator}{help}", diagnostic.message)))?;
    }
    writeln!(out, "{}", data(&super::closing_line(output)))
}

/// A workflow command that GitHub shows as an annotation: `command` is `error`, `warning` or
/// `notice`, `line` is counted from 1. Without the line end.
#[must_use]
pub fn annotation(
    command: &str,
    title: &str,
    place: Option<(&str, usize)>,
    message: &str,
) -> String {
    let place = place.map(|(path, line)| format!(",file={},line={line}", property(&escape(path))));
    let place = place.unwrap_or_default();
    format!("::{command} title={}{place}::{}", property(title), data(message))
}

/// A message: what would end it or start another command is encoded.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a command: what separates values is encoded too. Paths come from
/// strangers.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    #[test]
    fn hostile_text_cannot_start_a_command() {
        let shown = super::annotation("error", "a,b", Some(("x:y\n", 3)), "100%\n::warning::x");
        let wanted = "::error title=a%2Cb,file=x%3Ay\\n,line=3::100%25%0A::warning::x";
        assert_eq!(shown, wanted);
    }
}
