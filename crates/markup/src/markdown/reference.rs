//! The outline of any body, by `pulldown-cmark`.

use std::borrow::Cow;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{Heading, Link, LinkKind, Outline};
use crate::span::Span;

/// The outline of `text[body_start..]`, always by the full Markdown parser.
#[doc(hidden)]
#[must_use]
pub fn outline_reference(text: &str, body_start: usize) -> Outline<'_> {
    let body = &text[body_start..];
    let mut outline = Outline::default();
    let mut heading: Option<(u8, Option<Span>)> = None;
    for (event, range) in Parser::new_ext(body, Options::ENABLE_FOOTNOTES).into_offset_iter() {
        let span = Span::from(range).shifted(body_start);
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
    outline
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
