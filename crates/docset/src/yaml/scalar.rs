//! Writing a text as a YAML scalar.

use std::fmt::Write as _;

use crate::diagnostic::is_unprintable;
use crate::document::Date;

/// Plain scalars that some reader of YAML takes for something else than a text.
const WORDS: [&str; 10] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "none"];

/// `text` as a scalar on one line that is read back as the same text, also inside
/// `[…]`: plain if it is a name, a few words or a day, else in double quotes.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(char);
            }
            _ if is_unprintable(char) || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\U{:08X}", u32::from(char));
            }
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

fn is_plain(text: &str) -> bool {
    if Date::parse(text).is_some() {
        return true;
    }
    let allowed = |char: char| char.is_alphanumeric() || " -_./".contains(char);
    text.starts_with(char::is_alphabetic)
        && text.chars().all(allowed)
        && !text.ends_with(' ')
        && !WORDS.contains(&&*text.to_lowercase())
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
        for text in ["adr", "Faster checkout", "Быстрая оплата", "2026-02-06", "a.b/c-d_e"]
        {
            assert_eq!(scalar(text), text);
        }
        for text in ["no", "", " a", "a ", "a: b", "- a", "1.0", "a, b", "2026-02-30"] {
            assert_eq!(scalar(text), format!("\"{text}\""));
        }
        assert_eq!(scalar("a\nb\""), "\"a\\U0000000Ab\\\"\"");
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_was(text in any::<String>()) {
            let yaml = format!("key: [{}]\n", scalar(&text));
            prop_assert_eq!(read_back(&yaml), Some(text));
        }
    }
}
