//! The parts of a Markdown body that rules and the index look at: headings, links, code,
//! and where blocks begin.
//!
//! [`outline`] is a view, not a syntax tree: it keeps byte spans into the source
//! and leaves the text where it is. Markdown is CommonMark as
//! [`pulldown_cmark`] reads it, with footnotes. Other extensions, tables and task
//! lists among them, change nothing about which headings, links and code spans a
//! document has.

mod heading;
mod reference;
mod scan;

use std::borrow::Cow;

pub use heading::certainly_has_slug;
pub use heading::{anchors, plain_text, slug};
#[doc(hidden)]
pub use reference::outline_reference;
#[doc(hidden)]
pub use scan::scan;

use crate::span::Span;

/// Headings, links, code and blocks of one body, each list in source order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline<'s> {
    /// All headings, ATX (`# …`) and setext (underlined).
    pub headings: Vec<Heading>,
    /// Links, images and autolinks whose destination is known; a reference link
    /// without a definition is text, not a link.
    pub links: Vec<Link<'s>>,
    /// The insides of code spans, back-ticks left out.
    pub code_spans: Vec<Span>,
    /// Code blocks, fenced and indented, fences included.
    pub code_blocks: Vec<Span>,
    /// The opening line of a fenced code block that no fence of its own closes.
    pub unclosed_fence: Option<Span>,
    /// The blocks that lie in no other block. Blank lines between them have no entry of
    /// their own.
    pub blocks: Vec<Block>,
    /// Items of lists, nested ones included; of several that begin on one line, the
    /// outermost.
    pub items: Vec<Item>,
}

/// The beginning of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where the first line of the block starts, indentation included.
    pub start: usize,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is. A table counts as the paragraph that it is without extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading; the next of [`Outline::headings`] from the block's start on.
    Heading,
    /// Text.
    Paragraph,
    /// Code, fenced or indented.
    Code,
    /// A list with all its items.
    List,
    /// A block quote.
    Quote,
    /// HTML.
    Html,
    /// A thematic break.
    Rule,
    /// The definition of a footnote.
    Footnote,
    /// Definitions of links, one or several in a row.
    Definition,
}

/// The beginning of a list item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Where the first line of the item starts, indentation included.
    pub start: usize,
    /// How many lists the item is in: 1 for an item of a list in no other list.
    pub depth: usize,
}

/// A heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The text as written, inline markup included, markers (`#`, underline) left out.
    pub text: Span,
}

/// What kind of link it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](destination)` or a reference to a definition.
    Link,
    /// `![text](destination)` or a reference to a definition.
    Image,
    /// `<https://…>` or `<name@example.org>`.
    Autolink,
}

/// A link, an image or an autolink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link<'s> {
    /// What kind of link it is.
    pub kind: LinkKind,
    /// The whole link, brackets included.
    pub span: Span,
    /// Where it leads, escapes and entities resolved.
    pub destination: Cow<'s, str>,
}

impl Outline<'_> {
    /// Whether `offset` lies inside a code span or a code block.
    #[must_use]
    pub fn is_code(&self, offset: usize) -> bool {
        let inside = |spans: &[Span]| {
            let next = spans.partition_point(|span| span.start <= offset);
            next.checked_sub(1).is_some_and(|at| spans[at].contains(offset))
        };
        inside(&self.code_spans) || inside(&self.code_blocks)
    }
}

/// The outline of `text[body_start..]`; all spans count from the start of `text`.
///
/// Most documents are read by a scanner that knows plain Markdown; where it
/// meets anything else, the whole body goes to [`pulldown_cmark`]. Both give the
/// same outline, which is tested on every document at hand and by fuzzing.
#[must_use]
pub fn outline(text: &str, body_start: usize) -> Outline<'_> {
    match scan(text, body_start) {
        Some(outline) => outline,
        None => outline_reference(text, body_start),
    }
}
