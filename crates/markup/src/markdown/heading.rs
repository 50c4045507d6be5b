//! The text of a heading, and the anchor that GitHub gives it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use regex::Regex;

use super::Outline;

/// The text of a heading (or any inline Markdown) without its markup.
#[must_use]
pub fn plain_text(markdown: &str) -> String {
    if !markdown.bytes().any(|byte| b"\\`*_[]<>&!~#\n".contains(&byte)) {
        return markdown.trim().to_owned();
    }
    // Behind a `# ` the text can be nothing but the content of a heading.
    let heading = format!("# {}", markdown.replace('\n', " "));
    let mut text = String::with_capacity(markdown.len());
    // The text that stands in for an image is not shown beside it.
    let mut images = 0_usize;
    for event in Parser::new(&heading) {
        match event {
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images = images.saturating_sub(1),
            _ if images > 0 => {}
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// The anchor that GitHub derives from a heading's plain text: lower case,
/// punctuation dropped, spaces turned into hyphens.
///
/// The rule is the one of the `html-pipeline` table-of-contents filter: what is
/// kept is `\w` (letters, marks, decimal digits, connector punctuation), `-` and space.
#[must_use]
pub fn slug(plain: &str) -> String {
    static DROPPED: LazyLock<Regex> = LazyLock::new(|| match Regex::new(r"[^\w\- ]") {
        Ok(regex) => regex,
        Err(error) => unreachable!("the pattern is fixed: {error}"),
    });
    DROPPED.replace_all(&plain.trim().to_lowercase(), "").replace(' ', "-")
}

/// Whether a heading certainly has the anchor: a quick yes for the text of a heading
/// as written, without markup that an anchor would lack, and for an anchor in lower
/// case. A no means nothing: ask [`anchors`].
#[must_use]
pub fn certainly_has_slug(heading: &str, anchor: &str) -> bool {
    let mut expected = anchor.chars();
    for char in heading.trim().chars() {
        let matches = match char {
            '\\' | '[' | '<' | '&' | '_' => false,
            ' ' | '-' => expected.next() == Some('-'),
            _ if char.is_alphabetic() || char.is_ascii_digit() => {
                char.to_lowercase().all(|char| expected.next() == Some(char))
            }
            // Certainly dropped; of other characters only a table of Unicode knows.
            _ => char.is_ascii() || "—–«»„“”‘’…№→".contains(char),
        };
        if !matches {
            return false;
        }
    }
    expected.next().is_none()
}

/// The anchors of all headings of `outline`: a repeated one gets `-1`, `-2`, … as
/// on GitHub.
#[must_use]
pub fn anchors(text: &str, outline: &Outline<'_>) -> HashSet<String> {
    let mut anchors = HashSet::with_capacity(outline.headings.len());
    // Where counting goes on for a repeated one, so that many cost no more each.
    let mut repeats: HashMap<String, usize> = HashMap::new();
    for heading in &outline.headings {
        let base = slug(&plain_text(heading.text.text(text).unwrap_or_default()));
        let mut anchor = base.clone();
        while anchors.contains(&anchor) {
            let repeat = repeats.entry(base.clone()).or_default();
            *repeat += 1;
            anchor = format!("{base}-{repeat}");
        }
        anchors.insert(anchor);
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_follow_github() {
        assert_eq!(slug("TL;DR (1 абзац)"), "tldr-1-абзац");
        assert_eq!(slug("Цели / Не-цели"), "цели--не-цели");
        assert_eq!(slug("`run:dev` & co_op"), "rundev--co_op");
        assert_eq!(slug("x² ½ ‿ ก่อน ব্লগ"), "x--‿-ก่อน-ব্লগ");
    }

    #[test]
    fn a_quick_yes_is_right() {
        for heading in ["TL;DR (1 абзац)", "Цели / Не-цели", "`run:dev` **now**", "A-B  c"]
        {
            assert!(certainly_has_slug(heading, &slug(&plain_text(heading))), "{heading}");
        }
        assert!(!certainly_has_slug("[a](b)", "ab"));
        assert!(!certainly_has_slug("Scope", "scop"));
        assert!(!certainly_has_slug("Scope", "scope-1"));
    }

    #[test]
    fn plain_text_drops_markup() {
        assert_eq!(plain_text("The `run:dev` [flow](a.md) *now*"), "The run:dev flow now");
        assert_eq!(plain_text("2 < 3"), "2 < 3");
        assert_eq!(plain_text("Image ![alt](x) in"), "Image  in");
    }

    #[test]
    fn repeated_headings_get_numbers() {
        let text = "# A\n## B\n## B\n## B\n";
        let anchors = anchors(text, &super::super::outline(text, 0));
        let expected = ["a", "b", "b-1", "b-2"].map(str::to_owned);
        assert_eq!(anchors, HashSet::from(expected));
    }
}
