//! Chunks of small documents, looked at.

use std::fmt::Write as _;

use countersign_kb::chunk::{Characters, ChunkKind, Chunked, Estimate, Language, Settings, chunk};
use insta::assert_snapshot;

use crate::holds::chunk_and_check;

/// The chunks of `text` with at most `max` characters each.
fn cut(text: &str, max: usize) -> Chunked<'_> {
    chunk_and_check(text, 0, Settings::new(max, 0, 3).unwrap(), &Characters)
}

/// One line for each chunk, then its text.
fn show(chunked: &Chunked<'_>) -> String {
    let mut shown = String::new();
    for chunk in &chunked.chunks {
        let path = chunked.heading_path(chunk).join(" > ");
        let (kind, language) = (chunk.kind.as_str(), chunk.language.as_str());
        let (first, last) = (chunk.first_line, chunk.last_line);
        write!(shown, "== {first}-{last} {kind} {language} [{path}] {}", chunk.tokens).unwrap();
        for (mark, holds) in [
            (" continues", chunk.continues),
            (" continued", chunk.continued),
            (" oversize", chunk.oversize),
        ] {
            shown.push_str(if holds { mark } else { "" });
        }
        if let Some(lead) = chunk.lead {
            write!(shown, " lead {}..{}", lead.start, lead.end).unwrap();
        }
        shown.push('\n');
        shown.push_str(chunked.text(chunk));
    }
    shown
}

#[test]
fn sections_are_chunks() {
    let text = "Intro.\n\n# Webhooks\n\n## Why\n\nPolling was slow.\n\n#### Detail\n\nVery.\n\n\
                ## Почему\n\nОпрос был медленным, и это все знали.\n";
    assert_snapshot!(show(&cut(text, 100)), @r#"
    == 1-1 text en [] 6
    Intro.

    == 3-11 text en [Webhooks > Why] 57
    # Webhooks

    ## Why

    Polling was slow.

    #### Detail

    Very.

    == 13-15 text ru [Webhooks > Почему] 48
    ## Почему

    Опрос был медленным, и это все знали.
    "#);
}

#[test]
fn a_list_is_cut_between_its_items() {
    let text = "Steps:\n\n- one is short\n- two\n  - nested in two\n  - nested too\n\n  with more\n- three\n\nEnd.\n";
    assert_snapshot!(show(&cut(text, 40)), @r#"
    == 1-4 list en [] 28 continued
    Steps:

    - one is short
    - two
    == 5-5 list en [] 17 continues continued
      - nested in two
    == 6-9 list en [] 35 continues
      - nested too

      with more
    - three

    == 11-11 text en [] 4
    End.
    "#);
}

#[test]
fn a_table_is_cut_between_its_rows_and_keeps_its_head() {
    let text = "## Codes\n\n| Code | Meaning |\n|---|---|\n| E1 | declined |\n| E2 | expired |\n| E3 | unknown |\n\nEnd.\n";
    let chunked = cut(text, 60);
    assert_snapshot!(show(&chunked), @r#"
    == 1-5 table en [Codes] 56 continued
    ## Codes

    | Code | Meaning |
    |---|---|
    | E1 | declined |
    == 6-6 table en [Codes] 16 continues continued lead 10..39
    | E2 | expired |
    == 7-7 table en [Codes] 17 continues lead 10..39
    | E3 | unknown |

    == 9-9 text en [Codes] 4
    End.
    "#);
    let second = &chunked.chunks[1];
    assert_eq!(second.kind, ChunkKind::Table);
    assert_snapshot!(chunked.passage(second), @r#"
    Codes

    | Code | Meaning |
    |---|---|
    | E2 | expired |
    "#);
}

#[test]
fn code_is_cut_between_its_lines_and_keeps_its_fence() {
    let text = "```yaml\non:\n  issues:\n    types: [labeled]\njobs:\n  gate:\n    runs-on: ubuntu-latest\n```\n\nText.\n";
    assert_snapshot!(show(&cut(text, 50)), @r#"
    == 1-5 code yaml [] 48 continued
    ```yaml
    on:
      issues:
        types: [labeled]
    jobs:
    == 6-8 code yaml [] 38 continues lead 0..8
      gate:
        runs-on: ubuntu-latest
    ```

    == 10-10 text en [] 5
    Text.
    "#);
}

#[test]
fn a_long_line_is_cut_between_sentences_then_words() {
    let text = "One sentence stands here. Another one, e.g. this, is as long. \
                And [a link that is long](https://example.org/a/very/long/path) stays. \
                Wordswithoutanyspacesatallthatgoonandonandonandonandon.\n";
    assert_snapshot!(show(&cut(text, 45)), @r#"
    == 1-1 text en [] 25 continued
    One sentence stands here. == 1-1 text en [] 35 continues continued
    Another one, e.g. this, is as long. == 1-1 text en [] 63 continues continued oversize
    And [a link that is long](https://example.org/a/very/long/path)== 1-1 text en [] 43 continues continued
     stays. Wordswithoutanyspacesatallthatgoona== 1-1 text en [] 20 continues
    ndonandonandonandon.
    "#);
}

#[test]
fn headings_stay_with_what_follows() {
    let text =
        "# A\n\nSome text that is here.\n\n#### B\n\nText of B that does not fit any more.\n";
    let chunked = cut(text, 60);
    let texts: Vec<_> = chunked.chunks.iter().map(|chunk| chunked.text(chunk)).collect();
    assert_eq!(
        texts,
        ["# A\n\nSome text that is here.\n\n", "#### B\n\nText of B that does not fit any more.\n"]
    );
    assert_eq!(chunked.heading_path(&chunked.chunks[1]), ["A", "B"]);
}

#[test]
fn an_overlap_is_whole_lines_or_sentences_of_the_same_section() {
    let text =
        "# A\n\nFirst line of text.\nSecond line of text.\nThird line of text.\n\n# B\n\nText.\n";
    let settings = Settings::new(45, 22, 3).unwrap();
    let chunked = chunk_and_check(text, 0, settings, &Characters);
    let overlaps: Vec<_> = chunked
        .chunks
        .iter()
        .map(|chunk| chunk.overlap.and_then(|overlap| overlap.text(text)))
        .collect();
    assert_eq!(overlaps, [None, Some("Second line of text.\n"), None]);
    assert_eq!(
        chunked.passage(&chunked.chunks[1]),
        "A\n\nSecond line of text.\nThird line of text."
    );

    let text = "One sentence of it. Two is here. Three is the last one of them.\n";
    let chunked = chunk_and_check(text, 0, Settings::new(34, 15, 3).unwrap(), &Characters);
    let overlap = chunked.chunks[1].overlap.and_then(|overlap| overlap.text(text));
    assert_eq!(overlap, Some("Two is here. "));
}

#[test]
fn the_identity_is_what_a_model_reads() {
    let hash = |text: &'static str, at: usize| {
        chunk(text, 0, Settings::default(), &Estimate).chunks[at].hash
    };
    let text = "# A\n\n## B\n\nText.\n\n## C\n\nMore.\n";
    // The place, the line ends, blank lines around it and what stands beside do not count.
    assert_eq!(hash(text, 1), hash("# A\r\n\r\nNew.\r\n\r\n## C\r\n\r\nMore.\r\n\r\n\r\n", 1));
    // The text and the headings do.
    assert_ne!(hash(text, 1), hash("# A\n\n## B\n\nText.\n\n## C\n\nMore!\n", 1));
    assert_ne!(hash(text, 1), hash("# Z\n\n## B\n\nText.\n\n## C\n\nMore.\n", 1));
    assert_snapshot!(hash(text, 1), @"eadf6ee233fbd83851d1e5cc984ce43d862ea901d134ec94bfee94e393b98953");
}

#[test]
fn a_heading_without_text_goes_with_the_first_one_below_it() {
    let chunked = cut("# A\n\n## B\n\n### C\n\nText.\n\n## D\n\n# E\n", 100);
    let texts: Vec<_> = chunked.chunks.iter().map(|chunk| chunked.text(chunk)).collect();
    assert_eq!(texts, ["# A\n\n## B\n\n### C\n\nText.\n\n", "## D\n\n", "# E\n"]);
    assert_eq!(chunked.heading_path(&chunked.chunks[0]), ["A", "B", "C"]);
}

#[test]
fn a_long_heading_is_cut_for_the_path() {
    let text = format!("# {}\n\nText.\n", "слово `x` ".repeat(10_000));
    let chunked = chunk(&text, 0, Settings::default(), &Estimate);
    let title = chunked.heading_path(&chunked.chunks[0])[0];
    assert_eq!(title.chars().count(), 160);
    assert!(title.starts_with("слово x слово x"));
}

#[test]
fn definitions_behind_a_list_do_not_cut_it() {
    let text = "- [one][a]\n- two\n\n[a]: https://example.org/a/very/long/path/to/something\n";
    let chunked = cut(text, 60);
    assert_eq!(chunked.text(&chunked.chunks[0]), "- [one][a]\n- two\n\n");
    assert_eq!(chunked.chunks[0].kind, ChunkKind::List);
}

#[test]
fn languages_are_those_of_the_text() {
    let text = "## One\n\nThe text of this section is in English.\n\n## Два\n\nЭтот раздел написан по-русски.\n\n\
                ## Code\n\n```rust\nfn main() { println!(\"this is the code of it\"); }\n```\n";
    let languages: Vec<_> = cut(text, 200).chunks.iter().map(|chunk| chunk.language).collect();
    assert_eq!(languages, [Language::English, Language::Russian, Language::Code(Some("rust"))]);
}

#[test]
fn a_byte_order_mark_hides_no_heading() {
    let text = "\u{feff}# A\n\nText.\n";
    let chunked = cut(text, 100);
    assert_eq!(chunked.heading_path(&chunked.chunks[0]), ["A"]);
    assert_eq!(chunked.passage(&chunked.chunks[0]), "A\n\n# A\n\nText.");
}

#[test]
fn line_ends_do_not_decide_what_a_chunk_mostly_is() {
    for length in 1..60 {
        let text = format!("| a |\n|---|\n| b |\n| c |\n\n- {}\n", "x".repeat(length));
        let kind = |text: &str| chunk(text, 0, Settings::default(), &Estimate).chunks[0].kind;
        assert_eq!(kind(&text), kind(&text.replace('\n', "\r\n")), "{text}");
    }
}
