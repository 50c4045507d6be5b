//! Where a text that is too large may be cut, from the places that hurt least to those
//! that hurt most.

use countersign_markup::markdown::Outline;
use countersign_markup::span::Span;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

use super::guard::{Guard, next_line};

/// Between what a text is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Between {
    /// Items of lists of this depth, 1 for lists in no other list.
    Items(usize),
    /// Paragraphs, and code blocks with what is around them.
    Paragraphs,
    /// Lines.
    Lines,
    /// Sentences of one line.
    Sentences,
    /// Words of one line, a few at a time.
    Words,
    /// A few grapheme clusters each.
    Graphemes,
}

/// Items of lists deeper than this are cut like any text.
const MAX_LIST_DEPTH: usize = 6;

/// Grapheme clusters are taken together up to so many bytes, in a small chunk fewer: to
/// count tokens of single characters would be slow, and more than a tokenizer finds in the
/// word.
const GRAPHEMES: usize = 16;

impl Between {
    /// What to try next; `None` if nothing smaller is left.
    pub(super) const fn smaller(self) -> Option<Self> {
        match self {
            Self::Items(depth) if depth < MAX_LIST_DEPTH => Some(Self::Items(depth + 1)),
            Self::Items(_) => Some(Self::Paragraphs),
            Self::Paragraphs => Some(Self::Lines),
            Self::Lines => Some(Self::Sentences),
            Self::Sentences => Some(Self::Words),
            Self::Words => Some(Self::Graphemes),
            Self::Graphemes => None,
        }
    }
}

/// Finds cuts in one document.
#[derive(Debug)]
pub(super) struct Cuts<'a, 's> {
    pub(super) text: &'s str,
    pub(super) outline: &'a Outline<'s>,
    pub(super) guard: &'a Guard<'s>,
    /// How many bytes are nothing beside a whole chunk. Words and grapheme clusters are
    /// taken together up to that.
    pub(super) few: usize,
}

impl Cuts<'_, '_> {
    /// The end of the part that starts at `span.start`: a cut, or the end of `span`.
    ///
    /// Looks at nothing behind the cut, so that cutting a text into all its parts takes
    /// time in proportion to its size.
    pub(super) fn first(&self, between: Between, span: Span) -> usize {
        let end = match between {
            Between::Items(depth) => self.item(depth, span),
            Between::Paragraphs => self.paragraph(span),
            Between::Lines => self.line(span),
            Between::Sentences => self.after(span, 0, Self::ends_sentence),
            Between::Words => self.after(span, self.few, |_, _| true),
            Between::Graphemes => self.graphemes(span),
        };
        end.unwrap_or(span.end)
    }

    fn item(&self, depth: usize, span: Span) -> Option<usize> {
        let items = &self.outline.items;
        let next = items.partition_point(|item| item.start <= span.start);
        let inside = items[next..].iter().take_while(|item| item.start < span.end);
        inside.filter(|item| item.depth == depth).map(|item| item.start).next()
    }

    /// Behind blank lines, or at the edge of a code block.
    fn paragraph(&self, span: Span) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if let Some(code) = self.guard.code_at(span.start) {
            return Some(code.end).filter(|end| *end < span.end);
        }
        let code = self.guard.code_behind(span.start).map_or(span.end, |code| code.start);
        let mut blank = false;
        let mut at = span.start;
        while at < span.end.min(code) {
            let next = next_line(bytes, at).min(span.end);
            let is_blank = bytes[at..next].trim_ascii().is_empty();
            if blank && !is_blank && self.guard.link_around(at).is_none() {
                return Some(at);
            }
            // Blank lines at the beginning belong to what follows.
            blank = is_blank && (blank || at > span.start);
            at = next;
        }
        Some(code).filter(|code| *code < span.end)
    }

    fn line(&self, span: Span) -> Option<usize> {
        let mut at = next_line(self.text.as_bytes(), span.start);
        while at < span.end {
            match self.guard.link_around(at) {
                None => return Some(at),
                Some(link) => at = next_line(self.text.as_bytes(), link.end),
            }
        }
        None
    }

    /// Behind ASCII white space (a no-break space is to keep its words together) that
    /// follows on a word that `ends` accepts, given with what comes behind the white space;
    /// not in the first `few` bytes.
    fn after(&self, span: Span, few: usize, ends: impl Fn(&str, &str) -> bool) -> Option<usize> {
        let mut at = (span.start + few).min(span.end);
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        loop {
            let word = at;
            let rest = self.text.as_bytes().get(at..span.end)?;
            let space = at + memchr::memchr3(b' ', b'\t', b'\n', rest)?;
            let rest = self.text.as_bytes().get(space..span.end)?;
            at = space + rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
            if let Some(link) = self.guard.link_around(at) {
                at = link.end;
                continue;
            }
            // White space at the beginning is no part of its own.
            let before = self.text.get(word..space)?.trim_end_matches('\r');
            let behind = self.text.get(at..span.end)?;
            if !before.is_empty() && ends(before, behind) && self.is_boundary(at) {
                return Some(at);
            }
        }
    }

    fn ends_sentence(before: &str, behind: &str) -> bool {
        let word = before.trim_end_matches(['"', '\'', ')', ']', '*', '_', '»', '”', '’']);
        let ends = word.ends_with(['.', '!', '?', '…', ';', '。', '！', '？']);
        // An abbreviation goes on in lower case: `e.g. this`, `т. е. так`.
        ends && !behind.starts_with(char::is_lowercase)
    }

    /// Whether no grapheme cluster has `at` inside. White space stands before it, so that
    /// the answer needs only the two characters around.
    fn is_boundary(&self, at: usize) -> bool {
        if self.text.as_bytes().get(at).is_none_or(u8::is_ascii) {
            return true;
        }
        GraphemeCursor::new(at, self.text.len(), true).is_boundary(self.text, 0).unwrap_or(false)
    }

    fn graphemes(&self, span: Span) -> Option<usize> {
        let rest = self.text.get(span.range())?;
        // Clusters end where clusters begin: no cut is looked for from inside of one.
        for (offset, _) in rest.grapheme_indices(true) {
            let at = span.start + offset;
            if offset >= self.few.clamp(1, GRAPHEMES) && self.guard.link_around(at).is_none() {
                return Some(at);
            }
        }
        None
    }
}
