//! Changes to a text that leave every other byte as it was.

mod apply;
mod lock;
mod write;

pub(crate) use apply::apply;
pub use lock::FolderLock;
pub use write::{WriteError, write_atomically};

use std::collections::BTreeMap;

use crate::diagnostic::{Applicability, Diagnostic};
use crate::span::Span;

/// Replaces the bytes of `span` by `text`; an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What takes its place.
    pub text: String,
}

impl Edit {
    /// Replaces `span` by `text`.
    #[must_use]
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Inserts `text` at `offset`.
    #[must_use]
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self::replace(Span::at(offset), text)
    }

    /// Removes `span`.
    #[must_use]
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }
}

/// Which fixes to apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixLevel {
    /// Only those that leave the meaning of a document as it was.
    Safe,
    /// Guesses too.
    SafeAndUnsafe,
}

/// A text after fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// How many findings were fixed.
    pub count: usize,
}

/// Applies the fixes of `diagnostics`, which must all be about `text`. Of two
/// fixes that touch the same place the first one wins; the other is found again
/// by the next check.
#[must_use]
pub fn fix(text: &str, diagnostics: &[&Diagnostic], level: FixLevel) -> Fixed {
    // By start; the value is the end and the new text.
    let mut chosen: BTreeMap<usize, (usize, &str)> = BTreeMap::new();
    let mut count = 0;
    let fixes = diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
    for fix in fixes {
        let wanted = level == FixLevel::SafeAndUnsafe || fix.applicability == Applicability::Safe;
        let fits = fix.edits.iter().all(|edit| {
            // Two edits at one place have no order, so touching counts as overlapping.
            let before = chosen.range(..=edit.span.end).next_back();
            text.get(edit.span.range()).is_some()
                && before.is_none_or(|(_, (end, _))| *end < edit.span.start)
        });
        if wanted && fits {
            chosen.extend(
                fix.edits.iter().map(|edit| (edit.span.start, (edit.span.end, &*edit.text))),
            );
            count += 1;
        }
    }
    let mut fixed = String::with_capacity(text.len());
    let mut from = 0;
    for (start, (end, replacement)) in chosen {
        fixed.push_str(&text[from..start]);
        fixed.push_str(replacement);
        from = end;
    }
    fixed.push_str(&text[from..]);
    Fixed { text: fixed, count }
}
