//! Findings with the lines that they are about.

use std::io::{self, Write};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Output, Place, Styling, place, places};
use crate::diagnostic::Severity;
use countersign_markup::shown::escape;
use countersign_markup::span::Span;

/// Most lines of an excerpt.
const LINES: usize = 6;

/// Most bytes shown of a line before and behind what is marked.
const AROUND: usize = 120;

pub(super) fn write(output: &Output<'_>, styling: Styling, out: &mut dyn Write) -> io::Result<()> {
    let renderer = match styling {
        Styling::Ansi => Renderer::styled(),
        Styling::Plain => Renderer::plain(),
    };
    for place in places(output.diagnostics, output.sources) {
        writeln!(out, "{}\n", renderer.render(&[group(&place, output)]))?;
    }
    writeln!(out, "{}", super::closing_line(output))
}

fn group<'a>(place: &'a Place<'a>, output: &Output<'a>) -> Group<'a> {
    let diagnostic = place.diagnostic;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(&*diagnostic.message).id(diagnostic.rule);
    let mut marks = vec![(diagnostic.span, &*diagnostic.label, AnnotationKind::Primary)];
    // A place nearby is shown in the same excerpt, as far as it reaches.
    let near = |span: Span| {
        let line = place.source.position(span.start).line;
        line.abs_diff(place.start.line) < LINES
    };
    for related in &diagnostic.related {
        if related.path.is_none() && near(related.span) {
            marks.push((related.span, &related.label, AnnotationKind::Context));
        }
    }
    let path = escape(&diagnostic.path);
    let origin = Origin::path(path.clone()).line(place.start.line).char_column(place.start.column);
    let mut group = match excerpt(&place.source, &marks) {
        // The excerpt begins where its first line does and shows the place itself.
        Some(Excerpt { snippet, is_cut: false }) => title.element(snippet.path(path)),
        Some(Excerpt { snippet, is_cut: true }) => title.element(origin).element(snippet),
        None => title.element(origin),
    };
    for related in &diagnostic.related {
        if related.path.is_none() && near(related.span) {
            continue;
        }
        let path = related.path.as_deref().unwrap_or(&diagnostic.path);
        let other = related.path.as_ref().map(|path| place::Source::read(output.sources, path));
        let source = other.as_ref().unwrap_or(&place.source);
        let position = source.position(related.span.start);
        let message = format!("{} at {}:{}", related.label, escape(path), position.line);
        group = group.element(Level::NOTE.message(message));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(&**help));
    }
    group
}

/// Some lines of a document, marked.
struct Excerpt<'a> {
    snippet: Snippet<'a, Annotation<'a>>,
    /// Whether the first line lacks its beginning, so that columns cannot be counted.
    is_cut: bool,
}

/// The lines around `marks`, the first of which is the finding's own; `None` if the
/// text is not there (any more).
fn excerpt<'a>(
    source: &place::Source<'_>,
    marks: &[(Span, &'a str, AnnotationKind)],
) -> Option<Excerpt<'a>> {
    let line_of = |offset| source.position(offset).line;
    let first = marks.iter().map(|(span, ..)| line_of(span.start)).min()?;
    let last = marks.iter().map(|(span, ..)| line_of(span.end)).max()?.min(first + LINES);
    let line_start = source.line(first)?.start;
    let mut start = line_start;
    let mut end = source.line(last).or_else(|| source.line(first))?.end;
    // Of a line as long as a book, only the page with the mark.
    let (own, ..) = marks.first()?;
    if first == last || own.len() > AROUND {
        start = start.max(boundary(&source.text, own.start.saturating_sub(AROUND)));
        end = end
            .min(boundary(&source.text, own.start.saturating_add(own.len().min(AROUND)) + AROUND));
    }
    let text = source.text.get(start..end)?;
    // What would rearrange the terminal is shown as a replacement of one character.
    let safe: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|char| match char {
            '\n' | '\t' => char,
            _ if countersign_markup::shown::is_unprintable(char) => '\u{fffd}',
            _ => char,
        })
        .collect();
    let offset = |at: usize| {
        // Replaced characters may be longer or shorter than before; a mark may end
        // in the middle of a line end.
        let (before, behind) = text.split_at(boundary(text, at.saturating_sub(start)));
        let before =
            before.strip_suffix('\r').filter(|_| behind.starts_with('\n')).unwrap_or(before);
        let count = before.chars().count() - before.matches("\r\n").count();
        Some(safe.char_indices().nth(count).map_or(safe.len(), |(at, _)| at))
    };
    let mut annotations = Vec::new();
    for (span, label, kind) in marks {
        let from = offset(span.start)?;
        let to = offset(span.end.min(end))?.max(from);
        let mark = kind.span(from..to);
        annotations.push(if label.is_empty() { mark } else { mark.label(*label) });
    }
    let snippet = Snippet::source(safe.clone()).line_start(first).annotations(annotations);
    Some(Excerpt { snippet, is_cut: start > line_start })
}

/// The nearest character boundary at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
