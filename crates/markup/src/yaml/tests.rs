//! Tests of the full parser and of the tree; `simple::tests` compares the fast one.

use std::time::{Duration, Instant};

use super::*;
use crate::span::Span;

fn read(text: &str) -> Yaml<'_> {
    parse_reference(text, 0, Budget::FRONT_MATTER).unwrap()
}

fn refusal(text: &str) -> YamlError {
    let error = parse_reference(text, 0, Budget::FRONT_MATTER).unwrap_err();
    assert_eq!(parse(text, 0, Budget::FRONT_MATTER).unwrap_err(), error);
    assert!(error.span.start <= error.span.end && error.span.end <= text.len(), "{error:?}");
    error
}

/// The source text of the value of `key` at the root of `text`.
fn value_text<'s>(text: &'s str, key: &str) -> &'s str {
    read(text).root().unwrap().get(key).unwrap().span().text(text).unwrap()
}

/// Ten anchors, each a list of ten aliases of the one before.
fn alias_bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let inner = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", [inner.as_str(); 10].join(", "));
    }
    text
}

#[test]
fn stops_an_alias_bomb_by_its_size_as_copied() {
    let text = alias_bomb();
    for budget in [Budget::FRONT_MATTER, Budget::CONFIGURATION] {
        let error = parse(&text, 0, budget).unwrap_err();
        assert_eq!(error.kind, YamlErrorKind::TooManyNodes { limit: budget.nodes });
        assert!(error.span.text(&text).unwrap().starts_with("*a"));
    }
    let unlimited = Budget { nodes: u64::MAX, depth: 32 };
    let yaml = parse(&text, 0, unlimited).unwrap();
    assert_eq!(yaml.len(), 1 + 10 * 12, "an alias is one node, whatever it stands for");
    assert!(yaml.has_alias());
}

#[test]
fn counts_the_size_of_an_alias_without_overflow() {
    let mut text = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..100 {
        let inner = level - 1;
        text += &format!("a{level}: &a{level} [*a{inner}, *a{inner}]\n");
    }
    let error = parse(&text, 0, Budget { nodes: u64::MAX - 1, depth: 1000 }).unwrap_err();
    assert_eq!(error.kind, YamlErrorKind::TooManyNodes { limit: u64::MAX - 1 });
}

#[test]
fn refuses_an_alias_inside_its_own_anchor() {
    for text in ["a: &x [1, *x]\n", "a: &x\n  b: *x\n", "&x\na:\n- *x\n"] {
        let error = refusal(text);
        assert_eq!(error.kind, YamlErrorKind::SelfReference, "{text}");
        assert_eq!(error.span.text(text), Some("*x"));
    }
    assert!(matches!(refusal("a: *x\n").kind, YamlErrorKind::Syntax(_)), "an unknown anchor");
}

#[test]
fn refuses_what_is_nested_too_deep() {
    let limit = Budget::FRONT_MATTER.depth;
    let flow = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let dashes = |levels: usize| "- ".repeat(levels) + "x";
    let keys = |levels: usize| {
        (0..levels).map(|level| format!("{}k:\n", " ".repeat(level))).collect::<String>()
    };
    for make in [&flow as &dyn Fn(usize) -> String, &dashes, &keys] {
        assert!(parse(&make(limit), 0, Budget::FRONT_MATTER).is_ok());
        for levels in [limit + 1, limit + 2, 10 * limit, 20_000] {
            // A megabyte of indentation is not needed to make the point.
            let text = make(if make(limit).contains("k:") { levels.min(500) } else { levels });
            assert_eq!(refusal(&text).kind, YamlErrorKind::TooDeep { limit });
        }
    }
}

#[test]
fn counts_the_depth_behind_an_alias() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..40 {
        text += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    let limit = Budget::FRONT_MATTER.depth;
    let error = refusal(&text);
    assert_eq!(error.kind, YamlErrorKind::TooDeep { limit });
    // The root is one level, and `a30` holds 31 more.
    assert_eq!(error.span.text(&text), Some("*a30"));
}

#[test]
fn keeps_duplicate_keys_in_order() {
    let text = "a: 1\nb: 2\na: 3\n";
    let yaml = read(text);
    let root = yaml.root().unwrap();
    let pairs: Vec<_> =
        root.entries().map(|entry| (entry.key.as_str(), entry.value.as_str())).collect();
    assert_eq!(pairs, [(Some("a"), Some("1")), (Some("b"), Some("2")), (Some("a"), Some("3"))]);
    assert_eq!(root.get("a").unwrap().as_integer(), Some(1), "the first one is found");
}

#[test]
fn refuses_tags_and_further_documents() {
    for (text, tag) in [
        ("a: !!python/object x\n", "!!python/object"),
        ("a: !mine [1]\n", "!mine"),
        ("!!map\na: 1\n", "!!map"),
        ("a: !!str\n", "!!str"),
    ] {
        assert_eq!(refusal(text).kind, YamlErrorKind::Tag(tag.to_owned()));
    }
    for text in ["a: 1\n---\nb: 2\n", "---\n---\n", "a\n...\n---\nb\n"] {
        let error = refusal(text);
        assert_eq!(error.kind, YamlErrorKind::SecondDocument);
        assert_eq!(error.span.start, text.rfind("---").unwrap());
    }
    assert_eq!(read("---\na: 1\n...\n").len(), 3, "one document between markers is one");
}

#[test]
fn leaves_scalars_as_they_are_typed() {
    let text = "a: no\nb: on\nc: 2026-02-06\nd: 0x1F\ne: 1.0\nf: true\ng: '1'\nh: 007\ni: +5\n";
    let yaml = read(text);
    let root = yaml.root().unwrap();
    let get = |key| root.get(key).unwrap();
    for (key, value) in [("a", "no"), ("b", "on"), ("c", "2026-02-06"), ("d", "0x1F"), ("e", "1.0")]
    {
        assert_eq!(get(key).as_str(), Some(value));
        assert_eq!((get(key).as_bool(), get(key).as_integer()), (None, None));
    }
    assert_eq!(get("f").as_bool(), Some(true));
    assert_eq!((get("g").as_integer(), get("g").is_quoted()), (None, true));
    assert_eq!((get("h").as_integer(), get("i").as_integer()), (Some(7), Some(5)));
    for text in ["a:", "a: ~", "a: null", "a: &x"] {
        assert!(read(text).root().unwrap().get("a").unwrap().is_null(), "{text}");
    }
    assert!(!read("a: \"\"").root().unwrap().get("a").unwrap().is_null());
}

#[test]
fn spans_are_bytes_from_the_start_of_the_source() {
    let source = "---\nназвание: Общий обзор  # слова\nтеги: [\"один\", два]\n---\n";
    let text = &source[4..source.len() - 4];
    let yaml = parse_reference(text, 4, Budget::FRONT_MATTER).unwrap();
    let entries: Vec<_> = yaml.root().unwrap().entries().collect();
    assert_eq!(entries[0].key.span().text(source), Some("название"));
    assert_eq!(entries[0].value.span().text(source), Some("Общий обзор"));
    assert_eq!(entries[0].span().text(source), Some("название: Общий обзор"));
    assert_eq!(entries[1].span().text(source), Some("теги: [\"один\", два]"));
    let tags: Vec<_> = entries[1].value.items().map(|tag| tag.span().text(source)).collect();
    assert_eq!(tags, [Some("\"один\""), Some("два")]);
}

#[test]
fn collections_end_with_their_last_value() {
    let text = "a:\n  b: 1 # c\n  d:\n\n# e\nf:\n  - x\n  - y\n\ng: h\n";
    assert_eq!(value_text(text, "a"), "b: 1 # c\n  d:");
    assert_eq!(value_text(text, "f"), "- x\n  - y");
    // Dashes at the indentation of the key, an anchor, and comments in between.
    assert_eq!(value_text("a:\n- x\n- y\nb: 1\n", "a"), "- x\n- y");
    assert_eq!(value_text("a: &n # c\n# - d\n- x\nb: 1\n", "a"), "- x");
    assert_eq!(value_text("a:\n- - x\n  - y\n", "a"), "- - x\n  - y");
}

#[test]
fn an_empty_value_stands_behind_its_colon_or_dash() {
    for text in ["a:", "a:\n", "a:  # c\n", "b: 1\na:\n\n# d\n", "{a: , b: 1}", "\"a\":\nb: 1"] {
        let yaml = read(text);
        let entry = yaml.root().unwrap().entry("a").unwrap();
        let colon = text.find(if text.contains('"') { "\":" } else { "a:" }).unwrap() + 2;
        assert_eq!(entry.value.span(), Span::at(colon), "{text:?}");
        assert!(entry.span().text(text).unwrap().ends_with(':'));
    }
    assert_eq!(read("a: &x\n").root().unwrap().get("a").unwrap().span(), Span::at(5));
    assert_eq!(read("? a\n? b\n").root().unwrap().get("a").unwrap().span(), Span::at(3));
    assert_eq!(read("? a\n:b: c\n").root().unwrap().get("a").unwrap().span(), Span::at(3));

    let text = "- # c\n-   \n- &x\n- b\n-";
    let yaml = read(text);
    let spans: Vec<_> = yaml.root().unwrap().items().map(Node::span).collect();
    assert_eq!(spans, [Span::at(1), Span::at(7), Span::at(15), Span::new(18, 19), Span::at(21)]);
}

#[test]
fn a_block_scalar_begins_at_its_indicator() {
    let text = "a: |  # | c\n\n  b\n  c\n\nd: >-\n  e\nf: |\ng: h\n";
    assert_eq!(value_text(text, "a"), "|  # | c\n\n  b\n  c");
    assert_eq!(value_text(text, "d"), ">-\n  e");
    assert_eq!(value_text(text, "f"), "|");
    let text = "- |+\n  a\n\n- &x >\n  b\n";
    let yaml = read(text);
    let items: Vec<_> = yaml.root().unwrap().items().map(|item| item.span().text(text)).collect();
    assert_eq!(items, [Some("|+\n  a"), Some(">\n  b")]);
    assert_eq!(read("|\n a\n").root().unwrap().span(), Span::new(0, 4));
}

#[test]
fn a_syntax_error_says_what_and_where() {
    for (text, start) in [("a: \"b\nc: d\n", 3), ("ключ: 'значение\n", 10), ("a: 1\n b: 2\n", 7)]
    {
        let error = refusal(text);
        assert_eq!(error.span.start, start, "{text:?}");
        let YamlErrorKind::Syntax(message) = &error.kind else { panic!("{error:?}") };
        assert!(!message.is_empty());
    }
    let text = "a: [1, 2\n";
    let error = parse(text, 100, Budget::FRONT_MATTER).unwrap_err();
    assert!((100..=100 + text.len()).contains(&error.span.start), "the offset is added");
}

#[test]
fn many_keys_are_too_many_nodes_and_no_hang() {
    let limit = Budget::FRONT_MATTER.nodes;
    let keys: String = (0..100_000).map(|key| format!("key{key}: value\n")).collect();
    let flow = format!("[{}]", "x, ".repeat(100_000));
    let started = Instant::now();
    for text in [&keys, &flow] {
        assert_eq!(refusal(text).kind, YamlErrorKind::TooManyNodes { limit });
    }
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_document_of_comments_has_no_root() {
    for text in ["", "\n\n", "# a\n", "   "] {
        let yaml = parse(text, 0, Budget::FRONT_MATTER).unwrap();
        assert!(yaml.root().is_none() && yaml.is_empty());
    }
}

#[test]
fn decoding_points_at_what_does_not_fit() {
    let decode = |text: &'static str| {
        // Decoding borrows the tree for as long as the text.
        let yaml: &'static Yaml<'static> = Box::leak(Box::new(read(text)));
        from_node::<std::collections::BTreeMap<String, Vec<u8>>>(yaml.root().unwrap())
            .map_err(|error| (error.message, error.span.unwrap().text(text).unwrap()))
    };
    assert_eq!(decode("a: [1, 2]\nb:\n- 3\n").unwrap()["b"], [3]);
    let (message, text) = decode("a: [1]\nb: []\na: [2]\n").unwrap_err();
    assert_eq!((message.as_str(), text), ("the key `a` appears twice", "a"));
    assert_eq!(decode("a:\n- 1\n- 300\n").unwrap_err().1, "300");
    assert_eq!(decode("a: no\n").unwrap_err().1, "no");
    assert_eq!(decode("~: [1]\n").unwrap_err().0, "a key must be text");
}
