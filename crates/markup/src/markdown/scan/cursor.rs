//! A place in the marks and the indentation at the beginning of a line.

use super::leaf::is_rule;
use super::lines::{blank_rest, line_end};

/// Reads the indentation of a line in columns, a tab reaching to the next
/// multiple of four.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'s> {
    bytes: &'s [u8],
    /// The next byte.
    pub(super) at: usize,
    /// Where the line starts, or the offset after its last tab so far: a place
    /// that is known to be a tab stop.
    stop: usize,
    /// Columns of the last tab that have not been taken yet.
    spare: usize,
}

/// The mark of a list item.
pub(super) struct ListMark {
    /// `-`, `+`, `*`, `.` or `)`.
    pub(super) kind: u8,
    /// The column, inside the container around, where the item's content starts.
    pub(super) indent: usize,
}

impl<'s> Cursor<'s> {
    /// A cursor at the start of a line.
    pub(super) const fn new(bytes: &'s [u8], at: usize) -> Self {
        Self { bytes, at, stop: at, spare: 0 }
    }

    /// Whether the mark of a container may follow, or white space before it.
    pub(super) fn may_open_container(&self) -> bool {
        let first = self.bytes.get(self.at);
        matches!(first, Some(b' ' | b'\t' | b'-' | b'+' | b'*' | b'>' | b'0'..=b'9'))
    }

    /// Takes at most `columns` columns of white space; how many there were.
    #[inline]
    pub(super) fn take_space(&mut self, columns: usize) -> usize {
        let mut taken = self.spare.min(columns);
        self.spare -= taken;
        while taken < columns {
            match self.bytes.get(self.at) {
                Some(b' ') => {
                    self.at += 1;
                    taken += 1;
                }
                Some(b'\t') => taken += self.take_tab(columns - taken),
                _ => break,
            }
        }
        taken
    }

    /// Takes the tab here, but at most `columns` of its columns; how many.
    #[cold]
    fn take_tab(&mut self, columns: usize) -> usize {
        let width = 4 - (self.at - self.stop) % 4;
        self.at += 1;
        self.stop = self.at;
        let taken = width.min(columns);
        self.spare = width - taken;
        taken
    }

    /// Takes `columns` columns of white space, or what there is of them; whether
    /// there were as many.
    pub(super) fn has_space(&mut self, columns: usize) -> bool {
        self.take_space(columns) == columns
    }

    /// Takes all spaces and tabs.
    pub(super) fn take_all_space(&mut self) {
        self.spare = 0;
        while let Some(b' ' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// Whether the line, or the text, ends here.
    pub(super) fn at_line_end(&self) -> bool {
        line_end(self.bytes, self.at).is_some()
    }

    /// Takes the mark of a block quote and a space after it, if there is one.
    pub(super) fn take_quote_mark(&mut self) -> bool {
        let found = self.bytes.get(self.at) == Some(&b'>');
        if found {
            self.at += 1;
            self.take_space(1);
        }
        found
    }

    /// Takes the mark of a list item which is indented by `indent` columns, with
    /// the white space after it.
    pub(super) fn take_list_mark(&mut self, indent: usize) -> Option<ListMark> {
        let (kind, width) = list_mark(self.bytes, self.at)?;
        if is_rule(self.bytes, self.at).is_some() {
            return None;
        }
        let save = *self;
        self.at += width;
        if !self.has_space(1) && !self.at_line_end() {
            *self = save;
            return None;
        }
        let mut indent = indent + width + 1;
        if blank_rest(self.bytes, self.at).is_none() {
            let after_one = *self;
            match self.take_space(4) {
                // The content is indented code, one column after the mark.
                4 => *self = after_one,
                more => indent += more,
            }
        }
        Some(ListMark { kind, indent })
    }
}

/// The kind and the length of what may be the mark of a list item at `at`; what
/// comes after it is not looked at.
pub(super) fn list_mark(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    match bytes.get(at)? {
        kind @ (b'-' | b'+' | b'*') => Some((*kind, 1)),
        b'0'..=b'9' => {
            let rest = &bytes[at..bytes.len().min(at + 10)];
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            match rest.get(digits)? {
                kind @ (b'.' | b')') => Some((*kind, digits + 1)),
                _ => None,
            }
        }
        _ => None,
    }
}
