//! Any text as a document: the fast readers agree with the full parsers, spans fit,
//! and the digest of an approval covers what it says it covers.

#![no_main]

use countersign_docset::document::Document;
use countersign_docset::front_matter::{Digest, FrontMatter, content_digest, digestible};
use countersign_docset::markdown::{anchors, outline_reference, scan};
use countersign_docset::span::{LineIndex, Span};
use countersign_docset::yaml::{Budget, Node, parse_reference, parse_simple};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    let document = Document::parse(text);
    blocks(&document);
    yaml(&document);
    outline(&document);
    digest(&document);
    places(text);
    Corpus::Keep
});

/// The parts of the text are in order, with line ends and nothing else between them.
fn blocks(document: &Document<'_>) {
    let text = document.text;
    let body = document.body();
    assert_eq!(body.end, text.len());
    let Some(block) = document.front_matter.block() else {
        assert!(["", "\u{feff}"].contains(&&text[..body.start]));
        return;
    };
    let ends = [
        (0, block.open.start),
        (block.open.end, block.yaml.start),
        (block.yaml.end, block.close.start),
        (block.close.end, block.body_start),
    ];
    for (start, end) in ends {
        // A carriage return is half a line end where the text ends behind it.
        let half = end == text.len() && &text[start..end] == "\r";
        let between = half || ["", "\u{feff}", "\n", "\r\n"].contains(&&text[start..end]);
        assert!(between, "{block:?} in {text:?}");
    }
    assert_eq!(block.body_start, body.start);
    assert!(text[block.yaml.range()].is_empty() || text[..block.yaml.end].ends_with('\n'));
}

/// The fast reader of YAML gives what the full parser gives, or nothing; nodes are in
/// the block, and inside of what holds them.
fn yaml(document: &Document<'_>) {
    let (block, offset) = match document.front_matter.block() {
        Some(block) => (&document.text[block.yaml.range()], block.yaml.start),
        // Without fences all of it is tried, so that fences need not be found first.
        None => (document.text, 0),
    };
    let reference = parse_reference(block, offset, Budget::FRONT_MATTER);
    if let Some(simple) = parse_simple(block, offset, Budget::FRONT_MATTER) {
        assert_eq!(Ok(&simple), reference.as_ref(), "{block:?}");
    }
    match &reference {
        Ok(yaml) => {
            if let Some(root) = yaml.root() {
                nodes(root, document.text, Span::new(offset, offset + block.len()));
            }
        }
        Err(error) => assert!(error.span.text(document.text).is_some(), "{error:?}"),
    }
}

fn nodes(node: Node<'_, '_>, text: &str, around: Span) {
    let span = node.span();
    assert!(span.text(text).is_some(), "{span:?} in {text:?}");
    assert!(around.start <= span.start && span.end <= around.end, "{span:?} {around:?} {text:?}");
    // What an alias stands for is somewhere else, and its size is not bounded.
    if node.is_alias() {
        return;
    }
    let entries = node.entries().flat_map(|entry| [entry.key, entry.value]);
    for inner in node.items().chain(entries) {
        nodes(inner, text, span);
    }
}

/// The fast scanner of Markdown gives what the full parser gives, or nothing.
fn outline(document: &Document<'_>) {
    let text = document.text;
    let body = document.body();
    if let Some(outline) = scan(text, body.start) {
        assert_eq!(outline, outline_reference(text, body.start), "{text:?}");
    }
    let outline = &document.outline;
    let spans = outline
        .headings
        .iter()
        .map(|heading| heading.text)
        .chain(outline.links.iter().map(|link| link.span))
        .chain(outline.code_spans.iter().copied())
        .chain(outline.code_blocks.iter().copied())
        .chain(outline.unclosed_fence);
    for span in spans {
        assert!(span.text(text).is_some() && span.start >= body.start, "{span:?}");
    }
    assert_eq!(anchors(text, outline).len(), outline.headings.len());
}

/// The digest does not depend on line ends or a byte order mark, and sees a change of
/// any key that it covers.
fn digest(document: &Document<'_>) {
    let text = document.text;
    let front_matter = &document.front_matter;
    let digest = content_digest(text, front_matter);
    assert_eq!(digest.to_string().parse::<Digest>().as_ref(), Ok(&digest));
    let digest_of = |text: &str| content_digest(text, &FrontMatter::parse(text));
    // Taking the line end away once may leave another one.
    if text.contains("\r\n") && !text.contains("\r\r\n") {
        assert_eq!(digest, digest_of(&text.replace("\r\n", "\n")), "{text:?}");
    }
    if let Some(text) = text.strip_prefix('\u{feff}').filter(|text| !text.starts_with('\u{feff}')) {
        assert_eq!(digest, digest_of(text), "{text:?}");
    }
    let Some(root) = front_matter.root() else { return };
    let counts = |key: &str| !["status", "updated_at", "approvals"].contains(&key);
    let all_count = root.entries().all(|entry| entry.key.as_str().is_none_or(counts));
    if !digestible(front_matter) || all_count {
        return;
    }
    let covered = root.entries().filter(|entry| entry.key.as_str().is_none_or(counts));
    for entry in covered.take(8) {
        let span = entry.span();
        for at in [span.start, span.end.saturating_sub(1)] {
            let mut bytes = text.as_bytes().to_vec();
            // A byte of a longer character cannot be changed alone.
            let Some(byte) = bytes.get_mut(at).filter(|byte| byte.is_ascii_graphic()) else {
                continue;
            };
            *byte = if *byte == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(bytes).expect("one letter for another");
            assert_ne!(digest, content_digest(&changed, front_matter), "{at} in {text:?}");
        }
    }
}

/// Lines and columns lead back to where they come from.
fn places(text: &str) {
    let index = LineIndex::new(text);
    let lines = index.line_count(text);
    for line in 1..=lines.min(16) {
        let span = index.line_span(text, line).expect("a line that was counted");
        assert_eq!(index.position(text, span.start).line, line);
        assert_eq!(index.position(text, span.end).line, line);
    }
    assert_eq!(index.position(text, usize::MAX), index.position(text, text.len()));
}
