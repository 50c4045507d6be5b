//! Puts blocks into chunks: as many as fit, in order, and cut where one alone does not.

use countersign_markup::markdown::Outline;
use countersign_markup::span::Span;

use super::block::{Block, PieceKind, table_head};
use super::cut::{Between, Cuts};
use super::guard::{Guard, line_start, next_line};
use super::settings::Settings;
use super::tokens::{Measure, Tokens};

/// A chunk before its place and its hash are known.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) span: Span,
    /// Where its text starts, behind the headings that it begins with; the last one of
    /// these if there is nothing else.
    pub(super) text: usize,
    pub(super) kind: PieceKind,
    /// The code block that makes it code.
    pub(super) code: Option<usize>,
    pub(super) measure: Measure,
    pub(super) lead: Option<Span>,
    pub(super) overlap: Option<Span>,
    pub(super) continues: bool,
    pub(super) oversize: bool,
}

/// What chunks are put together from: a block, or a part of one.
#[derive(Clone, Copy, Debug)]
struct Piece {
    span: Span,
    kind: PieceKind,
    /// The tokens of the text up to the white space at its end.
    measure: Measure,
    /// Those of the white space at its end, which counts only if something follows.
    trailing: Measure,
    /// The level, if it is a heading.
    heading: Option<u8>,
    /// Whether it would make no sense at the end of a chunk.
    introduces: bool,
    /// Whether it is not the first part of its block.
    continues: bool,
}

/// A chunk has no more bytes than this for each token that it may have, however few a
/// tokenizer finds: a megabyte of blank lines is no short text.
const BYTES_PER_TOKEN: usize = 32;

pub(super) struct Packer<'a, 's, T: ?Sized> {
    cuts: Cuts<'a, 's>,
    settings: Settings,
    tokens: &'a T,
    max: Measure,
    /// The pieces of the chunk that is being filled.
    open: Vec<Piece>,
    /// Their measures together, with the lead and all white space.
    filled: Measure,
    /// What the parts of the block that is being cut continue, and its measure.
    lead: Option<(Span, Measure)>,
    /// Whether the chunk that is being filled has the lead.
    led: bool,
    /// Where the text of the current section starts, before which no overlap begins.
    section: usize,
    /// Where white space starts that goes with the next chunk.
    blank: Option<usize>,
    drafts: Vec<Draft>,
}

impl<'a, 's, T: Tokens + ?Sized> Packer<'a, 's, T> {
    pub(super) fn new(
        text: &'s str,
        outline: &'a Outline<'s>,
        guard: &'a Guard<'s>,
        settings: Settings,
        tokens: &'a T,
    ) -> Self {
        let cuts = Cuts { text, outline, guard, few: settings.max_tokens() / 8 };
        Self {
            cuts,
            settings,
            tokens,
            max: Measure::tokens(settings.max_tokens()),
            open: Vec::new(),
            filled: Measure::ZERO,
            lead: None,
            led: false,
            section: 0,
            blank: None,
            drafts: Vec::with_capacity(text.len() / 1024 + 1),
        }
    }

    /// The chunks of the blocks that were put in.
    pub(super) fn finish(mut self) -> Vec<Draft> {
        self.close();
        if let (Some(last), Some(_)) = (self.drafts.last_mut(), self.blank) {
            last.span.end = self.cuts.text.len();
        }
        self.drafts
    }

    /// Puts a block in.
    pub(super) fn block(&mut self, block: Block) {
        if block.heading.is_some_and(|level| self.ends_section(level)) {
            self.close();
            self.section = block.span.start;
        }
        let piece = Piece {
            heading: block.heading,
            introduces: self.introduces(block),
            ..self.piece(block.span, block.kind)
        };
        if piece.measure > self.max { self.cut_block(piece) } else { self.put(piece) }
    }

    /// Whether a heading of `level` begins a chunk.
    ///
    /// A heading that has nothing but a heading below it goes with that: the text behind
    /// belongs to both.
    fn ends_section(&self, level: u8) -> bool {
        let above = |piece: &Piece| piece.heading.is_some_and(|above| above < level);
        let below_headings = !self.open.is_empty() && self.open.iter().all(above);
        level <= self.settings.heading_level() && !below_headings
    }

    /// Headings and sentences with a colon at the end stay with what follows.
    fn introduces(&self, block: Block) -> bool {
        block.heading.is_some()
            || block.kind == PieceKind::Text
                && self.cuts.text[block.span.range()].trim_ascii_end().ends_with(':')
    }

    /// A piece with its measures.
    fn piece(&self, span: Span, kind: PieceKind) -> Piece {
        let text = &self.cuts.text[span.range()];
        let end = span.start + text.trim_ascii_end().len();
        Piece {
            span,
            kind,
            measure: self.measure(Span::new(span.start, end)),
            trailing: self.measure(Span::new(end, span.end)),
            heading: None,
            introduces: false,
            continues: false,
        }
    }

    fn measure(&self, span: Span) -> Measure {
        // A tokenizer that needs much memory never gets to see a text of any size.
        if span.is_empty() || span.len() > self.max_bytes() {
            return Measure::tokens(span.len().div_ceil(BYTES_PER_TOKEN));
        }
        self.tokens.measure(&self.cuts.text[span.range()])
    }

    const fn max_bytes(&self) -> usize {
        self.settings.max_tokens() * BYTES_PER_TOKEN
    }

    /// Adds a piece to the open chunk, or to a new one if it has no room.
    fn put(&mut self, piece: Piece) {
        let bytes = self.open.first().map_or(0, |first| piece.span.end - first.span.start);
        if bytes > self.max_bytes() || bytes > 0 && self.filled + piece.measure > self.max {
            self.close_before(piece.measure);
        }
        self.add(piece);
    }

    fn add(&mut self, piece: Piece) {
        if self.open.is_empty() {
            let fits = |measure: Measure| measure + piece.measure <= self.max;
            // The head of a table can itself be cut.
            let lead = self.lead.filter(|(lead, measure)| {
                piece.continues && lead.end <= piece.span.start && fits(*measure)
            });
            self.led = lead.is_some();
            self.filled = lead.map_or(Measure::ZERO, |(_, measure)| measure);
        }
        self.filled += piece.measure + piece.trailing;
        self.open.push(piece);
    }

    /// Ends the open chunk, but for its last pieces if they introduce what comes next, of
    /// the measure `next`: these begin a new one.
    fn close_before(&mut self, next: Measure) {
        let kept = self.open.len() - self.introduction(next);
        let moved: Vec<Piece> = self.open.drain(kept..).collect();
        self.close();
        for piece in moved {
            self.add(piece);
        }
    }

    /// How many of the last open pieces belong to what comes next, if it has the measure
    /// `next` and there is room for all of it.
    fn introduction(&self, next: Measure) -> usize {
        let mut measure = next;
        let mut moved = 0;
        for piece in self.open.iter().rev() {
            measure += piece.measure + piece.trailing;
            if !piece.introduces || measure > self.max {
                break;
            }
            moved += 1;
        }
        // A chunk of nothing but introductions is better than none at all.
        if moved < self.open.len() { moved } else { 0 }
    }

    /// Ends the open chunk.
    fn close(&mut self) {
        let (Some(first), Some(last)) = (self.open.first(), self.open.last()) else {
            return;
        };
        let span = Span::new(self.blank.unwrap_or(first.span.start), last.span.end);
        if self.cuts.text[span.range()].trim_start().is_empty() {
            // White space is no chunk of its own. Where a block begins with it, it goes
            // with the chunk behind.
            match self.drafts.last_mut() {
                Some(before) if first.continues && self.blank.is_none() => {
                    before.span.end = span.end;
                }
                _ => self.blank = Some(span.start),
            }
            self.open.clear();
            return;
        }
        let all: Measure = self.open.iter().map(|piece| piece.measure + piece.trailing).sum();
        let measure = all - last.trailing;
        let code = self.open.iter().find(|piece| piece.kind == PieceKind::Code);
        let text = self.open.iter().find(|piece| piece.heading.is_none()).unwrap_or(last);
        let draft = Draft {
            span,
            text: text.span.start,
            kind: dominant(self.cuts.text, &self.open),
            code: code.map(|piece| piece.span.start),
            measure,
            lead: self.lead.filter(|_| self.led).map(|(lead, _)| lead),
            overlap: self.overlap(span.start),
            continues: first.continues && self.blank.is_none(),
            oversize: measure > self.max,
        };
        self.drafts.push(draft);
        self.open.clear();
        self.blank = None;
    }

    /// Cuts a block that does not fit into a chunk.
    fn cut_block(&mut self, block: Piece) {
        match block.kind {
            PieceKind::Code | PieceKind::Table => {
                let end = match block.kind {
                    PieceKind::Code => {
                        self.cuts.guard.code_at(block.span.start).map(|code| code.end)
                    }
                    _ => Some(self.cuts.first(Between::Paragraphs, block.span)),
                };
                let end = end.unwrap_or(block.span.end).min(block.span.end);
                self.cut_alone(self.piece(Span::new(block.span.start, end), block.kind));
                self.extend(Span::new(end, block.span.end));
            }
            PieceKind::List => self.cut(block, Between::Items(1)),
            PieceKind::Text | PieceKind::Heading => self.cut(block, Between::Paragraphs),
        }
    }

    /// Adds what is left of a block behind its code or table: blank lines, as a rule.
    fn extend(&mut self, rest: Span) {
        let piece = self.piece(rest, PieceKind::Text);
        if !self.cuts.text[rest.range()].trim_ascii().is_empty() {
            self.cut(Piece { continues: true, ..piece }, Between::Paragraphs);
        } else if let Some(last) = self.open.last_mut() {
            last.span.end = rest.end;
            last.trailing += piece.trailing;
            self.filled += piece.trailing;
        } else if let Some(last) = self.drafts.last_mut() {
            last.span.end = rest.end;
        }
    }

    /// Cuts code or a table into chunks that hold nothing else, at line ends.
    fn cut_alone(&mut self, block: Piece) {
        if block.measure <= self.max {
            self.put(block);
            return;
        }
        // What introduces it, a heading above all, goes with its first lines.
        if !self.open.iter().all(|piece| piece.introduces) {
            let head = next_line(self.cuts.text.as_bytes(), block.span.start).min(block.span.end);
            self.close_before(self.measure(Span::new(block.span.start, head)));
        }
        let lead = self.lead_of(&block);
        let measure = lead.map(|lead| self.measure(lead));
        // Where the lead is most of a chunk, the chunk is better used for the text.
        self.lead = lead.zip(measure).filter(|(_, m)| *m + *m <= self.max);
        self.cut(block, Between::Lines);
        self.close();
        self.lead = None;
    }

    /// What makes sense of a part of code or a table: the opening fence, the header row.
    fn lead_of(&self, block: &Piece) -> Option<Span> {
        let text = self.cuts.text;
        if block.kind == PieceKind::Table {
            return table_head(text, block.span);
        }
        let end = next_line(text.as_bytes(), block.span.start);
        let line = text.get(block.span.start..end)?;
        line.trim_start().starts_with(['`', '~']).then(|| Span::new(block.span.start, end))
    }

    /// Puts the parts of a piece in, those that are too large cut further.
    fn cut(&mut self, piece: Piece, between: Between) {
        let mut rest = piece.span;
        let mut first = !piece.continues;
        while !rest.is_empty() {
            let end = self.cuts.first(between, rest);
            let span = Span::new(rest.start, end);
            let part = Piece {
                heading: piece.heading.filter(|_| first),
                introduces: piece.introduces && end == piece.span.end,
                continues: !first,
                ..self.piece(span, piece.kind)
            };
            match self.smaller(&part, between) {
                Some(smaller) if part.measure > self.max => self.cut(part, smaller),
                _ => self.put(part),
            }
            first = false;
            rest.start = end;
        }
    }

    /// How to cut a part that is still too large; `None` for what stays whole at any size.
    fn smaller(&self, part: &Piece, between: Between) -> Option<Between> {
        let smaller = between.smaller()?;
        let whole = match smaller {
            Between::Sentences => {
                part.kind == PieceKind::Code
                    || self.cuts.guard.code_at(part.span.start).is_some()
                    || self.cuts.guard.is_row(part.span)
            }
            _ => false,
        };
        (!whole).then_some(smaller)
    }

    /// The end of the text before the chunk that starts at `end`: as many lines as the
    /// settings allow, or else sentences.
    fn overlap(&self, end: usize) -> Option<Span> {
        let limit = Measure::tokens(self.settings.overlap_tokens());
        let before = self.drafts.last()?;
        if limit == Measure::ZERO || end <= self.section || before.oversize || self.led {
            return None;
        }
        let bytes = self.cuts.text.as_bytes();
        let (mut start, mut line, mut measure) = (end, end, Measure::ZERO);
        let mut blank = true;
        while line > before.span.start {
            let above = line_start(bytes, before.span.start, line - 1);
            measure += self.measure(Span::new(above, line));
            if measure > limit {
                break;
            }
            blank = blank && bytes[above..line].trim_ascii().is_empty();
            line = above;
            let in_code = self.cuts.guard.code_at(line).is_some_and(|code| code.start < line);
            if !in_code && !blank && self.cuts.guard.link_around(line).is_none() {
                start = line;
            }
        }
        if start == end {
            start = self.last_sentences(before, end, limit);
        }
        (start < end).then(|| Span::new(start, end))
    }

    /// Where the last sentences before `end` start that are not above `limit` together.
    fn last_sentences(&self, before: &Draft, end: usize, limit: Measure) -> usize {
        let text = self.cuts.text;
        let behind = before.span.start + text[before.span.start..end].trim_ascii_end().len();
        let line = line_start(text.as_bytes(), before.span.start, behind);
        let span = Span::new(line, end);
        let whole = before.kind == PieceKind::Code || before.kind == PieceKind::Table;
        if whole || self.cuts.guard.code_at(line).is_some() || self.cuts.guard.is_row(span) {
            return end;
        }
        // From the last one on; all of them together are no larger than a chunk.
        let mut starts = Vec::new();
        let mut at = line;
        while at < end {
            starts.push(at);
            at = self.cuts.first(Between::Sentences, Span::new(at, end));
        }
        let (mut start, mut measure) = (end, Measure::ZERO);
        for at in starts.into_iter().rev() {
            measure += self.measure(Span::new(at, start));
            if measure > limit || self.cuts.guard.link_around(at).is_some() {
                break;
            }
            start = at;
        }
        start
    }
}

/// The kind of most of the bytes; headings count only where there is nothing else, and
/// carriage returns never: line ends of either kind make the same chunks.
fn dominant(text: &str, pieces: &[Piece]) -> PieceKind {
    let mut bytes = [0; 4];
    for piece in pieces {
        let place = match piece.kind {
            PieceKind::Heading => continue,
            PieceKind::Text => 0,
            PieceKind::Code => 1,
            PieceKind::Table => 2,
            PieceKind::List => 3,
        };
        let returns = memchr::memchr_iter(b'\r', text[piece.span.range()].as_bytes()).count();
        bytes[place] += piece.span.len() - returns;
    }
    let kinds = [PieceKind::Text, PieceKind::Code, PieceKind::Table, PieceKind::List];
    let mut most = (0, PieceKind::Text);
    for (bytes, kind) in bytes.into_iter().zip(kinds) {
        if bytes > most.0 {
            most = (bytes, kind);
        }
    }
    most.1
}
