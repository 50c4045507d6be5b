//! What people wrote survives, wherever they wrote it.

use proptest::prelude::*;

use super::*;

fn items(names: &[u8]) -> Vec<Item> {
    let item = |number: &u8| {
        let path = format!("docs/{number}.md");
        Item { text: line(&[("path", value(&path))]), name: path }
    };
    names.iter().map(item).collect()
}

fn sections(names: &[u8]) -> Vec<Section> {
    vec![
        Section::Identity("issue", vec![("number", "7".into()), ("repo", "a/b".into())]),
        Section::Scalar("stage", "prd".into()),
        Section::List("documents", items(names)),
    ]
}

/// A line of a docset file as somebody may have written it; `#n` is a comment.
fn block() -> impl Strategy<Value = String> {
    let entry = prop_oneof![
        (0..6_u8).prop_map(|number| format!("- {{path: docs/{number}.md}} #n")),
        (0..6_u8).prop_map(|number| format!("- path: docs/{number}.md\n    #n\n    id: \"#\" #n")),
        (0..6_u8).prop_map(|number| format!("- {{id: x,\n    path: docs/{number}.md}}")),
        Just("#n".to_owned()),
        Just("- words #n".to_owned()),
    ];
    let documents = prop::collection::vec(entry, 0..6).prop_map(|entries| {
        let lines: String = entries.iter().map(|entry| format!("\n  {entry}")).collect();
        format!("documents: #n{lines}\n")
    });
    let flow = Just("documents: [{path: docs/1.md}, #n\n  {path: docs/2.md} #n\n  ] #n\n".into());
    prop_oneof![documents, flow, Just("documents: [] #n\n".into()), Just("documents:\n".into())]
}

fn file() -> impl Strategy<Value = String> {
    let issue = prop_oneof![
        Just("issue: {number: 7} #n\n"),
        Just("issue:\n  # n\n  number: 7 #n\n  url: x\n"),
        Just("issue:\n    repo: 'c/d' #n\n    number: 7\n"),
        Just("issue: {repo: c/d, number: 7}\n"),
    ];
    let stage = prop_oneof![
        Just(""),
        Just("stage: #n\n"),
        Just("stage: |\n  plan\n"),
        Just("stage: 'plan' #n\n#n\n"),
    ];
    let notes = Just("\n#n\nnotes:\n  - |\n    # text\n\n    more\nmine: {a: [1]} #n\n\n");
    let parts = (issue, stage, block(), notes).prop_map(|(issue, stage, block, notes)| {
        [issue.to_owned(), stage.to_owned(), block, notes.to_owned()]
    });
    (parts.prop_shuffle(), any::<bool>()).prop_map(|(parts, crlf)| {
        // Each comment gets a number of its own.
        let mut text = String::new();
        for (number, part) in parts.concat().split("#n").enumerate() {
            if number > 0 {
                text.push_str(&format!("#c{number};"));
            }
            text.push_str(part);
        }
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

proptest! {
    #[test]
    fn nothing_is_lost(text in file(), names in prop::collection::btree_set(0..6_u8, 0..5)) {
        let names: Vec<u8> = names.into_iter().collect();
        let sections = sections(&names);
        let merged = merge(&text, &sections).unwrap();
        prop_assert_eq!(merge(&merged, &sections).unwrap(), merged.clone());
        for number in 1..=text.matches("#c").count() {
            let comment = format!("#c{number};");
            prop_assert_eq!(merged.matches(&comment).count(), 1, "{} in\n{}", comment, merged);
        }
        let line_end = if text.contains('\r') { "\r\n" } else { "\n" };
        let notes = text.split("notes:").nth(1).unwrap();
        let notes = &notes[..notes.find("mine: {a: [1]}").unwrap()];
        prop_assert!(merged.contains(notes));
        prop_assert_eq!(merged.matches('\n').count(), merged.matches(line_end).count());
        let yaml = parse(&merged).unwrap();
        let root = yaml.root().unwrap();
        prop_assert_eq!(root.get("stage").unwrap().as_str(), Some("prd"));
        prop_assert_eq!(root.get("issue").unwrap().get("repo").unwrap().as_str(), Some("a/b"));
        let listed: Vec<&str> = root.get("documents").unwrap().items().filter_map(name).collect();
        let wanted: Vec<String> = names.iter().map(|name| format!("docs/{name}.md")).collect();
        prop_assert_eq!(listed, wanted);
    }
}
