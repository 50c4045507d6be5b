//! Spans turned into lines and columns, reading each document once.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use crate::Sources;
use crate::diagnostic::Diagnostic;
#[cfg(feature = "terminal")]
use countersign_markup::span::Span;
use countersign_markup::span::{LineIndex, Position};

/// A document that findings point into.
pub(crate) struct Source<'a> {
    pub(crate) text: Cow<'a, str>,
    index: LineIndex,
    /// The place that was asked for last. Findings come in order, and counting goes on
    /// from there: many on one long line would cost its length each time.
    last: Cell<Last>,
}

#[derive(Clone, Copy)]
struct Last {
    offset: usize,
    position: Position,
}

/// A finding, where it begins and ends, and the text around it.
pub(crate) struct Place<'a> {
    pub(crate) diagnostic: &'a Diagnostic,
    pub(crate) start: Position,
    pub(crate) end: Position,
    pub(crate) source: Rc<Source<'a>>,
}

impl Source<'_> {
    pub(crate) fn position(&self, offset: usize) -> Position {
        let last = self.last.get();
        let between = self.text.get(last.offset..offset);
        let position = match between.filter(|between| !between.contains('\n')) {
            Some(between) if last.position.column > 1 => {
                Position { column: last.position.column + between.chars().count(), ..last.position }
            }
            _ => self.index.position(&self.text, offset),
        };
        if self.text.is_char_boundary(offset) {
            self.last.set(Last { offset, position });
        }
        position
    }

    #[cfg(feature = "terminal")]
    pub(crate) fn line(&self, line: usize) -> Option<Span> {
        self.index.line_span(&self.text, line)
    }
}

impl<'a> Source<'a> {
    /// The document at `path`; an empty one if it cannot be read (any more).
    pub(crate) fn read(sources: &'a Sources, path: &str) -> Self {
        let text = sources.text(path).unwrap_or_default();
        let index = LineIndex::new(&text);
        let last = Last { offset: 0, position: Position { line: 1, column: 1 } };
        Self { text, index, last: Cell::new(last) }
    }
}

/// The places of `diagnostics`, one after the other: sorted findings need one
/// document in memory at a time.
pub(crate) fn places<'a>(
    diagnostics: &'a [Diagnostic],
    sources: &'a Sources,
) -> impl Iterator<Item = Place<'a>> {
    let mut current: Option<(&str, Rc<Source<'a>>)> = None;
    diagnostics.iter().map(move |diagnostic| {
        let source = match &current {
            Some((path, source)) if *path == &*diagnostic.path => Rc::clone(source),
            _ => {
                let source = Rc::new(Source::read(sources, &diagnostic.path));
                current = Some((&diagnostic.path, Rc::clone(&source)));
                source
            }
        };
        Place {
            diagnostic,
            start: source.position(diagnostic.span.start),
            end: source.position(diagnostic.span.end),
            source,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_on_gives_what_counting_anew_does() {
        let text = "\u{feff}аб\r\nвг д\n\nе";
        let mut sources = Sources::new("/");
        sources.set("a.md", text);
        let source = Source::read(&sources, "a.md");
        let index = LineIndex::new(text);
        for from in 0..=text.len() {
            for to in 0..=text.len() + 1 {
                assert_eq!(source.position(from), index.position(text, from), "{from}");
                assert_eq!(source.position(to), index.position(text, to), "{from} {to}");
            }
        }
    }
}
