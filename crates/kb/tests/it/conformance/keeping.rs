//! Tables are made, writers take turns, and nothing is ever half there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use countersign_kb::store::StoreError;

use super::build::{document, find, link, model, words};
use super::{Place, empty};

pub(crate) async fn without_tables_everything_says_that_there_is_nothing(place: &dyn Place) {
    let store = place.open().await;
    let paths = ["a.md".to_owned()];
    let link = link("issue:1", "related", "issue:2");
    let errors = [
        store.documents().await.unwrap_err(),
        store.write(&[document("a.md", &["apple"])], None).await.unwrap_err(),
        store.touch(&paths, "c").await.unwrap_err(),
        store.remove(&paths).await.unwrap_err(),
        store.tidy().await.unwrap_err(),
        store.models().await.unwrap_err(),
        store.register_model(&model("m", 8)).await.unwrap_err(),
        store.search(&words("apple")).await.unwrap_err(),
        store.document("a.md").await.unwrap_err(),
        store.link(&link).await.unwrap_err(),
        store.links(None).await.unwrap_err(),
        store.statistics().await.unwrap_err(),
        store.examine().await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, StoreError::Empty { .. }), "{error}");
        assert!(error.to_string().contains(store.name()));
    }
    // And the same store is of use once there are tables.
    store.migrate().await.unwrap();
    assert!(store.documents().await.unwrap().is_empty());
}

pub(crate) async fn tables_are_made_once(place: &dyn Place) {
    let store = place.open().await;
    let needed = store.migrate().await.unwrap();
    assert!(!needed.is_empty());
    assert!(store.migrate().await.unwrap().is_empty());
    store.write(&[document("a.md", &["apple"])], None).await.unwrap();
    let again = place.open().await;
    assert!(again.migrate().await.unwrap().is_empty());
    assert_eq!(find(&*again, "apple").await, ["a.md#0"]);
    assert_eq!(again.statistics().await.unwrap().schema as usize, needed.len());
}

pub(crate) async fn tables_are_made_once_by_two_programs_at_once(place: &dyn Place) {
    for _ in 0..5 {
        let place = place.another().await;
        let (first, second) = (place.open().await, place.open().await);
        let (a, b) = tokio::join!(first.migrate(), second.migrate());
        let (a, b) = (a.unwrap(), b.unwrap());
        assert!(a.is_empty() != b.is_empty(), "{a:?} {b:?}");
        let (a, b) = ([document("a.md", &["apple"])], [document("b.md", &["apple"])]);
        let (a, b) = tokio::join!(first.write(&a, None), second.write(&b, None));
        a.unwrap();
        b.unwrap();
        assert_eq!(find(&*first, "apple").await, ["a.md#0", "b.md#0"]);
    }
}

pub(crate) async fn two_writers_at_once_lose_nothing(place: &dyn Place) {
    let (first, second) = (empty(place).await, place.open().await);
    let write = |store: &'static str| {
        (0..20).map(move |at| {
            let own = format!("{store}/{at}.md");
            vec![
                document(&own, &["common", &format!("only {own}")]),
                document("both.md", &["common", &format!("last {store} {at}")]),
            ]
        })
    };
    let a = async {
        for documents in write("a") {
            first.write(&documents, None).await.unwrap();
        }
    };
    let b = async {
        for documents in write("b") {
            second.write(&documents, None).await.unwrap();
        }
    };
    tokio::join!(a, b);
    let statistics = first.statistics().await.unwrap();
    assert_eq!((statistics.documents, statistics.chunks), (41, 82));
    assert_eq!(find(&*second, "last").await, ["both.md#1"]);
    assert!(first.examine().await.unwrap().is_empty());
}

pub(crate) async fn readers_see_documents_before_or_after_a_write_and_never_between(
    place: &dyn Place,
) {
    let (writer, reader) = (empty(place).await, place.open().await);
    let texts = |round: u32, count: u32| -> Vec<String> {
        (0..count).map(|at| format!("word r{round} n{at}")).collect()
    };
    let written = |round: u32| {
        let texts = texts(round, 5 + round % 2 * 20);
        document("a.md", &texts.iter().map(String::as_str).collect::<Vec<_>>())
    };
    writer.write(&[written(0)], None).await.unwrap();
    let done = AtomicBool::new(false);
    let write = async {
        for round in 1..40 {
            writer.write(&[written(round)], None).await.unwrap();
        }
        done.store(true, Ordering::Release);
    };
    let read = async {
        let mut seen = 0;
        let mut query = words("word");
        (query.limit, query.candidates) = (100, 100);
        while !done.load(Ordering::Acquire) || seen == 0 {
            seen += 1;
            let hits = reader.search(&query).await.unwrap();
            let round = |text: &str| text.split(' ').nth(1).unwrap().to_owned();
            let first = round(&hits[0].chunk.text);
            assert!(hits.iter().all(|hit| round(&hit.chunk.text) == first));
            let (_, chunks) = reader.document("a.md").await.unwrap().unwrap();
            let first = round(&chunks[0].1.text);
            assert!(chunks.iter().all(|(_, chunk)| round(&chunk.text) == first));
            let number: u32 = first[1..].parse().unwrap();
            assert_eq!(chunks.len() as u32, 5 + number % 2 * 20);
        }
    };
    tokio::join!(write, read);
}

pub(crate) async fn a_second_run_waits_for_the_first(place: &dyn Place) {
    let (first, second) = (empty(place).await, place.open().await);
    let held = first.lock(Duration::from_secs(5)).await.unwrap();
    let error = second.lock(Duration::from_millis(100)).await.err().unwrap();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    // Who searches, or makes tables, does not wait.
    assert!(second.documents().await.unwrap().is_empty());
    assert!(second.migrate().await.unwrap().is_empty());
    let start = Instant::now();
    let wait = async {
        let lock = second.lock(Duration::from_secs(30)).await.unwrap();
        (lock, start.elapsed())
    };
    let let_go = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        drop(held);
    };
    let ((lock, waited), ()) = tokio::join!(wait, let_go);
    assert!(waited >= Duration::from_millis(190), "{waited:?}");
    assert!(waited < Duration::from_secs(20), "{waited:?}");
    assert!(first.lock(Duration::ZERO).await.is_err());
    drop(lock);
    first.lock(Duration::from_secs(5)).await.unwrap();
}

pub(crate) async fn what_was_written_is_there_when_it_is_opened_again(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple"])], None).await.unwrap();
    drop(store);
    let store = place.open().await;
    assert_eq!(find(&*store, "apple").await, ["a.md#0"]);
}
