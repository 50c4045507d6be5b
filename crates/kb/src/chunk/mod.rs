//! Cuts the body of a document into chunks: what is embedded, found and cited.
//!
//! Chunks follow the document. They end before headings, hold whole paragraphs, lists,
//! tables and code blocks as far as these fit, and cut what does not where it hurts least:
//! between items, paragraphs, lines, sentences, words, in this order. No cut goes through
//! a link, a row of a table, a line of a code block or a grapheme cluster: one of these
//! that is too large alone is a chunk that is marked as [oversize](Chunk::oversize).
//!
//! The chunks of a body, one after the other, are the body, byte for byte. What a chunk
//! needs from elsewhere to be understood (headings, the header row of a table, an overlap)
//! is kept beside it, and is put in front of its text in the
//! [passage](Chunked::passage) that a model reads. A chunk's [identity](Chunk::hash) is
//! the hash of its passage: what has the same hash need not be embedded again, wherever it
//! moved.
//!
//! Markdown is read as [`countersign_markup::markdown`] reads it. Headings, lists and
//! tables inside of block quotes and list items are part of these.
//!
//! ```
//! use countersign_kb::chunk::{Estimate, Settings, chunk};
//!
//! let text = "# Webhooks\n\nPolling was too slow.\n\n## Retries\n\nFive, then an alert.\n";
//! let chunked = chunk(text, 0, Settings::default(), &Estimate);
//! let last = &chunked.chunks[1];
//! assert_eq!(chunked.text(last), "## Retries\n\nFive, then an alert.\n");
//! assert_eq!(chunked.heading_path(last), ["Webhooks", "Retries"]);
//! assert_eq!((last.first_line, last.last_line), (5, 7));
//! ```

mod block;
mod cut;
mod guard;
mod hash;
mod language;
#[cfg(feature = "tokenizers")]
mod model;
mod pack;
mod section;
mod settings;
#[cfg(feature = "tokenizers")]
pub(crate) mod tokenizer;
mod tokens;

use countersign_markup::markdown::outline;
use countersign_markup::span::Span;

use self::block::{PieceKind, blocks};
use self::guard::Guard;
pub use self::hash::ContentHash;
pub use self::language::Language;
#[cfg(feature = "tokenizers")]
pub use self::model::{ModelTokens, TokenizerError};
use self::pack::{Draft, Packer};
pub use self::section::Section;
use self::section::Sections;
pub use self::settings::{Settings, SettingsError};
pub use self::tokens::{Characters, Estimate, Measure, Tokens};

/// A document cut into chunks.
#[derive(Clone, Debug)]
pub struct Chunked<'s> {
    source: &'s str,
    /// Where the body starts, without a byte order mark.
    start: usize,
    /// The headings that lie in no other block, in order.
    pub sections: Vec<Section>,
    /// The chunks in order. Their spans are the body from its first to its last byte; a
    /// body of nothing but white space has none.
    pub chunks: Vec<Chunk<'s>>,
}

/// What a chunk mostly is, by bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChunkKind {
    /// Paragraphs, block quotes, HTML, headings.
    Text,
    /// Code blocks, fenced or indented.
    Code,
    /// Tables.
    Table,
    /// Lists.
    List,
}

impl ChunkKind {
    /// `text`, `code`, `table` or `list`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Code => "code",
            Self::Table => "table",
            Self::List => "list",
        }
    }
}

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk<'s> {
    /// Its bytes in the whole text.
    pub span: Span,
    /// The line of its first byte that is no white space (nor a byte order mark), 1-based, in
    /// the whole text.
    pub first_line: usize,
    /// The line of its last byte that is no white space.
    pub last_line: usize,
    /// The heading that its text is below, in [`Chunked::sections`]; the chunk may begin
    /// with it.
    pub section: Option<usize>,
    /// What it mostly is.
    pub kind: ChunkKind,
    /// What it is written in.
    pub language: Language<'s>,
    /// What its first line continues, if it is not the first part of a table or of a
    /// fenced code block: the header rows, or the line of the opening fence.
    pub lead: Option<Span>,
    /// The end of the text before it, if the settings ask for an overlap.
    pub overlap: Option<Span>,
    /// Whether it begins inside of a block that did not fit into one chunk.
    pub continues: bool,
    /// Whether the block that it ends with goes on in the next chunk.
    pub continued: bool,
    /// Whether it is larger than the settings say, because it cannot be cut: one row of a
    /// table, one line of code, one link, or one grapheme cluster.
    pub oversize: bool,
    /// How many tokens its own text has.
    pub tokens: usize,
    /// The SHA-256 of its passage, which is its identity.
    pub hash: ContentHash,
}

/// Cuts `text[body_start..]` into chunks; spans and lines count from the start of `text`.
///
/// `body_start` is where the front matter ends. If it is not the start of a character,
/// the start before it counts. A byte order mark at the start of the body belongs to the
/// first chunk.
#[must_use]
pub fn chunk<'s, T: Tokens + ?Sized>(
    text: &'s str,
    body_start: usize,
    settings: Settings,
    tokens: &T,
) -> Chunked<'s> {
    let start = floor_char_boundary(text, body_start);
    let marked = start + if text[start..].starts_with(BYTE_ORDER_MARK) { 3 } else { 0 };
    let outline = outline(text, marked);
    let mut sections = Sections::default();
    let guard = Guard::new(text, marked, &outline);
    let mut packer = Packer::new(text, &outline, &guard, settings, tokens);
    let mut headings = outline.headings.iter().peekable();
    for block in blocks(text, &outline, &guard) {
        if block.heading.is_some() {
            while headings.next_if(|heading| heading.text.start < block.span.start).is_some() {}
            if let Some(heading) = headings.next() {
                sections.add(text, heading, block.span.start);
            }
        }
        packer.block(block);
    }
    let mut drafts = packer.finish();
    if let Some(first) = drafts.first_mut() {
        first.span.start = start;
    }
    let sections = sections.all;
    let mut chunked = Chunked { source: text, start: marked, sections, chunks: Vec::new() };
    chunked.complete(&drafts);
    chunked
}

const BYTE_ORDER_MARK: char = '\u{feff}';

impl<'s> Chunked<'s> {
    /// The text of a chunk, as written.
    #[must_use]
    pub fn text(&self, chunk: &Chunk<'_>) -> &'s str {
        chunk.span.text(self.source).unwrap_or_default()
    }

    /// The titles of the headings that a chunk is below, the outermost first.
    #[must_use]
    pub fn heading_path(&self, chunk: &Chunk<'_>) -> Vec<&str> {
        let mut path = Vec::new();
        let mut next = chunk.section;
        // A parent stands before its children, so that this ends.
        while let Some(section) = next.and_then(|at| self.sections.get(at)) {
            path.push(section.title.as_str());
            next = section.parent;
        }
        path.reverse();
        path
    }

    /// What a model reads of a chunk: its heading path, parts separated by ` > `, and a
    /// blank line; the lead; the overlap; the text.
    ///
    /// White space around the text, a byte order mark and the difference between `\n` and
    /// `\r\n` are left out: git and editors change them without anybody reading.
    #[must_use]
    pub fn passage(&self, chunk: &Chunk<'_>) -> String {
        let mut passage = String::with_capacity(chunk.span.len() + 128);
        let place = Place {
            section: chunk.section,
            lead: chunk.lead,
            overlap: chunk.overlap,
            span: chunk.span,
        };
        self.write_passage(&place, &mut |part| passage.push_str(part));
        passage
    }

    fn write_passage(&self, place: &Place, write: &mut dyn FnMut(&str)) {
        let mut path = [""; 6];
        let mut depth = path.len();
        let mut next = place.section;
        while let Some(section) = next.and_then(|at| self.sections.get(at)) {
            // Levels grow from parent to child, so that six are enough.
            let Some(above) = depth.checked_sub(1) else { break };
            depth = above;
            path[depth] = &section.title;
            next = section.parent;
        }
        for (at, title) in path[depth..].iter().enumerate() {
            write(if at == 0 { "" } else { " > " });
            write(title);
        }
        if depth < path.len() {
            write("\n\n");
        }
        for before in [place.lead, place.overlap].into_iter().flatten() {
            write_lines(skip_blank_lines(self.unmarked(before)), write);
        }
        write_lines(skip_blank_lines(self.unmarked(place.span).trim_end()), write);
    }

    /// The text of a span without the byte order mark of the body.
    fn unmarked(&self, span: Span) -> &'s str {
        self.source.get(span.start.max(self.start)..span.end).unwrap_or_default()
    }

    /// Makes chunks of drafts.
    fn complete(&mut self, drafts: &[Draft]) {
        let bytes = self.source.as_bytes();
        let mut chunks = Vec::with_capacity(drafts.len());
        // The line at `counted`, up to which line ends have been counted.
        let mut line = 1 + count_line_ends(&bytes[..self.start]);
        let mut counted = self.start;
        let mut line_at = |at: usize| {
            line += count_line_ends(&bytes[counted..at]);
            counted = at;
            line
        };
        let mut section = None;
        for (at, draft) in drafts.iter().enumerate() {
            let text = self.unmarked(draft.span);
            let first = draft.span.end - text.trim_start().len();
            let last = draft.span.end - (text.len() - text.trim_end().len());
            while let Some(next) = self.sections.get(section.map_or(0, |section| section + 1))
                && next.start <= draft.text.max(first)
            {
                section = Some(section.map_or(0, |section| section + 1));
            }
            let place =
                Place { section, lead: draft.lead, overlap: draft.overlap, span: draft.span };
            let (kind, language) = self.describe(draft, text);
            chunks.push(Chunk {
                span: draft.span,
                first_line: line_at(first.min(last)),
                last_line: line_at(last),
                section,
                kind,
                language,
                lead: draft.lead,
                overlap: draft.overlap,
                continues: draft.continues,
                continued: drafts.get(at + 1).is_some_and(|next| next.continues),
                oversize: draft.oversize,
                tokens: draft.measure.rounded_up(),
                hash: ContentHash::of_parts(|write| self.write_passage(&place, write)),
            });
        }
        self.chunks = chunks;
    }

    fn describe(&self, draft: &Draft, text: &'s str) -> (ChunkKind, Language<'s>) {
        let kind = match draft.kind {
            PieceKind::Heading | PieceKind::Text => ChunkKind::Text,
            PieceKind::Code => {
                let start = draft.lead.map(|lead| lead.start).or(draft.code);
                let block = start.and_then(|start| self.source.get(start..));
                return (ChunkKind::Code, Language::of_code(block.unwrap_or_default()));
            }
            PieceKind::Table => ChunkKind::Table,
            PieceKind::List => ChunkKind::List,
        };
        (kind, Language::of_prose(text))
    }
}

/// The passage of a chunk that was kept: its heading path, what its passage has between the
/// headings and the text, and its text as written.
#[cfg(feature = "store")]
pub(crate) fn passage(heading_path: &[String], lead: &str, text: &str) -> String {
    let mut passage = heading_path.join(" > ");
    if !heading_path.is_empty() {
        passage.push_str("\n\n");
    }
    for part in [lead, text.trim_start_matches(BYTE_ORDER_MARK).trim_end()] {
        write_lines(skip_blank_lines(part), &mut |part| passage.push_str(part));
    }
    passage
}

/// What of a document a passage is made of.
struct Place {
    section: Option<usize>,
    lead: Option<Span>,
    overlap: Option<Span>,
    span: Span,
}

/// Without blank lines at the beginning. The indentation of the first line stays: it tells
/// code from text.
fn skip_blank_lines(text: &str) -> &str {
    let blank = text.len() - text.trim_start().len();
    let line = text[..blank].rfind('\n').map_or(0, |at| at + 1);
    &text[line..]
}

/// Writes `text` with line ends of one kind.
fn write_lines(text: &str, write: &mut dyn FnMut(&str)) {
    let mut from = 0;
    for at in memchr::memchr_iter(b'\r', text.as_bytes()) {
        if text.as_bytes().get(at + 1) == Some(&b'\n') {
            write(&text[from..at]);
            from = at + 1;
        }
    }
    write(&text[from..]);
}

fn count_line_ends(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
