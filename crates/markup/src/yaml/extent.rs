//! Where a node begins and ends for a reader, when the parser says otherwise.
//!
//! The parser's spans are those of its tokens. For most nodes that is the text a
//! person would point at; the functions here find it for the others: the value
//! that is not there, the list whose dashes stand at the indentation of its key,
//! and the block scalar, which the parser places behind its `|` or `>`.
//!
//! Left out: the empty *key* of `: value`, and anything behind a tag, which
//! [`super::parse`] refuses anyway.

use crate::span::Span;

/// The offset of the next thing that is neither blank, line end nor comment.
fn skip_gap(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            b'#' => at = memchr::memchr(b'\n', &bytes[at..]).map_or(text.len(), |len| at + len),
            _ => break,
        }
    }
    at
}

fn ends_token(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}

/// The offset of the node that follows `from`, the end of the key or item before
/// it: behind the `-`, `:` or `?` that introduces it, and behind its anchor.
fn content_start(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = skip_gap(text, from);
    if matches!(bytes.get(at), Some(b'-' | b':' | b'?')) && ends_token(bytes.get(at + 1)) {
        at = skip_gap(text, at + 1);
    }
    if bytes.get(at) == Some(&b'&') {
        while !ends_token(bytes.get(at)) {
            at += 1;
        }
        at = skip_gap(text, at);
    }
    at
}

/// The empty value of the entry whose key ends at `key_end`, placed by the parser
/// at `span`: directly behind the colon, or behind its anchor. Where no colon
/// follows on the key's line, which takes an explicit key (`? key`) or a flow
/// mapping, the value is at the end of the key.
pub(super) fn of_nothing_in_entry(text: &str, key_end: usize, span: Span) -> Span {
    let bytes = text.as_bytes();
    let blanks = bytes[key_end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let behind = key_end + blanks + 1;
    // A scalar, too, may begin with a colon.
    let ends = ends_token(bytes.get(behind))
        || matches!(bytes.get(behind), Some(b',' | b'[' | b']' | b'{' | b'}'));
    if bytes.get(behind - 1) != Some(&b':') || !ends {
        return Span::at(key_end);
    }
    behind_anchor(text, behind, span)
}

/// The empty item that follows `from`, the end of the item before it or the start
/// of the list: directly behind the dash, or behind its anchor.
pub(super) fn of_nothing_in_sequence(text: &str, from: usize, span: Span) -> Span {
    let dash = skip_gap(text, from);
    if text.as_bytes().get(dash) == Some(&b'-') {
        behind_anchor(text, dash + 1, span)
    } else {
        span
    }
}

fn behind_anchor(text: &str, behind: usize, span: Span) -> Span {
    let anchored = text.as_bytes().get(skip_gap(text, behind)) == Some(&b'&');
    if anchored && span.start > behind { span } else { Span::at(behind) }
}

/// The start of a block list, which is its first dash.
pub(super) fn of_block_sequence(text: &str, from: usize, span: Span) -> Span {
    let at = content_start(text, from);
    let dash = text.as_bytes().get(at) == Some(&b'-') && at < span.start;
    if dash { Span::new(at, span.end.max(at)) } else { span }
}

/// A block scalar from its `|` or `>` to the last character of its text.
pub(super) fn of_block_scalar(text: &str, from: usize, span: Span) -> Span {
    let at = content_start(text, from);
    let header = matches!(text.as_bytes().get(at), Some(b'|' | b'>')) && at < span.start;
    let start = if header { at } else { span.start };
    let len = text.get(start..span.end).map_or(span.len(), |text| text.trim_ascii_end().len());
    Span::new(start, start + len)
}
