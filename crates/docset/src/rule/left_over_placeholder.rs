//! `left-over-placeholder`: a place that a template left to fill in.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::span::Span;
use crate::yaml::Node;

pub(super) static RULE: Rule = Rule {
    id: "left-over-placeholder",
    summary: "a placeholder that nobody filled in",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/left-over-placeholder.md"),
    options: &["patterns"],
    check: Check::Document(check),
};

/// A placeholder longer than this is prose between two comparison signs.
const LONGEST: usize = 120;

/// Words that, alone in a line or a table cell, promise a text that is not there.
const PROMISES: [&str; 3] = ["TBD", "TODO", "TBA"];

/// Beginnings of everything that can be a placeholder; `<` and `{{` are looked for
/// apart, because they are single bytes.
static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = ["-XXX", "YYYY-MM-DD", "TBD", "TODO", "TBA"];
    match AhoCorasick::new(words) {
        Ok(automaton) => automaton,
        Err(error) => unreachable!("five short words make no automaton: {error}"),
    }
});

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    if let Some(root) = context.root() {
        values(root, context.patterns(), findings);
    }
    let text = context.text();
    let body = context.document.body().start;
    let mut hits = in_brackets(text, body);
    hits.extend(words(text, body));
    for pattern in context.patterns() {
        let found = pattern.find_iter(&text[body..]).filter(|found| !found.is_empty());
        hits.extend(found.map(|found| Span::from(found.range()).shifted(body)));
    }
    hits.retain(|hit| !context.document.outline.is_code(hit.start));
    hits.sort();
    hits.dedup();
    findings.extend(hits.into_iter().filter_map(|hit| Some(left_over(hit, hit.text(text)?))));
}

/// Whether a value of front matter is, or holds, a placeholder.
pub(crate) fn is_placeholder(value: &str) -> bool {
    // Nearly no value has a byte that every placeholder has one of.
    if !value.bytes().any(|byte| matches!(byte, b'<' | b'{' | b'Y' | b'X' | b'T')) {
        return false;
    }
    !in_brackets(value, 0).is_empty()
        || value.contains("YYYY")
        || value.rsplit('-').any(|part| part.len() >= 3 && part.bytes().all(|byte| byte == b'X'))
        || PROMISES.contains(&value.trim())
}

fn values(node: Node<'_, '_>, patterns: &[Regex], findings: &mut Vec<Finding>) {
    let custom = |text: &str| patterns.iter().any(|pattern| pattern.is_match(text));
    if let Some(text) = node.as_str()
        && (is_placeholder(text) || custom(text))
    {
        findings.push(left_over(node.span(), text));
    }
    // An alias would be reported at its anchor, and its size is not bounded.
    for value in node.items().chain(node.entries().map(|entry| entry.value)) {
        if !value.is_alias() {
            values(value, patterns, findings);
        }
    }
}

fn left_over(span: Span, text: &str) -> Finding {
    Finding::new(span, format!("the placeholder `{}` is left over", excerpt(text)))
        .help("put in what it stands for; if it is meant literally, put it in back-ticks")
}

/// `<…>` and `{{…}}` from `start` on.
fn in_brackets(text: &str, start: usize) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut hits = Vec::new();
    let mut from = start;
    while let Some(at) = memchr::memchr2(b'<', b'{', &bytes[from..]).map(|at| from + at) {
        from = at + 1;
        if bytes[at] == b'{' {
            if !bytes[from..].starts_with(b"{") {
                continue;
            }
            // `${{ … }}` is an expression of a workflow, and meant.
            let expression = at > 0 && bytes[at - 1] == b'$';
            if let Some(end) = end_of(text, at, "}}").filter(|_| !expression) {
                hits.push(Span::new(at, end));
                from = end;
            }
        } else if bytes[at..].starts_with(b"<!--") {
            from = text[at..].find("-->").map_or(text.len(), |end| at + end);
        } else if let Some(end) = end_of(text, at, ">").filter(|end| is_slot(text, at, *end)) {
            hits.push(Span::new(at, end));
            from = end;
        }
    }
    hits
}

/// The end of the brackets opened at `at`, if they close on the same line.
fn end_of(text: &str, at: usize, close: &str) -> Option<usize> {
    let window = &text.as_bytes()[at..text.len().min(at + LONGEST)];
    let line = memchr::memchr(b'\n', window).unwrap_or(window.len());
    memchr::memmem::find(&window[..line], close.as_bytes()).map(|end| at + end + close.len())
}

/// Whether `<…>` at `at` asks for something to be filled in. It does not if it is
/// an HTML tag, an address, a comparison, or part of a type such as `Vec<T>`.
fn is_slot(text: &str, at: usize, end: usize) -> bool {
    let inside = &text[at + 1..end - 1];
    let glued = text[..at].chars().next_back().is_some_and(|char| {
        char.is_alphanumeric() || matches!(char, '_' | '`' | '\\' | '<' | ':' | '&')
    });
    let begins = inside.starts_with(char::is_alphabetic);
    let ends = inside.ends_with(|char: char| !char.is_whitespace());
    // `[text](<path with blanks>)`: `broken-link` looks at where it leads.
    let destination = text[..at].ends_with("](");
    let address = destination
        || inside.contains("://")
        || inside.contains('@')
        || inside.starts_with("mailto:");
    let odd = inside.contains(['<', '=', '"', '`', ';']);
    let name_end = inside.find(|char: char| !(char.is_ascii_alphanumeric() || char == '-'));
    let name = &inside[..name_end.unwrap_or(inside.len())];
    let tag = (name_end.is_none() || inside[name.len()..].starts_with(['/', ' '])) && is_html(name);
    begins && ends && !glued && !address && !odd && !tag
}

fn is_html(name: &str) -> bool {
    // A name with a hyphen may be an element of somebody's own, but in a document
    // it is a slot far more often: `<service-name>`.
    HTML.binary_search(&&*name.to_ascii_lowercase()).is_ok()
}

/// Words and ids that stand for others.
fn words(text: &str, start: usize) -> Vec<Span> {
    let mut hits = Vec::new();
    for hit in WORDS.find_iter(&text[start..]) {
        let span = Span::from(hit.range()).shifted(start);
        match span.text(text) {
            Some("-XXX") => hits.extend(unnumbered_id(text, span)),
            Some("YYYY-MM-DD") => hits.push(span),
            _ if stands_alone(text, span) => hits.push(span),
            _ => {}
        }
    }
    hits
}

/// The whole of an id such as `ADR-XXXX` around its `-XXX`.
fn unnumbered_id(text: &str, hit: Span) -> Option<Span> {
    let of_id = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-';
    let bytes = text.as_bytes();
    let end = hit.end + bytes[hit.end..].iter().take_while(|byte| **byte == b'X').count();
    let follows =
        text[end..].chars().next().is_some_and(|char| char.is_alphanumeric() || char == '-');
    // Looking back only behind the last part keeps a long row of parts linear.
    if follows {
        return None;
    }
    let before = bytes[..hit.start].iter().rev().take_while(|byte| of_id(byte)).count();
    (before > 0).then(|| Span::new(hit.start - before, end))
}

/// Whether nothing else is in the line, list item or table cell, or only a label
/// that ends with a colon. Looks no further than it must: a line may be as long as
/// the document.
fn stands_alone(text: &str, hit: Span) -> bool {
    let in_cell = |char: &char| !matches!(char, '\n' | '|');
    let marker = |char: char| {
        char.is_whitespace() || matches!(char, '-' | '*' | '+' | '_' | '>' | '[' | ']')
    };
    let end = |char: char| char.is_whitespace() || matches!(char, '.' | '*' | '_' | ']' | ':');
    let before = &text[..hit.start];
    let label = before.trim_end_matches([' ', '\t']);
    let nothing_before = label.ends_with(':')
        || label.ends_with(":**")
        || before.chars().rev().take_while(in_cell).all(marker);
    nothing_before && text[hit.end..].chars().take_while(in_cell).all(end)
}

/// Names of HTML elements, sorted (<https://html.spec.whatwg.org/#elements-3>, and
/// the obsolete ones that GitHub still shows).
#[rustfmt::skip]
const HTML: [&str; 126] = [
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "base", "bdi",
    "bdo", "big", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite",
    "code", "col", "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir",
    "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer",
    "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup",
    "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "legend", "li", "link",
    "main", "map", "mark", "marquee", "math", "menu", "meta", "meter", "nav", "noframes",
    "noscript", "object", "ol", "optgroup", "option", "output", "p", "param", "picture", "pre",
    "progress", "q", "rp", "rt", "ruby", "s", "samp", "script", "search", "section", "select",
    "slot", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup",
    "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time",
    "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        in_brackets(text, 0)
            .into_iter()
            .chain(words(text, 0))
            .filter_map(|hit| hit.text(text))
            .collect()
    }

    #[test]
    fn finds_what_a_template_left() {
        assert_eq!(found("As <role>, I want <что нужно>."), ["<role>", "<что нужно>"]);
        assert_eq!(
            found("{{ title }} of ADR-XXXX, YYYY-MM-DD"),
            ["{{ title }}", "ADR-XXXX", "YYYY-MM-DD"]
        );
        assert_eq!(found("- TBD\n| a | TODO |\nOwner: TBA.\n"), ["TBD", "TODO", "TBA"]);
        assert_eq!(found("<service-name>"), ["<service-name>"]);
    }

    #[test]
    fn leaves_alone_what_is_meant() {
        for text in [
            "a <br> b <br/> <details open> </p>",
            "<https://example.org> <me@example.org>",
            "if a < b and c > d",
            "Vec<T> and Option<String>",
            "<!-- <role> -->",
            "a TODO list, TBDs",
            "${{ github.token }}",
            "<a href=\"x\">",
            "XXXL shirts, X-XXXII",
            "[plan](<release plan.md>)",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn html_names_are_sorted() {
        assert!(HTML.is_sorted());
    }
}
