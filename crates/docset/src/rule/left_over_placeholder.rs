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
    // Few and rare first letters make the search quick.
    let words = ["XXX", "YYYY-MM-DD", "TBD", "TODO", "TBA"];
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
    let outline = &context.document.outline;
    let Brackets { slots: mut hits, comments } = in_brackets(text, body, |at| outline.is_code(at));
    let in_comment = |hit: &Span| comments.iter().any(|comment| comment.contains(hit.start));
    hits.extend(words(text, body).into_iter().filter(|hit| !in_comment(hit)));
    for pattern in context.patterns() {
        let found = pattern.find_iter(&text[body..]).filter(|found| !found.is_empty());
        hits.extend(found.map(|found| Span::from(found.range()).shifted(body)));
    }
    hits.retain(|hit| !outline.is_code(hit.start));
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
    !in_brackets(value, 0, |_| false).slots.is_empty()
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

/// What stands in angle and curly brackets.
#[derive(Default)]
struct Brackets {
    /// `<…>` and `{{…}}` that ask for something to be filled in.
    slots: Vec<Span>,
    /// HTML comments: what they say is not shown to a reader.
    comments: Vec<Span>,
}

/// The brackets from `start` on. In code, a bracket is nothing but itself.
fn in_brackets(text: &str, start: usize, is_code: impl Fn(usize) -> bool) -> Brackets {
    let bytes = text.as_bytes();
    let mut found = Brackets::default();
    let mut from = start;
    while let Some(at) = memchr::memchr2(b'<', b'{', &bytes[from..]).map(|at| from + at) {
        from = at + 1;
        if bytes[at] == b'{' {
            if !bytes[from..].starts_with(b"{") {
                continue;
            }
            if let Some(end) = end_of(text, at, "}}").filter(|_| !is_part(text, at)) {
                found.slots.push(Span::new(at, end));
                from = end;
            }
        } else if bytes[at..].starts_with(b"<!--") {
            if is_code(at) || (at > 0 && bytes[at - 1] == b'\\') {
                continue;
            }
            from = text[at..].find("-->").map_or(text.len(), |end| at + end);
            found.comments.push(Span::new(at, from));
        } else if let Some(end) = end_of(text, at, ">").filter(|end| is_slot(text, at, *end)) {
            found.slots.push(Span::new(at, end));
            from = end;
        }
    }
    found
}

/// Whether the `{{` at `at` belongs to something larger that is meant as it stands: an
/// expression of a workflow (`${{ … }}`), a formula, the pattern of an address.
fn is_part(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(|char| {
        char.is_alphanumeric() || matches!(char, '$' | '{' | '}' | '^' | '_' | '\\' | '/' | '=')
    })
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
    let destination = text[..at].ends_with("](") || text[..at].ends_with("]: ");
    let address = destination
        || inside.contains("://")
        || inside.contains('@')
        || inside.starts_with("mailto:");
    let odd = inside.contains(['<', '=', '"', '`', ';']) || inside.ends_with('/');
    let name_end = inside.find(|char: char| !(char.is_ascii_alphanumeric() || char == '-'));
    let name = &inside[..name_end.unwrap_or(inside.len())];
    let tag = (name_end.is_none() || inside[name.len()..].starts_with(['/', ' '])) && is_html(name);
    begins && ends && !glued && !address && !odd && !tag && !is_element(&text[end..], name)
}

fn is_html(name: &str) -> bool {
    HTML.binary_search(&&*name.to_ascii_lowercase()).is_ok()
}

/// Whether a name with a hyphen is an element of somebody's own: then it is closed
/// soon. In a document it is a slot far more often: `<service-name>`.
fn is_element(behind: &str, name: &str) -> bool {
    let window = behind.as_bytes();
    let window = &window[..window.len().min(4 * LONGEST)];
    name.contains('-') && memchr::memmem::find(window, format!("</{name}>").as_bytes()).is_some()
}

/// Words and ids that stand for others.
fn words(text: &str, start: usize) -> Vec<Span> {
    let mut hits = Vec::new();
    for hit in WORDS.find_iter(&text[start..]) {
        let span = Span::from(hit.range()).shifted(start);
        match span.text(text) {
            Some("XXX") => hits.extend(unnumbered_id(text, span)),
            _ if stands_alone(text, span) => hits.push(span),
            _ => {}
        }
    }
    hits
}

/// The whole of an id such as `ADR-XXXX` around its first `XXX`.
fn unnumbered_id(text: &str, hit: Span) -> Option<Span> {
    let of_id = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-';
    let bytes = text.as_bytes();
    let start = hit.start.checked_sub(1).filter(|before| bytes[*before] == b'-')?;
    let end = hit.end + bytes[hit.end..].iter().take_while(|byte| **byte == b'X').count();
    let follows =
        text[end..].chars().next().is_some_and(|char| char.is_alphanumeric() || char == '-');
    // Looking back only behind the last part keeps a long row of parts linear.
    if follows {
        return None;
    }
    let before = bytes[..start].iter().rev().take_while(|byte| of_id(byte)).count();
    (before > 0).then(|| Span::new(start - before, end))
}

/// Whether nothing else is in the line, heading, list item or table cell, or only a
/// label in front (`Owner: TBD`), or only what is still to do behind (`TODO: write
/// this`). Looks no further than it must: a line may be as long as the document.
fn stands_alone(text: &str, hit: Span) -> bool {
    let in_cell = |char: &char| !matches!(char, '\n' | '|');
    let marker =
        |char: char| char.is_whitespace() || char.is_ascii_digit() || "-*+_>[]().#".contains(char);
    let end = |char: char| char.is_whitespace() || ".*_]):".contains(char);
    let (before, after) = (&text[..hit.start], &text[hit.end..]);
    let begins = before.chars().rev().take_while(in_cell).all(marker);
    let label = before.trim_end_matches([' ', '\t']);
    let labelled = [":", ":**", " —", " –", " -"].iter().any(|sign| label.ends_with(sign));
    let ends = after.chars().take_while(in_cell).all(end);
    (begins || labelled) && ends || begins && after.starts_with(':')
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
        in_brackets(text, 0, |_| false)
            .slots
            .into_iter()
            .chain(words(text, 0))
            .filter_map(|hit| hit.text(text))
            .collect()
    }

    #[test]
    fn finds_what_a_template_left() {
        assert_eq!(found("As <role>, I want <что нужно>."), ["<role>", "<что нужно>"]);
        assert_eq!(
            found("{{ title }} of ADR-XXXX\n- Date: YYYY-MM-DD"),
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
            "dates are written YYYY-MM-DD",
            "<csr-id-1234/> <Foo />",
            "<g-emoji>x</g-emoji>",
            "x^{{a}} and https://x.org/{{id}}",
            "[d]: <release plan.md>",
            "[plan](<release plan.md>)",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_promise_is_found_wherever_it_stands_alone() {
        for text in ["1. TODO", "### TBD", "(TBD)", "TODO: write this", "Owner — TBD", "- [ ] TODO"]
        {
            assert_eq!(found(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_comment_begins_only_where_it_is_one() {
        let comment = "`<!--` <role>";
        assert_eq!(in_brackets(comment, 0, |at| at < 6).slots.len(), 1);
        assert_eq!(found("\\<!-- <role>"), ["<role>"]);
    }

    #[test]
    fn html_names_are_sorted() {
        assert!(HTML.is_sorted());
    }
}
