//! What the first bytes of a line say about its block.
//!
//! All functions take the offset of the first byte after containers and
//! indentation.

use super::cursor::list_mark;
use super::html::{self, starts_block_tag};
use super::lines::{blank_rest, line_end, next_line, run_length};

/// The opening of a fenced code block.
#[derive(Clone, Copy)]
pub(super) struct Fence {
    /// The back-tick or the tilde.
    pub(super) mark: u8,
    /// How many of them there are.
    pub(super) length: usize,
}

/// The start of the next line if this line is a thematic break.
pub(super) fn is_rule(bytes: &[u8], at: usize) -> Option<usize> {
    let mark = *bytes.get(at).filter(|byte| matches!(byte, b'*' | b'-' | b'_'))?;
    let mut marks = 0;
    for (offset, byte) in bytes[at..].iter().enumerate() {
        match *byte {
            b'\n' => return (marks >= 3).then_some(at + offset + 1),
            b' ' | b'\t' | b'\r' => {}
            byte if byte == mark => marks += 1,
            _ => return None,
        }
    }
    (marks >= 3).then_some(bytes.len())
}

/// The level of the ATX heading that starts here.
pub(super) fn atx_level(bytes: &[u8], at: usize) -> Option<u8> {
    let level = run_length(bytes, at, b'#');
    let ends = match bytes.get(at + level) {
        None => true,
        Some(byte) => matches!(byte, 0x09..=0x0d | b' '),
    };
    u8::try_from(level).ok().filter(|level| ends && (1..=6).contains(level))
}

/// The level of the heading above, and the start of the next line, if this line
/// is an underline.
pub(super) fn setext_underline(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let (mark, level) = match bytes.get(at)? {
        b'=' => (b'=', 1),
        b'-' => (b'-', 2),
        _ => return None,
    };
    blank_rest(bytes, at + run_length(bytes, at, mark)).map(|next| (level, next))
}

/// The opening fence that starts here.
pub(super) fn opening_fence(bytes: &[u8], at: usize) -> Option<Fence> {
    let mark = *bytes.get(at).filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = run_length(bytes, at, mark);
    if length < 3 {
        return None;
    }
    let info = &bytes[at + length..next_line(bytes, at)];
    // With a back-tick in it, the line is a code span.
    let is_span = mark == b'`' && memchr::memchr(b'`', info).is_some();
    (!is_span).then_some(Fence { mark, length })
}

/// Where the closing fence that starts here ends, spaces after it included.
pub(super) fn closing_fence(bytes: &[u8], at: usize, fence: Fence) -> Option<usize> {
    let length = run_length(bytes, at, fence.mark);
    if length < fence.length {
        return None;
    }
    let end = at + length + run_length(bytes, at + length, b' ');
    line_end(bytes, end).map(|_| end)
}

/// Whether the line ends the paragraph before it.
///
/// `inside` tells whether the line belongs to the same containers as the
/// paragraph; if it does not, it would be a lazy continuation.
pub(super) fn interrupts(bytes: &[u8], at: usize, inside: bool) -> bool {
    let Some(first) = bytes.get(at) else {
        return true;
    };
    match first {
        b'\n' | b'\r' | b'>' => true,
        b'#' => atx_level(bytes, at).is_some(),
        b'`' | b'~' => opening_fence(bytes, at).is_some(),
        b'<' => html::block_end_mark(bytes, at).is_some() || starts_block_tag(bytes, at),
        b'_' => is_rule(bytes, at).is_some(),
        b'*' | b'-' => item_interrupts(bytes, at, inside) || is_rule(bytes, at).is_some(),
        b'+' | b'0'..=b'9' => item_interrupts(bytes, at, inside),
        _ => false,
    }
}

/// Whether a list item that starts here ends the paragraph before it: an empty
/// one does not, nor does one with a number other than 1, since a sentence can
/// have a number at the beginning of a line.
fn item_interrupts(bytes: &[u8], at: usize, inside: bool) -> bool {
    let Some((kind, width)) = list_mark(bytes, at) else {
        return false;
    };
    let after = at + width;
    if !matches!(bytes.get(after), None | Some(b' ' | b'\t' | b'\n' | b'\r')) {
        return false;
    }
    if !inside {
        return true;
    }
    let number = &bytes[at..after - 1];
    let is_one = || number.iter().skip_while(|digit| **digit == b'0').eq(b"1");
    (!matches!(kind, b'.' | b')') || is_one()) && blank_rest(bytes, after).is_none()
}
