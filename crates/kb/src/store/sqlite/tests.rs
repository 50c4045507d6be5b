//! What cannot be brought about from outside.

use sqlx::Executor as _;

use super::*;
use crate::store::ChunkWrite;

fn document(path: &str, text: &str) -> DocumentWrite {
    let document = DocumentRow { path: path.to_owned(), ..DocumentRow::default() };
    let row = ChunkRow {
        ordinal: 0,
        hash: ContentHash::of(text),
        heading_path: Vec::new(),
        lead: String::new(),
        text: text.to_owned(),
        start: 0,
        end: 1,
        first_line: 1,
        last_line: 1,
        kind: "text".to_owned(),
        language: "en".to_owned(),
        tokens: 1,
    };
    let (heading_terms, body_terms) = (String::new(), text.to_owned());
    let chunks = vec![ChunkWrite { row, heading_terms, body_terms }];
    DocumentWrite { document, recipe: String::new(), chunks, links: Vec::new() }
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_full_and_nothing_is_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("kb.db")).await.unwrap();
    store.migrate().await.unwrap();
    store.write(&[document("a.md", "apple")], None).await.unwrap();
    // SQLite reports it as it reports a disk without room. There is one connection that
    // writes, so that the limit holds for every write.
    let pages = "PRAGMA max_page_count = 60";
    store.ready().await.unwrap().writer.execute(pages).await.unwrap();
    let large = "pear ".repeat(200_000);
    let error = store.write(&[document("b.md", "plum"), document("a.md", &large)], None).await;
    let error = error.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    assert!(error.help().is_some());
    let states = store.documents().await.unwrap();
    assert_eq!(states.iter().map(|state| state.path.as_str()).collect::<Vec<_>>(), ["a.md"]);
    let (_, chunks) = store.document("a.md").await.unwrap().unwrap();
    assert_eq!(chunks[0].1.text, "apple");
    assert!(store.examine().await.unwrap().is_empty());
    // And when there is room again, it goes on.
    store.write(&[document("b.md", "plum")], None).await.unwrap();
}

#[tokio::test]
async fn leaving_out_what_has_only_frequent_terms_changes_no_score() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("kb.db")).await.unwrap();
    store.migrate().await.unwrap();
    let mut documents: Vec<_> =
        (0..40).map(|at| document(&format!("{at}.md"), &format!("common n{at}"))).collect();
    documents.push(document("rare.md", "common rare common"));
    documents.push(document("rarer.md", "rare other"));
    store.write(&documents, None).await.unwrap();
    let stems = ["common", "rare"].map(str::to_owned).to_vec();
    let terms = crate::search::Terms { stems, identifiers: Vec::new() };
    let mut request = Request { terms, limit: 2, candidates: 2, ..Request::default() };
    let mut reader = store.reader("search").await.unwrap();
    let one = words::Budget { enough: 1, most: 1 };
    let all = search::search(&mut reader, &request, "", words::BUDGET).await.unwrap();
    let pruned = search::search(&mut reader, &request, "", one).await.unwrap();
    let scores = |hits: &[Hit]| -> Vec<(String, f64)> {
        hits.iter().map(|hit| (hit.document.path.clone(), hit.lexical.unwrap().score)).collect()
    };
    assert_eq!(scores(&all).len(), 2);
    for ((path, score), (other, expected)) in scores(&pruned).into_iter().zip(scores(&all)) {
        assert_eq!(path, other);
        assert!((score - expected).abs() < 1e-9, "{score} {expected}");
    }
    // More are wanted than have the rare one: everything is looked at after all.
    request.limit = 100;
    request.candidates = 100;
    assert_eq!(search::search(&mut reader, &request, "", one).await.unwrap().len(), 42);
}

#[tokio::test]
async fn what_is_nearest_by_bits_is_what_sqlite_vec_finds() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("kb.db")).await.unwrap();
    store.migrate().await.unwrap();
    let description = ModelDescription {
        name: "model".to_owned(),
        digest: ContentHash::of("model").to_string(),
        dimensions: 100,
        max_tokens: 1,
        distance: crate::embed::Distance::Cosine,
    };
    let model = store.register_model(&description).await.unwrap();
    // More than two blocks of sqlite-vec, with numbers from a fixed sequence.
    let mut state = 1_u32;
    let mut number = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if state >> 31 == 1 { 1.0 } else { -1.0 }
    };
    let texts: Vec<String> = (0..2_500).map(|at| format!("text {at}")).collect();
    let documents: Vec<_> =
        texts.iter().map(|text| document(&format!("{text}.md"), text)).collect();
    let vectors: Vec<(ContentHash, Vec<f32>)> = documents
        .iter()
        .map(|document| document.chunks[0].row.hash)
        .map(|hash| (hash, (0..100).map(|_| number()).collect()))
        .collect();
    store.write(&documents, Some((model, &vectors))).await.unwrap();
    // Some are taken out again, which leaves holes.
    let gone: Vec<String> = (0..2_500).step_by(7).map(|at| format!("text {at}.md")).collect();
    store.remove(&gone).await.unwrap();
    store.tidy().await.unwrap();
    let mut writer = store.writer("search").await.unwrap();
    let connection = writer.connection();
    let shape = models::Shape::of(connection, model, "").await.unwrap();
    for query in 0..10 {
        let bits = shape.bits(&vectors[query * 200 + 1].1);
        let nearest = near::nearest(connection, model.0, &bits, 40).await.unwrap();
        let expected: Vec<(i64, f64)> = sqlx::query_as(
            "SELECT rowid, distance FROM near_1 WHERE bits MATCH vec_bit(?) AND k = 400",
        )
        .bind(&bits)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
        let last = expected[39].1;
        let mut expected: Vec<i64> =
            expected.iter().filter(|(_, far)| *far <= last).map(|(passage, _)| *passage).collect();
        expected.sort_unstable();
        let mut nearest = nearest;
        nearest.sort_unstable();
        assert_eq!(nearest, expected);
    }
    writer.undo().await;
}

#[tokio::test]
async fn where_nothing_changed_tidying_waits_for_no_writer() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("kb.db")).await.unwrap();
    store.migrate().await.unwrap();
    store.write(&[document("a.md", "apple")], None).await.unwrap();
    let soon = Duration::from_millis(300);
    let writer = store.writer("write").await.unwrap();
    assert!(tokio::time::timeout(soon, store.tidy()).await.is_err());
    writer.undo().await;
    store.tidy().await.unwrap();
    let writer = store.writer("write").await.unwrap();
    tokio::time::timeout(soon * 10, store.tidy()).await.unwrap().unwrap();
    writer.undo().await;
}
