//! The one rule of the scanner: it gives the outline of the full parser, or none.

use proptest::prelude::*;

use super::scan;
use crate::markdown::{BlockKind, outline_reference};

/// Asserts that the scanner reads each of `texts`, with the right outcome.
#[track_caller]
fn accepts(texts: &[&str]) {
    for text in texts {
        let outline = scan(text, 0).unwrap_or_else(|| panic!("left to the parser: {text:?}"));
        assert_eq!(outline, outline_reference(text, 0), "{text:?}");
        let crlf = text.replace('\n', "\r\n");
        let outline = scan(&crlf, 0).unwrap_or_else(|| panic!("left to the parser: {crlf:?}"));
        assert_eq!(outline, outline_reference(&crlf, 0), "{crlf:?}");
    }
}

#[track_caller]
fn leaves(texts: &[&str]) {
    for text in texts {
        assert_eq!(scan(text, 0), None, "{text:?}");
    }
}

#[track_caller]
fn holds(text: &str) {
    if let Some(outline) = scan(text, 0) {
        assert_eq!(outline, outline_reference(text, 0), "{text:?}");
    }
}

#[test]
fn headings() {
    accepts(&[
        "# A\n## B ##\n### C#\n#### D \\# ##\n####### no\n#no\n#\n# \n## ##\n   # E\n    # no",
        "# `a` [b](c) <d> & e\n",
        "Two\n===\nlines\nof `one`  \n--- \n\n===\n- a\n  ---\n- b\n---\n> c\n---\n",
        "#\tтаб\n# a\\*b\n",
    ]);
    leaves(&["# \\#a\n", "# a\\\n", "# a\t\n", "\\*a\n===\n", "a\\\n===\n"]);
}

#[test]
fn lists_and_quotes() {
    accepts(&[
        "- a `b`\n  - c\n    [d](e)\n\n    f\n- g\n\n\n- h\n\n      code\n",
        "1. a\n   ```\n   b\n   ```\n2. c\n10. d\n\n1) e\n",
        "a\n2. not a list\n1. a list\nlazy `line`\n* * *\n",
        "-\n  a\n-\n\n  b\n- \n\n\n      c\n",
        "> a `b\n> c` d\nlazy\n>\n>     code\n> > # e\n\n    code\n",
        "- > - a\n  >   ```\n  >   b\n  c\n",
        "-\ta\n\n\tb\n\n\t\tcode\n-     code\n",
        "- [ ] to do\n- [x] done [a](b)\n- [1, 19]\n",
        "***\n- - -\n___\n- --\n- ***\n+ ___ a\n",
    ]);
}

#[test]
fn code_blocks() {
    accepts(&[
        "```rust\n# [a](b) `\n```\n~~~~\n~~~\n~~~~~  \n\n    x\n\n\n    y\n\nz\n",
        "a\n````\n```\nopen\n",
        "- ```\n  a\n ```\nb\n~~~\nc",
        "> ```\n> a\nb\n```\n",
        "   ```\n    ```\n   a\n  ```\n",
        "``` a`b\nc ```\n",
        "a\n    b\n\n    c\n",
        "```",
    ]);
}

#[test]
fn code_spans() {
    accepts(&[
        "`a` ``b ` c`` `d\ne` `open\n\n`f`\n",
        "\\`a` b` \\``c` `\\` ``` ``\n",
        "| `a` | `b|c` |\n|---|---|\n| [d](e) | \\| |\n",
        "`[a](b)` [`c`](d) [e`](f)` `<b c=\"`\">`\n",
        "` `` ``` ` ``\n",
    ]);
}

#[test]
fn links() {
    accepts(&[
        "[a](b) ![c](d 'e') [f](<g h> \"i\") [j]( k (l) ) [m]() [n](o(p)q)\n",
        "[![a](b)](c) ![[d](e)](f) [[g](h)](i) [j <k:l> ](m) [n][o] [p][] [q]\n",
        "[two\nlines](a)\n\n> [two\n> lines](a)\n",
        "[no] (b) [no](b c) [no](<d) [no](e\"f\" \\[no](g) \\![yes](h) !\\[no](i) [no](j(k\n",
        "<https://a.b/c?d=`e`> <m:> <a@b.c> <no@-a> <1:2> <ab:c d>\n",
        "[a](b#c?d=e&f=g) [путь](имя.md)\n",
    ]);
    leaves(&["[a]: b\n", "[a](b\nc)\n", "[a](b \"c\nd\")\n", "[a](b\\(c)\n", "[a](b&amp;c)\n"]);
}

#[test]
fn html() {
    accepts(&[
        "a<br>b <N> <имя> 1 < 2 <a href='[x](y)'>z</a> <Vec<T>> <\\b> </c > <a b= c d/>\n",
        "a <!-- [b](c) `d --> `e` <!--> f\n",
        "<!-- a\n\n# b -->\n# c\n",
        "<div>\n# a\n\n# b\n</div>\n# c\n\n<pre>\n\n# d</pre>\n# e\n<b>\n# f\n\n<b> a\n# g\n",
        "- <div>\n  # a\n# b\n> <!-- \n# c\n<?php\n# d ?>\n<!A\n# e>\n<![CDATA[\n# f\n]]>\n# g\n",
        "a\n<b>\n# c\n<p\n# d\n",
    ]);
    leaves(&["a <b\nc>\n", "a <!-- b\nc -->\n", "a <?b?>\n", "a <!B>\n", "a <b c='\n'>\n"]);
}

#[test]
fn footnotes_are_left_to_the_full_parser() {
    // Found by fuzzing: a definition ends the paragraph that it stands in.
    for text in ["text\n[^0]: [C](d 'e')\nmore\n---\n", "a[^1]\n\n[^1]: Word\n"] {
        assert_eq!(scan(text, 0), None, "{text}");
    }
}

#[test]
fn only_the_body_is_read() {
    let text = "# no\n---\n# yes\n";
    let start = "# no\n---\n".len();
    assert_eq!(scan(text, start).unwrap(), outline_reference(text, start));
    assert_eq!(scan(text, start).unwrap().headings.len(), 1);
    accepts(&["", "\n", "a"]);
    leaves(&["a\rb\n", "```\n\r"]);
}

#[test]
fn blocks_and_items_begin_where_their_lines_begin() {
    let text = "  # A\ntext\n\n - a\n   - b\n\n     c\n + d\n> e\n> # f\n\n***\n```\n- g\n```\n\
                <p>\n\n    code\n\nTwo\n===\n- - h\n";
    let outline = scan(text, 0).unwrap();
    assert_eq!(outline, outline_reference(text, 0));
    let line = |start: usize| text[start..].lines().next().unwrap_or_default();
    let blocks: Vec<_> = outline.blocks.iter().map(|b| (b.kind, line(b.start))).collect();
    assert_eq!(
        blocks,
        [
            (BlockKind::Heading, "  # A"),
            (BlockKind::Paragraph, "text"),
            (BlockKind::List, " - a"),
            (BlockKind::List, " + d"),
            (BlockKind::Quote, "> e"),
            (BlockKind::Rule, "***"),
            (BlockKind::Code, "```"),
            (BlockKind::Html, "<p>"),
            (BlockKind::Code, "    code"),
            (BlockKind::Heading, "Two"),
            (BlockKind::List, "- - h"),
        ]
    );
    let items: Vec<_> = outline.items.iter().map(|i| (i.depth, line(i.start))).collect();
    assert_eq!(items, [(1, " - a"), (2, "   - b"), (1, " + d"), (1, "- - h")]);
}

#[test]
fn definitions_of_links_are_blocks_where_they_are_in_no_other() {
    let text = "- a\n\n  [b]: c\n\n[d]: e\n[f]: g\ntext\n[h]: i\n";
    let blocks = outline_reference(text, 0).blocks;
    let blocks: Vec<_> = blocks.iter().map(|b| (b.kind, b.start)).collect();
    assert_eq!(
        blocks,
        [(BlockKind::List, 0), (BlockKind::Definition, 15), (BlockKind::Paragraph, 29)]
    );
}

#[test]
fn an_item_behind_a_tab_begins_in_its_own_line() {
    holds("\t\n- a\n    \n\n\t1. b\n");
    holds("- a\n\n\n\t- b\n\n\t\t- c\n");
}

#[test]
fn patience_ends_before_stack_or_time() {
    holds(&"- ".repeat(10_000));
    holds(&"> ".repeat(10_000));
    holds(&"[".repeat(100_000));
    holds(&("`a ``b ```c ".repeat(5_000) + "````"));
    holds(&format!("{}{}", "![".repeat(2_000), "](a)".repeat(2_000)));
    holds(&format!("{}{}", "[".repeat(20_000), "[a](b) ".repeat(5_000)));
    holds(&"[a](b \"".repeat(2_001));
    holds(&"<a b=\"".repeat(5_000));
    holds(&"<!--".repeat(20_000));
    holds(&("a\n".to_owned() + &"`".repeat(200) + " a " + &"`".repeat(200)));
}

/// What documents are made of, and what could be mistaken for it.
const FRAGMENTS: &[&str] = &[
    "- ",
    "* ",
    "+ ",
    "1. ",
    "2) ",
    "> ",
    "    ",
    "  ",
    " ",
    "\t",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "```",
    "~~~\n",
    "````\n",
    "`",
    "`",
    "``",
    "[",
    "]",
    "](",
    "](a)",
    "[x](y)",
    "![a](b)",
    "(",
    ")",
    "<",
    ">",
    "<b>",
    "</b>",
    "<!--",
    "-->",
    "<div>",
    "<pre>",
    "</pre>",
    "<m:a>",
    "<x@y.z>",
    "<a b=\"",
    "\"",
    "'",
    "\\",
    "\\`",
    "!",
    "# ",
    "## ",
    "#",
    "---\n",
    "===\n",
    "***",
    "- - -\n",
    "=",
    "_",
    "&amp;",
    ";",
    "[a]: b\n",
    "]:",
    "имя",
    "слово ",
    "a",
    "x ",
    "1",
    "<N>",
    "|",
    "\n- ",
    "\n  - ",
    "\n> ",
    "\n1. ",
    "\n```\n",
    "\n# ",
    "\n---\n",
    "\n===\n",
    "\n    ",
    "\n  ",
    "\u{c}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn any_mix_of_fragments(parts in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40)) {
        holds(&parts.concat());
    }

    #[test]
    fn any_text(text in "(?s).{0,80}") {
        holds(&text);
    }

    #[test]
    fn any_punctuation(text in "[-`^\\[\\]()<>!#*_=\\\\ \t\n&;:\"'/a1б]{0,60}") {
        holds(&text);
    }
}
