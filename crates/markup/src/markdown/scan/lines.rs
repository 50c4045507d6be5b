//! Blank lines, line ends and runs: the small change of both passes.

use memchr::memchr;

/// White space that does not end a line.
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x0b | 0x0c | b' ')
}

/// The offset after the line end at `at`; the end of the text counts as one.
pub(super) fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at) {
        None => Some(at),
        Some(b'\n') => Some(at + 1),
        Some(b'\r') => Some(at + 2),
        Some(_) => None,
    }
}

/// The start of the line after the one that `at` lies in.
pub(super) fn next_line(bytes: &[u8], at: usize) -> usize {
    memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found + 1)
}

/// The first offset from `at` on that holds no blank.
pub(super) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    skip_while(bytes, at, is_blank)
}

/// The start of the next line if there are only blanks from `at` on.
pub(super) fn blank_rest(bytes: &[u8], at: usize) -> Option<usize> {
    line_end(bytes, skip_blanks(bytes, at))
}

/// The first offset from `at` on whose byte does not satisfy `test`.
pub(super) fn skip_while(bytes: &[u8], at: usize, test: impl Fn(u8) -> bool) -> usize {
    let mut at = at;
    while bytes.get(at).is_some_and(|byte| test(*byte)) {
        at += 1;
    }
    at
}

/// How often `byte` stands in a row from `at` on.
pub(super) fn run_length(bytes: &[u8], at: usize, byte: u8) -> usize {
    skip_while(bytes, at, |other| other == byte) - at
}
