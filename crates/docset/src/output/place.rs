//! Spans turned into lines and columns, reading each document once.

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::span::{LineIndex, Position, Span};
use crate::tree::Sources;

/// A document that findings point into.
pub(crate) struct Source<'a> {
    pub(crate) text: Cow<'a, str>,
    index: LineIndex,
}

/// A finding, where it begins and ends, and the text around it.
pub(crate) struct Place<'a> {
    pub(crate) diagnostic: &'a Diagnostic,
    pub(crate) start: Position,
    pub(crate) end: Position,
    pub(crate) source: Arc<Source<'a>>,
}

impl Source<'_> {
    pub(crate) fn position(&self, offset: usize) -> Position {
        self.index.position(&self.text, offset)
    }

    #[cfg(feature = "cli")]
    pub(crate) fn line(&self, line: usize) -> Option<Span> {
        self.index.line_span(&self.text, line)
    }
}

impl<'a> Source<'a> {
    /// The document at `path`; an empty one if it cannot be read (any more).
    pub(crate) fn read(sources: &'a Sources, path: &str) -> Self {
        let text = sources.text(path).unwrap_or_default();
        let index = LineIndex::new(&text);
        Self { text, index }
    }
}

/// The places of `diagnostics`, one after the other: sorted findings need one
/// document in memory at a time.
pub(crate) fn places<'a>(
    diagnostics: &'a [Diagnostic],
    sources: &'a Sources,
) -> impl Iterator<Item = Place<'a>> {
    let mut current: Option<(&str, Arc<Source<'a>>)> = None;
    diagnostics.iter().map(move |diagnostic| {
        let source = match &current {
            Some((path, source)) if *path == &*diagnostic.path => Arc::clone(source),
            _ => {
                let source = Arc::new(Source::read(sources, &diagnostic.path));
                current = Some((&diagnostic.path, Arc::clone(&source)));
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
