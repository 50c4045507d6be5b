//! From a place to a span in a text.

use std::sync::Arc;

use countersign_config::CONFIG_FILE;
use countersign_markup::span::{LineIndex, Span};
use countersign_process::Place;
use countersign_report::{Diagnostic, Finding, Severity, Sources};

use super::{Found, RULES};

/// The finding as all formats show it.
pub(super) fn diagnostic(found: Found, sources: &Sources) -> Diagnostic {
    let (path, span) = match &found.place {
        Some(place) => (Arc::clone(&place.path), span(place, sources)),
        None => (CONFIG_FILE.into(), Span::at(0)),
    };
    let severity = RULES.iter().find(|rule| rule.id == found.rule);
    let severity = severity.map_or(Severity::Error, |rule| rule.severity);
    Finding::new(span, found.message).help(found.help).into_diagnostic(path, found.rule, severity)
}

/// The word that stands at the place; nothing, if the text is not there.
fn span(place: &Place, sources: &Sources) -> Span {
    let Some(text) = sources.text(&place.path) else { return Span::at(0) };
    let Some(line) = LineIndex::new(&text).line_span(&text, place.line) else { return Span::at(0) };
    let content = line.text(&text).unwrap_or_default();
    let offset: usize = content.chars().take(place.column - 1).map(char::len_utf8).sum();
    let start = line.start + offset;
    let word = content[offset..].find([':', ',', ' ', ']', '}']).unwrap_or(content.len() - offset);
    Span::new(start, start + word)
}
