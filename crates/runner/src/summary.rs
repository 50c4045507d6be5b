//! The summary of a step: Markdown for people, in the file that `GITHUB_STEP_SUMMARY` names.

use std::fmt::Write as _;

use countersign_markup::shown::escape;
use countersign_report::markdown_text;

/// GitHub refuses a larger summary, in bytes:
/// <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits>.
pub const LARGEST_SUMMARY: usize = 1024 * 1024;

/// How it went, at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Nothing to report, or done.
    Good,
    /// Something to look at that fails nothing.
    Warning,
    /// Findings, or a refusal.
    Bad,
    /// Neither good nor bad.
    Note,
}

impl Sign {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "✅",
            Self::Warning => "⚠️",
            Self::Bad => "❌",
            Self::Note => "ℹ️",
        }
    }
}

/// A summary on its way to the runner. Text that is put into it says itself and nothing
/// else, whoever wrote it; code in back-ticks stays code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    text: String,
}

impl Summary {
    /// A headline.
    pub fn heading(&mut self, sign: Sign, text: &str) {
        let _ = writeln!(self.text, "### {} {}\n", sign.as_str(), hostile(text));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.text, "{}\n", hostile(text));
    }

    /// A list.
    pub fn list<S: AsRef<str>>(&mut self, items: impl IntoIterator<Item = S>) {
        for item in items {
            let _ = writeln!(self.text, "- {}", hostile(item.as_ref()));
        }
        self.text.push('\n');
    }

    /// A table; nothing without rows.
    pub fn table<S: AsRef<str>>(&mut self, head: &[&str], rows: impl IntoIterator<Item = Vec<S>>) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            return;
        }
        let _ = writeln!(self.text, "| {} |", head.join(" | "));
        let _ = writeln!(self.text, "|{}", "---|".repeat(head.len()));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| hostile(cell.as_ref())).collect();
            let _ = writeln!(self.text, "| {} |", cells.join(" | "));
        }
        self.text.push('\n');
    }

    /// Markdown that is made already, with all text in it made harmless.
    pub fn markdown(&mut self, text: &str) {
        self.text.push_str(text.trim_end_matches('\n'));
        self.text.push_str("\n\n");
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The summary in at most `most` bytes: whole lines, and a note of how many are missing.
    #[must_use]
    pub fn to_text(&self, most: usize) -> String {
        if self.text.len() <= most {
            return self.text.clone();
        }
        // Longer than any note.
        const ROOM: usize = 200;
        let mut end = 0;
        for line in self.text.split_inclusive('\n') {
            if end + line.len() + ROOM > most {
                break;
            }
            end += line.len();
        }
        let (kept, rest) = self.text.split_at(end);
        let open = kept.matches("<details>").count() > kept.matches("</details>").count();
        let close = if open { "\n</details>\n" } else { "" };
        let lines = rest.lines().count();
        let note = format!(
            "{close}\n_{lines} more lines have no room here: GitHub takes {LARGEST_SUMMARY} bytes. The log has \
             everything._\n"
        );
        // Too little room even for the note.
        if kept.len() + note.len() > most { String::new() } else { format!("{kept}{note}") }
    }
}

fn hostile(text: &str) -> String {
    markdown_text(&escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_text() {
        let mut summary = Summary::default();
        summary.heading(Sign::Bad, "a\n# b");
        summary.table(&["What"], [vec!["x | <img src=x> @owner\n\n# c"]]);
        summary.table(&["What"], Vec::<Vec<&str>>::new());
        insta::assert_snapshot!(summary.to_text(1000), @r"
        ### ❌ a\\n&#35; b

        | What |
        |---|
        | x \| &lt;img src=x&gt; &#64;owner\\n\\n&#35; c |
        ");
    }

    #[test]
    fn what_does_not_fit_is_left_out_by_lines_and_said() {
        let mut summary = Summary::default();
        summary.markdown("<details><summary>x</summary>\n");
        summary.list((0..1000).map(|number| format!("item {number}")));
        let text = summary.to_text(4000);
        assert!(text.len() <= 4000 && text.len() > 3500, "{}", text.len());
        let cut = text.lines().filter(|line| line.starts_with("- item")).count();
        assert!(
            text.contains(&format!("\n</details>\n\n_{} more lines", 1000 - cut + 1)),
            "{text}"
        );
        assert_eq!(summary.to_text(LARGEST_SUMMARY).lines().count(), 1003);
        assert_eq!(summary.to_text(10), "");
    }
}
