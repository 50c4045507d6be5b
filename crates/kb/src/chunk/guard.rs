//! What no cut goes through: links, code blocks, rows of tables.

use std::cell::OnceCell;

use countersign_markup::markdown::Outline;
use countersign_markup::span::Span;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// The places of one document that stay whole.
#[derive(Debug)]
pub(super) struct Guard<'s> {
    text: &'s str,
    body_start: usize,
    /// Links and images that lie in no other, in order.
    links: Vec<Span>,
    /// Code blocks in whole lines, in order.
    code: Vec<Span>,
    /// Tables, in order; asked for only where a line is too long.
    tables: OnceCell<Vec<Span>>,
}

impl<'s> Guard<'s> {
    pub(super) fn new(text: &'s str, body_start: usize, outline: &Outline<'_>) -> Self {
        let mut links: Vec<Span> = Vec::with_capacity(outline.links.len());
        for link in &outline.links {
            if links.last().is_none_or(|last| last.end <= link.span.start) {
                links.push(link.span);
            }
        }
        let bytes = text.as_bytes();
        let mut code: Vec<Span> = Vec::with_capacity(outline.code_blocks.len());
        for block in &outline.code_blocks {
            // A lone carriage return ends a line too, for the full parser at times.
            let mut before = &bytes[body_start..block.start];
            if bytes.get(block.start) == Some(&b'\n') {
                before = before.strip_suffix(b"\r").unwrap_or(before);
            }
            let start = memchr::memrchr2(b'\n', b'\r', before);
            let start = start.map_or(body_start, |found| body_start + found + 1);
            let end = match bytes.get(..block.end).and_then(<[u8]>::last) {
                Some(b'\n' | b'\r') if bytes.get(block.end) != Some(&b'\n') => block.end,
                _ => next_line(bytes, block.end),
            };
            code.push(Span::new(start, end));
        }
        Self { text, body_start, links, code, tables: OnceCell::new() }
    }

    /// The link that has `offset` inside: it begins before and ends behind.
    pub(super) fn link_around(&self, offset: usize) -> Option<Span> {
        let next = self.links.partition_point(|link| link.start < offset);
        let link = self.links.get(next.checked_sub(1)?)?;
        (offset < link.end).then_some(*link)
    }

    /// The code block that `offset` lies in or that begins there.
    pub(super) fn code_at(&self, offset: usize) -> Option<Span> {
        let next = self.code.partition_point(|code| code.start <= offset);
        let code = self.code.get(next.checked_sub(1)?)?;
        (offset < code.end).then_some(*code)
    }

    /// The next code block that begins behind `offset`.
    pub(super) fn code_behind(&self, offset: usize) -> Option<Span> {
        let next = self.code.partition_point(|code| code.start <= offset);
        self.code.get(next).copied()
    }

    /// Whether a line of `line` is a line of a table, with the extension of GitHub Flavored
    /// Markdown as the full parser reads it.
    pub(super) fn is_row(&self, line: Span) -> bool {
        let tables = self.tables.get_or_init(|| self.find_tables());
        let next = tables.partition_point(|table| table.end <= line.start);
        tables.get(next).is_some_and(|table| table.start < line.end)
    }

    fn find_tables(&self) -> Vec<Span> {
        let body = &self.text[self.body_start..];
        if memchr::memchr(b'|', body.as_bytes()).is_none() {
            return Vec::new();
        }
        let options = Options::ENABLE_FOOTNOTES | Options::ENABLE_TABLES;
        Parser::new_ext(body, options)
            .into_offset_iter()
            .filter(|(event, _)| matches!(event, Event::Start(Tag::Table(_))))
            .map(|(_, range)| Span::from(range).shifted(self.body_start))
            .collect()
    }
}

/// The start of the line that `at` lies in, not before `from`.
pub(super) fn line_start(bytes: &[u8], from: usize, at: usize) -> usize {
    memchr::memrchr(b'\n', &bytes[from..at]).map_or(from, |found| from + found + 1)
}

/// The start of the line after the one that `at` lies in.
pub(super) fn next_line(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found + 1)
}
