//! Paragraphs and headings: their extent, and the marks in them.

use super::Scanner;
use crate::markdown::Heading;
use crate::markdown::scan::inline::{self, Mark, MarkKind};
use crate::markdown::scan::leaf;
use crate::markdown::scan::lines::{is_blank, run_length, skip_blanks};
use crate::span::Span;

impl Scanner<'_> {
    /// Reads the heading of `level` at `start`.
    pub(super) fn atx_heading(&mut self, start: usize, level: u8) -> Option<usize> {
        let bytes = self.bytes;
        let content = skip_blanks(bytes, start + usize::from(level));
        self.marks.clear();
        let next = self.sweep_line(content);
        let written = &bytes[content..next];
        let end = content + atx_text_length(written);
        let text = if end == content {
            Span::at(start + usize::from(level))
        } else {
            // A backslash hides, or is, the character at the edge of the text; a tab
            // there is counted as a part of whatever is before it.
            let ends_in_blank = written[..end - content].last().copied().is_some_and(is_blank);
            let doubtful = written.starts_with(b"\\") || written.trim_ascii_end().ends_with(b"\\");
            if doubtful || ends_in_blank {
                return None;
            }
            Span::new(content, end)
        };
        self.outline.headings.push(Heading { level, text });
        self.resolve_marks()?;
        Some(next)
    }

    /// Reads a paragraph, or the heading that an underline makes of it.
    pub(super) fn paragraph(&mut self, start: usize) -> Option<usize> {
        self.marks.clear();
        let mut line = start;
        loop {
            let next = self.sweep_line(line);
            let (mut cursor, matched) = self.line(next);
            let inside = matched == self.containers.len();
            let ahead = (cursor, matched);
            if !cursor.has_space(4) {
                if inside
                    && let Some((level, after)) = leaf::setext_underline(self.bytes, cursor.at)
                {
                    self.finish_paragraph(start, next)?;
                    let text = self.setext_text(start, line, next)?;
                    self.outline.headings.push(Heading { level, text });
                    return Some(after);
                }
                if leaf::interrupts(self.bytes, cursor.at, inside) {
                    self.ahead = Some(ahead);
                    return self.finish_paragraph(start, next);
                }
            }
            cursor.take_all_space();
            if cursor.at_line_end() {
                return self.finish_paragraph(start, next);
            }
            line = cursor.at;
        }
    }

    /// Pairs the marks of the paragraph from `start` to `end`; returns `end`.
    fn finish_paragraph(&mut self, start: usize, end: usize) -> Option<usize> {
        if self.bytes[start] == b'[' && may_be_definition(&self.bytes[start + 1..end]) {
            return None;
        }
        self.resolve_marks()?;
        Some(end)
    }

    /// The text of an underlined heading: from `start` to the end of the line from
    /// `line` to `next`.
    fn setext_text(&self, start: usize, line: usize, next: usize) -> Option<Span> {
        let last = &self.bytes[line..next];
        let length = last.iter().rposition(|byte| !matches!(byte, 0x09..=0x0d | b' '))? + 1;
        // A backslash hides, or is, the character at the edge of the text.
        let doubtful = self.bytes[start] == b'\\' || last[..length].ends_with(b"\\");
        (!doubtful).then(|| Span::new(start, line + length))
    }

    fn resolve_marks(&mut self) -> Option<()> {
        if self.marks.is_empty() {
            return Some(());
        }
        inline::resolve(self.text, &self.marks, &mut self.brackets, &mut self.outline)
    }

    /// Notes the marks from `from` to the end of the line; the start of the next
    /// line.
    fn sweep_line(&mut self, from: usize) -> usize {
        let bytes = self.bytes;
        self.specials.seek(from);
        // What lies before has been read as part of an escape or a run.
        let mut read = from;
        loop {
            let at = self.specials.next();
            if at < read {
                continue;
            }
            let Some(special) = bytes.get(at) else {
                return bytes.len();
            };
            let after = bytes.get(at + 1);
            let (at, kind) = match special {
                b'\n' => return at + 1,
                b'`' => {
                    let length = run_length(bytes, at, b'`');
                    read = at + length;
                    (at, MarkKind::Ticks { length, escaped: false })
                }
                b'\\' if after == Some(&b'`') => {
                    let length = run_length(bytes, at + 1, b'`');
                    read = at + 1 + length;
                    (at + 1, MarkKind::Ticks { length, escaped: true })
                }
                b'\\' => {
                    if after.is_some_and(u8::is_ascii_punctuation) {
                        read = at + 2;
                    }
                    continue;
                }
                b'<' if after == Some(&b'\\') => continue,
                b'<' => (at, MarkKind::Less),
                b'[' if at > read && bytes[at - 1] == b'!' => (at - 1, MarkKind::OpenImage),
                b'[' => (at, MarkKind::Open),
                _ => (at, MarkKind::Close),
            };
            self.marks.push(Mark { at, kind });
        }
    }
}

/// How much of `written`, what follows the opening marks of an ATX heading up to
/// and with the line end, is its text.
fn atx_text_length(written: &[u8]) -> usize {
    let not_after = |bytes: &[u8], rest: fn(u8) -> bool| {
        bytes.iter().rposition(|byte| !rest(*byte)).map_or(0, |last| last + 1)
    };
    let trimmed = not_after(written, |byte| matches!(byte, b'\n' | b'\r' | b' '));
    let before_marks = not_after(&written[..trimmed], |byte| byte == b'#');
    let text = not_after(&written[..before_marks], |byte| byte == b' ');
    // Marks right after the text belong to it.
    if before_marks == 0 || text < before_marks { text } else { trimmed }
}

/// Whether a paragraph that goes on with `rest` after its first `[` may start
/// with a link reference definition.
fn may_be_definition(rest: &[u8]) -> bool {
    let mut at = 0;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'[' => return false,
            b']' => return rest.get(at + 1) == Some(&b':'),
            b'\\' => at += usize::from(rest.get(at + 1).is_some_and(u8::is_ascii_punctuation)),
            _ => {}
        }
        at += 1;
    }
    true
}
