//! Filters let through what they name, and nothing is lost by them.

use countersign_kb::search::{Filters, Request, Standing};
use countersign_kb::store::{DocumentRow, DocumentWrite, Entity, Link, Origin};

use super::build::{find, found, hashes, link, model, near, unit, vectors, with, words};
use super::{Place, empty};

/// A search for `word` through filters.
fn through(filters: Filters) -> Request {
    Request { filters, ..words("word") }
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn one(path: &str, change: impl FnOnce(&mut DocumentRow)) -> DocumentWrite {
    with(path, &["word"], change)
}

pub(crate) async fn every_filter_lets_through_what_it_names(place: &dyn Place) {
    let store = empty(place).await;
    let mut linked = one("linked.md", |_| {});
    linked.links.push(link("doc:linked.md", "related", "issue:42"));
    store
        .write(
            &[
                one("docs/a.md", |row| row.kind = "adr".to_owned()),
                one("docs/b.md", |row| row.status = "in-review".to_owned()),
                one("other/c.md", |row| row.stages = texts(&["arch", "design"])),
                one("d.md", |_| {}),
                linked,
            ],
            None,
        )
        .await
        .unwrap();
    let filters = |change: fn(&mut Filters)| {
        let mut filters = Filters::default();
        change(&mut filters);
        through(filters)
    };
    let cases: [(Request, &[&str]); 9] = [
        (filters(|f| f.kinds = texts(&["adr"])), &["docs/a.md#0"]),
        (filters(|f| f.kinds = texts(&["adr", "never"])), &["docs/a.md#0"]),
        (filters(|f| f.kinds = texts(&["never"])), &[]),
        (filters(|f| f.statuses = texts(&["in-review"])), &["docs/b.md#0"]),
        (filters(|f| f.stages = texts(&["design"])), &["other/c.md#0"]),
        (filters(|f| f.paths = texts(&["docs"])), &["docs/a.md#0", "docs/b.md#0"]),
        (filters(|f| f.linked = vec!["issue:42".parse().unwrap()]), &["linked.md#0"]),
        (filters(|f| f.linked = vec!["pr:42".parse().unwrap()]), &[]),
        (filters(|_| {}), &["d.md#0", "docs/a.md#0", "docs/b.md#0", "linked.md#0", "other/c.md#0"]),
    ];
    for (request, expected) in cases {
        assert_eq!(found(&*store, &request).await, expected, "{:?}", request.filters);
    }
}

pub(crate) async fn filters_are_all_met_at_once(place: &dyn Place) {
    let store = empty(place).await;
    let adr = |path: &str, status: &str| {
        one(path, |row| {
            row.kind = "adr".to_owned();
            row.status = status.to_owned();
        })
    };
    let mut linked = adr("docs/a.md", "approved");
    linked.links.push(link("doc:docs/a.md", "related", "pr:7"));
    store
        .write(
            &[linked, adr("docs/b.md", "approved"), adr("c.md", "approved"), adr("docs/d.md", "x")],
            None,
        )
        .await
        .unwrap();
    let mut filters = Filters {
        kinds: texts(&["adr", "brief"]),
        statuses: texts(&["approved"]),
        paths: texts(&["docs"]),
        stages: texts(&["intake"]),
        standing: Standing::InForce,
        ..Filters::default()
    };
    let request = through(filters.clone());
    assert_eq!(found(&*store, &request).await, ["docs/a.md#0", "docs/b.md#0"]);
    filters.linked = vec!["pr:7".parse().unwrap(), "issue:1".parse().unwrap()];
    assert_eq!(found(&*store, &through(filters.clone())).await, ["docs/a.md#0"]);
    filters.stages = texts(&["qa"]);
    assert_eq!(found(&*store, &through(filters)).await, [""; 0]);
}

pub(crate) async fn a_path_names_a_document_a_folder_or_a_pattern(place: &dyn Place) {
    let store = empty(place).await;
    let paths = ["a.md", "a.md.md", "docs/a.md", "docs/x/a.md", "docs/x/b.txt", "docsx/a.md"];
    let documents: Vec<_> = paths.iter().map(|path| one(path, |_| {})).collect();
    store.write(&documents, None).await.unwrap();
    let cases: [(&str, &[&str]); 14] = [
        ("a.md", &["a.md"]),
        ("docs", &["docs/a.md", "docs/x/a.md", "docs/x/b.txt"]),
        ("docs/", &["docs/a.md", "docs/x/a.md", "docs/x/b.txt"]),
        ("./docs/x", &["docs/x/a.md", "docs/x/b.txt"]),
        ("docs/*", &["docs/a.md"]),
        ("docs/*.md", &["docs/a.md"]),
        ("docs/**", &["docs/a.md", "docs/x/a.md", "docs/x/b.txt"]),
        ("docs/**/*.md", &["docs/a.md", "docs/x/a.md"]),
        ("**/a.md", &["a.md", "docs/a.md", "docs/x/a.md", "docsx/a.md"]),
        ("docs?/a.md", &["docsx/a.md"]),
        ("docs/x/?.*", &["docs/x/a.md", "docs/x/b.txt"]),
        ("doc", &[]),
        ("a.m.", &[]),
        (".", &paths),
    ];
    for (path, expected) in cases {
        let request = through(Filters { paths: texts(&[path]), ..Filters::default() });
        let mut found = found(&*store, &request).await;
        found.iter_mut().for_each(|place| place.truncate(place.len() - 2));
        found.sort_unstable();
        assert_eq!(found, expected, "{path}");
    }
    let request = through(Filters { paths: texts(&["a.md", "docsx"]), ..Filters::default() });
    assert_eq!(found(&*store, &request).await, ["a.md#0", "docsx/a.md#0"]);
}

pub(crate) async fn links_of_both_directions_and_origins_count(place: &dyn Place) {
    let store = empty(place).await;
    let mut derived = one("a.md", |row| row.doc_id = "ADR-0001".to_owned());
    derived.links.push(link("doc:ADR-0001", "related", "docset:issue-1"));
    store
        .write(
            &[
                derived,
                one("b.md", |row| row.doc_id = "ADR-0002".to_owned()),
                one("c.md", |_| {}),
                one("d.md", |_| {}),
            ],
            None,
        )
        .await
        .unwrap();
    for (from, to) in [("doc:ADR-0002", "issue:1"), ("issue:1", "doc:c.md")] {
        let made = Link { origin: Origin::Made, ..link(from, "about", to) };
        assert!(store.link(&made).await.unwrap());
    }
    let by = |entity: &str| {
        let linked: Vec<Entity> = vec![entity.parse().unwrap()];
        through(Filters { linked, ..Filters::default() })
    };
    assert_eq!(found(&*store, &by("docset:issue-1")).await, ["a.md#0"]);
    assert_eq!(found(&*store, &by("issue:1")).await, ["b.md#0", "c.md#0"]);
    assert_eq!(found(&*store, &by("issue:2")).await, [""; 0]);
}

pub(crate) async fn what_is_replaced_retired_or_rejected_is_found_only_if_asked_for(
    place: &dyn Place,
) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let phases = ["", "drafting", "in-force", "rejected", "replaced", "retired", "review"];
    let documents: Vec<_> = phases
        .iter()
        .map(|phase| one(&format!("{phase}.md"), |row| row.phase = (*phase).to_owned()))
        .collect();
    let all = vectors(&hashes(&documents[0]));
    store.write(&documents, Some((model, &all))).await.unwrap();
    let cases: [(Standing, &[&str]); 3] = [
        (Standing::Current, &[".md#0", "drafting.md#0", "in-force.md#0", "review.md#0"]),
        (Standing::InForce, &["in-force.md#0"]),
        (
            Standing::Any,
            &[
                ".md#0",
                "drafting.md#0",
                "in-force.md#0",
                "rejected.md#0",
                "replaced.md#0",
                "retired.md#0",
                "review.md#0",
            ],
        ),
    ];
    for (standing, expected) in cases {
        let filters = Filters { standing, ..Filters::default() };
        assert_eq!(found(&*store, &through(filters.clone())).await, expected);
        let request = Request { filters, ..near(model, &all[0].1) };
        assert_eq!(found(&*store, &request).await, expected);
    }
    assert_eq!(find(&*store, "word").await.len(), 4);
}

pub(crate) async fn as_many_chunks_are_found_as_there_are(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    // The seven that are looked for are the farthest from the query and have its word least.
    let mut documents = Vec::new();
    let mut all = Vec::new();
    for at in 0..700_u16 {
        let rare = at % 100 == 0;
        let text = if rare { format!("word {}", "x ".repeat(300)) } else { "word word".to_owned() };
        let written = with(&format!("{at:03}.md"), &[&format!("{text} n{at}")], |row| {
            row.kind = if rare { "adr" } else { "brief" }.to_owned();
        });
        let angle = if rare { 3.0 } else { f32::from(at) / 1_000.0 };
        all.push((hashes(&written)[0], unit(&[angle.cos(), angle.sin()], 8)));
        documents.push(written);
    }
    store.write(&documents, Some((model, &all))).await.unwrap();
    store.tidy().await.unwrap();
    let filters = Filters { kinds: texts(&["adr"]), ..Filters::default() };
    let query = unit(&[1.0, 0.0], 8);
    for limit in [3, 50] {
        let both = Request { vector: Some((model, query.clone())), ..words("word") };
        for request in [words("word"), near(model, &query), both] {
            let request = Request { filters: filters.clone(), limit, candidates: limit, ..request };
            assert_eq!(found(&*store, &request).await.len(), limit.min(7));
        }
    }
    for candidates in [700, 10_000] {
        let request = Request { limit: 10_000, candidates, ..near(model, &query) };
        assert_eq!(found(&*store, &request).await.len(), 700);
    }
}
