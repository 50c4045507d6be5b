//! Paths of a filter as a regular expression that both stores read alike.

/// The longest path that systems have; a longer filter finds nothing.
const LONGEST: usize = 4096;

/// A regular expression for the documents that any of `paths` names: a document, a folder
/// with everything below it, or a pattern with `*` (anything but `/`), `**` and `?`. `None`
/// if there are none, so that all are meant.
pub(crate) fn of_paths(paths: &[String]) -> Option<String> {
    if paths.is_empty() {
        return None;
    }
    let mut expression = String::from("^(?:");
    let mut first = true;
    for path in paths.iter().filter(|path| path.len() <= LONGEST) {
        if !first {
            expression.push('|');
        }
        first = false;
        add(&mut expression, path);
    }
    // Without any it matches the empty path, which no document has.
    expression.push_str(")$");
    Some(expression)
}

fn add(expression: &mut String, path: &str) {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.is_empty() || path == "." {
        expression.push_str(".*");
        return;
    }
    let mut rest = path;
    while let Some(char) = rest.chars().next() {
        let (length, text) = match char {
            '*' if rest.starts_with("**/") => (3, "(?:.*/)?"),
            '*' if rest.starts_with("**") => (2, ".*"),
            '*' => (1, "[^/]*"),
            '?' => (1, "[^/]"),
            // Only signs of ASCII mean something to an engine.
            other => {
                if other.is_ascii_punctuation() {
                    expression.push('\\');
                }
                expression.push(other);
                (other.len_utf8(), "")
            }
        };
        expression.push_str(text);
        rest = &rest[length..];
    }
    if !path.contains(['*', '?']) {
        expression.push_str("(?:/.*)?");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> String {
        of_paths(&[path.to_owned()]).unwrap()
    }

    #[test]
    fn documents_folders_and_patterns_become_expressions() {
        assert_eq!(of("docs/a.md"), r"^(?:docs\/a\.md(?:/.*)?)$");
        assert_eq!(of("./docs/"), r"^(?:docs(?:/.*)?)$");
        assert_eq!(of("docs/**/*.md"), r"^(?:docs\/(?:.*/)?[^/]*\.md)$");
        assert_eq!(of("docs/adr-00?0.md"), r"^(?:docs\/adr\-00[^/]0\.md)$");
        assert_eq!(of("."), "^(?:.*)$");
        assert_eq!(of("a(b|c)$"), r"^(?:a\(b\|c\)\$(?:/.*)?)$");
    }

    #[test]
    fn no_filter_is_no_expression_and_one_that_is_too_long_finds_nothing() {
        assert_eq!(of_paths(&[]), None);
        assert_eq!(of(&"a".repeat(5_000)), "^(?:)$");
    }
}
