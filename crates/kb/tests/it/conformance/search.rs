//! The best is found first.

use countersign_kb::search::{RANK_CONSTANT, Request, Terms, Weight};
use countersign_kb::store::ChunkWrite;

use super::build::{add, document, find, found, hashes, model, near, places, unit, with, words};
use super::{Place, empty};

pub(crate) async fn chunks_are_found_by_their_words_the_rarer_the_better(place: &dyn Place) {
    let store = empty(place).await;
    let texts = ["common rare", "common plain", "common other", "nothing here", "Слово и дело"];
    store.write(&[document("a.md", &texts)], None).await.unwrap();
    assert_eq!(find(&*store, "rare").await, ["a.md#0"]);
    assert_eq!(find(&*store, "other common").await, ["a.md#2", "a.md#0", "a.md#1"]);
    assert_eq!(find(&*store, "слово").await, ["a.md#4"]);
    assert_eq!(find(&*store, "com").await, [""; 0]);
    let hits = store.search(&words("rare")).await.unwrap();
    let lexical = hits[0].lexical.unwrap();
    assert_eq!(lexical.place, 1);
    assert!(lexical.score > 0.0);
    assert!((hits[0].score - 1.0 / (RANK_CONSTANT + 1.0)).abs() < 1e-9);
    assert_eq!((hits[0].vector, hits[0].identifiers), (None, 0));
}

pub(crate) async fn every_word_of_a_long_query_is_looked_for(place: &dyn Place) {
    let store = empty(place).await;
    let texts: Vec<String> = (0..200).map(|at| format!("word{at}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    store.write(&[document("a.md", &texts)], None).await.unwrap();
    store.tidy().await.unwrap();
    let query = Request { limit: 300, candidates: 300, ..words(&texts.join(" ")) };
    assert_eq!(store.search(&query).await.unwrap().len(), 200);
}

pub(crate) async fn a_word_in_a_heading_counts_for_more(place: &dyn Place) {
    let store = empty(place).await;
    let mut written = document("a.md", &[]);
    add(&mut written, "Some heading", "about retries of calls");
    add(&mut written, "About retries", "some words of calls");
    add(&mut written, "Some heading", "other words of calls");
    store.write(&[written], None).await.unwrap();
    assert_eq!(find(&*store, "retries").await, ["a.md#1", "a.md#0"]);
}

pub(crate) async fn chunks_are_found_by_vectors_the_nearer_the_better(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let written = document("a.md", &["east", "north", "north east", "west", "unembedded"]);
    let hashes = hashes(&written);
    let directions = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [-1.0, 0.0]];
    let all: Vec<_> = hashes.iter().copied().zip(directions.map(|at| unit(&at, 8))).collect();
    store.write(&[written], Some((model, &all))).await.unwrap();
    let hits = store.search(&near(model, &unit(&[1.0, 0.1], 8))).await.unwrap();
    assert_eq!(places(&hits), ["a.md#0", "a.md#2", "a.md#1", "a.md#3"]);
    let vector = hits[0].vector.unwrap();
    assert_eq!(vector.place, 1);
    assert!((vector.score - 1.0 / 1.01_f64.sqrt()).abs() < 1e-5, "{}", vector.score);
    assert!(hits[3].vector.unwrap().score < -0.9);
    assert!(hits.iter().all(|hit| hit.lexical.is_none()));
}

pub(crate) async fn both_rankings_are_one(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let written = document("a.md", &["word word", "word of many others here", "near"]);
    let hashes = hashes(&written);
    let directions = [[0.0, 1.0], [1.0, 0.1], [1.0, 0.0]];
    let all: Vec<_> = hashes.iter().copied().zip(directions.map(|at| unit(&at, 8))).collect();
    store.write(&[written], Some((model, &all))).await.unwrap();
    let query = Request { vector: Some((model, unit(&[1.0], 8))), ..words("word") };
    let hits = store.search(&query).await.unwrap();
    // Second in both, first and third, first in one only.
    assert_eq!(places(&hits), ["a.md#0", "a.md#1", "a.md#2"]);
    let place = |place: Option<countersign_kb::search::Place>| place.map(|place| place.place);
    let seen: Vec<_> = hits.iter().map(|hit| (place(hit.lexical), place(hit.vector))).collect();
    assert_eq!(seen, [(Some(1), Some(3)), (Some(2), Some(2)), (None, Some(1))]);
    let at = |place: f64| 1.0 / (RANK_CONSTANT + place);
    let sums = [at(1.0) + at(3.0), 2.0 * at(2.0), at(1.0)];
    for (hit, sum) in hits.iter().zip(sums) {
        assert!((hit.score - sum).abs() < 1e-9);
    }
}

pub(crate) async fn a_vector_of_little_weight_leaves_terms_in_front(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let written = document("a.md", &["word word", "word of many others here"]);
    let hash = hashes(&written)[1];
    store.write(&[written], Some((model, &[(hash, unit(&[1.0], 8))]))).await.unwrap();
    let query = Request { vector: Some((model, unit(&[1.0], 8))), ..words("word") };
    let found = store.search(&query).await.unwrap();
    assert_eq!(places(&found), ["a.md#1", "a.md#0"]);
    let light = Request { vector_weight: Weight::new(0.05), ..query };
    let found = store.search(&light).await.unwrap();
    assert_eq!(places(&found), ["a.md#0", "a.md#1"]);
    let sum = 1.0 / (RANK_CONSTANT + 2.0) + 0.05 / (RANK_CONSTANT + 1.0);
    assert!((found[1].score - sum).abs() < 1e-9);
}

pub(crate) async fn chunks_with_an_identifier_of_the_query_come_first(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let long = format!("{} see e0502", "filler ".repeat(400));
    let written =
        document("a.md", &["borrow borrow borrow", "borrow", &long, "e0502 and e0499", "e05022"]);
    let hashes = hashes(&written);
    // The vector likes the ones without.
    let all: Vec<_> = hashes
        .iter()
        .copied()
        .zip([[1.0, 0.0], [1.0, 0.2], [0.0, 1.0], [0.1, 1.0], [1.0, 0.1]].map(|at| unit(&at, 8)))
        .collect();
    store.write(&[written], Some((model, &all))).await.unwrap();
    let terms = Terms {
        stems: vec!["borrow".to_owned()],
        identifiers: vec!["e0502".to_owned(), "e0499".to_owned()],
    };
    let request = Request { terms, vector: Some((model, unit(&[1.0], 8))), ..words("") };
    for candidates in [2, 50] {
        let request = Request { candidates, limit: 2, ..request.clone() };
        let hits = store.search(&request).await.unwrap();
        assert_eq!(places(&hits), ["a.md#3", "a.md#2"]);
        assert_eq!(hits.iter().map(|hit| hit.identifiers).collect::<Vec<_>>(), [2, 1]);
    }
    let hits = store.search(&request).await.unwrap();
    assert_eq!(hits.len(), 5);
    assert!(hits[2..].iter().all(|hit| hit.identifiers == 0));
}

pub(crate) async fn the_document_that_is_called_so_comes_before_those_that_mention_it(
    place: &dyn Place,
) {
    let store = empty(place).await;
    let mentions = "adr-0013 adr-0013 adr-0013 webhooks";
    let called = with("z.md", &["polling", "webhooks instead"], |row| {
        row.doc_id = "ADR-0013".to_owned();
    });
    store.write(&[document("a.md", &[mentions, "webhooks"]), called], None).await.unwrap();
    let terms =
        Terms { stems: vec!["webhooks".to_owned()], identifiers: vec!["adr-0013".to_owned()] };
    let hits = store.search(&Request { terms, ..words("") }).await.unwrap();
    assert_eq!(places(&hits), ["z.md#1", "z.md#0", "a.md#0", "a.md#1"]);
    assert_eq!(hits.iter().map(|hit| hit.identifiers).collect::<Vec<_>>(), [1, 1, 1, 0]);
    // Also if nobody mentions it.
    let silent = with("y.md", &["nothing else"], |row| row.doc_id = "ADR-0099".to_owned());
    store.write(&[silent], None).await.unwrap();
    let mut request = words("");
    request.terms.identifiers = vec!["adr-0099".to_owned()];
    assert_eq!(found(&*store, &request).await, ["y.md#0"]);
    // Filters count for it, too.
    let mut request = words("");
    request.terms.identifiers = vec!["adr-0013".to_owned()];
    request.filters.paths = vec!["a.md".to_owned()];
    assert_eq!(found(&*store, &request).await, ["a.md#0"]);
}

pub(crate) async fn no_more_chunks_are_found_than_wanted(place: &dyn Place) {
    let store = empty(place).await;
    let texts: Vec<String> = (0..30).map(|at| format!("word number{at}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    store.write(&[document("a.md", &texts)], None).await.unwrap();
    for (limit, candidates, expected) in [(1, 1, 1), (5, 5, 5), (5, 100, 5), (100, 100, 30)] {
        let request = Request { limit, candidates, ..words("word") };
        assert_eq!(found(&*store, &request).await.len(), expected);
    }
    // The best of many are the best of few.
    let few = Request { limit: 3, candidates: 3, ..words("word number7 number8") };
    let many = Request { limit: 3, candidates: 30, ..few.clone() };
    assert_eq!(found(&*store, &few).await, found(&*store, &many).await);
}

pub(crate) async fn equal_chunks_come_in_the_order_of_documents(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let both = [document("b.md", &["same", "same"]), document("a.md", &["same", "same"])];
    let vector = unit(&[1.0], 8);
    let all = [(hashes(&both[0])[0], vector.clone())];
    store.write(&both, Some((model, &all))).await.unwrap();
    let expected = ["a.md#0", "a.md#1", "b.md#0", "b.md#1"];
    assert_eq!(find(&*store, "same").await, expected);
    assert_eq!(found(&*store, &near(model, &vector)).await, expected);
    let few = Request { limit: 3, candidates: 3, ..near(model, &vector) };
    assert_eq!(found(&*store, &few).await, expected[..3]);
}

pub(crate) async fn every_model_has_its_own_vectors(place: &dyn Place) {
    let store = empty(place).await;
    let first = store.register_model(&model("first", 8)).await.unwrap();
    let second = store.register_model(&model("second", 3)).await.unwrap();
    let written = document("a.md", &["east", "north"]);
    let hashes = hashes(&written);
    store.write(&[written], None).await.unwrap();
    let vectors = [(hashes[0], unit(&[1.0], 8)), (hashes[1], unit(&[0.0, 1.0], 8))];
    store.add_vectors(first, &vectors).await.unwrap();
    // In the second model only one has a vector, and it points elsewhere.
    store.add_vectors(second, &[(hashes[1], unit(&[1.0], 3))]).await.unwrap();
    let east = |model, dimensions| near(model, &unit(&[1.0], dimensions));
    assert_eq!(found(&*store, &east(first, 8)).await, ["a.md#0", "a.md#1"]);
    assert_eq!(found(&*store, &east(second, 3)).await, ["a.md#1"]);
}

pub(crate) async fn the_nearest_of_many_are_found(place: &dyn Place) {
    let store = empty(place).await;
    let id = store.register_model(&model("m", 256)).await.unwrap();
    // As vectors of texts are: all in one direction, and only then different.
    let mut random = Random(7);
    let mut vector = || {
        let mut numbers: Vec<f32> = (0..256).map(|_| random.normal()).collect();
        numbers[0] += 16.0;
        numbers[1] -= 16.0;
        unit(&numbers, 256)
    };
    let all: Vec<Vec<f32>> = (0..2_500).map(|_| vector()).collect();
    let texts: Vec<String> = (0..all.len()).map(|at| format!("chunk {at}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let written = document("a.md", &texts);
    let pairs: Vec<_> = hashes(&written).into_iter().zip(all.iter().cloned()).collect();
    let of = |chunk: &ChunkWrite| chunk.row.ordinal as usize;
    assert!(written.chunks.iter().enumerate().all(|(at, chunk)| of(chunk) == at));
    store.write(&[written], Some((id, &pairs))).await.unwrap();
    store.tidy().await.unwrap();
    let mut same = 0;
    for _ in 0..20 {
        let query = vector();
        let cosine =
            |other: &Vec<f32>| -> f32 { other.iter().zip(&query).map(|(a, b)| a * b).sum() };
        let mut exact: Vec<(f32, usize)> =
            all.iter().enumerate().map(|(at, other)| (cosine(other), at)).collect();
        exact.sort_by(|a, b| b.0.total_cmp(&a.0));
        let hits = store.search(&near(id, &query)).await.unwrap();
        let ordinals: Vec<usize> = hits.iter().map(|hit| hit.chunk.ordinal as usize).collect();
        assert_eq!(ordinals.len(), 10);
        same += exact[..10].iter().filter(|(_, at)| ordinals.contains(at)).count();
    }
    assert!(same >= 190, "{same} of 200");
}

/// Numbers that are the same in every run (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// Nearly normal: the sum of twelve.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.next()).sum::<f32>() - 6.0
    }
}
