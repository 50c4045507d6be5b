//! Copies of a model that embed many texts side by side.

use std::num::NonZeroUsize;

use super::faulty::graph;
use super::*;

/// The model in a folder, with a copy of it for each of so many threads.
fn load_with_threads(folder: &Path, threads: usize) -> Box<dyn Embedder> {
    let threads = NonZeroUsize::new(threads);
    load(&Choice { model_dir: Some(folder.to_owned()), threads, ..choice() }, &mut |_| {}).unwrap()
}

/// So many texts of different lengths.
fn texts(count: usize) -> Vec<String> {
    let text = |number: usize| format!("Text {number}: {}", "words ".repeat(number * 7 % 23));
    (0..count).map(text).collect()
}

fn embed(model: &mut dyn Embedder, texts: &[String]) -> Vec<Vec<f32>> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    model.embed(Role::Passage, &texts).unwrap()
}

fn assert_same(one: &[Vec<f32>], other: &[Vec<f32>]) {
    assert_eq!(one.len(), other.len());
    for (at, (one, other)) in one.iter().zip(other).enumerate() {
        assert!(difference(one, other) < 1e-6, "text {at}");
    }
}

#[test]
fn copies_give_every_text_the_vector_that_one_model_gives_it() {
    let texts = texts(200);
    let mut one = load_with_threads(&tiny_folder(), 1);
    let expected = embed(&mut *one, &texts);
    let mut several = load_with_threads(&tiny_folder(), 3);
    assert_eq!(several.model(), one.model());
    // Without copies, while they are built, and with them.
    for count in [5, 200, 90, 2, 1, 0] {
        assert_same(&embed(&mut *several, &texts[..count]), &expected[..count]);
    }
    assert_eq!(several.cut(), 0);
}

#[test]
fn a_file_that_was_replaced_meanwhile_is_not_mixed_with_the_model() {
    let folder = copy_of_tiny();
    let texts = texts(100);
    let mut model = load_with_threads(folder.path(), 2);
    // Another model, whose vectors are of another length.
    write(folder.path(), "model.onnx", &graph(&["Cast"]));
    let vectors = embed(&mut *model, &texts);
    assert_same(&vectors, &embed(&mut *tiny(), &texts));
    // And where there is none any more.
    let folder = copy_of_tiny();
    let mut model = load_with_threads(folder.path(), 2);
    fs::remove_file(folder.path().join("model.onnx")).unwrap();
    assert_same(&embed(&mut *model, &texts), &vectors);
}

#[test]
fn what_one_copy_cannot_embed_is_an_error_of_all() {
    let folder = copy_of_tiny();
    let text = fs::read_to_string(folder.path().join("tokenizer.json")).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["post_processor"] = serde_json::Value::Null;
    write(folder.path(), "tokenizer.json", json.to_string().as_bytes());
    // A number for each letter, 0 for some letters, and -1 for others.
    write(folder.path(), "model.onnx", &graph(&["Cast", "Cos", "Floor"]));
    let mut model = load_with_threads(folder.path(), 2);
    let letters = "abcdefghijklmnopqrstuvwxyz".chars().map(|letter| format!("{letter}{letter}"));
    let (good, bad): (Vec<String>, Vec<String>) =
        letters.partition(|text| model.embed(Role::Passage, &[text]).is_ok());
    assert!(!good.is_empty() && !bad.is_empty(), "{good:?} {bad:?}");
    let many: Vec<&str> = good.iter().map(String::as_str).cycle().take(300).collect();
    for place in [0, 150, 299] {
        let mut texts = many.clone();
        texts[place] = &bad[0];
        let error = model.embed(Role::Passage, &texts).unwrap_err().to_string();
        assert!(error.contains("a vector of the length 0"), "{error}");
    }
    assert_eq!(model.embed(Role::Passage, &many).unwrap().len(), 300);
}
