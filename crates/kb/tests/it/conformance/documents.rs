//! Documents and chunks are kept.

use countersign_kb::store::{Removed, StoreError, Written};

use super::build::{add, document, find, hashes, link, model, numbers, unit, vectors, with};
use super::{Place, empty};

pub(crate) async fn a_document_comes_back_as_it_was_written(place: &dyn Place) {
    let store = empty(place).await;
    let mut written = with("docs/a.md", &["one", "two"], |row| {
        row.doc_id = "ADR-0013".to_owned();
        row.stages = vec!["arch".to_owned(), "design".to_owned()];
    });
    written.chunks[1].row.lead = "| a |\n|---|\n".to_owned();
    store.write(std::slice::from_ref(&written), None).await.unwrap();
    let (row, chunks) = store.document("docs/a.md").await.unwrap().unwrap();
    assert_eq!(row, written.document);
    assert_eq!(chunks.len(), 2);
    for ((id, chunk), expected) in chunks.iter().zip(&written.chunks) {
        assert_eq!(*chunk, expected.row);
        let (alone, of) = store.chunk(*id).await.unwrap().unwrap();
        assert_eq!((&alone, &of), (chunk, &row));
    }
    let states = store.documents().await.unwrap();
    assert_eq!(states.len(), 1);
    assert_eq!(states[0].path, "docs/a.md");
    assert_eq!(states[0].hash, written.document.hash);
    assert_eq!(states[0].recipe, "one");
    assert!(store.document("docs/b.md").await.unwrap().is_none());
}

pub(crate) async fn a_document_takes_the_place_of_the_one_under_its_path(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple", "pear", "plum"])], None).await.unwrap();
    let mut second = document("a.md", &["apple", "quince"]);
    second.recipe = "two".to_owned();
    store.write(&[second], None).await.unwrap();
    let (_, chunks) = store.document("a.md").await.unwrap().unwrap();
    assert_eq!(
        chunks.iter().map(|(_, chunk)| &chunk.text).collect::<Vec<_>>(),
        ["apple", "quince"]
    );
    assert_eq!(find(&*store, "pear").await, [""; 0]);
    assert_eq!(find(&*store, "plum").await, [""; 0]);
    assert_eq!(find(&*store, "quince").await, ["a.md#1"]);
    assert_eq!(find(&*store, "apple").await, ["a.md#0"]);
    assert_eq!(store.documents().await.unwrap()[0].recipe, "two");
}

pub(crate) async fn unchanged_chunks_keep_their_numbers_and_vectors(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let first = document("a.md", &["apple", "pear", "plum"]);
    store
        .write(std::slice::from_ref(&first), Some((model, &vectors(&hashes(&first)))))
        .await
        .unwrap();
    let before = numbers(&*store, "a.md").await;
    // Moved within the document, with a new one in front, and under another title.
    let mut second = document("a.md", &["quince", "plum", "apple"]);
    second.document.title = "Another".to_owned();
    store.write(std::slice::from_ref(&second), None).await.unwrap();
    let after = numbers(&*store, "a.md").await;
    assert_eq!(after[1..], [before[2], before[0]]);
    assert!(!before.contains(&after[0]));
    let embedded = store.embedded(model, &hashes(&second)).await.unwrap();
    assert_eq!(embedded, hashes(&second)[1..].iter().copied().collect());
    assert_eq!(store.chunk(before[2]).await.unwrap().unwrap().0.ordinal, 1);
}

pub(crate) async fn chunks_of_a_document_that_moves_keep_their_numbers_and_vectors(
    place: &dyn Place,
) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let first = document("a.md", &["apple", "pear"]);
    store
        .write(std::slice::from_ref(&first), Some((model, &vectors(&hashes(&first)))))
        .await
        .unwrap();
    let before = numbers(&*store, "a.md").await;
    store.remove(&["a.md".to_owned()]).await.unwrap();
    let second = document("b/c.md", &["apple", "pear", "plum"]);
    let written = store.write(std::slice::from_ref(&second), None).await.unwrap();
    assert_eq!(written, Written { chunks_added: 1, chunks_kept: 2, chunks_removed: 0 });
    assert_eq!(numbers(&*store, "b/c.md").await[..2], before);
    assert_eq!(store.embedded(model, &hashes(&second)).await.unwrap().len(), 2);
    assert_eq!(store.pending(model, 10).await.unwrap().len(), 1);
}

pub(crate) async fn two_documents_that_change_places_keep_their_chunks(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple"]), document("b.md", &["pear"])], None).await.unwrap();
    let (a, b) = (numbers(&*store, "a.md").await, numbers(&*store, "b.md").await);
    let swapped = [document("a.md", &["pear"]), document("b.md", &["apple"])];
    let written = store.write(&swapped, None).await.unwrap();
    assert_eq!(written, Written { chunks_added: 0, chunks_kept: 2, chunks_removed: 0 });
    assert_eq!((numbers(&*store, "a.md").await, numbers(&*store, "b.md").await), (b, a));
    assert_eq!(find(&*store, "apple").await, ["b.md#0"]);
}

pub(crate) async fn a_passage_in_two_documents_is_two_chunks(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let both = [document("a.md", &["apple"]), document("b.md", &["apple"])];
    store.write(&both, Some((model, &vectors(&hashes(&both[0]))))).await.unwrap();
    let (a, b) = (numbers(&*store, "a.md").await, numbers(&*store, "b.md").await);
    assert_ne!(a, b);
    assert_eq!(find(&*store, "apple").await, ["a.md#0", "b.md#0"]);
    assert!(store.pending(model, 10).await.unwrap().is_empty());
    // One goes, and the other one stays as it is.
    store.remove(&["a.md".to_owned()]).await.unwrap();
    store.tidy().await.unwrap();
    assert_eq!(numbers(&*store, "b.md").await, b);
    assert_eq!(find(&*store, "apple").await, ["b.md#0"]);
    assert_eq!(store.embedded(model, &hashes(&both[0])).await.unwrap().len(), 1);
}

pub(crate) async fn a_passage_twice_in_one_document_is_two_chunks(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple", "pear", "apple"])], None).await.unwrap();
    let before = numbers(&*store, "a.md").await;
    assert_eq!(find(&*store, "apple").await, ["a.md#0", "a.md#2"]);
    let written = store.write(&[document("a.md", &["apple", "apple"])], None).await.unwrap();
    assert_eq!(written, Written { chunks_added: 0, chunks_kept: 2, chunks_removed: 1 });
    assert_eq!(numbers(&*store, "a.md").await, [before[0], before[2]]);
}

pub(crate) async fn a_document_that_is_taken_out_leaves_nothing_behind(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let mut gone = document("a.md", &["apple"]);
    gone.links.push(link("doc:a.md", "related", "issue:1"));
    let all = vectors(&hashes(&gone));
    store.write(&[gone, document("b.md", &["pear"])], Some((model, &all))).await.unwrap();
    let id = numbers(&*store, "a.md").await[0];
    let paths = ["a.md".to_owned(), "never.md".to_owned()];
    assert_eq!(store.remove(&paths).await.unwrap(), Removed { documents: 1, chunks: 1 });
    assert!(store.document("a.md").await.unwrap().is_none());
    assert!(store.chunk(id).await.unwrap().is_none());
    assert!(store.links(None).await.unwrap().is_empty());
    assert_eq!(find(&*store, "apple").await, [""; 0]);
    let near = super::build::near(model, &all[0].1);
    assert_eq!(super::build::found(&*store, &near).await, [""; 0]);
    let statistics = store.statistics().await.unwrap();
    assert_eq!((statistics.documents, statistics.chunks, statistics.links), (1, 1, 0));
    assert_eq!(store.remove(&paths).await.unwrap(), Removed::default());
}

pub(crate) async fn a_document_that_is_named_twice_is_taken_out_once(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple", "pear"])], None).await.unwrap();
    assert_eq!(store.remove(&["a.md".to_owned(), "a.md".to_owned()]).await.unwrap().documents, 1);
    assert!(store.documents().await.unwrap().is_empty());
}

pub(crate) async fn numbers_of_chunks_are_not_used_again(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &["apple"])], None).await.unwrap();
    let first = numbers(&*store, "a.md").await[0];
    store.remove(&["a.md".to_owned()]).await.unwrap();
    store.tidy().await.unwrap();
    store.write(&[document("a.md", &["pear"])], None).await.unwrap();
    assert_ne!(numbers(&*store, "a.md").await[0], first);
    assert!(store.chunk(first).await.unwrap().is_none());
}

pub(crate) async fn of_two_documents_with_one_path_the_last_one_counts(place: &dyn Place) {
    let store = empty(place).await;
    let both = [document("a.md", &["apple"]), document("a.md", &["pear"])];
    store.write(&both, None).await.unwrap();
    assert_eq!(find(&*store, "apple").await, [""; 0]);
    assert_eq!(find(&*store, "pear").await, ["a.md#0"]);
    assert_eq!(store.documents().await.unwrap().len(), 1);
}

pub(crate) async fn a_document_without_chunks_is_a_document(place: &dyn Place) {
    let store = empty(place).await;
    store.write(&[document("a.md", &[])], None).await.unwrap();
    assert_eq!(store.documents().await.unwrap().len(), 1);
    assert!(store.document("a.md").await.unwrap().unwrap().1.is_empty());
    // And nothing is written without documents.
    assert_eq!(store.write(&[], None).await.unwrap(), Written::default());
    assert_eq!(store.remove(&[]).await.unwrap(), Removed::default());
}

pub(crate) async fn a_commit_is_noted_without_anything_else_changing(place: &dyn Place) {
    let store = empty(place).await;
    let mut written = document("a.md", &["apple"]);
    store.write(&[written.clone(), document("b.md", &["pear"])], None).await.unwrap();
    let ids = numbers(&*store, "a.md").await;
    store.touch(&["a.md".to_owned(), "never.md".to_owned()], "decade").await.unwrap();
    written.document.commit = "decade".to_owned();
    let (row, chunks) = store.document("a.md").await.unwrap().unwrap();
    assert_eq!(row, written.document);
    assert_eq!(chunks, [(ids[0], written.chunks[0].row.clone())]);
    assert_eq!(store.document("b.md").await.unwrap().unwrap().0.commit, "c0ffee");
}

pub(crate) async fn texts_of_any_kind_and_length_come_back(place: &dyn Place) {
    let store = empty(place).await;
    let long = "слово ".repeat(200_000);
    let texts =
        ["'; DROP TABLE docs_meta; --", "a\r\nb\t\u{1f600}\u{301}", "\u{feff}\u{200b}", &long];
    let mut written = document("с пробелом/файл '\".md", &texts);
    written.document.title = "'\"\\%_$1".to_owned();
    store.write(std::slice::from_ref(&written), None).await.unwrap();
    let (row, chunks) = store.document(&written.document.path).await.unwrap().unwrap();
    assert_eq!(row, written.document);
    let rows: Vec<_> = chunks.into_iter().map(|(_, chunk)| chunk).collect();
    let expected: Vec<_> = written.chunks.iter().map(|chunk| chunk.row.clone()).collect();
    assert_eq!(rows, expected);
}

pub(crate) async fn what_was_written_counts_what_changed(place: &dyn Place) {
    let store = empty(place).await;
    let first = [document("a.md", &["apple", "pear"]), document("b.md", &["plum"])];
    let written = store.write(&first, None).await.unwrap();
    assert_eq!(written, Written { chunks_added: 3, chunks_kept: 0, chunks_removed: 0 });
    let written = store.write(&first, None).await.unwrap();
    assert_eq!(written, Written { chunks_added: 0, chunks_kept: 3, chunks_removed: 0 });
    let written = store.write(&[document("a.md", &["apple", "quince"])], None).await.unwrap();
    assert_eq!(written, Written { chunks_added: 1, chunks_kept: 1, chunks_removed: 1 });
}

pub(crate) async fn a_write_that_fails_leaves_everything_as_it_was(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    store.write(&[document("a.md", &["apple"])], None).await.unwrap();
    let mut second = document("a.md", &["pear"]);
    add(&mut second, "Other", "plum");
    let mut wrong = vectors(&hashes(&second));
    wrong[1].1 = unit(&[1.0], 7);
    let new = document("b.md", &["plum"]);
    let error = store.write(&[second, new], Some((model, &wrong))).await.unwrap_err();
    assert!(matches!(error, StoreError::Dimensions { expected: 8, found: 7, .. }), "{error}");
    assert_eq!(find(&*store, "apple").await, ["a.md#0"]);
    assert_eq!(find(&*store, "pear plum").await, [""; 0]);
    assert_eq!(store.documents().await.unwrap().len(), 1);
}

pub(crate) async fn tidying_takes_out_what_no_chunk_needs(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let first = document("a.md", &["apple", "pear"]);
    store
        .write(std::slice::from_ref(&first), Some((model, &vectors(&hashes(&first)))))
        .await
        .unwrap();
    store.write(&[document("a.md", &["apple"])], None).await.unwrap();
    // Until then, a passage may still turn up elsewhere.
    assert_eq!(store.embedded(model, &hashes(&first)).await.unwrap().len(), 2);
    store.tidy().await.unwrap();
    let embedded = store.embedded(model, &hashes(&first)).await.unwrap();
    assert_eq!(embedded.into_iter().collect::<Vec<_>>(), hashes(&first)[..1]);
    assert_eq!(find(&*store, "apple").await, ["a.md#0"]);
    assert!(store.examine().await.unwrap().is_empty());
}
