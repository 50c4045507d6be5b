//! A fast scanner for Markdown bodies, in place of the full parser.
//!
//! Rules need few parts of a document, and nearly all documents are plain: text,
//! lists, tables, code, links. [`scan`] reads such a body in one pass, builds no
//! tree and keeps only what an [`Outline`] holds. It follows the same rules as
//! the full parser, quirks included, so that both give the same outline; where it
//! would have to guess it gives up, and the caller uses the full parser.
//!
//! The work is split as CommonMark describes it: [`block`] finds the structure of
//! lines and notes the bytes of paragraphs and headings that can mean something
//! inline; [`inline`] then pairs these marks when the paragraph is complete.
//! Emphasis is not looked at, since no rule asks for it.
//!
//! It gives up on: link reference definitions; footnotes; lone carriage returns; a tag, a comment or the part of a link in
//! parentheses that goes on in the next line; declarations and processing
//! instructions inside a paragraph; destinations with escapes or entities;
//! headings that begin or end with a backslash, or end with a tab; nesting beyond all
//! reason.

mod angle;
mod block;
mod cursor;
mod html;
mod inline;
mod leaf;
mod lines;
mod specials;

#[cfg(test)]
mod tests;

use super::Outline;

/// The outline of `text[body_start..]`, or `None` if the body has something that
/// this scanner leaves to the full parser.
#[doc(hidden)]
#[must_use]
pub fn scan(text: &str, body_start: usize) -> Option<Outline<'_>> {
    let body = text.as_bytes().get(body_start..)?;
    // A footnote can end a paragraph anywhere.
    if has_lone_carriage_return(body) || memchr::memmem::find(body, b"[^").is_some() {
        return None;
    }
    block::Scanner::new(text, body_start).run(body_start)
}

/// Whether some `\r` is not the first half of a `\r\n`.
///
/// The full parser ends a line there in some places and not in others.
fn has_lone_carriage_return(body: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', body).any(|at| body.get(at + 1) != Some(&b'\n'))
}
