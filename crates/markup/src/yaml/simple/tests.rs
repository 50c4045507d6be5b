//! The fast reader against the full parser.

use proptest::prelude::*;

use super::super::parse_reference;
use super::*;

/// Whether the fast reader took `text`; fails if it disagrees with the full parser.
fn agrees(text: &str, offset: usize, budget: Budget) -> bool {
    let simple = parse_simple(text, offset, budget);
    if let Some(yaml) = &simple {
        assert_eq!(Ok(yaml), parse_reference(text, offset, budget).as_ref(), "{text:?}");
    }
    simple.is_some()
}

#[track_caller]
fn accepts(text: &str) {
    for offset in [0, 4] {
        assert!(agrees(text, offset, Budget::FRONT_MATTER), "not accepted: {text:?}");
        let windows = text.replace('\n', "\r\n");
        assert!(agrees(&windows, offset, Budget::FRONT_MATTER), "not accepted: {windows:?}");
    }
}

#[track_caller]
fn gives_up(text: &str) {
    assert_eq!(parse_simple(text, 0, Budget::FRONT_MATTER), None, "{text:?}");
}

#[test]
fn accepts_front_matter_as_it_is_written() {
    accepts(
        "# head\n\
         doc_id: API-0001 # the id\n\
         title: \"Обзор — «контракт»: API\"\n\
         owner_role: SA\n\
         created_at: 2026-02-06\n\
         url: https://example.org/a#b\n\
         related_issues: [1, 19, 100]\n\
         related_prs: []\n\
         \n\
         approvals:\n\
         \x20 required: [\"Owner\", 'PM', lead dev]\n\
         \x20 status:\n\
         \x20 request:\n\
         \x20   id: 'owner-1'\n\
         \x20   #   extra: {}\n\
         \x20   extra: {}\n\
         tags:\n\
         - a\n\
         - \"b\" # c\n\
         links:\n\
         \x20 - title: x\n\
         \x20   to: y\n\
         \x20 - title: z\n\
         ключ: значение\n\
         last:\n",
    );
}

#[test]
fn accepts_each_simple_form() {
    for text in [
        "",
        "\n",
        "  \n",
        "# c",
        "a: 1",
        "a:",
        "a: ",
        "a:\n\n",
        "a:   # c",
        "a: b  ",
        "a:  b # c",
        "  a: 1\n  b: 2",
        "a:\n      b: 1\n      c: 2\nd: 3",
        "a:\n b:\n  c:\n   d: e\nf: g",
        "a: b#c:d",
        "a: b, c [d] {e}",
        "a: b \"c\" 'd'",
        "a: -1",
        "a: 1 - 2",
        "a: x?!",
        "a: \\n",
        "a: \"\"\nb: ''\nc: \"it's\"\nd: 'say \"x\" \\'\n",
        "a: \" b  c \"  # d",
        "a: \"# b: c\"",
        "a: []\nb: [ ]\nc: [ x , 'y' ,\"z\" , ]\nd: [a b, c#d, e:f, -1]",
        "a: {}\nb: { } # c",
        "a:\n  - x\n  - y\nb: 1",
        "a:\n- x\n- y\nb: 1",
        "a:\n-\n-   # c\n- x\n-\nb:\n- \n",
        "- a\n- b",
        "- a: 1\n  b: 2\n-   c: 3\n    d:\n    - e\n    f:\n- {}\n- [x]",
        "a:\n# c\n\n   # d\n  b: 1 # e\n # f\n  g: 2",
        "a:\n- b\n # c\n- d",
        "a_b-c.d: 1\n1: 2\n_: 3",
        "a: 'b'\n# c",
        "a: b\u{a0}\u{2028}c\u{3000}",
        "a: \u{10ffff}",
        "a: ~\nb: null",
        "a:\n- b:\n- c: d\n- e:\n    f: g\nh: i",
        "a: 1\na: 2",
    ] {
        accepts(text);
    }
}

#[test]
fn gives_up_on_anything_else() {
    for text in [
        // Other YAML.
        "a: &x 1",
        "a: *x",
        "a: !t x",
        "a: |\n  b",
        "a: >\n  b",
        "a: b\n  c",
        "a: b\n\n c",
        "a:\n  b",
        "a:\n  \"b\"",
        "a: \"b\n  c\"",
        "a: {b: c}",
        "a: [b: c]",
        "a: [[b]]",
        "a: [{}]",
        "a: [b\n  ]",
        "? a\n: b",
        "\"a\": b",
        "'a': b",
        "a b: c",
        "a : b",
        "- - a",
        "-\n  a: b",
        "a: \"\\n\"",
        "a: 'it''s'",
        "b",
        "[a]",
        "{}",
        "---\na: 1",
        "a: 1\n...",
        "%YAML 1.2\n",
        "a: [\"b\":c]",
        "a:\tb",
        "a: b\t# c",
        "\ta: b",
        "a: \u{feff}b",
        "\u{feff}a: b",
        "a: \u{85}",
        "-a: b",
        ".a: b",
        "a: ?b",
        "a: :b",
        "- a\n\n  b: c",
        // Errors.
        "a: b: c",
        "a: b:",
        "a: \"b",
        "a: 'b",
        "a: \"b\"c",
        "a: \"b\"#c",
        "a: [b]#c",
        "a: [b]c",
        "a: [b",
        "a: [,]",
        "a: [b,,c]",
        "a: [b #c]",
        "a: [-]",
        "a: {}}",
        "a: {",
        "a: - b",
        "a: -",
        "a: @b",
        "a: `b",
        "a: %b",
        "a: ]",
        "a: }",
        "a: , b",
        "a: 1\n b: 2",
        "a:\n  b: 1\n c: 2",
        "a:\n    b: 1\n  c: 2",
        "  a: 1\nb: 2",
        "a:\n  - b\n - c",
        "a:\n  - b\n  c: d",
        "- a\nb: c",
        "a: b\n- c",
        "a:\n  b: c\n- d",
        "a:b\nc: d",
        "a: \u{0}",
        "# \u{1}",
        "a: \u{7f}",
        "a: \u{ffff}",
        "a: b\rc: d",
        "a: b\r",
        "a: b # c\n  d",
    ] {
        gives_up(text);
    }
}

#[test]
fn gives_up_over_a_limit() {
    let nested = "a:\n b:\n  c:\n   - [x]\n";
    let nodes =
        u64::try_from(parse_simple(nested, 0, Budget::FRONT_MATTER).unwrap().len()).unwrap();
    assert!(agrees(nested, 0, Budget { nodes, depth: 5 }));
    for budget in [Budget { nodes: nodes - 1, depth: 5 }, Budget { nodes, depth: 4 }] {
        assert_eq!(parse_simple(nested, 0, budget), None);
        assert!(parse_reference(nested, 0, budget).is_err());
    }
    assert_eq!(parse_simple("a: {}", 0, Budget { nodes: 10, depth: 1 }), None);
    accepts(&format!("{}: b", "k".repeat(LONGEST_KEY)));
    gives_up(&format!("{}: b", "k".repeat(LONGEST_KEY + 1)));
    accepts(&format!("a: {}\nb: [{}]", "v ".repeat(5000), "\"w\", ".repeat(2000)));
}

fn fragment() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => prop::sample::select(vec!["\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\r\n", "\n\n"]),
        6 => prop::sample::select(vec!["key: ", "a: ", "b:", "ключ: ", "\nc:", "\n  d: ", "k-1_.x: "]),
        4 => prop::sample::select(vec!["x", "2026-02-06", "два слова", "no", "-1", "a#b", "c:d", "~"]),
        3 => prop::sample::select(vec!["'q'", "\"w\"", "\"\"", "[]", "[1, 'b', c]", "{}", "[a, ]"]),
        2 => prop::sample::select(vec![" ", "  ", " # c", "# c", "-", ":", ": ", "- ", "#", ","]),
        1 => prop::sample::select(vec![
            "[", "]", "{", "}", "'", "\"", "\\", "?", "&x ", "*x", "!", "|", ">", "%", "@", "`",
            "\t", "\r", "---", "\n---\n", "\n...\n", "\u{feff}", "\u{a0}", "\u{85}", "\u{1}", "«",
        ]),
    ]
}

/// Lines that mostly fit together, so that deep and long documents are reached.
fn line() -> impl Strategy<Value = String> {
    let indent = prop::sample::select(vec!["", "", "", "  ", "  ", "    ", " "]);
    let head =
        prop::sample::select(vec!["a:", "b-c:", "ключ:", "- ", "- k:", "-", "", "d: x", "#"]);
    let value = prop::sample::select(vec![
        "",
        "",
        " x",
        " 1 # c",
        " \"q r\"",
        " 'it'",
        " [a, \"b\"]",
        " []",
        " {}",
        " # c",
        " y: z",
        " -",
    ]);
    let end = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\n\n", "\n # c\n"]);
    (indent, head, value, end)
        .prop_map(|(indent, head, value, end)| [indent, head, value, end].concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(4000)
    })]

    #[test]
    fn agrees_on_fragments(parts in prop::collection::vec(fragment(), 0..24), offset in 0..9_usize) {
        agrees(&parts.concat(), offset, Budget::FRONT_MATTER);
    }

    #[test]
    fn agrees_on_lines(
        lines in prop::collection::vec(line(), 0..9),
        nodes in 0..60_u64,
        depth in 0..5_usize,
    ) {
        let text = lines.concat();
        agrees(&text, 0, Budget::FRONT_MATTER);
        agrees(&text, 0, Budget { nodes, depth });
    }

    #[test]
    fn agrees_on_strings(text in "[ab1é \n\r\t:#\"'\\[\\]{},&*!|>%@`?~_.\\\\-]{0,24}") {
        agrees(&text, 3, Budget::FRONT_MATTER);
    }
}
