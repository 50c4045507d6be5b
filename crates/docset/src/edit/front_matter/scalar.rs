//! One value as YAML that reads back as the same text, for us and for every other
//! reader of YAML.

use crate::document::Date;
use crate::yaml::{double_quoted, is_word, needs_escape};

/// `value` as a reader would write it: plain where that is certain, else quoted.
pub(super) fn fresh(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { double_quoted(value) }
}

/// `value` with the quotes that `old` wears, if it can wear them.
pub(super) fn in_the_dress_of(old: &str, value: &str) -> String {
    match old.as_bytes().first() {
        Some(b'\'') if fits_single(value) => format!("'{}'", value.replace('\'', "''")),
        Some(b'"') => double_quoted(value),
        _ => fresh(value),
    }
}

/// Whether `value` needs no quotes in any YAML: it begins with a letter and holds
/// nothing that YAML knows, or it is a day.
fn is_plain(value: &str) -> bool {
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
    known && !is_word(value)
}

/// Whether `value` can stand between single quotes, where nothing can be escaped.
fn fits_single(value: &str) -> bool {
    !value.chars().any(needs_escape)
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
