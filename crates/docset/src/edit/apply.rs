//! Several edits at once.

use super::Edit;

/// `text` with all edits made. They must lie inside of it and must not overlap; what
/// is inserted at one place comes in the order given.
pub(crate) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.span);
    let mut changed = String::with_capacity(text.len());
    let mut from = 0;
    for edit in &edits {
        changed.push_str(&text[from..edit.span.start]);
        changed.push_str(&edit.text);
        from = edit.span.end;
    }
    changed.push_str(&text[from..]);
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn edits_come_in_any_order() {
        let edits = vec![
            Edit::insert(3, "d"),
            Edit::replace(Span::new(0, 1), "A"),
            Edit::insert(3, "e"),
            Edit::delete(Span::new(1, 2)),
        ];
        assert_eq!(apply("abc", edits), "Acde");
    }
}
