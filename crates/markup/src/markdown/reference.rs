//! The outline of any body, by `pulldown-cmark`.

use std::borrow::Cow;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{Block, BlockKind, Heading, Item, Link, LinkKind, Outline};
use crate::span::Span;

/// The outline of `text[body_start..]`, always by the full Markdown parser.
#[doc(hidden)]
#[must_use]
pub fn outline_reference(text: &str, body_start: usize) -> Outline<'_> {
    let body = &text[body_start..];
    let mut outline = Outline::default();
    let mut heading: Option<(u8, Option<Span>)> = None;
    let mut blocks = Blocks::new(text, body_start);
    let mut events = Parser::new_ext(body, Options::ENABLE_FOOTNOTES).into_offset_iter();
    for (event, range) in events.by_ref() {
        let span = Span::from(range).shifted(body_start);
        blocks.note(&event, span, &mut outline);
        if let Some((_, inner)) = &mut heading
            && !matches!(event, Event::Start(Tag::Heading { .. }) | Event::End(_))
        {
            let start = inner.map_or(span.start, |inner| inner.start.min(span.start));
            let end = inner.map_or(span.end, |inner| inner.end.max(span.end));
            *inner = Some(Span::new(start, end));
        }
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level as u8, None)),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, inner)) = heading.take() {
                    // A heading without text has nothing but its markers: its
                    // place is behind the first of them.
                    let text = inner.unwrap_or_else(|| Span::at(behind_marks(text, span)));
                    outline.headings.push(Heading { level, text });
                }
            }
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                let kind = match link_type {
                    LinkType::Autolink | LinkType::Email => LinkKind::Autolink,
                    _ => LinkKind::Link,
                };
                outline.links.push(Link { kind, span, destination: into_cow(dest_url) });
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let destination = into_cow(dest_url);
                outline.links.push(Link { kind: LinkKind::Image, span, destination });
            }
            Event::Code(_) => {
                let raw = span.text(text).unwrap_or_default();
                let ticks = raw.len() - raw.trim_start_matches('`').len();
                let inside = Span::new(span.start + ticks, span.end.saturating_sub(ticks));
                outline.code_spans.push(inside);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                outline.code_blocks.push(span);
                if matches!(kind, CodeBlockKind::Fenced(_)) && outline.unclosed_fence.is_none() {
                    outline.unclosed_fence = unclosed(text, span);
                }
            }
            _ => {}
        }
    }
    let definitions = events.reference_definitions().iter();
    let definitions: Vec<usize> =
        definitions.map(|(_, definition)| definition.span.start + body_start).collect();
    blocks.note_definitions(definitions, &mut outline);
    outline
}

/// The blocks that are open.
struct Blocks<'s> {
    text: &'s str,
    /// How many there are.
    depth: usize,
    /// How many of them are lists.
    lists: usize,
    /// The start of the last line that a block began in.
    line: usize,
    /// Where that block began.
    seen: usize,
    /// The blocks that lie in no other block.
    outermost: Vec<Span>,
}

impl<'s> Blocks<'s> {
    const fn new(text: &'s str, body_start: usize) -> Self {
        Self { text, depth: 0, lists: 0, line: body_start, seen: body_start, outermost: Vec::new() }
    }

    /// Notes where blocks and list items begin; the event belongs to `span`.
    fn note(&mut self, event: &Event<'_>, span: Span, outline: &mut Outline<'_>) {
        let kind = match event {
            Event::Rule => Some(BlockKind::Rule),
            Event::Start(tag) => kind(tag),
            _ => None,
        };
        if let Some(kind) = kind.filter(|_| self.depth == 0) {
            outline.blocks.push(Block { start: self.line_start(span.start), kind });
            let list = kind == BlockKind::List;
            self.outermost.push(if list { Span::at(span.start) } else { span });
        }
        match event {
            Event::Start(Tag::Item) => {
                self.depth += 1;
                // The parser counts columns of tabs as bytes, and so can begin an item in a
                // blank line before it: what an item begins with is its mark.
                let rest = self.text.as_bytes().get(span.start..).unwrap_or_default();
                let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                let start = self.line_start(span.start + blank);
                if outline.items.last().is_none_or(|last| last.start != start) {
                    outline.items.push(Item { start, depth: self.lists });
                }
            }
            Event::Start(tag) => {
                self.depth += usize::from(kind.is_some());
                self.lists += usize::from(matches!(tag, Tag::List(_)));
            }
            Event::End(tag) => {
                let block = match tag {
                    TagEnd::Paragraph
                    | TagEnd::Heading(_)
                    | TagEnd::BlockQuote(_)
                    | TagEnd::CodeBlock
                    | TagEnd::HtmlBlock
                    | TagEnd::List(_)
                    | TagEnd::Item
                    | TagEnd::FootnoteDefinition => 1,
                    _ => 0,
                };
                self.depth = self.depth.saturating_sub(block);
                if matches!(tag, TagEnd::Item)
                    && self.depth == 1
                    && let Some(list) = self.outermost.last_mut()
                {
                    // The parser counts definitions behind a list as part of it.
                    list.end = span.end;
                }
                let list = usize::from(matches!(tag, TagEnd::List(_)));
                self.lists = self.lists.saturating_sub(list);
            }
            _ => {}
        }
    }

    /// Notes those definitions of links, given by where they start, that lie in no block.
    fn note_definitions(&mut self, mut definitions: Vec<usize>, outline: &mut Outline<'_>) {
        definitions.sort_unstable();
        (self.line, self.seen) = (0, 0);
        for offset in definitions {
            let before = self.outermost.partition_point(|block| block.start <= offset);
            let around = before.checked_sub(1).and_then(|at| self.outermost.get(at));
            if around.is_some_and(|block| block.contains(offset)) {
                continue;
            }
            let start = self.line_start(offset);
            outline.blocks.push(Block { start, kind: BlockKind::Definition });
        }
        outline.blocks.sort_by_key(|block| block.start);
        // Of several in a row, the first stands for all.
        outline.blocks.dedup_by(|next, block| {
            next.kind == BlockKind::Definition && block.kind == BlockKind::Definition
        });
    }

    /// The start of the line that `offset`, not before any earlier one, lies in.
    fn line_start(&mut self, offset: usize) -> usize {
        // No byte is looked at twice, as many blocks can begin in one line.
        let mut new = self.text.as_bytes().get(self.seen..offset).unwrap_or_default();
        if self.text.as_bytes().get(offset) == Some(&b'\n') {
            // Half a line end has nothing behind it.
            new = new.strip_suffix(b"\r").unwrap_or(new);
        }
        if let Some(at) = memchr::memrchr2(b'\n', b'\r', new) {
            self.line = self.seen + at + 1;
        }
        self.seen = self.seen.max(offset);
        self.line
    }
}

/// The kind of a block that can stand alone; `None` for the rest.
const fn kind(tag: &Tag<'_>) -> Option<BlockKind> {
    Some(match tag {
        Tag::Paragraph => BlockKind::Paragraph,
        Tag::Heading { .. } => BlockKind::Heading,
        Tag::BlockQuote(_) => BlockKind::Quote,
        Tag::CodeBlock(_) => BlockKind::Code,
        Tag::HtmlBlock => BlockKind::Html,
        Tag::List(_) => BlockKind::List,
        Tag::FootnoteDefinition(_) => BlockKind::Footnote,
        _ => return None,
    })
}

/// The place behind the opening `#`s of a heading.
fn behind_marks(text: &str, heading: Span) -> usize {
    let raw = heading.text(text).unwrap_or_default();
    let behind = raw.trim_start().trim_start_matches('#');
    heading.start + raw.len() - behind.len()
}

fn into_cow(text: CowStr<'_>) -> Cow<'_, str> {
    match text {
        CowStr::Borrowed(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.into_string()),
    }
}

/// The opening line of the fenced code block at `block`, if its last line is not
/// a closing fence.
pub(super) fn unclosed(text: &str, block: Span) -> Option<Span> {
    let raw = block.text(text)?.trim_end_matches(['\n', '\r']);
    let first = raw.lines().next().unwrap_or_default();
    let opening = first.trim_end();
    let fence = opening.chars().next()?;
    let width = opening.chars().take_while(|char| *char == fence).count();
    let last = raw.rsplit('\n').next().filter(|_| raw.contains('\n')).unwrap_or_default();
    // The last line still has the marks of the list or quote around it.
    let before = text[..block.start].rsplit('\n').next().unwrap_or_default();
    let marks: &[char] = if before.contains('>') { &['>', ' ', '\t'] } else { &[' ', '\t'] };
    let last = last.trim().trim_start_matches(marks);
    let closes = last.chars().count() >= width && last.chars().all(|char| char == fence);
    (!closes).then(|| Span::new(block.start, block.start + opening.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_headings_links_and_code_and_no_more() {
        let text = "# A `b`\n\nSee [x](y.md \"t\"), ![i](p.png), <https://e.org>, [z].\n\n\
                    Two\n===\n\n```\n# no [l](m)\n```\n\n    indented\n";
        let outline = outline_reference(text, 0);
        let headings: Vec<_> =
            outline.headings.iter().map(|h| (h.level, h.text.text(text).unwrap())).collect();
        assert_eq!(headings, [(1, "A `b`"), (1, "Two")]);
        let links: Vec<_> = outline.links.iter().map(|l| (l.kind, &*l.destination)).collect();
        assert_eq!(
            links,
            [
                (LinkKind::Link, "y.md"),
                (LinkKind::Image, "p.png"),
                (LinkKind::Autolink, "https://e.org")
            ]
        );
        assert_eq!(outline.code_spans[0].text(text), Some("b"));
        assert_eq!(outline.code_blocks.len(), 2);
        assert!(outline.is_code(text.find("no").unwrap()));
        assert_eq!(outline.unclosed_fence, None);
    }

    #[test]
    fn an_open_fence_is_found() {
        let text = "a\n\n~~~~ sh\n~~~\nb\n";
        let span = outline_reference(text, 0).unclosed_fence.unwrap();
        assert_eq!(span.text(text), Some("~~~~ sh"));
        assert_eq!(outline_reference("- a\n\n  ```\n  b\n  ```\n", 0).unclosed_fence, None);
    }
}
