//! A fast reader for the plain YAML that front matter is nearly always made of.
//!
//! The full parser costs more than all other work on a document together, because
//! it must be ready for everything YAML allows. This reader knows block mappings
//! and lists nested by indentation, one-line scalars (plain, or quoted without an
//! escape), one-line flow lists of such scalars, `{}`, comments and either line
//! end, and gives up on anything else by returning `None`: the caller then asks
//! the full parser.
//!
//! The one rule is that it never has an opinion of its own. Whatever it returns is
//! equal, node by node and span by span, to what [`super::parse_reference`] returns
//! for the same text; it never reports an error. So it leaves out, among others,
//! anchors, aliases, tags, block scalars, scalars over several lines, quoted and
//! explicit keys, flow mappings with content, nested flow lists, tabs, document
//! markers and directives, and every text that is over the [`Budget`].

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter};

use super::node::{NodeId, RawKind, RawNode, Yaml};
use super::parse::Budget;
use crate::span::Span;

/// The full parser refuses a key of 4096 characters; nobody writes one of 256.
const LONGEST_KEY: usize = 256;

/// Parses `text` as [`super::parse`] does if it is simple enough, else `None`.
#[doc(hidden)]
#[must_use]
pub fn parse_simple(text: &str, offset: usize, budget: Budget) -> Option<Yaml<'_>> {
    if !is_readable(text.as_bytes()) {
        return None;
    }
    let mut reader = Reader::new(text, offset, budget);
    let mut start = 0;
    while start < text.len() {
        let rest = &reader.bytes[start..];
        let len = memchr(b'\n', rest).unwrap_or(rest.len());
        let stop = start + rest[..len].strip_suffix(b"\r").map_or(len, <[u8]>::len);
        reader.line(start, stop)?;
        start += len + 1;
    }
    reader.finish()
}

/// Whether `bytes` hold only printable characters, spaces and line ends. A tab is
/// no error in YAML, but its rules are not worth knowing here; the same goes for
/// a byte order mark and for U+0085, a line end in some versions of YAML.
fn is_readable(bytes: &[u8]) -> bool {
    let (mut control, mut carriage_return, mut lead) = (false, false, false);
    // No early exit, so that the compiler can look at many bytes at once.
    for &byte in bytes {
        control |= (byte < b' ' && byte != b'\n' && byte != b'\r') || byte == 0x7f;
        carriage_return |= byte == b'\r';
        lead |= byte == 0xc2 || byte == 0xef;
    }
    // U+0080 to U+009F; U+FEFF, U+FFFE and U+FFFF.
    let printable = |at: usize| match &bytes[at..] {
        [0xc2, next, ..] => *next >= 0xa0,
        [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xbe | 0xbf, ..] => false,
        _ => true,
    };
    !control
        && (!carriage_return
            || memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n')))
        && (!lead || memchr2_iter(0xc2, 0xef, bytes).all(printable))
}

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    offset: usize,
    budget: Budget,
    nodes: Vec<RawNode<'s>>,
    /// The collections around the current line, outermost first.
    open: Vec<Open>,
    /// The nodes inside all of `open`, keys and values in turn; each collection
    /// takes its own from the end when it closes.
    children: Vec<NodeId>,
    /// The end of the colon whose value the next line may bring.
    pending: Option<usize>,
}

/// A block list or mapping that the next line may go on with.
struct Open {
    id: NodeId,
    /// Column of its keys or dashes.
    column: usize,
    sequence: bool,
    /// Where its nodes begin in `Reader::children`.
    first_child: usize,
}

impl<'s> Reader<'s> {
    fn new(text: &'s str, offset: usize, budget: Budget) -> Self {
        // About one node in ten bytes, as front matter goes.
        let nodes = text.len().min(4096) / 10 + 8;
        Self {
            text,
            bytes: text.as_bytes(),
            offset,
            budget,
            nodes: Vec::with_capacity(nodes),
            open: Vec::with_capacity(4),
            children: Vec::with_capacity(nodes),
            pending: None,
        }
    }

    /// Reads the line from `start` to `stop`, which is before its line end.
    fn line(&mut self, start: usize, stop: usize) -> Option<()> {
        let first = self.skip_spaces(start, stop);
        if self.is_end(first, stop) {
            return Some(());
        }
        let column = first - start;
        let dash = self.bytes[first] == b'-' && self.is_space_or_end(first + 1, stop);
        self.enter(first, column, dash)?;
        if !dash {
            return self.entry(first, stop);
        }
        let item = self.skip_spaces(first + 1, stop);
        if self.is_end(item, stop) {
            self.scalar(first + 1..first + 1, first + 1..first + 1, false)
        } else if self.key_end(item, stop).is_some() {
            self.open(item, item - start, false)?;
            self.entry(item, stop)
        } else {
            self.value(item, stop)
        }
    }

    /// Opens and closes collections until the innermost one is the one that a line
    /// at `column` belongs to. An indentation that fits none gives up: it is an
    /// error, or goes on with the scalar of an earlier line.
    fn enter(&mut self, first: usize, column: usize, dash: bool) -> Option<()> {
        if let Some(colon) = self.pending.take() {
            let mapping = self.open.last()?.column;
            // The dashes of a list may stand at the indentation of its key.
            if column > mapping || (dash && column == mapping) {
                return self.open(first, column, dash);
            }
            self.scalar(colon..colon, colon..colon, false)?;
        } else if self.nodes.is_empty() {
            return self.open(first, column, dash);
        }
        while self.open.last().is_some_and(|open| {
            open.column > column || (open.column == column && open.sequence && !dash)
        }) {
            self.close();
        }
        self.open.last().filter(|open| open.column == column && open.sequence == dash).map(|_| ())
    }

    /// Reads `key:` or `key: value`.
    fn entry(&mut self, start: usize, stop: usize) -> Option<()> {
        let colon = self.key_end(start, stop)?;
        self.scalar(start..colon, start..colon, false)?;
        let value = self.skip_spaces(colon + 1, stop);
        if self.is_end(value, stop) {
            self.pending = Some(colon + 1);
            return Some(());
        }
        self.value(value, stop)
    }

    /// The end of the plain key at `start`, if one stands there before a colon.
    fn key_end(&self, start: usize, stop: usize) -> Option<usize> {
        let is_key = |byte: &u8| {
            byte.is_ascii_alphanumeric() || !byte.is_ascii() || matches!(byte, b'_' | b'-' | b'.')
        };
        // A dash or a dot could begin a list item or a document marker.
        if matches!(self.bytes[start], b'-' | b'.') {
            return None;
        }
        let len = self.bytes[start..stop].iter().take_while(|byte| is_key(byte)).count();
        let end = start + len;
        let colon = end < stop && self.bytes[end] == b':' && self.is_space_or_end(end + 1, stop);
        (colon && (1..=LONGEST_KEY).contains(&len)).then_some(end)
    }

    /// Reads the value at `start`, and makes sure that nothing but a comment
    /// follows it on its line.
    fn value(&mut self, start: usize, stop: usize) -> Option<()> {
        let end = match self.bytes[start] {
            b'"' | b'\'' => self.quoted(start, stop)?,
            b'[' => self.flow_sequence(start, stop)?,
            b'{' => {
                let close = self.skip_spaces(start + 1, stop);
                self.take(b'}', close, stop)?;
                self.check_depth()?;
                let kind = RawKind::Mapping { entries: Vec::new(), flow: true };
                self.add(start..close + 1, kind)?;
                close + 1
            }
            _ => return self.plain(start, stop),
        };
        let rest = self.skip_spaces(end, stop);
        (rest == stop || (rest > end && self.bytes[rest] == b'#')).then_some(())
    }

    /// Reads a plain scalar up to its comment or the end of the line.
    fn plain(&mut self, start: usize, stop: usize) -> Option<()> {
        if !self.can_begin_plain(start, stop) {
            return None;
        }
        let mut end = stop;
        for at in memchr2_iter(b':', b'#', &self.bytes[start..stop]) {
            let at = start + at;
            if self.bytes[at] == b':' {
                // A mapping inside a scalar: an error, or a key with blanks in it.
                if self.is_space_or_end(at + 1, stop) {
                    return None;
                }
            } else if self.bytes[at - 1] == b' ' {
                end = at;
                break;
            }
        }
        let end = self.trim_spaces(start, end);
        self.scalar(start..end, start..end, false)
    }

    /// Reads the quoted scalar at `start`; returns its end.
    fn quoted(&mut self, start: usize, stop: usize) -> Option<usize> {
        let quote = self.bytes[start];
        let inside = &self.bytes[start + 1..stop];
        let len = if quote == b'"' {
            memchr2(b'"', b'\\', inside).filter(|at| inside[*at] == b'"')?
        } else {
            memchr(b'\'', inside).filter(|at| inside.get(at + 1) != Some(&b'\''))?
        };
        let end = start + 1 + len + 1;
        self.scalar(start..end, start + 1..end - 1, true)?;
        Some(end)
    }

    /// Reads the one-line flow list of scalars at `start`; returns its end.
    fn flow_sequence(&mut self, start: usize, stop: usize) -> Option<usize> {
        self.check_depth()?;
        let id = self.add(start..start, RawKind::Sequence { items: Vec::new(), flow: true })?;
        let first_child = self.children.len();
        let mut at = self.skip_spaces(start + 1, stop);
        // A comma needs an item before it, and may follow the last one.
        while at < stop && self.bytes[at] != b']' {
            at = match self.bytes[at] {
                b'"' | b'\'' => self.quoted(at, stop)?,
                _ => self.flow_plain(at, stop)?,
            };
            at = self.skip_spaces(at, stop);
            if at < stop && self.bytes[at] == b',' {
                at = self.skip_spaces(at + 1, stop);
            } else {
                break;
            }
        }
        let end = self.take(b']', at, stop)?;
        let node = &mut self.nodes[id.0 as usize];
        node.span.end = self.offset + end;
        node.kind = RawKind::Sequence { items: self.children[first_child..].to_vec(), flow: true };
        self.children.truncate(first_child);
        Some(end)
    }

    /// Reads a plain scalar inside a flow list; returns its end.
    fn flow_plain(&mut self, start: usize, stop: usize) -> Option<usize> {
        if !self.can_begin_plain(start, stop) {
            return None;
        }
        let mut at = start;
        while at < stop && !matches!(self.bytes[at], b',' | b']') {
            let refused = match self.bytes[at] {
                b'[' | b'{' | b'}' => true,
                b'#' => self.bytes[at - 1] == b' ',
                // With a blank or an indicator behind it, it makes a mapping.
                b':' => {
                    self.is_space_or_end(at + 1, stop)
                        || matches!(self.bytes[at + 1], b',' | b'[' | b']' | b'{' | b'}')
                }
                _ => false,
            };
            if refused {
                return None;
            }
            at += 1;
        }
        let end = self.trim_spaces(start, at);
        self.scalar(start..end, start..end, false)?;
        Some(end)
    }

    /// Whether a plain scalar can begin at `start`: not with an indicator, save
    /// for the dash of a negative number.
    fn can_begin_plain(&self, start: usize, stop: usize) -> bool {
        match self.bytes[start] {
            b'-' => start + 1 < stop && self.bytes[start + 1].is_ascii_alphanumeric(),
            b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|'
            | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' => false,
            _ => true,
        }
    }

    fn skip_spaces(&self, start: usize, stop: usize) -> usize {
        start + self.bytes[start..stop].iter().take_while(|byte| **byte == b' ').count()
    }

    fn trim_spaces(&self, start: usize, end: usize) -> usize {
        end - self.bytes[start..end].iter().rev().take_while(|byte| **byte == b' ').count()
    }

    fn is_space_or_end(&self, at: usize, stop: usize) -> bool {
        at == stop || self.bytes[at] == b' '
    }

    /// Whether the line ends or turns into a comment at `at`, which is its start
    /// or behind a blank.
    fn is_end(&self, at: usize, stop: usize) -> bool {
        at == stop || self.bytes[at] == b'#'
    }

    /// The offset behind `byte` if that stands at `at`.
    fn take(&self, byte: u8, at: usize, stop: usize) -> Option<usize> {
        (at < stop && self.bytes[at] == byte).then_some(at + 1)
    }

    fn scalar(
        &mut self,
        span: std::ops::Range<usize>,
        value: std::ops::Range<usize>,
        quoted: bool,
    ) -> Option<()> {
        let value = Cow::Borrowed(&self.text[value]);
        self.add(span, RawKind::Scalar { value, quoted }).map(|_| ())
    }

    fn add(&mut self, span: std::ops::Range<usize>, kind: RawKind<'s>) -> Option<NodeId> {
        if self.nodes.len() as u64 >= self.budget.nodes {
            return None;
        }
        let id = NodeId(u32::try_from(self.nodes.len()).ok()?);
        self.nodes.push(RawNode { span: Span::from(span).shifted(self.offset), kind });
        self.children.push(id);
        Some(id)
    }

    fn check_depth(&self) -> Option<()> {
        (self.open.len() < self.budget.depth).then_some(())
    }

    fn open(&mut self, first: usize, column: usize, sequence: bool) -> Option<()> {
        self.check_depth()?;
        // Its kind and its end are known when it closes.
        let id = self.add(first..first, RawKind::Sequence { items: Vec::new(), flow: false })?;
        self.open.push(Open { id, column, sequence, first_child: self.children.len() });
        Some(())
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let children = &self.children[open.first_child..];
        let end = children.last().map(|id| self.nodes[id.0 as usize].span.end);
        let kind = if open.sequence {
            RawKind::Sequence { items: children.to_vec(), flow: false }
        } else {
            let entries = children.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            RawKind::Mapping { entries, flow: false }
        };
        self.children.truncate(open.first_child);
        let node = &mut self.nodes[open.id.0 as usize];
        node.span.end = end.unwrap_or(node.span.start);
        node.kind = kind;
    }

    fn finish(mut self) -> Option<Yaml<'s>> {
        if let Some(colon) = self.pending.take() {
            self.scalar(colon..colon, colon..colon, false)?;
        }
        while !self.open.is_empty() {
            self.close();
        }
        let root = (!self.nodes.is_empty()).then_some(NodeId(0));
        Some(Yaml { nodes: self.nodes, root })
    }
}

#[cfg(test)]
mod tests;
