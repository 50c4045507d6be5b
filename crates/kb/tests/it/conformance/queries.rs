//! Queries and filters are data.

use countersign_kb::search::{Filters, Request, Terms};
use countersign_kb::store::Entity;

use super::build::{document, find, words};
use super::{Place, empty};

const HOSTILE: &[&str] = &[
    "\"",
    "\"\"",
    "'",
    "*",
    "app*",
    "apple*",
    "^apple",
    "NEAR(apple pear)",
    "NEAR",
    "AND",
    "OR",
    "NOT apple",
    "apple AND pear",
    "body:apple",
    "headings : apple",
    "{body} : apple",
    "-apple",
    "apple + pear",
    "(((((",
    ":*",
    "&",
    "|",
    "!",
    "<->",
    "\0",
    "apple\0pear",
    "\u{feff}",
    "\u{202e}",
    "%",
    "_",
    "\\",
    "$1",
    "?1",
    "'; DROP TABLE docs_meta; --",
    "\"; DELETE FROM doc_chunks; --",
    "🦀",
];

pub(crate) async fn nothing_in_a_query_is_an_operator(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple pear", "plum"])], None).await.unwrap();
    for hostile in HOSTILE {
        for (stems, identifiers) in [(vec![*hostile], vec![]), (vec![], vec![*hostile])] {
            let texts = |terms: Vec<&str>| terms.into_iter().map(str::to_owned).collect();
            let terms = Terms { stems: texts(stems), identifiers: texts(identifiers) };
            let request = Request { terms, ..words("") };
            let hits = store.search(&request).await.unwrap();
            assert!(hits.is_empty(), "{hostile:?}");
        }
    }
    // Among words that are there, they change nothing.
    for hostile in HOSTILE {
        let mut request = words("apple");
        request.terms.stems.push((*hostile).to_owned());
        assert_eq!(super::build::found(&*store, &request).await, ["a.md#0"], "{hostile:?}");
    }
    assert_eq!(store.statistics().await.unwrap().chunks, 2);
}

pub(crate) async fn a_query_of_a_megabyte_is_answered(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple pear"])], None).await.unwrap();
    let one = "x".repeat(1 << 20);
    assert_eq!(find(&*store, &one).await, [""; 0]);
    let mut many = words("apple");
    many.terms.stems.extend((0..200_000).map(|at| format!("w{at}")));
    assert_eq!(super::build::found(&*store, &many).await, ["a.md#0"]);
    many.terms.identifiers = (0..50_000).map(|at| format!("id-{at}")).collect();
    many.terms.identifiers[0] = "pear".to_owned();
    assert_eq!(super::build::found(&*store, &many).await, ["a.md#0"]);
}

pub(crate) async fn a_query_without_terms_finds_nothing(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple"])], None).await.unwrap();
    assert_eq!(find(&*store, "").await, [""; 0]);
    let request = Request {
        terms: Terms { stems: vec![String::new()], identifiers: vec![String::new()] },
        ..words("")
    };
    assert_eq!(super::build::found(&*store, &request).await, [""; 0]);
}

pub(crate) async fn nothing_in_a_filter_is_an_operator(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple"])], None).await.unwrap();
    let long = "[".repeat(5_000);
    for hostile in HOSTILE.iter().chain(&[".", "a.md)", "(?i)A.MD", "[a].md", "a{1}.md", &long]) {
        if matches!(*hostile, "*" | ".") {
            continue;
        }
        let texts = || vec![(*hostile).to_owned()];
        let entity = |key: &str| Entity {
            kind: countersign_kb::store::EntityKind::Service,
            key: key.to_owned(),
        };
        let filters = [
            Filters { kinds: texts(), ..Filters::default() },
            Filters { statuses: texts(), ..Filters::default() },
            Filters { stages: texts(), ..Filters::default() },
            Filters { paths: texts(), ..Filters::default() },
            Filters { linked: vec![entity(hostile)], ..Filters::default() },
        ];
        for filters in filters {
            let request = Request { filters, ..words("apple") };
            assert_eq!(super::build::found(&*store, &request).await, [""; 0], "{hostile:?}");
        }
    }
    assert_eq!(find(&*store, "apple").await, ["a.md#0"]);
}
