//! What is wrong is found.

use countersign_kb::store::Store;

use super::build::{document, hashes, link, model, vectors, with};
use super::{Place, empty};

/// A store that is well: two documents with two chunks each, `docs/1.md` first, all with
/// vectors, and a link.
pub(crate) async fn patient(place: &dyn Place) -> Box<dyn Store> {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    for path in ["docs/1.md", "docs/2.md"] {
        let mut written = document(path, &[&format!("apple {path}"), &format!("pear {path}")]);
        written.links.push(link(&format!("doc:{path}"), "related", "issue:1"));
        let all = vectors(&hashes(&written));
        store.write(&[written], Some((model, &all))).await.unwrap();
    }
    store
}

async fn ailments(store: &dyn Store) -> Vec<(&'static str, bool)> {
    let found = store.examine().await.unwrap();
    for ailment in &found {
        assert!(!ailment.message.is_empty() && !ailment.help.is_empty(), "{ailment:?}");
    }
    found.into_iter().map(|ailment| (ailment.code, ailment.severe)).collect()
}

pub(crate) async fn a_store_that_is_well_has_no_ailments(place: &dyn Place) {
    let store = empty(place).await;
    assert_eq!(ailments(&*store).await, []);
    let store = patient(place).await;
    assert_eq!(ailments(&*store).await, []);
    store.remove(&["docs/1.md".to_owned()]).await.unwrap();
    assert_eq!(ailments(&*store).await, []);
    store.tidy().await.unwrap();
    assert_eq!(ailments(&*store).await, []);
}

pub(crate) async fn chunks_without_a_vector_are_an_ailment_that_is_not_severe(place: &dyn Place) {
    let store = patient(place).await;
    store.write(&[document("docs/3.md", &["plum"])], None).await.unwrap();
    assert_eq!(ailments(&*store).await, [("missing-vectors", false)]);
}

pub(crate) async fn every_harm_is_found(place: &dyn Place) {
    let harm = place.harm();
    assert!(!harm.is_empty());
    // Each has a patient of its own, so that none is found by what another one broke.
    for (at, (code, statements)) in harm.iter().enumerate() {
        let place = place.another().await;
        let store = patient(&*place).await;
        assert_eq!(ailments(&*store).await, [], "before harm {at}");
        for statement in *statements {
            place.run(statement).await;
        }
        let found = ailments(&*store).await;
        assert!(found.contains(&(*code, true)), "{statements:?}: {found:?}");
    }
}

pub(crate) async fn statistics_count_what_is_there(place: &dyn Place) {
    let store = patient(place).await;
    store.write(&[with("a.md", &[], |row| row.kind = "adr".to_owned())], None).await.unwrap();
    let statistics = store.statistics().await.unwrap();
    assert_eq!((statistics.documents, statistics.chunks, statistics.links), (3, 4, 2));
    assert_eq!(statistics.tokens, 28);
    assert!(statistics.schema > 0);
    assert!(statistics.bytes > 10_000);
    assert!(!statistics.versions.is_empty());
    assert_eq!(statistics.kinds, [("brief".to_owned(), 2), ("adr".to_owned(), 1)]);
    assert_eq!(statistics.models.len(), 1);
    assert_eq!(statistics.models[0].1, 4);
    assert!(statistics.models[0].0.active);
}
