//! Writing a text as a YAML scalar.

use std::fmt::Write as _;

use crate::shown::is_unprintable;

/// Plain scalars that some reader of YAML takes for something else than a text.
const WORDS: [&str; 10] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "none"];

/// `text` as a scalar on one line that is read back as the same text, also inside
/// `[…]` and `{…}`: plain if it is a name or a few words, else in double quotes.
#[must_use]
pub fn scalar(text: &str) -> String {
    let allowed = |char: char| char.is_alphanumeric() || " -_./".contains(char);
    let plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(allowed)
        && !text.ends_with(' ')
        && !is_word(text);
    if plain { text.to_owned() } else { double_quoted(text) }
}

/// Whether some reader of YAML takes `text` for something else than a text.
#[must_use]
pub fn is_word(text: &str) -> bool {
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether `char` can stand in YAML only as an escape, or not be seen.
#[must_use]
pub fn needs_escape(char: char) -> bool {
    // Line ends of YAML 1.1, too.
    is_unprintable(char) || matches!(char, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// `text` in double quotes, on one line.
#[must_use]
pub fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // Writing to a string cannot fail.
            _ if needs_escape(char) && char <= '\u{ffff}' => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(char));
            }
            _ if needs_escape(char) => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(char));
            }
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::yaml::{Budget, parse};

    fn read_back(yaml: &str) -> Option<String> {
        let parsed = parse(yaml, 0, Budget::FRONT_MATTER).ok()?;
        let first = parsed.root()?.get("key")?.items().next()?;
        Some(first.as_str()?.to_owned())
    }

    #[test]
    fn names_and_words_stay_plain() {
        for text in ["adr", "Faster checkout", "Быстрая оплата", "a.b/c-d_e"] {
            assert_eq!(scalar(text), text);
        }
        for text in ["no", "", " a", "a ", "a: b", "- a", "1.0", "a, b", "2026-02-06"] {
            assert_eq!(scalar(text), format!("\"{text}\""));
        }
        assert_eq!(scalar("a\nb\""), "\"a\\nb\\\"\"");
        assert_eq!(scalar("\u{1b}\u{e0001}"), "\"\\u001B\\U000E0001\"");
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_was(text in any::<String>()) {
            let yaml = format!("key: [{}]\n", scalar(&text));
            prop_assert_eq!(read_back(&yaml), Some(text));
        }
    }
}
