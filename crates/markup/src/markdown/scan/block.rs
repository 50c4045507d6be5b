//! Block structure: containers (lists and quotes) and the blocks in them.
//!
//! A block is read from the line it starts on to its last one; what it leaves
//! behind is the open containers and the few flags that decide how an empty list
//! item goes on.

mod text;

use super::cursor::Cursor;
use super::html;
use super::inline::{Bracket, Mark};
use super::leaf::{self, Fence};
use super::lines::{blank_rest, line_end, next_line};
use super::specials::Specials;
use crate::markdown::reference::unclosed;
use crate::markdown::{Block, BlockKind, Item, Outline};
use crate::span::Span;

/// How many containers may be open at once. Every line is compared with all of
/// them.
const MAX_DEPTH: usize = 64;

/// An open list, list item or block quote.
enum Container {
    List {
        /// The last byte of its items' marks.
        kind: u8,
        /// Whether no blank line has parted its items yet.
        tight: bool,
    },
    Item {
        /// The indentation of its content.
        indent: usize,
    },
    Quote,
}

pub(super) struct Scanner<'s> {
    text: &'s str,
    bytes: &'s [u8],
    /// From the outermost to the innermost.
    containers: Vec<Container>,
    /// Whether the line before has only the mark of a list item.
    empty_item: bool,
    last_line_blank: bool,
    /// The next line behind the marks of the containers it belongs to, and how
    /// many these are, if the paragraph before it had to know.
    ahead: Option<(Cursor<'s>, usize)>,
    specials: Specials<'s>,
    /// The marks of the current paragraph or heading.
    marks: Vec<Mark>,
    /// Room for the brackets that wait for their partner.
    brackets: Vec<Bracket>,
    outline: Outline<'s>,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(text: &'s str, start: usize) -> Self {
        let bytes = text.as_bytes();
        // What ordinary documents have: one allocation each, not one per doubling.
        let length = bytes.len().saturating_sub(start);
        let outline = Outline {
            headings: Vec::with_capacity(length / 512),
            links: Vec::with_capacity(length / 1024),
            code_spans: Vec::with_capacity(length / 256),
            blocks: Vec::with_capacity(length / 256),
            items: Vec::with_capacity(length / 256),
            ..Outline::default()
        };
        Self {
            text,
            bytes,
            containers: Vec::new(),
            empty_item: false,
            last_line_blank: false,
            ahead: None,
            specials: Specials::new(bytes, start),
            marks: Vec::with_capacity(16),
            brackets: Vec::new(),
            outline,
        }
    }

    pub(super) fn run(mut self, start: usize) -> Option<Outline<'s>> {
        let mut at = start;
        while at < self.bytes.len() {
            at = self.block(at)?;
        }
        Some(self.outline)
    }

    /// Reads the blank line or the block at `start`, the start of a line; where
    /// it ends.
    fn block(&mut self, start: usize) -> Option<usize> {
        let (mut cursor, matched) = self.ahead.take().unwrap_or_else(|| self.line(start));
        while self.containers.len() > matched {
            self.close_container();
        }
        while cursor.may_open_container() {
            let save = cursor;
            let indent = cursor.take_space(4);
            if indent == 4 {
                cursor = save;
                break;
            }
            if let Some(mark) = cursor.take_list_mark(indent) {
                self.continue_list(mark.kind, start);
                self.containers.push(Container::Item { indent: mark.indent });
                self.note_item(start);
                if let Some(next) = blank_rest(self.bytes, cursor.at) {
                    self.empty_item = true;
                    return Some(next);
                }
            } else if cursor.take_quote_mark() {
                self.finish_list();
                self.note_block(start, BlockKind::Quote);
                self.containers.push(Container::Quote);
            } else {
                cursor = save;
                break;
            }
            if self.containers.len() > MAX_DEPTH {
                return None;
            }
        }
        if let Some(next) = blank_rest(self.bytes, cursor.at) {
            self.blank_line();
            return Some(next);
        }
        self.leaf(start, cursor)
    }

    /// Reads the block in the line at `line` that starts at `cursor`, behind the marks of
    /// containers.
    fn leaf(&mut self, line: usize, mut cursor: Cursor<'s>) -> Option<usize> {
        let bytes = self.bytes;
        let indent = cursor.take_space(4);
        let at = cursor.at;
        self.finish_list();
        if indent == 4 {
            self.note_block(line, BlockKind::Code);
            return Some(self.indented_code(at));
        }
        match bytes.get(at)? {
            b'<' => {
                if let Some(end) = html::block_end_mark(bytes, at) {
                    self.note_block(line, BlockKind::Html);
                    return self.html_until(at, end);
                }
                if html::starts_block_tag(bytes, at) || html::is_tag_line(bytes, at) {
                    self.note_block(line, BlockKind::Html);
                    return Some(self.html_until_blank(at));
                }
            }
            b'*' | b'-' | b'_' => {
                if let Some(next) = leaf::is_rule(bytes, at) {
                    self.note_block(line, BlockKind::Rule);
                    return Some(next);
                }
            }
            b'#' => {
                if let Some(level) = leaf::atx_level(bytes, at) {
                    self.note_block(line, BlockKind::Heading);
                    return self.atx_heading(at, level);
                }
            }
            b'`' | b'~' => {
                if let Some(fence) = leaf::opening_fence(bytes, at) {
                    self.note_block(line, BlockKind::Code);
                    return Some(self.fenced_code(at, indent, fence));
                }
            }
            _ => {}
        }
        let headings = self.outline.headings.len();
        let next = self.paragraph(at)?;
        let underlined = self.outline.headings.len() > headings;
        let kind = if underlined { BlockKind::Heading } else { BlockKind::Paragraph };
        self.note_block(line, kind);
        Some(next)
    }

    /// Notes a block that is in no other block.
    fn note_block(&mut self, start: usize, kind: BlockKind) {
        if self.containers.is_empty() {
            self.outline.blocks.push(Block { start, kind });
        }
    }

    /// Notes the list item that was opened in the line at `start`.
    fn note_item(&mut self, start: usize) {
        if self.outline.items.last().is_none_or(|last| last.start != start) {
            let lists = self.containers.iter().filter(|c| matches!(c, Container::List { .. }));
            self.outline.items.push(Item { start, depth: lists.count() });
        }
    }

    /// The line at `start` behind the marks of the containers it belongs to, and
    /// how many these are.
    fn line(&self, start: usize) -> (Cursor<'s>, usize) {
        let mut cursor = Cursor::new(self.bytes, start);
        let matched = self.match_containers(&mut cursor);
        (cursor, matched)
    }

    /// How many of the open containers the line at `cursor` belongs to, which
    /// moves behind their marks.
    #[inline]
    fn match_containers(&self, cursor: &mut Cursor<'_>) -> usize {
        for (matched, container) in self.containers.iter().enumerate() {
            let save = *cursor;
            let belongs = match container {
                Container::List { .. } => true,
                Container::Item { indent } => cursor.has_space(*indent) || cursor.at_line_end(),
                Container::Quote => {
                    cursor.take_space(3);
                    cursor.take_quote_mark()
                }
            };
            if !belongs {
                *cursor = save;
                return matched;
            }
        }
        self.containers.len()
    }

    /// Whether the line at `cursor` belongs to all open containers.
    fn is_inside(&self, cursor: &mut Cursor<'_>) -> bool {
        self.match_containers(cursor) == self.containers.len()
    }

    fn close_container(&mut self) {
        if let Some(Container::List { tight: true, .. }) = self.containers.pop() {
            self.empty_item = false;
        }
    }

    fn blank_line(&mut self) {
        match self.containers.last_mut() {
            Some(Container::Quote) => {}
            Some(Container::Item { indent }) if self.empty_item => {
                // An item that begins with a blank line holds nothing else.
                *indent = 0;
                self.last_line_blank = true;
            }
            _ => self.last_line_blank = true,
        }
    }

    /// Ends the innermost list, if it is a list and not an item, because a block
    /// comes that is no item of it.
    fn finish_list(&mut self) {
        self.finish_empty_item();
        if let Some(Container::List { .. }) = self.containers.last() {
            self.close_container();
        }
        if self.last_line_blank {
            if let [.., Container::List { tight, .. }, _] = &mut self.containers[..] {
                *tight = false;
            }
            self.last_line_blank = false;
        }
    }

    fn finish_empty_item(&mut self) {
        if self.empty_item
            && self.last_line_blank
            && let Some(Container::Item { .. }) = self.containers.last()
        {
            self.close_container();
        }
        self.empty_item = false;
    }

    /// Makes a list of `kind` the innermost container; if it is a new one, it begins in
    /// the line at `line`.
    fn continue_list(&mut self, kind: u8, line: usize) {
        self.finish_empty_item();
        if let Some(Container::List { kind: open, tight }) = self.containers.last_mut()
            && *open == kind
        {
            if self.last_line_blank {
                *tight = false;
                self.last_line_blank = false;
            }
            return;
        }
        if !self.containers.is_empty() {
            self.finish_list();
        }
        self.note_block(line, BlockKind::List);
        self.containers.push(Container::List { kind, tight: true });
        self.last_line_blank = false;
    }

    fn indented_code(&mut self, start: usize) -> usize {
        self.last_line_blank = false;
        let mut at = start;
        let mut end = start;
        loop {
            at = next_line(self.bytes, at);
            if !self.last_line_blank {
                end = at;
            }
            let mut cursor = Cursor::new(self.bytes, at);
            let goes_on = self.is_inside(&mut cursor)
                && (cursor.has_space(4) || cursor.at_line_end())
                && cursor.at < self.bytes.len();
            if !goes_on {
                break;
            }
            self.last_line_blank = blank_rest(self.bytes, cursor.at).is_some();
            at = cursor.at;
        }
        self.outline.code_blocks.push(Span::new(start, end));
        at
    }

    fn fenced_code(&mut self, start: usize, indent: usize, fence: Fence) -> usize {
        let bytes = self.bytes;
        let mut at = next_line(bytes, start);
        let mut closed = false;
        let (end, next) = loop {
            let mut cursor = Cursor::new(bytes, at);
            if !self.is_inside(&mut cursor) {
                break (at, at);
            }
            cursor.take_space(indent);
            let mut closing = cursor;
            if !closing.has_space(4 - indent) {
                if closing.at == bytes.len() {
                    break (closing.at, closing.at);
                }
                if let Some(end) = leaf::closing_fence(bytes, closing.at, fence) {
                    closed = true;
                    break (end, line_end(bytes, end).unwrap_or(end));
                }
            }
            at = next_line(bytes, cursor.at);
        };
        let block = Span::new(start, end);
        self.outline.code_blocks.push(block);
        if !closed && self.outline.unclosed_fence.is_none() {
            self.outline.unclosed_fence = unclosed(self.text, block);
        }
        next
    }

    /// Skips an HTML block that ends with the line that contains `mark`.
    fn html_until(&self, start: usize, mark: &str) -> Option<usize> {
        let mut at = start;
        loop {
            let line = at;
            at = next_line(self.bytes, at);
            let mut cursor = Cursor::new(self.bytes, at);
            let ends = !self.is_inside(&mut cursor)
                || self.text.get(line..at)?.contains(mark)
                || cursor.at == self.bytes.len();
            if ends {
                return Some(at);
            }
            at = cursor.at;
        }
    }

    /// Skips an HTML block that ends before the next blank line.
    fn html_until_blank(&self, start: usize) -> usize {
        let mut at = start;
        loop {
            at = next_line(self.bytes, at);
            let mut cursor = Cursor::new(self.bytes, at);
            if !self.is_inside(&mut cursor) || blank_rest(self.bytes, cursor.at).is_some() {
                return at;
            }
            at = cursor.at;
        }
    }
}
