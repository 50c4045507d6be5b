//! Any text as the body of a document: its chunks are the body, and fit.

#![no_main]

use countersign_kb::chunk::{Characters, ContentHash, Estimate, Settings, Tokens, chunk};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus {
    // The first bytes choose the settings.
    let [max, overlap, level, rest @ ..] = data else { return Corpus::Reject };
    let Ok(text) = std::str::from_utf8(rest) else { return Corpus::Reject };
    let max = usize::from(*max) + 1;
    let overlap = usize::from(*overlap) % (max / 2 + 1);
    let settings = Settings::new(max, overlap, level % 6 + 1).expect("within the limits");
    holds(text, settings, &Estimate);
    holds(text, settings, &Characters);
    Corpus::Keep
});

fn holds(text: &str, settings: Settings, tokens: &dyn Tokens) {
    let chunked = chunk(text, 0, settings, tokens);
    let together: String = chunked.chunks.iter().map(|chunk| chunked.text(chunk)).collect();
    assert!(together == text || chunked.chunks.is_empty(), "{text:?}");
    for chunk in &chunked.chunks {
        assert_eq!(chunk.oversize, chunk.tokens > settings.max_tokens(), "{chunk:?}");
        assert!(chunk.first_line <= chunk.last_line, "{chunk:?}");
        assert!(!chunked.text(chunk).trim().is_empty(), "{chunk:?}");
        assert_eq!(chunk.hash, ContentHash::of(&chunked.passage(chunk)), "{chunk:?}");
    }
}
