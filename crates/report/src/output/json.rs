//! One JSON object, for programs. Its shape is `docs/guide/src/output.md`; a change
//! that breaks a reader raises `version`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Output, Summary, place, places};
use crate::diagnostic::{Applicability, Severity};
use countersign_markup::span::{Position, Span};

/// Version of the shape.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Root<'a> {
    version: u32,
    tool: Tool,
    summary: &'a Summary,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'static str,
    severity: Severity,
    path: &'a str,
    #[serde(flatten)]
    range: Range,
    message: &'a str,
    label: &'a str,
    help: Option<&'a str>,
    related: Vec<RelatedEntry<'a>>,
    fix: Option<FixEntry<'a>>,
}

/// Lines and columns from 1, columns in characters; offsets in bytes from 0.
#[derive(Serialize)]
struct Range {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    offset: usize,
    end_offset: usize,
}

#[derive(Serialize)]
struct RelatedEntry<'a> {
    path: &'a str,
    #[serde(flatten)]
    range: Range,
    label: &'a str,
}

#[derive(Serialize)]
struct FixEntry<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<EditEntry<'a>>,
}

#[derive(Serialize)]
struct EditEntry<'a> {
    offset: usize,
    end_offset: usize,
    text: &'a str,
}

impl Range {
    fn new(span: Span, start: Position, end: Position) -> Self {
        Self {
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            offset: span.start,
            end_offset: span.end,
        }
    }
}

pub(super) fn write(output: &Output<'_>, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics = places(output.diagnostics, output.sources).map(|place| {
        let diagnostic = place.diagnostic;
        let related = diagnostic.related.iter().map(|related| {
            let path = related.path.as_deref().unwrap_or(&diagnostic.path);
            let other = related.path.as_ref().map(|path| place::Source::read(output.sources, path));
            let source = other.as_ref().unwrap_or(&place.source);
            let start = source.position(related.span.start);
            let end = source.position(related.span.end);
            RelatedEntry {
                path,
                range: Range::new(related.span, start, end),
                label: &related.label,
            }
        });
        Entry {
            rule: diagnostic.rule,
            severity: diagnostic.severity,
            path: &diagnostic.path,
            range: Range::new(diagnostic.span, place.start, place.end),
            message: &diagnostic.message,
            label: &diagnostic.label,
            help: diagnostic.help.as_deref(),
            related: related.collect(),
            fix: diagnostic.fix.as_ref().map(|fix| FixEntry {
                title: &fix.title,
                safe: fix.applicability == Applicability::Safe,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| EditEntry {
                        offset: edit.span.start,
                        end_offset: edit.span.end,
                        text: &edit.text,
                    })
                    .collect(),
            }),
        }
    });
    let root = Root {
        version: VERSION,
        tool: Tool { name: output.tool.name, version: output.tool.version },
        summary: output.summary,
        diagnostics: diagnostics.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &root)?;
    writeln!(out)
}
