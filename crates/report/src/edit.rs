//! Changes to a text that leave every other byte as it was.

use std::collections::BTreeMap;

use crate::diagnostic::{Applicability, Diagnostic};
use countersign_markup::span::Span;

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

/// `text` with all of `edits`, which must not overlap; one that does, or that does not
/// fit the text, is left out. What is inserted at one place comes in the order given.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut changed = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        if edit.span.start < from || text.get(edit.span.range()).is_none() {
            continue;
        }
        changed.push_str(&text[from..edit.span.start]);
        changed.push_str(&edit.text);
        from = edit.span.end;
    }
    changed.push_str(&text[from..]);
    changed
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_come_in_any_order() {
        let edits = [
            Edit::insert(3, "e"),
            Edit::replace(Span::new(0, 1), "A"),
            Edit::insert(3, "d"),
            Edit::delete(Span::new(1, 2)),
        ];
        assert_eq!(apply("abc", &edits), "Aced");
    }

    #[test]
    fn edits_that_do_not_fit_are_left_out() {
        let edits =
            [Edit::delete(Span::new(0, 2)), Edit::delete(Span::new(1, 3)), Edit::insert(9, "x")];
        assert_eq!(apply("abc", &edits), "c");
    }
}
