//! One finding per line, for terminals, editors and `grep`.

use std::io::{self, Write};

use super::{Output, Styling, places};
use crate::diagnostic::Severity;
use countersign_markup::shown::escape;

pub(super) fn write(output: &Output<'_>, styling: Styling, out: &mut dyn Write) -> io::Result<()> {
    for place in places(output.diagnostics, output.sources) {
        let diagnostic = place.diagnostic;
        let (on, off) = match (styling, diagnostic.severity) {
            (Styling::Plain, _) => ("", ""),
            (Styling::Ansi, Severity::Error) => ("\u{1b}[1;31m", "\u{1b}[0m"),
            (Styling::Ansi, Severity::Warning) => ("\u{1b}[1;33m", "\u{1b}[0m"),
            (Styling::Ansi, Severity::Note) => ("\u{1b}[1;32m", "\u{1b}[0m"),
        };
        // A line that begins with `::` is a command where GitHub reads the log.
        let here = if diagnostic.path.starts_with("::") { "./" } else { "" };
        writeln!(
            out,
            "{here}{}:{}:{}: {on}{}[{}]{off} {}",
            escape(&diagnostic.path),
            place.start.line,
            place.start.column,
            diagnostic.severity,
            diagnostic.rule,
            diagnostic.message,
        )?;
    }
    writeln!(out, "{}", super::closing_line(output))
}
