//! Texts that nobody writes in good faith. They take time in proportion to their size: what
//! is quadratic would take hours here.

use countersign_kb::chunk::{Characters, Estimate, Settings, chunk};

use crate::holds::chunk_and_check;

/// Cuts the text and looks at what can be looked at in a text of any size.
#[track_caller]
fn cuts(text: &str) -> usize {
    let chunked = chunk(text, 0, Settings::new(256, 32, 3).unwrap(), &Estimate);
    let mut at = 0;
    for chunk in &chunked.chunks {
        assert_eq!(chunk.span.start, at);
        at = chunk.span.end;
    }
    assert!(at == text.len() || text.trim().is_empty() && at == 0);
    chunked.chunks.len()
}

#[test]
fn a_document_of_200_000_words() {
    let text = "Слово за словом, and word by word, они складываются в документ.\n".repeat(20_000);
    assert!(cuts(&text) > 1_000);
}

#[test]
fn one_line_of_16_mebibytes() {
    let line = "word слово ".repeat(16 * 1024 * 1024 / 16);
    assert!(line.len() >= 16 * 1024 * 1024 && !line.contains('\n'));
    assert!(cuts(&line) > 10_000);
}

#[test]
fn lines_without_a_place_to_cut() {
    let megabyte = 1024 * 1024;
    assert!(cuts(&"x".repeat(4 * megabyte)) > 1_000);
    assert!(cuts(&"日".repeat(megabyte)) > 1_000);
    // One grapheme cluster, one link, one line of code between fences, one row.
    assert_eq!(cuts(&format!("a{}", "\u{301}".repeat(megabyte))), 1);
    assert_eq!(cuts(&format!("[{}](b)", "a b ".repeat(megabyte / 4))), 1);
    assert_eq!(cuts(&format!("```\n{}\n```\n", "a b ".repeat(megabyte / 4))), 3);
    assert_eq!(cuts(&format!("| a |\n|---|\n| {} |\n", "a b ".repeat(megabyte / 4))), 2);
    assert!(cuts(&"[a](b) ".repeat(megabyte / 7)) > 1_000);
    assert!(cuts(&"🇩🇪".repeat(megabyte / 8)) > 1_000);
}

#[test]
fn nesting_beyond_all_reason() {
    cuts(&"- ".repeat(20_000));
    cuts(&"> ".repeat(20_000));
    cuts(&"[".repeat(200_000));
    cuts(&"![".repeat(50_000));
    cuts(&format!("{}{}", "![".repeat(2_000), "](a)".repeat(2_000)));
    let stairs: String =
        (0..2_000).map(|depth| format!("{}- item\n", "  ".repeat(depth))).collect();
    cuts(&stairs);
    cuts(&"# a\n## b\n### c\n#### d\n##### e\n###### f\n".repeat(20_000));
    cuts(&"###### a\n".repeat(100_000));
}

#[test]
fn blank_lines_without_end() {
    let blank = "\n".repeat(4 * 1024 * 1024);
    assert_eq!(cuts(&blank), 0);
    assert_eq!(cuts(&format!("{blank}a")), 1);
    assert_eq!(cuts(&format!("a{blank}")), 1);
    assert_eq!(cuts(&format!("a{blank}b")), 2);
    assert!(cuts(&format!("- a{blank}  b\n")) <= 2);
    assert!(cuts(&format!("```\na{blank}b\n```\n")) <= 2);
    assert!(cuts(&"a  \n\n".repeat(200_000)) > 100);
    assert!(cuts(&" ".repeat(4 * 1024 * 1024)) == 0);
}

#[test]
fn an_unclosed_fence_is_cut_at_lines() {
    let text = format!("# A\n\n```text\n{}", "a line of output | with a bar\n".repeat(2_000));
    let chunked = chunk_and_check(&text, 0, Settings::new(200, 20, 3).unwrap(), &Characters);
    assert!(chunked.chunks.len() > 100);
    for chunk in &chunked.chunks[1..] {
        assert_eq!(chunk.lead.and_then(|lead| lead.text(&text)), Some("```text\n"));
    }
}

#[test]
fn carriage_returns_and_nul_are_only_bytes() {
    for text in ["a\rb\r\rc\r\n\r\nd", "\0\n\0", "\r", "\r\n", "# a\r\r# b\r", "\u{2028}\u{85}x"] {
        chunk_and_check(text, 0, Settings::new(1, 0, 6).unwrap(), &Characters);
        chunk_and_check(text, 0, Settings::default(), &Characters);
    }
}

#[test]
fn a_start_outside_of_the_text_or_inside_of_a_character_is_mended() {
    assert_eq!(chunk("ab", 99, Settings::default(), &Characters).chunks.len(), 0);
    let chunked = chunk("ю", 1, Settings::default(), &Characters);
    assert_eq!(chunked.text(&chunked.chunks[0]), "ю");
}
