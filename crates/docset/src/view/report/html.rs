//! Text of documents in HTML.

use crate::record::{Record, Standing, Subject};
use crate::view::link::{destination, one_line};

/// `text` in one line, as content or as the value of an attribute in double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for char in one_line(text).chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(char),
        }
    }
    escaped
}

/// A link from the page at `path` to the document, by its id; the title shows when it is
/// pointed at, and is searched.
pub(super) fn link(path: &str, record: &Record) -> String {
    let label = if record.id.is_empty() { &record.path } else { &*record.id };
    let (address, title) = (escape(&destination(path, &record.path)), escape(&record.title));
    let title = if title.is_empty() { title } else { format!(" title=\"{title}\"") };
    format!("<a href=\"{address}\"{title}>{}</a>", escape(label))
}

/// What people call it.
pub(super) fn name(subject: Subject) -> String {
    match subject {
        Subject::Issue(number) => format!("Issue {number}"),
        Subject::PullRequest(number) => format!("PR {number}"),
    }
}

/// The name of a standing in the style sheet.
pub(super) fn class(standing: Standing) -> String {
    standing.name().replace(' ', "-")
}

/// The word for a standing in its colour.
pub(super) fn badge(standing: Standing) -> String {
    format!("<span class=\"badge {}\">{}</span>", class(standing), standing.name())
}
