//! Changes as unified diffs.

use crate::diagnostic::escape;

/// What leads from one text of the document at `path` to the other.
pub(super) fn patch(path: &str, before: &str, after: &str) -> String {
    let shown = escape(path);
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename(format!("a/{shown}"));
    options.set_modified_filename(format!("b/{shown}"));
    options.create_patch(before, after).to_string()
}
