//! What holds for any text: generated Markdown, fragments of it in any order, any text.

use countersign_kb::chunk::{Characters, Chunked, Estimate, Settings, Tokens, chunk};
use proptest::prelude::*;

use crate::holds::chunk_and_check;

/// What documents are made of, and what could be mistaken for it.
const FRAGMENTS: &[&str] = &[
    "- ",
    "* ",
    "1. ",
    "> ",
    "    ",
    "  ",
    " ",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "```",
    "~~~\n",
    "```rust\n",
    "`",
    "``",
    "[",
    "]",
    "](",
    "](a)",
    "[x y](z)",
    "[two\nlines](z)",
    "![a b](b)",
    "[![a b](c) d](e f)",
    "<https://example.org>",
    "<b>",
    "<!--",
    "-->",
    "<div>",
    "\\",
    "# ",
    "## ",
    "### ",
    "#### ",
    "---\n",
    "===\n",
    "***\n",
    "|",
    "| a | b |\n|---|---|\n",
    "\n| c | d |\n",
    "|---|\n",
    "[a]: b\n",
    "[^1]: c\n",
    "[^1]",
    "слово ",
    "word ",
    "Sentence one. Sentence two. ",
    "e\u{301}",
    " \u{301}",
    "🙂\u{200d}🙂",
    "🇩🇪🇫🇷",
    "日本語。",
    "\u{a0}",
    "\u{c}",
    "\u{feff}",
    "longwordlongwordlongwordlongword",
    "\n- ",
    "\n  - ",
    "\n> ",
    "\n```\n",
    "\n# ",
    "\n    ",
];

fn settings() -> impl Strategy<Value = Settings> {
    (1_usize..120, 0_usize..=4, 1_u8..=6)
        .prop_map(|(max, overlap, level)| Settings::new(max, max * overlap / 8, level).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn any_mix_of_fragments(
        parts in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..60),
        settings in settings(),
        by_characters: bool,
    ) {
        let tokens: &dyn Tokens = if by_characters { &Characters } else { &Estimate };
        chunk_and_check(&parts.concat(), 0, settings, tokens);
    }

    #[test]
    fn any_text(text in "(?s).{0,200}", settings in settings()) {
        chunk_and_check(&text, 0, settings, &Characters);
    }

    #[test]
    fn any_punctuation(
        text in "[-`^\\[\\]()<>!#*_=|\\\\ \t\r\n&;:\"'/a1б]{0,120}",
        settings in settings(),
    ) {
        chunk_and_check(&text, 0, settings, &Characters);
    }

    #[test]
    fn only_the_body_is_cut(body in document(), settings in settings()) {
        let text = format!("---\ntitle: Ü\n---\n{body}");
        let start = text.len() - body.len();
        let chunked = chunk_and_check(&text, start, settings, &Estimate);
        let alone = chunk(&body, 0, settings, &Estimate);
        prop_assert_eq!(hashes(&chunked), hashes(&alone));
        for (chunk, alone) in chunked.chunks.iter().zip(&alone.chunks) {
            prop_assert_eq!(chunk.first_line, alone.first_line + 3);
        }
    }
}

/// A block, as a writer would write it.
fn block() -> impl Strategy<Value = String> {
    let sentence = prop::sample::select(vec![
        "The gateway decides once. ",
        "See [the decision](adr/0013-queue.md) and `kb index`. ",
        "Решение принято, см. [ADR-0013](adr/0013.md). ",
        "Чанк не пересекает заголовок. ",
        "An unbroken_identifier_that_is_longer_than_most ends here. ",
    ]);
    let text = prop::collection::vec(sentence, 1..8).prop_map(|parts| parts.concat());
    let paragraph = text.clone().prop_map(|text| format!("{}\n", text.trim_end()));
    let items = prop::collection::vec((text, any::<bool>()), 1..7).prop_map(|items| {
        let item = |(text, nested): (String, bool)| {
            let text = text.trim_end();
            if nested { format!("- {text}\n  - nested\n") } else { format!("- {text}\n") }
        };
        items.into_iter().map(item).collect::<String>()
    });
    let code = prop::collection::vec("[a-z(){}= ]{1,40}", 0..9)
        .prop_map(|lines| format!("```sh\n{}\n```\n", lines.join("\n")));
    let table = prop::collection::vec("[a-zа-я]{1,20} \\| [a-z 0-9]{1,30}", 1..9)
        .prop_map(|rows| format!("| Key | Value |\n|---|---|\n| {} |\n", rows.join(" |\n| ")));
    prop_oneof![3 => paragraph, 1 => items, 1 => code, 1 => table]
}

/// A section with its heading.
fn section() -> impl Strategy<Value = String> {
    (1_usize..6, "[A-Z][a-z]{2,8}", prop::collection::vec(block(), 0..5)).prop_map(
        |(level, title, blocks)| {
            format!("{} {title}\n\n{}\n", "#".repeat(level), blocks.join("\n"))
        },
    )
}

fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(section(), 0..6).prop_map(|sections| sections.concat())
}

fn hashes(chunked: &Chunked<'_>) -> Vec<String> {
    chunked.chunks.iter().map(|chunk| chunk.hash.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_fits_stays_whole(
        section in "[A-Z][a-z]{2,8}",
        blocks in prop::collection::vec(block(), 0..8),
        settings in settings(),
    ) {
        let mut text = format!("# {section}\n\n");
        let mut spans = Vec::new();
        for block in &blocks {
            spans.push((text.len(), text.len() + block.len()));
            text.push_str(block);
            // A comment keeps lists from becoming one.
            text.push_str("\n<!-- -->\n\n");
        }
        let chunked = chunk_and_check(&text, 0, settings, &Characters);
        for (start, end) in spans {
            let size = text[start..end].trim().chars().count();
            let parts = chunked.chunks.iter().filter(|chunk| {
                chunk.span.start < end && start < chunk.span.end
            });
            if size <= settings.max_tokens() {
                prop_assert_eq!(parts.count(), 1, "{} characters: {:?}", size, &text[start..end]);
            }
        }
    }

    #[test]
    fn line_ends_do_not_change_what_is_embedded(text in document(), settings in settings()) {
        let crlf = text.replace('\n', "\r\n");
        let chunked = chunk_and_check(&crlf, 0, settings, &Estimate);
        prop_assert_eq!(hashes(&chunked), hashes(&chunk(&text, 0, settings, &Estimate)));
        let marked = format!("\u{feff}{text}");
        let chunked = chunk_and_check(&marked, 0, settings, &Estimate);
        prop_assert_eq!(hashes(&chunked), hashes(&chunk(&text, 0, settings, &Estimate)));
    }

    #[test]
    fn an_overlap_does_not_move_a_cut(text in document(), max in 20_usize..200) {
        let plain = chunk(&text, 0, Settings::new(max, 0, 3).unwrap(), &Estimate);
        let overlapping = Settings::new(max, max / 2, 3).unwrap();
        let overlapping = chunk_and_check(&text, 0, overlapping, &Estimate);
        let spans = |chunked: &Chunked<'_>| -> Vec<_> {
            chunked.chunks.iter().map(|chunk| chunk.span).collect()
        };
        prop_assert_eq!(spans(&plain), spans(&overlapping));
    }

    #[test]
    fn a_change_in_one_section_changes_no_other(
        before in prop::collection::vec(section(), 0..4),
        old in block(),
        new in block(),
        after in prop::collection::vec(section(), 0..4),
        settings in settings(),
    ) {
        let document = |middle: &str| {
            let (before, after) = (before.concat(), after.concat());
            format!("{before}\n# Middle\n\n{middle}\n# End\n\n{after}")
        };
        let (old, new) = (document(&old), document(&new));
        let outside = |text: &str| -> Vec<String> {
            let chunked = chunk(text, 0, settings, &Estimate);
            let middle = |chunk: &&_| chunked.heading_path(chunk).first() != Some(&"Middle");
            chunked.chunks.iter().filter(middle).map(|chunk| chunk.hash.to_string()).collect()
        };
        prop_assert_eq!(outside(&old), outside(&new));
    }
}
