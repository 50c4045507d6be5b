//! Byte ranges into a source, and their lines and columns.
//!
//! A span stays a byte range for as long as possible: lines and columns are
//! computed only where they are shown to somebody.

use std::ops::Range;

/// A half-open range of bytes in one source text, counted from its first byte
/// (a byte order mark included).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset one past the last byte; equal to `start` for an empty span.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to and without `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty span at `offset`.
    #[must_use]
    pub const fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether `offset` lies inside the span.
    #[must_use]
    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The span moved `by` bytes to the right.
    #[must_use]
    pub const fn shifted(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }

    /// The range, for slicing.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The text that the span covers, or `None` if it does not fit `source`.
    #[must_use]
    pub fn text(self, source: &str) -> Option<&str> {
        source.get(self.range())
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A place as a person counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, 1-based. A line ends at `\n`, at `\r\n`, or at the end of the text.
    pub line: usize,
    /// Column, 1-based, in Unicode scalar values (a byte order mark is not counted).
    pub column: usize,
}

/// The starts of all lines of one text, for turning offsets into [`Position`]s.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Finds all line starts of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { starts }
    }

    /// The position of `offset` in `text`, which must be the text that the
    /// index was made from. An offset past the end, or inside a character,
    /// counts as the nearest place before it.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let before = &text[start..offset];
        let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
        Position { line, column }
    }

    /// The span of line `line` (1-based) without its line end, or `None` past
    /// the last line.
    #[must_use]
    pub fn line_span(&self, text: &str, line: usize) -> Option<Span> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let end = self.starts.get(line).map_or(text.len(), |next| next - 1);
        let trimmed = text.get(start..end)?.trim_end_matches('\r').len();
        Some(Span::new(start, start + trimmed))
    }

    /// The number of lines; a text that ends with a line end has no empty last line.
    #[must_use]
    pub fn line_count(&self, text: &str) -> usize {
        let last_is_empty = self.starts.last() == Some(&text.len());
        self.starts.len() - usize::from(last_is_empty && self.starts.len() > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_in_characters_and_skips_the_byte_order_mark() {
        let text = "\u{feff}ключ: значение\r\nb\n";
        let index = LineIndex::new(text);
        let at = text.find("значение").unwrap();
        assert_eq!(index.position(text, at), Position { line: 1, column: 7 });
        assert_eq!(index.position(text, text.len()), Position { line: 3, column: 1 });
        let first = index.line_span(text, 1).unwrap();
        assert_eq!(first.text(text).unwrap(), "\u{feff}ключ: значение");
        assert_eq!(index.line_count(text), 2);
    }
}
