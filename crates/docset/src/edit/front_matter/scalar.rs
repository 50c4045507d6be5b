//! One value as YAML that reads back as the same text, for us and for every other
//! reader of YAML.

use crate::document::Date;

/// `value` as a reader would write it: plain where that is certain, else quoted.
pub(super) fn fresh(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { double(value) }
}

/// `value` with the quotes that `old` wears, if it can wear them.
pub(super) fn in_the_dress_of(old: &str, value: &str) -> String {
    match old.as_bytes().first() {
        Some(b'\'') if fits_single(value) => format!("'{}'", value.replace('\'', "''")),
        Some(b'"') => double(value),
        _ => fresh(value),
    }
}

/// Whether `value` needs no quotes in any YAML: it begins with a letter and holds
/// nothing that YAML knows, or it is a day.
fn is_plain(value: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    if Date::parse(value).is_some() {
        return true;
    }
    let mut chars = value.chars().peekable();
    let mut known = value.chars().next().is_some_and(char::is_alphabetic);
    while let Some(char) = chars.next() {
        known &= match char {
            '_' | '-' | '.' | '/' | '@' | '+' => true,
            // A colon before a blank ends a key, a blank at the end is lost.
            ':' | ' ' => chars.peek().is_some_and(|next| next.is_alphanumeric()),
            _ => char.is_alphanumeric(),
        };
    }
    known && !WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Whether `value` can stand between single quotes, where nothing can be escaped.
fn fits_single(value: &str) -> bool {
    !value.chars().any(needs_escape)
}

fn needs_escape(char: char) -> bool {
    crate::diagnostic::is_unprintable(char)
        || matches!(char, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn double(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for char in value.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // All of them are in the first plane.
            _ if needs_escape(char) => quoted.push_str(&format!("\\u{:04X}", u32::from(char))),
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_every_reader_takes_for_text_goes_without_quotes() {
        for plain in ["approved", "in-review", "REQ-17", "sha256:ab12", "2026-11-24", "Анна Б"]
        {
            assert_eq!(fresh(plain), plain);
        }
        for text in ["", "17", "no", "Null", "1e5", "a: b", "a #b", "[a]", "-", "x ", "a:", "~"] {
            assert_eq!(fresh(text), format!("\"{text}\""));
        }
        assert_eq!(fresh("a\"\\\n\u{feff}"), "\"a\\\"\\\\\\n\\uFEFF\"");
    }

    #[test]
    fn quotes_stay_where_the_value_can_wear_them() {
        assert_eq!(in_the_dress_of("'a'", "it's"), "'it''s'");
        assert_eq!(in_the_dress_of("'a'", "a\nb"), "\"a\\nb\"");
        assert_eq!(in_the_dress_of("\"a\"", "b"), "\"b\"");
        assert_eq!(in_the_dress_of("a", "b"), "b");
        assert_eq!(in_the_dress_of("|\n  a", "b: c"), "\"b: c\"");
    }
}
