//! What holds for the chunks of any text, with the full Markdown parser as the judge.

use std::collections::HashSet;
use std::ops::Range;

use countersign_kb::chunk::{Chunk, Chunked, ContentHash, Measure, Settings, Tokens, chunk};
use countersign_markup::markdown::{BlockKind, outline_reference};
use countersign_markup::span::LineIndex;
use pulldown_cmark::{Event, Options, Parser, Tag};
use unicode_segmentation::UnicodeSegmentation as _;

/// Cuts `text[body_start..]` and asserts all that holds for any text.
#[track_caller]
pub(crate) fn chunk_and_check<'s>(
    text: &'s str,
    body_start: usize,
    settings: Settings,
    tokens: &dyn Tokens,
) -> Chunked<'s> {
    let chunked = chunk(text, body_start, settings, tokens);
    let judge = Judge::new(text, body_start);
    judge.spans(&chunked);
    for chunk in &chunked.chunks {
        judge.lines(chunk);
        judge.size(chunk, settings, tokens);
        judge.sections(chunk, settings);
        judge.context(chunk, &chunked, settings, tokens);
        assert_eq!(ContentHash::of(&chunked.passage(chunk)), chunk.hash, "{chunk:?}");
        assert!(!chunked.text(chunk).trim().is_empty(), "blank: {chunk:?} of {text:?}");
    }
    for chunk in chunked.chunks.iter().skip(1) {
        judge.cut(chunk.span.start, settings, tokens);
    }
    chunked
}

struct Judge<'s> {
    text: &'s str,
    body_start: usize,
    lines: LineIndex,
    links: Vec<Range<usize>>,
    code: Vec<Range<usize>>,
    tables: Vec<Range<usize>>,
    /// Where the headings that lie in no other block start, with their levels.
    headings: Vec<(usize, u8)>,
    /// Where grapheme clusters start.
    clusters: HashSet<usize>,
}

impl<'s> Judge<'s> {
    fn new(text: &'s str, body_start: usize) -> Self {
        let mark = if text[body_start..].starts_with('\u{feff}') { 3 } else { 0 };
        let start = body_start + mark;
        let (mut links, mut code, mut tables) = (Vec::new(), Vec::new(), Vec::new());
        let shifted = |range: Range<usize>| range.start + start..range.end + start;
        let footnotes = Options::ENABLE_FOOTNOTES;
        for (event, range) in Parser::new_ext(&text[start..], footnotes).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => links.push(shifted(range)),
                Event::Start(Tag::CodeBlock(_)) => code.push(shifted(range)),
                _ => {}
            }
        }
        let options = footnotes | Options::ENABLE_TABLES;
        for (event, range) in Parser::new_ext(&text[start..], options).into_offset_iter() {
            if let Event::Start(Tag::Table(_)) = event {
                tables.push(shifted(range));
            }
        }
        let outline = outline_reference(text, start);
        let blocks = outline.blocks.iter().filter(|block| block.kind == BlockKind::Heading);
        let headings = blocks.map(|block| {
            let heading = outline.headings.iter().find(|h| h.text.start >= block.start);
            (block.start, heading.unwrap().level)
        });
        let headings = headings.collect();
        let clusters = text.grapheme_indices(true).map(|(start, _)| start);
        let clusters = clusters.chain([text.len()]).collect();
        Self {
            clusters,
            text,
            body_start,
            lines: LineIndex::new(text),
            links,
            code,
            tables,
            headings,
        }
    }

    /// The chunks are the body, byte for byte.
    fn spans(&self, chunked: &Chunked<'_>) {
        let body = &self.text[self.body_start..];
        let together: String = chunked.chunks.iter().map(|chunk| chunked.text(chunk)).collect();
        if chunked.chunks.is_empty() {
            assert!(body.trim_start_matches('\u{feff}').trim().is_empty(), "{body:?}");
        } else {
            assert_eq!(together, body);
        }
        let mut at = self.body_start;
        for chunk in &chunked.chunks {
            assert_eq!(chunk.span.start, at);
            at = chunk.span.end;
        }
    }

    fn lines(&self, chunk: &Chunk<'_>) {
        let text = chunk.span.text(self.text).unwrap();
        let mark = chunk.span.start == self.body_start && text.starts_with('\u{feff}');
        let content = if mark { &text[3..] } else { text };
        let first = chunk.span.end - content.trim_start().len();
        let last = chunk.span.start + text.trim_end().len();
        let line = |at| self.lines.position(self.text, at).line;
        assert_eq!((chunk.first_line, chunk.last_line), (line(first), line(last)), "{text:?}");
    }

    fn size(&self, chunk: &Chunk<'_>, settings: Settings, tokens: &dyn Tokens) {
        let text = chunk.span.text(self.text).unwrap().trim_start_matches('\u{feff}');
        let fits = tokens.measure(text.trim()) <= Measure::tokens(settings.max_tokens());
        assert!(fits || chunk.oversize, "{chunk:?} of {:?}", self.text);
        assert_eq!(chunk.tokens > settings.max_tokens(), chunk.oversize, "{chunk:?}");
        if chunk.oversize {
            let whole = |ranges: &[Range<usize>]| {
                ranges
                    .iter()
                    .any(|range| range.start < chunk.span.end && chunk.span.start < range.end)
            };
            let max = Measure::tokens(settings.max_tokens());
            let long = text.graphemes(true).any(|cluster| tokens.measure(cluster) > max);
            assert!(
                long || whole(&self.links) || whole(&self.code) || whole(&self.tables),
                "oversize without need: {chunk:?} of {:?}",
                self.text
            );
        }
    }

    /// No text of two sections is in one chunk.
    fn sections(&self, chunk: &Chunk<'_>, settings: Settings) {
        let inside = |start: &usize| chunk.span.contains(*start);
        let headings = self.headings.iter().filter(|(start, _)| inside(start));
        let start = chunk.span.start + leading_blank(chunk.span.text(self.text).unwrap());
        let mut above = None;
        for (at, level) in headings {
            if *level <= settings.heading_level() && *at > start {
                // Then there are only headings above it in the chunk, each below the other.
                let levels = self.headings.iter().filter(|(other, _)| (start..*at).contains(other));
                let levels: Vec<u8> = levels.map(|(_, level)| *level).collect();
                let ascending = levels.windows(2).all(|pair| pair[0] < pair[1]);
                assert!(above.is_none_or(|above| above < *level) && ascending, "{:?}", self.text);
                assert!(above.is_some(), "{chunk:?} crosses {at} of {:?}", self.text);
                self.nothing_but_headings(start, *at);
            }
            above = Some(*level);
        }
    }

    fn nothing_but_headings(&self, start: usize, end: usize) {
        let outline = outline_reference(self.text, self.body_start);
        let between = outline.blocks.iter().filter(|block| (start..end).contains(&block.start));
        for block in between {
            assert_eq!(block.kind, BlockKind::Heading, "{:?}", self.text);
        }
    }

    /// Lead and overlap are text before the chunk, and no more than allowed.
    fn context(
        &self,
        chunk: &Chunk<'_>,
        chunked: &Chunked<'_>,
        settings: Settings,
        tokens: &dyn Tokens,
    ) {
        if let Some(lead) = chunk.lead {
            assert!(chunk.continues && lead.end <= chunk.span.start, "{chunk:?}");
            assert!(lead.text(self.text).is_some_and(|lead| !lead.is_empty()));
        }
        if let Some(overlap) = chunk.overlap {
            assert_eq!(overlap.end, chunk.span.start);
            let text = overlap.text(self.text).unwrap();
            let limit = Measure::tokens(settings.overlap_tokens());
            assert!(tokens.measure(text.trim_ascii()) <= limit, "{chunk:?}");
            let before = chunked.chunks.iter().find(|other| other.span.end == overlap.end);
            assert!(before.unwrap().span.start <= overlap.start, "{chunk:?}");
            self.cut_is_clean(overlap.start);
        }
    }

    /// A chunk may begin at `at`.
    fn cut(&self, at: usize, settings: Settings, tokens: &dyn Tokens) {
        self.cut_is_clean(at);
        let max = Measure::tokens(settings.max_tokens());
        let Some(code) = self.code.iter().find(|code| code.start < at && at < code.end) else {
            return;
        };
        // Its line has the marks of the lists and quotes around it as well.
        let start = self.text[..code.start].rfind('\n').map_or(0, |at| at + 1).max(self.body_start);
        let block = self.text[start..code.end].trim_ascii_end();
        let long = tokens.measure(block) > max || block.len() > 32 * settings.max_tokens();
        let blank = self.text[at..code.end].trim_ascii().is_empty();
        assert!(long || blank, "cut at {at} in a code block that fits: {:?}", self.text);
        assert!(self.text[..at].ends_with('\n'), "cut at {at} in a line of code: {:?}", self.text);
    }

    /// Nothing that must stay whole has `at` inside.
    fn cut_is_clean(&self, at: usize) {
        assert!(
            self.clusters.contains(&at),
            "cut at {at} in a grapheme cluster of {:?}",
            self.text
        );
        let inside = |range: &&Range<usize>| range.start < at && at < range.end;
        assert_eq!(self.links.iter().find(inside), None, "cut at {at} in {:?}", self.text);
        if let Some(table) = self.tables.iter().find(inside) {
            assert!(
                self.text[..at].ends_with('\n'),
                "cut at {at} in a row of {table:?} in {:?}",
                self.text
            );
        }
    }
}

/// The length of the byte order mark and the blank lines that a chunk begins with.
fn leading_blank(text: &str) -> usize {
    let rest = text.trim_start_matches('\u{feff}');
    let blank = rest.len() - rest.trim_start().len();
    let line = rest[..blank].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    text.len() - rest.len() + line
}
