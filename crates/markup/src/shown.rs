//! Text from a document, made fit to be shown.

/// Makes text from a document fit to be shown: control characters, line ends and
/// the invisible characters that reorder text become `\u{…}`.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ if is_unprintable(char) => shown.extend(char.escape_unicode()),
            _ => shown.push(char),
        }
    }
    shown
}

/// Text from a document as part of a message: escaped, and cut to a length that
/// leaves the message readable.
#[must_use]
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(LONGEST).collect();
    let cut = if chars.next().is_some() { "…" } else { "" };
    format!("{}{cut}", escape(&head))
}

/// Control characters, line ends that are none to most programs, the Unicode controls
/// that make text read otherwise than it is stored (<https://trojansource.codes>), and
/// the invisible tag characters, which only machines read.
#[must_use]
pub fn is_unprintable(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{61c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_shown_escaped() {
        assert_eq!(escape("a\u{1b}[31mb\n\u{202e}"), "a\\u{1b}[31mb\\n\\u{202e}");
        assert_eq!(excerpt(&"я".repeat(200)), format!("{}…", "я".repeat(120)));
    }
}
