//! How the guard knows its comments again.
//!
//! A comment of the guard begins with an HTML comment, which GitHub does not show. There is
//! one for each label of an issue, so that a repetition updates it and another label gets
//! its own. Anybody can write such a line: it counts only in a comment that the guard's own
//! account wrote.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What would end an HTML comment, or run into the rest of the marker, is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b':').remove(b'_').remove(b'.');

/// The marker of the comment about `label`.
#[must_use]
pub fn of(label: Option<&str>) -> String {
    let label = label.unwrap_or_default().to_lowercase();
    format!("<!-- countersign:labels-guard:v1:{} -->", utf8_percent_encode(&label, ENCODED))
}

/// Whether a comment with this text carries `marker`.
#[must_use]
pub fn is_in(marker: &str, body: &str) -> bool {
    // GitHub gives texts back with the line ends that they were sent with.
    body.lines().next().is_some_and(|line| line.trim_end() == marker)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_closes_the_comment_that_names_it() {
        let marker = of(Some("run:x --> <b>\n[z]"));
        assert_eq!(
            marker,
            "<!-- countersign:labels-guard:v1:run:x%20%2D%2D%3E%20%3Cb%3E%0A%5Bz%5D -->"
        );
        assert!(is_in(&marker, &format!("{marker}\r\ntext")));
        assert!(!is_in(&marker, &format!("> {marker}\n")));
        assert_eq!(of(Some("RUN:Dev")), of(Some("run:dev")));
    }
}
