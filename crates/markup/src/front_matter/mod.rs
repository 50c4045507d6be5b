//! The YAML block at the head of a document.
//!
//! The block begins on the first line with `---` and ends at the next line that
//! is `---`; blanks after the dashes, a byte order mark before them and either
//! line end are accepted.

mod digest;

pub use digest::{Digest, DigestError, content_digest, digestible};

use crate::span::Span;
use crate::yaml::{Budget, Entry, Node, Yaml, YamlError, parse};

/// Where the block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The opening fence line, without its line end.
    pub open: Span,
    /// What is between the fences.
    pub yaml: Span,
    /// The closing fence line, without its line end.
    pub close: Span,
    /// Offset of the first byte of the body.
    pub body_start: usize,
}

/// What was found at the head of a text.
#[derive(Clone, Debug)]
pub enum FrontMatter<'s> {
    /// The first line is no fence.
    Missing,
    /// The first line is a fence, and no later line closes it.
    Unclosed {
        /// The opening fence line.
        open: Span,
    },
    /// A closed block, and what the YAML parser made of it.
    Present {
        /// Where the block stands.
        block: Block,
        /// The parsed block, or why it cannot be parsed.
        yaml: Result<Yaml<'s>, YamlError>,
    },
}

impl<'s> FrontMatter<'s> {
    /// Finds and parses the front matter of `text`.
    #[must_use]
    pub fn parse(text: &'s str) -> Self {
        match find(text) {
            Found::Missing => Self::Missing,
            Found::Unclosed(open) => Self::Unclosed { open },
            Found::Closed(block) => {
                let yaml = parse(&text[block.yaml.range()], block.yaml.start, Budget::FRONT_MATTER);
                Self::Present { block, yaml }
            }
        }
    }

    /// The block, if it is closed.
    #[must_use]
    pub const fn block(&self) -> Option<&Block> {
        match self {
            Self::Present { block, .. } => Some(block),
            _ => None,
        }
    }

    /// The mapping, if the block is closed and its YAML is one.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_, 's>> {
        match self {
            Self::Present { yaml: Ok(yaml), .. } => yaml.root(),
            _ => None,
        }
    }

    /// The entry of a top-level key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<Entry<'_, 's>> {
        self.root()?.entry(key)
    }

    /// The value of a top-level key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Node<'_, 's>> {
        self.root()?.get(key)
    }

    /// The text of a top-level key that holds one scalar.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// Whether any value is written as an alias (`*name`).
    #[must_use]
    pub fn has_alias(&self) -> bool {
        matches!(self, Self::Present { yaml: Ok(yaml), .. } if yaml.has_alias())
    }

    /// Offset of the first byte of the body: behind the block, or the start of the
    /// text (behind a byte order mark) where there is none.
    #[must_use]
    pub fn body_start(&self, text: &str) -> usize {
        match self {
            Self::Present { block, .. } => block.body_start,
            _ => bom_len(text),
        }
    }
}

/// Where a block stands, not yet parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The first line is no fence.
    Missing,
    /// The first line is a fence, given here, and no later line closes it.
    Unclosed(Span),
    /// A closed block.
    Closed(Block),
}

/// The length of the byte order mark at the start of `text`: 3 or 0.
#[must_use]
pub fn bom_len(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// Finds the block without parsing it.
#[must_use]
pub fn find(text: &str) -> Found {
    let bytes = text.as_bytes();
    let Some(open) = fence_line(bytes, bom_len(text)) else { return Found::Missing };
    let yaml_start = next_line(bytes, open.end);
    // The line before the closing fence may be the opening fence itself.
    let mut from = yaml_start - 1;
    while let Some(at) = memchr::memmem::find(&bytes[from.min(bytes.len())..], b"\n---") {
        let line = from + at + 1;
        if let Some(close) = fence_line(bytes, line) {
            return Found::Closed(Block {
                open,
                yaml: Span::new(yaml_start, line),
                close,
                body_start: next_line(bytes, close.end).min(bytes.len()),
            });
        }
        from = line;
    }
    Found::Unclosed(open)
}

/// The line at `start` if it is `---` and blanks; without its line end.
fn fence_line(bytes: &[u8], start: usize) -> Option<Span> {
    let rest = bytes.get(start..)?.strip_prefix(b"---")?;
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let end = start + 3 + blanks;
    match (bytes.get(end), bytes.get(end + 1)) {
        (None | Some(b'\n'), _) | (Some(b'\r'), None | Some(b'\n')) => Some(Span::new(start, end)),
        _ => None,
    }
}

/// Offset of the line after the one whose content ends at `end`; past the end of
/// the text (by one) if `end` is its last byte.
fn next_line(bytes: &[u8], end: usize) -> usize {
    end + if bytes.get(end) == Some(&b'\r') { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml_and_body(text: &str) -> Option<(&str, &str)> {
        let Found::Closed(block) = find(text) else { return None };
        Some((&text[block.yaml.range()], &text[block.body_start..]))
    }

    #[test]
    fn finds_the_block_in_every_dress() {
        assert_eq!(yaml_and_body("---\na: 1\n---\nb\n"), Some(("a: 1\n", "b\n")));
        assert_eq!(yaml_and_body("---\r\na: 1\r\n---\r\nb"), Some(("a: 1\r\n", "b")));
        assert_eq!(yaml_and_body("\u{feff}--- \t\na: 1\n---  \nb"), Some(("a: 1\n", "b")));
        assert_eq!(yaml_and_body("---\n---\n"), Some(("", "")));
        assert_eq!(yaml_and_body("---\n---"), Some(("", "")));
        assert_eq!(yaml_and_body("---\na: |\n  ---\n---\n"), Some(("a: |\n  ---\n", "")));
        assert_eq!(yaml_and_body("---\na: 1\n---- \n---\n"), Some(("a: 1\n---- \n", "")));
    }

    #[test]
    fn a_thematic_break_later_on_is_no_front_matter() {
        assert!(matches!(find("# T\n\n---\n\nx\n---\n"), Found::Missing));
        assert!(matches!(find("----\na: 1\n---\n"), Found::Missing));
        assert!(matches!(find(""), Found::Missing));
    }

    #[test]
    fn an_open_block_is_reported() {
        assert!(matches!(find("---\na: 1\n"), Found::Unclosed(_)));
        assert!(matches!(find("---"), Found::Unclosed(_)));
        assert!(matches!(find("---\r"), Found::Unclosed(_)));
    }
}
