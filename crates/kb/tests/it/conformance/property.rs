//! A store does what a map does.

use std::collections::BTreeMap;

use countersign_kb::store::{DocumentWrite, ModelId, Store};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::build::{document, found, hashes, model, vectors, words};
use super::{Place, empty};

/// Something that is done to a store.
#[derive(Clone, Debug)]
enum Step {
    /// Writes documents with chunks of these words.
    Write(Vec<(u8, Vec<u8>)>),
    /// Takes documents out.
    Remove(Vec<u8>),
    /// Takes a document out and writes it under another path.
    Move(u8, u8),
    /// Embeds everything that has no vector.
    Embed,
    /// Tidies up.
    Tidy,
    /// Opens the store anew.
    Reopen,
}

const WORDS: [&str; 6] = ["apple", "pear", "plum", "quince", "слово", "e0502"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let path = 0_u8..4;
    let chunks = prop::collection::vec(0_u8..6, 0..5);
    let write = prop::collection::vec((path.clone(), chunks), 1..3).prop_map(Step::Write);
    let step = prop_oneof![
        5 => write,
        2 => prop::collection::vec(path.clone(), 1..3).prop_map(Step::Remove),
        2 => (path.clone(), path).prop_map(|(from, to)| Step::Move(from, to)),
        1 => Just(Step::Embed),
        1 => Just(Step::Tidy),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..12)
}

fn path(number: u8) -> String {
    format!("docs/{number}.md")
}

fn written(number: u8, chunks: &[u8]) -> DocumentWrite {
    let texts: Vec<_> = chunks.iter().map(|word| WORDS[usize::from(*word)]).collect();
    document(&path(number), &texts)
}

pub(crate) async fn any_sequence_of_writes_leaves_what_a_map_would_hold(place: &dyn Place) {
    let handle = tokio::runtime::Handle::current();
    let mut runner =
        TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    tokio::task::block_in_place(|| {
        runner
            .run(&steps(), |steps| {
                handle.block_on(play(place, &steps));
                Ok(())
            })
            .unwrap();
    });
}

async fn play(place: &dyn Place, steps: &[Step]) {
    let place = place.another().await;
    let mut store = empty(&*place).await;
    let id = store.register_model(&model("m", 8)).await.unwrap();
    let mut map: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
    for step in steps {
        match step {
            Step::Write(documents) => {
                let all: Vec<_> =
                    documents.iter().map(|(path, chunks)| written(*path, chunks)).collect();
                store.write(&all, None).await.unwrap();
                map.extend(documents.iter().cloned());
            }
            Step::Remove(numbers) => {
                let paths: Vec<_> = numbers.iter().copied().map(path).collect();
                let gone = store.remove(&paths).await.unwrap();
                let before = map.len();
                map.retain(|number, _| !numbers.contains(number));
                assert_eq!(gone.documents, (before - map.len()) as u64);
            }
            Step::Move(from, to) => {
                let Some(chunks) = map.remove(from) else { continue };
                store.remove(&[path(*from)]).await.unwrap();
                store.write(&[written(*to, &chunks)], None).await.unwrap();
                map.insert(*to, chunks);
            }
            Step::Embed => {
                let pending = store.pending(id, 1_000).await.unwrap();
                let hashes: Vec<_> = pending.iter().map(|pending| pending.hash).collect();
                store.add_vectors(id, &vectors(&hashes)).await.unwrap();
                assert!(store.pending(id, 1).await.unwrap().is_empty());
            }
            Step::Tidy => store.tidy().await.unwrap(),
            Step::Reopen => store = place.open().await,
        }
        compare(&*store, id, &map).await;
    }
}

/// The store has what the map has, and finds it.
async fn compare(store: &dyn Store, model: ModelId, map: &BTreeMap<u8, Vec<u8>>) {
    let paths: Vec<_> =
        store.documents().await.unwrap().into_iter().map(|state| state.path).collect();
    assert_eq!(paths, map.keys().copied().map(path).collect::<Vec<_>>());
    let mut numbers = Vec::new();
    for (number, chunks) in map {
        let expected = written(*number, chunks);
        let (row, kept) = store.document(&path(*number)).await.unwrap().unwrap();
        assert_eq!(row, expected.document);
        let rows: Vec<_> = kept.iter().map(|(_, row)| row).collect();
        assert_eq!(rows, expected.chunks.iter().map(|chunk| &chunk.row).collect::<Vec<_>>());
        numbers.extend(kept.into_iter().map(|(id, _)| id));
        // What has a vector is what is not pending.
        let embedded = store.embedded(model, &hashes(&expected)).await.unwrap();
        let pending = store.pending(model, 1_000).await.unwrap();
        for hash in hashes(&expected) {
            let waits = pending.iter().any(|pending| pending.hash == hash);
            assert!(waits != embedded.contains(&hash));
        }
    }
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), count, "a number was given twice");
    for (word, text) in WORDS.iter().enumerate() {
        let mut request = words(text);
        (request.limit, request.candidates) = (100, 100);
        let mut expected: Vec<String> = Vec::new();
        for (number, chunks) in map {
            let holds = chunks.iter().enumerate().filter(|(_, chunk)| usize::from(**chunk) == word);
            expected.extend(holds.map(|(at, _)| format!("{}#{at}", path(*number))));
        }
        assert_eq!(found(store, &request).await, expected, "{text}");
    }
    let ailments = store.examine().await.unwrap();
    assert!(ailments.iter().all(|ailment| !ailment.severe), "{ailments:?}");
}
