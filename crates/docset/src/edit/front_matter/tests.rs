//! What an edit changes, and what it never does.

use proptest::prelude::*;

use super::*;

fn changed(text: &str, route: &[&str], value: &str) -> String {
    Editor::new(text).set(route, value).unwrap().text().to_owned()
}

/// Front matter with these lines; the body holds what looks like front matter.
fn document(lines: &str) -> String {
    format!("---\n{lines}---\n# T\n\nstatus: draft\n---\n")
}

#[track_caller]
fn sets(lines: &str, route: &str, value: &str, wanted: &str) {
    let route: Vec<&str> = route.split('.').collect();
    for (before, after) in [
        (document(lines), document(wanted)),
        (document(lines).replace('\n', "\r\n"), document(wanted).replace('\n', "\r\n")),
        (format!("\u{feff}{}", document(lines)), format!("\u{feff}{}", document(wanted))),
    ] {
        let new = changed(&before, &route, value);
        assert_eq!(new, after);
        assert_eq!(set(&new, &route, value).unwrap(), []);
    }
}

#[track_caller]
fn adds(lines: &str, key: &str, item: &str, wanted: &str) {
    for (before, after) in [
        (document(lines), document(wanted)),
        (document(lines).replace('\n', "\r\n"), document(wanted).replace('\n', "\r\n")),
    ] {
        let mut editor = Editor::new(before);
        assert_eq!(editor.add(key, item).unwrap().text(), after);
        assert_eq!(add(editor.text(), key, item).unwrap(), []);
    }
}

#[test]
fn a_value_changes_and_what_stands_around_it_stays() {
    sets("a: 1\nstatus:   draft  # soon\n", "status", "b", "a: 1\nstatus:   b  # soon\n");
    sets("status: 'draft'\n", "status", "it's", "status: 'it''s'\n");
    sets("\"status\" : \"draft\"\n", "status", "b", "\"status\" : \"b\"\n");
    sets("status: draft\n", "status", "no", "status: \"no\"\n");
    sets("status: |\n  draft\n\nb: 1\n", "status", "x", "status: x\n\nb: 1\n");
    sets("status: one\n  two\nb: 1\n", "status", "x", "status: x\nb: 1\n");
    sets("  status: draft\n  b: 1\n", "status", "x", "  status: x\n  b: 1\n");
    sets("{status: draft, b: 1}\n", "status", "x", "{status: x, b: 1}\n");
    sets("status: &s draft\n", "status", "x", "status: &s x\n");
}

#[track_caller]
fn removes(lines: &str, route: &str, wanted: &str) {
    let route: Vec<&str> = route.split('.').collect();
    for (before, after) in [
        (document(lines), document(wanted)),
        (document(lines).replace('\n', "\r\n"), document(wanted).replace('\n', "\r\n")),
    ] {
        let mut editor = Editor::new(before);
        assert_eq!(editor.remove(&route).unwrap().text(), after);
        assert_eq!(remove(editor.text(), &route).unwrap(), []);
    }
}

#[test]
fn a_key_goes_with_its_lines() {
    removes("a: 1\nb: 2 # two\nc: 3\n", "b", "a: 1\nc: 3\n");
    removes("a: 1\nb:\n  - x\n  - y\n# of c\nc: 3\n", "b", "a: 1\n# of c\nc: 3\n");
    removes("a: 1\nb: |\n  x\n\n  y\nc: 3\n", "b", "a: 1\nc: 3\n");
    removes("a: 1\nb: {x: 1}\n", "b", "a: 1\n");
    removes("a:\n  x: 1\n  y: 2\nb: 1\n", "a.y", "a:\n  x: 1\nb: 1\n");
    removes("a: {x: 1, y: 2, z: 3}\n", "a.y", "a: {x: 1, z: 3}\n");
    removes("a: {x: 1, y: 2}\n", "a.x", "a: {y: 2}\n");
    removes("a: 1\n", "b", "a: 1\n");
    removes("a: 1\n", "a.x", "a: 1\n");
    for (lines, route) in [("a: 1\n", "a"), ("a:\n  x: 1\nb: 1\n", "a.x")] {
        let route: Vec<&str> = route.split('.').collect();
        let error = remove(&document(lines), &route).unwrap_err();
        assert!(matches!(error.kind, Kind::Unsafe(_)), "{lines}: {error}");
    }
}

#[test]
fn nothing_becomes_a_value() {
    sets("status: # none\nb: 1\n", "status", "x", "status: x # none\nb: 1\n");
    sets("status: ~\n", "status", "x", "status: x\n");
    sets("status: \"\"\n", "status", "x", "status: \"x\"\n");
    sets("{status, b: 1}\n", "status", "x", "{status: x, b: 1}\n");
    sets("{status: , b: 1}\n", "status", "x", "{status: x , b: 1}\n");
    sets(
        "approvals: # soon\nb: 1\n",
        "approvals.status",
        "x",
        "approvals: # soon\n  status: x\nb: 1\n",
    );
    sets("{approvals: }\n", "approvals.status", "x", "{approvals: {status: x} }\n");
}

#[test]
fn a_missing_key_is_inserted_where_it_is_usually_written() {
    sets(
        "title: T\nsupersedes: [A-1]\n# the owner\napprovals:\n  status: x\n",
        "superseded_by",
        "A-2",
        "title: T\nsupersedes: [A-1]\nsuperseded_by: A-2\n# the owner\napprovals:\n  status: x\n",
    );
    sets("a: 1\n# end\n", "b", "x", "a: 1\nb: x\n# end\n");
    sets("a: 1\n", "approvals.status", "x", "a: 1\napprovals:\n  status: x\n");
    sets("a:\n    b: 1\n", "approvals.status", "x", "a:\n    b: 1\napprovals:\n    status: x\n");
    sets(
        "approvals:\n    status: x # y\n    required:\n    - Owner\nb: 1\n",
        "approvals.digest",
        "sha256:ab",
        "approvals:\n    status: x # y\n    required:\n    - Owner\n    digest: sha256:ab\nb: 1\n",
    );
    sets(
        "approvals: {required: [Owner], status: pending}\n",
        "approvals.digest",
        "sha256:ab",
        "approvals: {required: [Owner], status: pending, digest: sha256:ab}\n",
    );
    sets("approvals: {}\n", "approvals.status", "x", "approvals: {status: x}\n");
    sets("{a: 1}\n", "approvals.status", "x", "{a: 1, approvals: {status: x}}\n");
    sets("{\n  a: 1, # one\n}\n", "b", "x", "{\n  a: 1, b: x, # one\n}\n");
}

#[test]
fn an_item_is_added_in_the_notation_of_the_list() {
    adds("a: 1\n", "supersedes", "A-1", "a: 1\nsupersedes: [A-1]\n");
    adds("supersedes: # none\n", "supersedes", "A-1", "supersedes: [A-1] # none\n");
    adds("supersedes: ''\n", "supersedes", "A-1", "supersedes: [A-1]\n");
    adds("supersedes: A-1 # one\n", "supersedes", "A-2", "supersedes: [A-1, A-2] # one\n");
    adds("supersedes: []\n", "supersedes", "A-1", "supersedes: [A-1]\n");
    adds("supersedes: [ 'A-1' ]\n", "supersedes", "A-2", "supersedes: [ 'A-1', 'A-2' ]\n");
    adds(
        "supersedes:\n  -   A-1 # one\nb: 1\n",
        "supersedes",
        "A-2",
        "supersedes:\n  -   A-1 # one\n  -   A-2\nb: 1\n",
    );
    adds("supersedes:\n- A-1\nb: 1\n", "supersedes", "A-2", "supersedes:\n- A-1\n- A-2\nb: 1\n");
}

#[test]
fn what_cannot_be_changed_alone_is_refused() {
    let kind = |lines: &str, route: &str| {
        let route: Vec<&str> = route.split('.').collect();
        set(&document(lines), &route, "x").unwrap_err().kind
    };
    assert_eq!(kind("status: &a draft\nb: *a\n", "status"), Kind::Alias);
    assert_eq!(kind("status: a\nstatus: b\n", "status"), Kind::DuplicateKey("status".to_owned()));
    assert!(matches!(kind("status: [a\n", "status"), Kind::Malformed(_)));
    assert!(matches!(kind("- a\n", "status"), Kind::Malformed(_)));
    assert!(matches!(kind("", "status"), Kind::Malformed(_)));
    assert_eq!(kind("status: [a]\n", "status"), Kind::NotOneValue("status".to_owned()));
    assert_eq!(kind("a: b\n", "a.status"), Kind::NotAMapping("a".to_owned()));
    assert_eq!(kind("? status\n", "status"), Kind::Unsafe("status".to_owned()));
    assert_eq!(kind("a: |+\n  b\n\n", "z"), Kind::Unsafe("z".to_owned()));
    assert_eq!(set("# T\n", &["a"], "x").unwrap_err().kind, Kind::Missing);
    let list = add(&document("a: {b: 1}\n"), "a", "x").unwrap_err().kind;
    assert_eq!(list, Kind::NotAList("a".to_owned()));
}

/// A piece of front matter: one key, in every dress.
fn fragment() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("draft".to_owned()),
        Just("'it''s'".to_owned()),
        Just("\"a \\\" b\"".to_owned()),
        Just(String::new()),
        Just("~".to_owned()),
        Just("[A-1, \"b\"]".to_owned()),
        Just("[]".to_owned()),
        Just("{x: 1, status: 'p'}".to_owned()),
        Just("{ }".to_owned()),
        Just("\n  - A-1\n  - 'b' # c".to_owned()),
        Just("\n- A-1".to_owned()),
        Just("\n    status: p\n    list:\n      - 1".to_owned()),
        Just("|\n  one\n\n  two".to_owned()),
        Just(">-\n  one\n  two".to_owned()),
        Just("one\n  two".to_owned()),
        Just("2026-01-02".to_owned()),
        Just("ключ и значение".to_owned()),
    ];
    let comment = prop_oneof![Just(""), Just(" # why"), Just("\n# a line"), Just("\n")];
    (value, comment).prop_map(|(value, comment)| {
        let block = value.starts_with(['\n', '|', '>']) || value.contains('\n');
        let comment = if block && comment.starts_with(' ') { "" } else { comment };
        let space = if value.starts_with('\n') || value.is_empty() { "" } else { " " };
        format!("{space}{value}{comment}\n")
    })
}

const KEYS: [&str; 6] = ["status", "title", "supersedes", "approvals", "'quoted'", "created_at"];

fn front_matter() -> impl Strategy<Value = String> {
    let keys = prop::sample::subsequence(KEYS.to_vec(), 1..=KEYS.len()).prop_shuffle();
    (keys, prop::collection::vec(fragment(), KEYS.len()), any::<(bool, bool)>()).prop_map(
        |(keys, values, (windows, mark))| {
            let lines: String =
                keys.iter().zip(values).map(|(key, value)| format!("{key}:{value}")).collect();
            let text = document(&lines);
            let text = if windows { text.replace('\n', "\r\n") } else { text };
            if mark { format!("\u{feff}{text}") } else { text }
        },
    )
}

fn any_value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "[A-Z]{2,4}-[0-9]{1,4}",
        "[ -~]{0,12}",
        any::<String>().prop_map(|text| text.chars().take(12).collect()),
        Just("sha256:00ff".to_owned()),
        Just("2026-11-24".to_owned()),
    ]
}

/// The bytes outside of the edited spans, in order.
fn outside(text: &str, edits: &[Edit]) -> Vec<String> {
    let mut parts = Vec::new();
    let mut from = 0;
    for edit in edits {
        parts.push(text[from..edit.span.start].to_owned());
        from = edit.span.end;
    }
    parts.push(text[from..].to_owned());
    parts
}

/// Checks `edits` of `text` against everything that is promised.
fn holds_what_is_promised(
    text: &str,
    edits: &[Edit],
    route: &[&str],
) -> Result<String, TestCaseError> {
    let new = apply(text, edits);
    let (before, after) = (FrontMatter::parse(text), FrontMatter::parse(&new));
    prop_assert!(after.root().is_some(), "{new:?}");
    prop_assert!(same::but_for(before.root(), after.root(), route), "{text:?} -> {new:?}");
    let mut rest = &*new;
    for part in outside(text, edits) {
        let at = rest.find(&part);
        prop_assert!(at.is_some(), "{part:?} is gone");
        rest = &rest[at.unwrap_or_default() + part.len()..];
    }
    let lone = new.replace("\r\n", "").contains('\n');
    prop_assert!(!text.contains("\r\n") || !lone, "line ends differ: {new:?}");
    Ok(new)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn set_changes_one_key_and_nothing_else(
        text in front_matter(),
        value in any_value(),
        route in prop_oneof![
            Just(vec!["status"]), Just(vec!["new_key"]), Just(vec!["superseded_by"]),
            Just(vec!["quoted"]), Just(vec!["approvals", "status"]),
            Just(vec!["approvals", "digest"]),
        ],
    ) {
        match set(&text, &route, &value) {
            Ok(edits) => {
                let new = holds_what_is_promised(&text, &edits, &route)?;
                let after = FrontMatter::parse(&new);
                let node = route.iter().try_fold(after.root().unwrap(), |node, key| node.get(key));
                prop_assert_eq!(node.and_then(Node::as_str), Some(&*value));
                prop_assert_eq!(set(&new, &route, &value), Ok(vec![]));
            }
            // These fragments hold nothing that is unsafe, only what does not fit.
            Err(error) => prop_assert!(
                matches!(error.kind, Kind::NotOneValue(_) | Kind::NotAMapping(_)),
                "{text:?}: {error}"
            ),
        }
    }

    #[test]
    fn remove_takes_one_key_and_nothing_else(
        text in front_matter(),
        route in prop_oneof![
            Just(vec!["status"]), Just(vec!["no_such_key"]), Just(vec!["superseded_by"]),
            Just(vec!["quoted"]), Just(vec!["approvals", "status"]), Just(vec!["approvals"]),
        ],
    ) {
        match remove(&text, &route) {
            Ok(edits) => {
                let new = apply(&text, &edits);
                let (before, after) = (FrontMatter::parse(&text), FrontMatter::parse(&new));
                let root = after.root();
                let node = route.iter().try_fold(root.unwrap(), |node, key| node.get(key));
                prop_assert!(node.is_none(), "{text:?} -> {new:?}");
                let others_stay = edits.is_empty() || same::but_for(before.root(), root, &route);
                prop_assert!(others_stay, "{text:?} -> {new:?}");
                prop_assert_eq!(remove(&new, &route), Ok(vec![]));
            }
            // The last key of a mapping.
            Err(error) => prop_assert!(matches!(error.kind, Kind::Unsafe(_)), "{text:?}: {error}"),
        }
    }

    #[test]
    fn add_changes_one_list_and_nothing_else(
        text in front_matter(),
        item in any_value(),
        key in prop::sample::select(vec!["supersedes", "status", "superseded_by"]),
    ) {
        match add(&text, key, &item) {
            Ok(edits) => {
                let new = holds_what_is_promised(&text, &edits, &[key])?;
                let after = FrontMatter::parse(&new);
                prop_assert!(texts(after.get(key).unwrap()).contains(&item) || item.trim().is_empty());
                prop_assert_eq!(add(&new, key, &item), Ok(vec![]));
            }
            Err(error) => prop_assert!(
                matches!(error.kind, Kind::NotAList(_) | Kind::Unsafe(_)),
                "{text:?}: {error}"
            ),
        }
    }

    #[test]
    fn any_text_is_changed_as_promised_or_refused(
        tokens in prop::collection::vec(prop::sample::select(vec![
            "a", "status", "approvals", ":", ": ", " ", "  ", "\n", "\n", "\n  ", "- ", "{", "}", "[",
            "]", ", ", "'", "\"", "&x ", "*x", "|", ">", "? ", " #", "ж", "\r\n", "~", "!t ", "---",
        ]), 0..24),
        route in prop_oneof![Just(vec!["status"]), Just(vec!["approvals", "status"])],
    ) {
        let text = document(&format!("{}\n", tokens.concat()));
        for (route, edits) in [
            (&route, set(&text, &route, "new")),
            (&vec!["status"], add(&text, "status", "new")),
            (&route, remove(&text, &route)),
        ] {
            let Ok(edits) = edits else { continue };
            if edits.is_empty() {
                continue;
            }
            let new = apply(&text, &edits);
            let (before, after) = (FrontMatter::parse(&text), FrontMatter::parse(&new));
            prop_assert!(same::but_for(before.root(), after.root(), route), "{text:?} -> {new:?}");
            let body = |text: &str, found: &FrontMatter<'_>| text[found.body_start(text)..].to_owned();
            prop_assert_eq!(body(&text, &before), body(&new, &after));
        }
    }
}
