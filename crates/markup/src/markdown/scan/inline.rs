//! Pairing the marks of one paragraph or heading: code spans, links, autolinks.

use std::borrow::Cow;

use super::angle::{Angle, angle};
use super::lines::skip_blanks;
use crate::markdown::{Link, LinkKind, Outline};
use crate::span::Span;

/// How many links may stand inside one other link, which is to say images and
/// autolinks in its text. Each of them is moved once for every link around it.
const MAX_INNER_LINKS: usize = 64;

/// How deep parentheses may nest in a destination.
const MAX_PARENTHESES: usize = 32;

/// A mark that may turn out to be syntax.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) at: usize,
    pub(super) kind: MarkKind,
}

#[derive(Clone, Copy)]
pub(super) enum MarkKind {
    /// A run of back-ticks. A backslash before it takes the first one from a run
    /// that opens a code span, but not from one that closes it.
    Ticks { length: usize, escaped: bool },
    /// `<`
    Less,
    /// `[`
    Open,
    /// `![`
    OpenImage,
    /// `]`
    Close,
}

/// An opening bracket that waits for its partner.
pub(super) struct Bracket {
    at: usize,
    image: bool,
    /// How many links there were before it.
    links: usize,
}

/// Adds the code spans and links that `marks` form to `outline`; `None` if that
/// cannot be told for sure.
pub(super) fn resolve<'s>(
    text: &'s str,
    marks: &[Mark],
    brackets: &mut Vec<Bracket>,
    outline: &mut Outline<'s>,
) -> Option<()> {
    brackets.clear();
    // So many of the lowest brackets lie before a link, and can only be images:
    // links do not contain links.
    let mut unlinkable = 0;
    // One bit for each length of runs of back-ticks that has no partner ahead.
    let mut alone = 0_u64;
    let mut next = 0;
    while let Some(Mark { at, kind }) = marks.get(next).copied() {
        next += 1;
        let mut end = 0;
        match kind {
            MarkKind::Ticks { length, escaped } => {
                let opening = length - usize::from(escaped);
                let bit = 1_u64.checked_shl(u32::try_from(opening).ok()?)?;
                if opening == 0 || alone & bit != 0 {
                    continue;
                }
                if let Some(ahead) = marks[next..].iter().position(|mark| mark.is_run_of(opening)) {
                    let inside = Span::new(at + length, marks[next + ahead].at);
                    outline.code_spans.push(inside);
                    next += ahead + 1;
                } else {
                    alone |= bit;
                }
            }
            MarkKind::Less => match angle(text.as_bytes(), at) {
                Angle::Autolink(after) => {
                    end = after;
                    let destination = Cow::Borrowed(text.get(at + 1..after - 1)?);
                    let span = Span::new(at, after);
                    outline.links.push(Link { kind: LinkKind::Autolink, span, destination });
                }
                Angle::Html(after) => end = after,
                Angle::Text => {}
                Angle::Unsure => return None,
            },
            MarkKind::Open | MarkKind::OpenImage => {
                let image = matches!(kind, MarkKind::OpenImage);
                brackets.push(Bracket { at, image, links: outline.links.len() });
            }
            MarkKind::Close => {
                let Some(open) = brackets.pop() else { continue };
                let linkable = open.image || brackets.len() >= unlinkable;
                unlinkable = unlinkable.min(brackets.len());
                if !linkable {
                    continue;
                }
                let Some((after, destination)) = target(text, at + 1)? else {
                    continue;
                };
                end = after;
                let kind = if open.image { LinkKind::Image } else { LinkKind::Link };
                let link = Link { kind, span: Span::new(open.at, after), destination };
                if outline.links.len() - open.links > MAX_INNER_LINKS {
                    return None;
                }
                outline.links.insert(open.links, link);
                if !open.image {
                    unlinkable = brackets.len();
                }
            }
        }
        while marks.get(next).is_some_and(|mark| mark.at < end) {
            next += 1;
        }
    }
    Some(())
}

impl Mark {
    /// Whether it is a run of `wanted` back-ticks.
    const fn is_run_of(&self, wanted: usize) -> bool {
        matches!(self.kind, MarkKind::Ticks { length, .. } if length == wanted)
    }
}

/// Reads the `(destination "title")` at `at`: the offset after it, and the
/// destination; `Some(None)` if there is none, `None` if it is hard to tell.
fn target(text: &str, at: usize) -> Option<Option<(usize, Cow<'_, str>)>> {
    let bytes = text.as_bytes();
    if bytes.get(at) != Some(&b'(') {
        return Some(None);
    }
    let start = skip_blanks(bytes, at + 1);
    let Some((raw, end)) = destination(text, start)? else {
        return Some(None);
    };
    let mut at = skip_blanks(bytes, end);
    if let Some(open @ (b'"' | b'\'' | b'(')) = bytes.get(at) {
        let Some(end) = title(bytes, at, *open)? else {
            return Some(None);
        };
        at = skip_blanks(bytes, end);
    }
    match bytes.get(at) {
        Some(b')') => Some(Some((at + 1, unescaped(raw)?))),
        None | Some(b'\n' | b'\r') => None,
        Some(_) => Some(None),
    }
}

/// The destination that starts at `start`, as written, and the offset after it.
fn destination(text: &str, start: usize) -> Option<Option<(&str, usize)>> {
    let bytes = text.as_bytes();
    let pointed = bytes.get(start) == Some(&b'<');
    let mut at = start + usize::from(pointed);
    let mut open = 0;
    loop {
        match bytes.get(at)? {
            b'\n' | b'\r' if pointed => return Some(None),
            b'\\' => at += usize::from(bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation)),
            b'<' if pointed => return Some(None),
            b'>' if pointed => return Some(Some((text.get(start + 1..at)?, at + 1))),
            _ if pointed => {}
            0..=b' ' => break,
            b'(' if open > MAX_PARENTHESES => return Some(None),
            b'(' => open += 1,
            b')' if open == 0 => break,
            b')' => open -= 1,
            _ => {}
        }
        at += 1;
    }
    if open > 0 {
        return Some(None);
    }
    Some(Some((text.get(start..at)?, at)))
}

/// The offset after the title that starts at `at`.
fn title(bytes: &[u8], at: usize, open: u8) -> Option<Option<usize>> {
    let close = if open == b'(' { b')' } else { open };
    let mut at = at + 1;
    loop {
        match *bytes.get(at)? {
            b'\n' | b'\r' => return None,
            byte if byte == close => return Some(Some(at + 1)),
            byte if byte == open => return Some(None),
            b'\\' => at += usize::from(bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation)),
            _ => {}
        }
        at += 1;
    }
}

/// The destination itself if it has no escapes or entities, which is not decided
/// here exactly.
fn unescaped(raw: &str) -> Option<Cow<'_, str>> {
    let entity = raw.contains('&') && raw.contains(';');
    (!entity && !raw.contains('\\')).then_some(Cow::Borrowed(raw))
}
