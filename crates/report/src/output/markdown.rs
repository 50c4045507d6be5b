//! A table for the summary of a workflow step.

use std::io::{self, Write};

use super::{Output, places};
use countersign_markup::shown::escape;

/// GitHub cuts a step summary at 1 MiB; so many rows stay well below.
const MOST: usize = 500;

pub(super) fn write(output: &Output<'_>, out: &mut dyn Write) -> io::Result<()> {
    let sign = match (output.summary.errors, output.summary.warnings) {
        // Neither good nor bad: perhaps nothing changed, perhaps a path is wrong.
        _ if output.summary.documents == 0 && output.diagnostics.is_empty() => "ℹ️",
        (0, 0) => "✅",
        (0, _) => "⚠️",
        _ => "❌",
    };
    writeln!(out, "### {sign} {} {}\n", output.tool.name, output.tool.command)?;
    writeln!(out, "{}\n", super::closing_line(output))?;
    if output.diagnostics.is_empty() {
        return Ok(());
    }
    writeln!(out, "| | Place | Finding | Rule |")?;
    writeln!(out, "|---|---|---|---|")?;
    for place in places(output.diagnostics, output.sources).take(MOST) {
        let diagnostic = place.diagnostic;
        let help = match &diagnostic.help {
            Some(help) => format!("<br>{}", text(help)),
            None => String::new(),
        };
        writeln!(
            out,
            "| {} | {}:{} | {}{help} | {} |",
            diagnostic.severity,
            text(&escape(&diagnostic.path)),
            place.start.line,
            text(&diagnostic.message),
            diagnostic.rule,
        )?;
    }
    if output.diagnostics.len() > MOST {
        writeln!(out, "\n…and {} more.", output.diagnostics.len() - MOST)?;
    }
    Ok(())
}

/// Text of one line as Markdown, also in a cell of a table, that says itself and nothing
/// else: findings quote documents, and documents may quote anything. Code in back-ticks
/// stays code.
#[must_use]
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    // Two back-ticks in a row open another kind of code, which may not be closed:
    // what looks like code then is not, and would be taken as it is.
    let balanced = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    let mut in_code = false;
    for char in text.chars() {
        match char {
            '`' if balanced => {
                in_code = !in_code;
                shown.push(char);
            }
            // A pipe ends a cell even in code.
            '|' => shown.push_str("\\|"),
            '\n' | '\r' => shown.push(' '),
            _ if in_code => shown.push(char),
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            // A mention or a reference would notify people and link issues.
            '@' => shown.push_str("&#64;"),
            '#' => shown.push_str("&#35;"),
            '`' | '*' | '_' | '[' | ']' | '!' | '\\' | '~' => {
                shown.push('\\');
                shown.push(char);
            }
            _ => shown.push(char),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_hostile_message_stays_a_cell() {
        let shown = super::text("a | <img> @owner [x](y) `b|c` #1");
        assert_eq!(shown, "a \\| &lt;img&gt; &#64;owner \\[x\\](y) `b\\|c` &#35;1");
    }

    #[test]
    fn code_that_is_never_closed_is_no_code() {
        let shown = super::text("``` <img> @owner `");
        assert_eq!(shown, "\\`\\`\\` &lt;img&gt; &#64;owner \\`");
    }
}
