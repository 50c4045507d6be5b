//! Models and vectors are kept.

use countersign_kb::chunk::ContentHash;
use countersign_kb::store::{ModelId, Pending, StoreError};

use super::build::{document, hashes, model, unit, vectors};
use super::{Place, empty};

pub(crate) async fn the_first_model_is_the_active_one_until_another_is_activated(
    place: &dyn Place,
) {
    let store = empty(place).await;
    assert!(store.models().await.unwrap().is_empty());
    let first = store.register_model(&model("first", 8)).await.unwrap();
    let second = store.register_model(&model("second", 16)).await.unwrap();
    let active = || async {
        let models = store.models().await.unwrap();
        models.into_iter().filter(|model| model.active).map(|model| model.id).collect::<Vec<_>>()
    };
    assert_eq!(active().await, [first]);
    store.activate_model(second).await.unwrap();
    assert_eq!(active().await, [second]);
    store.activate_model(second).await.unwrap();
    assert_eq!(active().await, [second]);
    let models = store.models().await.unwrap();
    assert_eq!(models[0].description, model("first", 8));
    assert_eq!(models[1].description, model("second", 16));
}

pub(crate) async fn a_model_is_registered_once(place: &dyn Place) {
    let store = empty(place).await;
    let first = store.register_model(&model("m", 8)).await.unwrap();
    assert_eq!(store.register_model(&model("m", 8)).await.unwrap(), first);
    // Other weights under one name are another model.
    let mut other = model("m", 8);
    other.digest = ContentHash::of("other weights").to_string();
    assert_ne!(store.register_model(&other).await.unwrap(), first);
    assert_eq!(store.models().await.unwrap().len(), 2);
    let error = store.register_model(&model("m", 9)).await.unwrap_err();
    assert!(matches!(error, StoreError::Dimensions { expected: 8, found: 9, .. }), "{error}");
}

pub(crate) async fn the_active_model_is_not_taken_out(place: &dyn Place) {
    let store = empty(place).await;
    let first = store.register_model(&model("first", 8)).await.unwrap();
    let error = store.remove_model(first).await.unwrap_err();
    assert!(error.to_string().contains("first"), "{error}");
    assert_eq!(store.models().await.unwrap().len(), 1);
}

pub(crate) async fn vectors_of_a_model_go_with_it_and_those_of_others_stay(place: &dyn Place) {
    let store = empty(place).await;
    let first = store.register_model(&model("first", 8)).await.unwrap();
    let second = store.register_model(&model("second", 8)).await.unwrap();
    let written = document("a.md", &["apple", "pear"]);
    store.write(std::slice::from_ref(&written), None).await.unwrap();
    let all = vectors(&hashes(&written));
    store.add_vectors(first, &all).await.unwrap();
    store.add_vectors(second, &all).await.unwrap();
    let counts = |statistics: countersign_kb::store::Statistics| {
        statistics.models.into_iter().map(|(_, chunks)| chunks).collect::<Vec<_>>()
    };
    assert_eq!(counts(store.statistics().await.unwrap()), [2, 2]);
    store.remove_model(second).await.unwrap();
    assert_eq!(counts(store.statistics().await.unwrap()), [2]);
    // And its number is not given to another.
    let third = store.register_model(&model("third", 16)).await.unwrap();
    assert_ne!(third, second);
    assert_eq!(store.pending(third, 10).await.unwrap().len(), 2);
    assert_eq!(store.embedded(first, &hashes(&written)).await.unwrap().len(), 2);
}

pub(crate) async fn models_that_are_not_there_are_refused(place: &dyn Place) {
    let store = empty(place).await;
    let never = ModelId(77);
    let hash = ContentHash::of("");
    let errors = [
        store.activate_model(never).await.unwrap_err(),
        store.remove_model(never).await.unwrap_err(),
        store.embedded(never, &[hash]).await.unwrap_err(),
        store.pending(never, 1).await.unwrap_err(),
        store.vectors(never, &[hash]).await.unwrap_err(),
        store.add_vectors(never, &[(hash, vec![1.0; 8])]).await.unwrap_err(),
        store.write(&[], Some((never, &[]))).await.unwrap_err(),
        store.search(&super::build::near(never, &[1.0; 8])).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, StoreError::UnknownModel { .. }), "{error}");
    }
}

pub(crate) async fn vectors_of_another_length_are_refused(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let written = document("a.md", &["apple", "pear"]);
    store.write(std::slice::from_ref(&written), None).await.unwrap();
    let hashes = hashes(&written);
    for length in [0, 1, 7, 9, 64] {
        let wrong = [(hashes[0], unit(&[1.0], 8)), (hashes[1], vec![0.5; length])];
        let errors = [
            store.add_vectors(model, &wrong).await.unwrap_err(),
            store.search(&super::build::near(model, &wrong[1].1)).await.unwrap_err(),
        ];
        for error in errors {
            assert!(
                matches!(&error, StoreError::Dimensions { model, expected: 8, found } if model == "m" && *found == length),
                "{error}"
            );
        }
    }
    for number in [f32::NAN, f32::INFINITY] {
        let odd = [(hashes[0], vec![number; 8])];
        assert!(store.add_vectors(model, &odd).await.is_err());
        assert!(store.search(&super::build::near(model, &odd[0].1)).await.is_err());
    }
    assert!(store.embedded(model, &hashes).await.unwrap().is_empty());
}

pub(crate) async fn passages_without_a_vector_are_listed_once_each(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let first = document("a.md", &["apple", "pear", "apple"]);
    let second = document("b.md", &["apple", "plum"]);
    store.write(&[first.clone(), second.clone()], None).await.unwrap();
    let pending = store.pending(model, 10).await.unwrap();
    let mut listed: Vec<_> = pending.iter().map(|pending| pending.hash).collect();
    listed.sort_unstable();
    let mut expected = vec![hashes(&first)[0], hashes(&first)[1], hashes(&second)[1]];
    expected.sort_unstable();
    assert_eq!(listed, expected);
    assert_eq!(store.pending(model, 2).await.unwrap().len(), 2);
    assert!(store.pending(model, 0).await.unwrap().is_empty());
    store.add_vectors(model, &vectors(&expected[..1])).await.unwrap();
    assert_eq!(store.pending(model, 10).await.unwrap().len(), 2);
    // A passage that no chunk has is not worth embedding.
    store.remove(&["b.md".to_owned(), "a.md".to_owned()]).await.unwrap();
    assert!(store.pending(model, 10).await.unwrap().is_empty());
}

pub(crate) async fn the_passage_that_is_listed_is_the_one_that_was_hashed(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let mut written = document("a.md", &["  indented\r\n\r\ncode \u{a0}\n", "\u{feff}\n\n- a\n"]);
    for chunk in &mut written.chunks {
        chunk.row.heading_path = vec!["Один".to_owned(), "Two > three".to_owned()];
        chunk.row.lead = "| a |\n|---|\n".to_owned();
        chunk.row.hash = ContentHash::of(&chunk.row.passage());
    }
    store.write(&[written], None).await.unwrap();
    let pending = store.pending(model, 10).await.unwrap();
    assert_eq!(pending.len(), 2);
    for Pending { hash, passage } in pending {
        assert_eq!(ContentHash::of(&passage), hash, "{passage:?}");
        assert!(passage.starts_with("Один > Two > three\n\n| a |\n|---|\n"), "{passage:?}");
    }
}

pub(crate) async fn vectors_of_passages_that_no_chunk_has_are_left_out(place: &dyn Place) {
    let store = empty(place).await;
    let model = store.register_model(&model("m", 8)).await.unwrap();
    let first = document("a.md", &["apple"]);
    let gone = document("b.md", &["pear"]);
    store.write(&[first.clone(), gone.clone()], None).await.unwrap();
    store.remove(&["b.md".to_owned()]).await.unwrap();
    let all = [hashes(&first)[0], hashes(&gone)[0], ContentHash::of("never")];
    store.add_vectors(model, &vectors(&all)).await.unwrap();
    let embedded = store.embedded(model, &all).await.unwrap();
    assert_eq!(embedded.into_iter().collect::<Vec<_>>(), all[..1]);
    // Given again, they take the place of what was there.
    let other = [(all[0], unit(&[1.0], 8))];
    store.add_vectors(model, &other).await.unwrap();
    let hits = store.search(&super::build::near(model, &other[0].1)).await.unwrap();
    assert_eq!(hits.len(), 1);
    assert!((hits[0].vector.unwrap().score - 1.0).abs() < 1e-6);
}

pub(crate) async fn vectors_come_back_with_the_same_bits(place: &dyn Place) {
    let store = empty(place).await;
    let model_of = |name| model(name, 8);
    let first = store.register_model(&model_of("first")).await.unwrap();
    let second = store.register_model(&model_of("second")).await.unwrap();
    let written = document("a.md", &["apple", "pear", "plum", "apple"]);
    let hashes = hashes(&written);
    let odd = vec![-0.0, f32::MIN_POSITIVE, f32::from_bits(1), 0.1, 1.0 / 3.0, -1e-30, 0.5, 0.7];
    let all = [(hashes[0], odd), (hashes[1], unit(&[0.1, -0.2, 0.3], 8))];
    store.write(&[written], Some((first, &all))).await.unwrap();
    let bits = |vector: &[f32]| vector.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    let found = store.vectors(first, &hashes).await.unwrap();
    assert_eq!(found.len(), 2, "what has none is left out, and what is asked for twice is one");
    for (hash, vector) in &all {
        assert_eq!(bits(&found[hash]), bits(vector));
    }
    assert!(store.vectors(second, &hashes).await.unwrap().is_empty());
    assert!(store.vectors(first, &[]).await.unwrap().is_empty());
    assert!(store.vectors(first, &[ContentHash::of("never")]).await.unwrap().is_empty());
    let many: Vec<_> = (0..5_000).map(|number| ContentHash::of(&number.to_string())).collect();
    let asked = [&many[..], &hashes[..2]].concat();
    assert_eq!(store.vectors(first, &asked).await.unwrap().len(), 2);
}
