//! From a place in the value of a YAML scalar to the place in the file.
//!
//! The value of a scalar is not what stands in the file: quotes are doubled, characters
//! escaped, lines folded and indented. Value and source are walked side by side; blanks,
//! which mean nothing in an expression, are where the two may differ.

use countersign_markup::span::Span;

/// A scalar of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scalar<'a> {
    /// The text of the file.
    pub(super) source: &'a str,
    /// Where the scalar stands in it, quotes included.
    pub(super) span: Span,
    /// Its value.
    pub(super) value: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Block,
}

impl Scalar<'_> {
    /// Where `part` of the value stands in the file.
    pub(super) fn locate(&self, part: Span) -> Span {
        let raw = self.span.text(self.source).unwrap_or_default();
        let style = match raw.as_bytes().first() {
            Some(b'\'') => Style::Single,
            Some(b'"') => Style::Double,
            Some(b'|' | b'>') => Style::Block,
            _ => Style::Plain,
        };
        let mut at = match style {
            Style::Plain => 0,
            Style::Single | Style::Double => 1,
            Style::Block => raw.find('\n').map_or(raw.len(), |end| end + 1),
        };
        let (mut start, mut end) = (None, at);
        for (offset, char) in self.value.char_indices() {
            if offset >= part.end && start.is_some() {
                break;
            }
            let (from, to) = step(raw, at, char, style);
            if offset >= part.start && start.is_none() {
                start = Some(from);
            }
            at = to;
            end = to;
        }
        let start = start.unwrap_or(end);
        let end = if part.is_empty() { start } else { end.max(start) };
        Span::new(self.span.start + start, self.span.start + end)
    }
}

/// Where `char` stands in `raw`, at `at` or behind it, and where it ends.
fn step(raw: &str, mut at: usize, char: char, style: Style) -> (usize, usize) {
    let rest = |at: usize| raw.get(at..).unwrap_or_default();
    if char.is_ascii_whitespace() {
        if style == Style::Double && rest(at).starts_with('\\') {
            return (at, at + escape_length(rest(at)));
        }
        let here = rest(at).starts_with(|next: char| next.is_ascii_whitespace());
        return (at, at + usize::from(here));
    }
    // Indentation and folded line ends; and in double quotes, a line end that is escaped.
    loop {
        let blanks = rest(at).len() - rest(at).trim_start_matches([' ', '\t', '\r', '\n']).len();
        at += blanks;
        if style == Style::Double && (rest(at).starts_with("\\\n") || rest(at).starts_with("\\\r"))
        {
            at += 1;
        } else {
            break;
        }
    }
    let length = match (style, rest(at).as_bytes().first()) {
        (Style::Single, Some(b'\'')) => 2,
        (Style::Double, Some(b'\\')) => escape_length(rest(at)),
        _ => rest(at).chars().next().map_or(0, char::len_utf8),
    };
    (at, (at + length).min(raw.len()))
}

/// The length in bytes of an escape of double-quoted YAML, which `rest` begins with.
fn escape_length(rest: &str) -> usize {
    let length = match rest.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
    };
    length.min(rest.len())
}

#[cfg(test)]
mod tests {
    use countersign_markup::yaml::{Budget, parse};

    use super::*;

    /// The text of the file that `part` of the value of `if` comes from.
    fn located(source: &str, part: &str) -> String {
        let yaml = parse(source, 0, Budget::CONFIGURATION).unwrap();
        let node = yaml.root().unwrap().get("if").unwrap();
        let value = node.as_str().unwrap();
        let start = value.find(part).unwrap_or_else(|| panic!("no {part} in {value:?}"));
        let scalar = Scalar { source, span: node.span(), value };
        let span = scalar.locate(Span::new(start, start + part.len()));
        format!("{}..{} {}", span.start, span.end, span.text(source).unwrap())
    }

    #[test]
    fn a_place_is_found_in_every_style_of_scalar() {
        assert_eq!(located("if: a == 'x'\n", "'x'"), "9..12 'x'");
        assert_eq!(located("if: 'a == ''x'' && b'\n", "'x'"), "10..15 ''x''");
        assert_eq!(located("if: 'a == ''x'' && b'\n", "b"), "19..20 b");
        assert_eq!(located("if: \"a\\t\\x62 == 'x' \\\n  && c\"\n", "&& c"), "24..28 && c");
        assert_eq!(located("if: \"\\u00e9 'x'\"\n", "'x'"), "12..15 'x'");
        assert_eq!(located("if: |\n    a ==\n      'x'\n", "'x'"), "21..24 'x'");
        assert_eq!(located("if: >-\n  a\n  == 'x'\n", "'x'"), "16..19 'x'");
        assert_eq!(located("if: a\n  ==   'x'\n", "'x'"), "13..16 'x'");
        assert_eq!(located("if: é || 'я'\n", "'я'"), "10..14 'я'");
        assert_eq!(located("if: >\r\n  a\r\n  == 'x'\r\n", "'x'"), "17..20 'x'");
    }
}
