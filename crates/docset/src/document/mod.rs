//! One parsed document, and the small values that its front matter is made of.

mod date;
mod id;

pub use date::Date;
pub(crate) use id::is_id;
pub use id::{DocumentId, IdError};

use crate::front_matter::FrontMatter;
use crate::markdown::{Outline, outline};
use crate::span::Span;

/// A Markdown document, parsed: front matter and outline, both with spans into
/// the text they were parsed from.
#[derive(Clone, Debug)]
pub struct Document<'s> {
    /// The whole text.
    pub text: &'s str,
    /// The YAML block at its head.
    pub front_matter: FrontMatter<'s>,
    /// Headings, links and code of the body.
    pub outline: Outline<'s>,
}

impl<'s> Document<'s> {
    /// Parses `text`. There is no text that cannot be parsed: what is wrong with
    /// the front matter is part of the result.
    #[must_use]
    pub fn parse(text: &'s str) -> Self {
        let front_matter = FrontMatter::parse(text);
        let outline = outline(text, front_matter.body_start(text));
        Self { text, front_matter, outline }
    }

    /// Where the body stands.
    #[must_use]
    pub fn body(&self) -> Span {
        Span::new(self.front_matter.body_start(self.text), self.text.len())
    }
}
