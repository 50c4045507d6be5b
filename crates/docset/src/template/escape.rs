//! Values as text that means nothing but itself where it is put.

use std::fmt::Write as _;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::diagnostic::is_unprintable;
use crate::yaml::scalar;

/// The half of a document that a value is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// YAML.
    FrontMatter,
    /// Markdown.
    Body,
}

/// Appends `value` to `text` the way that `place` needs it.
pub(super) fn write(text: &mut String, place: Place, value: &Value) -> Result<(), Error> {
    match (value.kind(), place) {
        (ValueKind::Undefined, _) => return Err(Error::from(ErrorKind::UndefinedError)),
        (ValueKind::None, Place::FrontMatter) => text.push_str("null"),
        (ValueKind::None, Place::Body) => {}
        (ValueKind::Seq | ValueKind::Iterable, _) => {
            let (open, close) = if place == Place::FrontMatter { ("[", "]") } else { ("", "") };
            text.push_str(open);
            for (at, item) in value.try_iter()?.enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                write(text, place, &item)?;
            }
            text.push_str(close);
        }
        (ValueKind::String, _) if value.is_safe() => text.push_str(value.as_str().unwrap_or("")),
        (ValueKind::String, Place::FrontMatter) => {
            text.push_str(&scalar(value.as_str().unwrap_or("")));
        }
        (ValueKind::String, Place::Body) => markdown(text, value.as_str().unwrap_or("")),
        (ValueKind::Number | ValueKind::Bool, _) => {
            // Writing to a string cannot fail.
            let _ = write!(text, "{value}");
        }
        (kind, _) => {
            let message = format!("a value of kind `{kind}` cannot be written");
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
    }
    Ok(())
}

/// `value` as a run of Markdown text on one line: nothing in it is a link, an
/// emphasis, a heading, a tag or a placeholder.
fn markdown(text: &mut String, value: &str) {
    let words: Vec<&str> = value
        .split(|char: char| char.is_whitespace() || is_unprintable(char))
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mut before = ' ';
    for (at, char) in line.char_indices() {
        let special = match char {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' => {
                true
            }
            // The number of a heading's level, in front or behind.
            '#' => before == ' ',
            '-' | '+' | '=' => at == 0,
            // The first item of a numbered list.
            '.' | ')' => digits > 0 && at == digits,
            _ => false,
        };
        if special {
            text.push('\\');
        }
        text.push(char);
        before = char;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_body(value: &str) -> String {
        let mut text = String::new();
        markdown(&mut text, value);
        text
    }

    #[test]
    fn markdown_is_not_read_in_a_value() {
        assert_eq!(in_body("Faster checkout, 2nd try: C#"), "Faster checkout, 2nd try: C#");
        assert_eq!(in_body("a\n\n# b\u{202e}"), "a \\# b");
        assert_eq!(in_body("<script> {{ id }} [a](b)"), "\\<script\\> \\{\\{ id \\}\\} \\[a\\](b)");
        assert_eq!(in_body("- a"), "\\- a");
        assert_eq!(in_body("12. a"), "12\\. a");
        assert_eq!(in_body("| `a` & *b* |"), "\\| \\`a\\` \\& \\*b\\* \\|");
    }

    #[test]
    fn lists_are_lists_in_front_matter() {
        let mut text = String::new();
        let list = Value::from(vec![Value::from(7), Value::from("a: b")]);
        write(&mut text, Place::FrontMatter, &list).unwrap();
        assert_eq!(text, "[7, \"a: b\"]");
    }
}
