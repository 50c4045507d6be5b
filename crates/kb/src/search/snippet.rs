//! The part of a text that shows why it was found.

use std::collections::HashSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::Terms;
use crate::terms;

/// A piece of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As it stands in the text, white space run together.
    pub text: String,
    /// Whether the query asks for it.
    pub matched: bool,
}

/// So much of a text is looked through, in bytes: what comes later is not shown.
const LOOKED_THROUGH: usize = 64 * 1024;

/// At most `length` characters of `text`, where most of the query is; with `…` where
/// something is left out.
#[must_use]
pub fn snippet(text: &str, query: &Terms, length: usize) -> Vec<Part> {
    let mut end = text.len().min(LOOKED_THROUGH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    let wanted: HashSet<&str> =
        query.stems.iter().chain(&query.identifiers).map(String::as_str).collect();
    let words: Vec<Word> = words(head).map(|range| Word::new(head, range, &wanted)).collect();
    let (from, to) = window(head, &words, length);
    let to = from + head[from..to].trim_end().len();
    let mut parts = Vec::new();
    if head[..from].chars().any(|char| !char.is_whitespace()) {
        push(&mut parts, "…", false);
    }
    let mut at = from;
    for word in words.iter().filter(|word| word.range.start >= from && word.range.end <= to) {
        if word.terms.is_empty() {
            continue;
        }
        push(&mut parts, &head[at..word.range.start], false);
        push(&mut parts, &head[word.range.clone()], true);
        at = word.range.end;
    }
    push(&mut parts, &head[at..to], false);
    if text[to..].chars().any(|char| !char.is_whitespace()) {
        push(&mut parts, "…", false);
    }
    parts
}

/// The text of a chunk below the headings that it begins with, as far as these are in its
/// path, which is shown in any case.
#[must_use]
pub fn below_headings<'t>(text: &'t str, heading_path: &[String]) -> &'t str {
    let is_shown = |line: &str| {
        let own = bare(line);
        !own.is_empty() && heading_path.iter().any(|heading| bare(heading) == own)
    };
    let mut rest = text.trim_start();
    loop {
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        let marks = line.bytes().take_while(|byte| *byte == b'#').count();
        let underline = below.lines().next().unwrap_or_default().trim();
        let is_underline = !underline.is_empty()
            && (underline.bytes().all(|byte| byte == b'=')
                || underline.bytes().all(|byte| byte == b'-'));
        rest = match marks {
            1..=6 if line[marks..].starts_with([' ', '\t']) && is_shown(&line[marks..]) => {
                below.trim_start()
            }
            0 if is_underline && is_shown(line) => {
                below.trim_start().split_once('\n').map_or("", |(_, below)| below).trim_start()
            }
            _ => return rest,
        };
    }
}

/// The letters and digits of a heading: the path has it without its markup.
fn bare(heading: &str) -> String {
    heading.chars().filter(|char| char.is_alphanumeric()).collect()
}

/// A word, and which terms of the query it has.
struct Word {
    range: Range<usize>,
    terms: Vec<String>,
}

impl Word {
    fn new(text: &str, range: Range<usize>, wanted: &HashSet<&str>) -> Self {
        let own = terms::of_text(&text[range.clone()]);
        let terms = own.split(' ').filter(|term| wanted.contains(term)).map(str::to_owned);
        Self { range, terms: terms.collect() }
    }
}

/// What stands between white space, without the punctuation around it.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split_inclusive(char::is_whitespace).filter_map(move |piece| {
        let start = at;
        at += piece.len();
        let word = piece.trim_start_matches(|char: char| !char.is_alphanumeric());
        let start = start + (piece.len() - word.len());
        let word = word.trim_end_matches(|char: char| !char.is_alphanumeric());
        (!word.is_empty()).then(|| start..start + word.len())
    })
}

/// The first stretch of at most `length` characters with the most terms of the query.
fn window(text: &str, words: &[Word], length: usize) -> (usize, usize) {
    let mut best = (0, 0);
    for (at, word) in words.iter().enumerate().filter(|(_, word)| !word.terms.is_empty()) {
        let mut found = HashSet::new();
        for other in &words[at..] {
            // A character has at least one byte; what is nearer is near enough.
            if other.range.end - word.range.start > length {
                break;
            }
            found.extend(other.terms.iter().map(String::as_str));
        }
        if found.len() > best.0 {
            best = (found.len(), at);
        }
    }
    let lead = length / 4;
    let first = words.get(best.1).filter(|_| best.0 > 0).map_or(0, |word| word.range.start);
    let line = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let before = text[..first].chars().rev().take(lead).map(char::len_utf8).sum::<usize>();
    // Rather a whole line than the middle of one, if it begins near enough.
    let mut from = line.max(first - before);
    if from > line {
        from =
            words.iter().map(|word| word.range.start).find(|start| *start >= from).unwrap_or(first);
    }
    let mut to = from;
    for grapheme in text[from..].graphemes(true).take(length) {
        to += grapheme.len();
    }
    if to < text.len() {
        // Not through a word, if there is another place.
        let cut = text[from..to].rfind(char::is_whitespace).map(|at| from + at);
        to = cut.filter(|cut| *cut > first).unwrap_or(to);
    }
    (from, to)
}

/// Adds a piece with its white space run together.
fn push(parts: &mut Vec<Part>, text: &str, matched: bool) {
    let mut shown = String::with_capacity(text.len());
    let mut last_is_space = parts.last().is_none_or(|part: &Part| part.text.ends_with(' '));
    for char in text.chars() {
        let is_space = char.is_whitespace();
        if !is_space {
            shown.push(char);
        } else if !last_is_space {
            shown.push(' ');
        }
        last_is_space = is_space;
    }
    if shown.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(last) if last.matched == matched => last.text.push_str(&shown),
        _ => parts.push(Part { text: shown, matched }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, query: &str, length: usize) -> String {
        let parts = snippet(text, &terms::of_query(query), length);
        let marked = parts.iter().map(|part| match part.matched {
            true => format!("[{}]", part.text),
            false => part.text.clone(),
        });
        marked.collect::<String>().trim().to_owned()
    }

    #[test]
    fn inflected_words_of_the_query_are_marked() {
        assert_eq!(
            shown("Мы выбрали вебхуки,\n потому что опрос медленный.", "выбор вебхука", 200),
            "Мы выбрали [вебхуки], потому что опрос медленный."
        );
        assert_eq!(
            shown("See ADR-0013, (retries).", "adr-0013 retry", 99),
            "See [ADR-0013], ([retries])."
        );
    }

    #[test]
    fn the_part_with_most_of_the_query_is_shown() {
        let text =
            format!("{}\nretry budget of webhooks\n{}", "filler ".repeat(80), "more ".repeat(80));
        let shown = shown(&text, "webhook retry", 60);
        assert!(shown.contains("[retry] budget of [webhooks]"), "{shown}");
        assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
    }

    #[test]
    fn headings_that_are_shown_already_are_left_out() {
        let path = ["Plan".to_owned(), "The `api` of it".to_owned()];
        let below = |text: &'static str| below_headings(text, &path);
        assert_eq!(below("\n# Plan\n\n## The **`api`** of it ##\n\nWords.\n"), "Words.\n");
        assert_eq!(below("Plan\n====\nWords."), "Words.");
        assert_eq!(below("## Plan"), "");
        let hashtag = ["hashtag".to_owned()];
        assert_eq!(below_headings("#hashtag", &hashtag), "#hashtag");
        for kept in ["#### Other\nWords.", "Plan\nWords.", "#hashtag", "- Plan\n", "Words.\n# Plan"]
        {
            assert_eq!(below(kept), kept);
        }
        assert_eq!(below_headings("# Plan\n", &[]), "# Plan\n");
    }

    #[test]
    fn any_text_has_a_snippet() {
        for text in
            ["", " \n", "a", "日本語".repeat(200).as_str(), "\u{301}\u{301}", &"x".repeat(200_000)]
        {
            for length in [0, 1, 50] {
                let parts = snippet(text, &terms::of_query("a 日本語 x"), length);
                let count: usize = parts.iter().map(|part| part.text.graphemes(true).count()).sum();
                assert!(count <= length + 2, "{count}");
            }
        }
    }
}
