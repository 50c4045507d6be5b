//! Text as a YAML scalar.

use std::fmt::Write as _;

/// Words that some reader of YAML takes for a truth value or for nothing.
const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// A text as a scalar that is read back as the same text: plain if that is safe,
/// else in double quotes, always in one line.
pub(crate) fn scalar(text: &str) -> String {
    let plain = text.starts_with(|char: char| char.is_ascii_alphabetic())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "-_./".contains(char))
        && !WORDS.contains(&&*text.to_ascii_lowercase());
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(char);
            }
            // Line ends of YAML 1.1, too.
            _ if crate::diagnostic::is_unprintable(char)
                || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}') =>
            {
                // Writing to a string cannot fail.
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
    use super::*;

    #[test]
    fn names_come_back_as_they_were() {
        for name in
            ["adr", "no", "true", "a: b", "ключ", "- x", "\"", "\\", "a\u{1b}b", "1.0", "", "a\nb"]
        {
            let yaml = scalar(name);
            let parsed = crate::yaml::parse(&yaml, 0, crate::yaml::Budget::FRONT_MATTER).unwrap();
            assert_eq!(parsed.root().and_then(|root| root.as_str()).unwrap_or_default(), name);
        }
    }
}
