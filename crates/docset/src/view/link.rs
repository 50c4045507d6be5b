//! Text of documents, which may be anything, as part of a Markdown table.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::tree::parent;

/// What would end a link destination, or mean something in it.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'*')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'~');

/// `text` in one line: blanks run together, what cannot be seen or reorders text
/// left out.
pub(crate) fn one_line(text: &str) -> String {
    let seen = |char: &char| char.is_whitespace() || !crate::diagnostic::is_unprintable(*char);
    let text: String = text.chars().filter(seen).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` as Markdown that shows it and means nothing else.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for char in one_line(text).chars() {
        match char {
            // Entities, because `<…>` and `{{…}}` are placeholders even when escaped.
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '{' => escaped.push_str("&#123;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' | '#' => {
                escaped.push('\\');
                escaped.push(char);
            }
            _ => escaped.push(char),
        }
    }
    escaped
}

/// A Markdown link from the page at `from` to the file at `to`, both from the root.
/// Without a label of its own the file's name is shown.
pub(crate) fn markdown_link(from: &str, to: &str, label: &str) -> String {
    let label = markdown(label);
    let name = || markdown(to.rsplit('/').next().unwrap_or(to));
    let label = if label.is_empty() { name() } else { label };
    format!("[{label}]({})", destination(from, to))
}

/// The way from the page at `from` to the file at `to`, percent-encoded.
pub(crate) fn destination(from: &str, to: &str) -> String {
    let folder: Vec<&str> = parent(from).split('/').filter(|part| !part.is_empty()).collect();
    let target: Vec<&str> = to.split('/').collect();
    let shared = folder
        .iter()
        .zip(&target[..target.len().saturating_sub(1)])
        .take_while(|(one, other)| one == other)
        .count();
    let mut parts = vec!["..".to_owned(); folder.len() - shared];
    parts.extend(target[shared..].iter().map(|part| utf8_percent_encode(part, PATH).to_string()));
    // A first part with a colon would be taken for a scheme.
    if parts.first().is_some_and(|part| part.contains(':')) {
        parts.insert(0, ".".to_owned());
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_the_shortest() {
        assert_eq!(destination("docs/_index/map.md", "docs/adr/1.md"), "../adr/1.md");
        assert_eq!(destination("docs/_index/map.md", "docs/_index/a.md"), "a.md");
        assert_eq!(destination("map.md", "docs/a b(1).md"), "docs/a%20b%281%29.md");
        assert_eq!(destination("docs/a/b.md", "README.md"), "../../README.md");
        assert_eq!(destination("docs/a.md", "docs/a.md/b.md"), "a.md/b.md");
        assert_eq!(destination("a.md", "b:c.md"), "./b:c.md");
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(markdown("a|b\n<script> [x](y)"), "a\\|b &lt;script&gt; \\[x\\](y)");
        assert_eq!(markdown("\u{202e}\u{1b}x"), "x");
        assert_eq!(markdown_link("a.md", "docs/b_c.md", " "), "[b\\_c.md](docs/b_c.md)");
    }
}
