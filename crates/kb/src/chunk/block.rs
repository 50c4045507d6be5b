//! The blocks of a body, as chunks are made of them.

use countersign_markup::markdown::{BlockKind, Outline};
use countersign_markup::span::Span;

use super::guard::{Guard, line_start, next_line};

/// A block that lies in no other, with the blank lines behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) span: Span,
    pub(super) kind: PieceKind,
    /// The level, if it is a heading.
    pub(super) heading: Option<u8>,
}

/// What a piece of a chunk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    Heading,
    Text,
    Code,
    Table,
    List,
}

/// The blocks of `text`, of which `outline` is the outline: all of its body but for blank
/// lines before the first one.
pub(super) fn blocks<'a>(
    text: &'a str,
    outline: &'a Outline<'_>,
    guard: &'a Guard<'_>,
) -> impl Iterator<Item = Block> + 'a {
    let blocks = &outline.blocks;
    let mut headings = outline.headings.iter().peekable();
    blocks.iter().enumerate().flat_map(move |(at, block)| {
        let end = blocks.get(at + 1).map_or(text.len(), |next| next.start);
        let mut span = Span::new(block.start, end);
        let mut heading = None;
        let mut table = None;
        let kind = match block.kind {
            BlockKind::Heading => {
                while headings.next_if(|heading| heading.text.start < block.start).is_some() {}
                heading = headings.peek().map(|heading| heading.level);
                PieceKind::Heading
            }
            BlockKind::Code => PieceKind::Code,
            BlockKind::List => PieceKind::List,
            BlockKind::Paragraph => {
                // A link may begin in the text above and end in the header row.
                let start =
                    table_start(text, span).filter(|start| guard.link_around(*start).is_none());
                if let Some(start) = start {
                    table = Some(Block {
                        span: Span::new(start, end),
                        kind: PieceKind::Table,
                        heading: None,
                    });
                    span.end = start;
                }
                PieceKind::Text
            }
            _ => PieceKind::Text,
        };
        // The text above the table may be none. Neither has a block a line of its own
        // that follows on another one after a line end which only the parser sees.
        let block = Some(Block { span, kind, heading }).filter(|block| !block.span.is_empty());
        block.into_iter().chain(table)
    })
}

/// Where in a paragraph a table of GitHub Flavored Markdown begins: at the first line with
/// a delimiter row below it.
fn table_start(text: &str, paragraph: Span) -> Option<usize> {
    let bytes = text.as_bytes();
    let bar = memchr::memchr(b'|', bytes.get(paragraph.range())?)?;
    let mut start = line_start(bytes, paragraph.start, paragraph.start + bar);
    while start < paragraph.end {
        if table_head(text, Span::new(start, paragraph.end)).is_some() {
            return Some(start);
        }
        start = next_line(bytes, start);
    }
    None
}

/// The first two lines of a text, if they are the head of a table.
///
/// A table begins with a header row and a delimiter row that have the same number of
/// cells (<https://github.github.com/gfm/#tables-extension->).
pub(super) fn table_head(text: &str, span: Span) -> Option<Span> {
    let bytes = text.as_bytes();
    let second = next_line(bytes, span.start);
    if second >= span.end {
        return None;
    }
    let third = next_line(bytes, second);
    let delimiter = bytes.get(second..third)?.trim_ascii();
    let is_delimiter = delimiter.contains(&b'-')
        && delimiter.iter().all(|byte| matches!(byte, b'-' | b':' | b'|' | b' ' | b'\t'));
    if !is_delimiter {
        return None;
    }
    let header = bytes.get(span.start..second)?.trim_ascii();
    let is_head = header.contains(&b'|') && cells(header) == cells(delimiter);
    is_head.then(|| Span::new(span.start, third.min(span.end)))
}

/// The number of cells of a row without white space around it.
fn cells(row: &[u8]) -> usize {
    let row = row.strip_prefix(b"|").unwrap_or(row);
    let mut bars = 0;
    let mut ends_in_bar = false;
    let mut escaped = false;
    for byte in row {
        ends_in_bar = *byte == b'|' && !escaped;
        bars += usize::from(ends_in_bar);
        escaped = *byte == b'\\' && !escaped;
    }
    bars + usize::from(!ends_in_bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_as_many_cells_in_its_first_rows() {
        let head = |text: &str| table_head(text, Span::new(0, text.len())).map(|head| head.end);
        assert_eq!(head("| a | b |\n|---|---|\n| c | d |\n"), Some(20));
        assert_eq!(head("a | b\r\n--|:-:\r\n"), Some(15));
        assert_eq!(head("| a \\| b |\n|---|\n"), Some(17));
        assert_eq!(head("| a | b |\n|---|\n"), None);
        assert_eq!(head("| a | b |\n"), None);
        assert_eq!(head("a\n---\n"), None);
    }
}
