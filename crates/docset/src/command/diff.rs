//! Changes as unified diffs.

use crate::diagnostic::escape;

/// What leads from one text of the file at `path`, or from none, to the other.
pub(super) fn patch(path: &str, before: Option<&str>, after: &str) -> String {
    let shown = escape(path);
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename(before.map_or("/dev/null".to_owned(), |_| format!("a/{shown}")));
    options.set_modified_filename(format!("b/{shown}"));
    options.create_patch(before.unwrap_or_default(), after).to_string()
}
