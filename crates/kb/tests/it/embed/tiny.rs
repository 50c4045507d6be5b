//! The tiny model: the whole path from text to vector.

use std::fs;
use std::num::NonZeroUsize;

use countersign_kb::embed::{Choice, Progress, Role, load};

use super::*;

const WEBHOOKS: &str = "Мы выбрали вебхуки, потому что опрос медленный и тратит лимиты.";
const SECRETS: &str = "Развёртывание в кластере требует секретов и отдельной роли.";
const POLLING: &str = "We chose webhooks because polling is slow and costs requests.";
const LABELS: &str = "A catalogue of labels has colours and descriptions in two languages.";

#[test]
fn a_folder_is_described_by_what_is_in_it() {
    let model = tiny();
    let description = model.model();
    assert_eq!(description.name, "model");
    assert_eq!((description.dimensions, description.max_tokens), (256, 512));
    assert_eq!(description.digest.len(), 64);
    assert_eq!(description.digest, tiny().model().digest);
}

#[test]
fn whatever_changes_a_vector_changes_the_digest() {
    let digest = |file: &str, content: &[u8]| {
        let folder = copy_of_tiny();
        write(folder.path(), file, content);
        load_folder(folder.path()).unwrap().model().digest.clone()
    };
    let read = |file: &str| fs::read(tiny_folder().join(file)).unwrap();
    let own = digest("model.onnx", &read("model.onnx"));
    assert_eq!(digest("README.md", b"Ours."), own);
    let tokenizer = String::from_utf8(read("tokenizer.json")).unwrap();
    for (file, content) in [
        ("tokenizer.json", tokenizer + "\n"),
        ("tokenizer_config.json", r#"{"model_max_length": 64, "pad_token": "[PAD]"}"#.to_owned()),
        ("1_Pooling/config.json", r#"{"pooling_mode_cls_token": true}"#.to_owned()),
        ("config.json", r#"{"_name_or_path": "intfloat/e5-small"}"#.to_owned()),
    ] {
        assert_ne!(digest(file, content.as_bytes()), own, "{file}");
    }
}

#[test]
fn the_tiny_model_stays_tiny() {
    let files = fs::read_dir(tiny_folder()).unwrap();
    let size: u64 = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(size > 0 && size < 300_000, "{size}");
}

#[test]
fn a_question_is_nearest_to_what_answers_it_in_both_languages() {
    let mut model = tiny();
    let passages = [WEBHOOKS, SECRETS, POLLING, LABELS];
    for (question, answer) in [
        ("почему выбран вебхук?", 0),
        ("какие секреты нужны для развёртывания?", 1),
        ("why was a webhook chosen?", 2),
        ("colours of the label", 3),
    ] {
        let others: Vec<&str> =
            passages.into_iter().filter(|passage| *passage != passages[answer]).collect();
        assert_nearest(&mut *model, question, passages[answer], &others);
    }
}

#[test]
fn a_text_has_one_vector_of_length_1_whatever_is_embedded_with_it() {
    let words: Vec<&str> = WEBHOOKS.split(' ').chain(POLLING.split(' ')).collect();
    let texts: Vec<String> =
        (0..120).map(|number| words.repeat(1 + number % 7)[number % 9..].join(" ")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let small = NonZeroUsize::new(700).unwrap();
    let mut model = load(
        &Choice { model_dir: Some(tiny_folder()), batch_tokens: small, ..choice() },
        &mut |_| {},
    )
    .unwrap();
    let together = model.embed(Role::Passage, &texts).unwrap();
    assert_eq!(together.len(), texts.len());
    for (text, together) in texts.iter().zip(together) {
        let length = nearness(&together, &together).sqrt();
        assert!((length - 1.0).abs() < 1e-5, "{length}");
        let alone = vector(&mut *model, Role::Passage, text);
        assert!(difference(&together, &alone) < 1e-5, "{text}");
    }
    assert!(model.embed(Role::Passage, &[]).unwrap().is_empty());
}

#[test]
fn what_a_model_wants_in_front_of_texts_is_put_there() {
    let folder = copy_of_tiny();
    let prompts = r#"{"prompts": {"query": "question ", "document": "article "}}"#;
    write(folder.path(), "config_sentence_transformers.json", prompts.as_bytes());
    let mut prompted = load_folder(folder.path()).unwrap();
    let mut plain = tiny();
    for (role, prefix) in [(Role::Query, "question "), (Role::Passage, "article ")] {
        let prompted = vector(&mut *prompted, role, POLLING);
        assert!(difference(&prompted, &vector(&mut *plain, role, POLLING)) > 0.001);
        let by_hand = vector(&mut *plain, role, &format!("{prefix}{POLLING}"));
        assert!(difference(&prompted, &by_hand) < 1e-6);
    }
}

#[test]
fn pooling_is_that_of_the_folder() {
    let folder = copy_of_tiny();
    write(folder.path(), "1_Pooling/config.json", br#"{"pooling_mode_cls_token": true}"#);
    let mut first = load_folder(folder.path()).unwrap();
    // The first token sees itself and the first letter, whatever follows.
    let [one, other] = ["polling", "paperwork"].map(|text| vector(&mut *first, Role::Query, text));
    assert!(nearness(&one, &other) > 0.999);
    let mut mean = tiny();
    let [one, other] = ["polling", "paperwork"].map(|text| vector(&mut *mean, Role::Query, text));
    assert!(nearness(&one, &other) < 0.9);
}

#[test]
fn what_is_longer_than_the_model_reads_is_cut_and_counted() {
    let mut model = tiny();
    let long = "слово ".repeat(400);
    assert!(model.tokens().measure(&long).rounded_up() > model.model().max_tokens);
    let (whole, start) = (vector(&mut *model, Role::Passage, &long), &long[..long.len() / 2]);
    assert_eq!(model.cut(), 1);
    // Both are cut to the same 510 letters.
    let start = vector(&mut *model, Role::Passage, start);
    assert!(difference(&whole, &start) < 1e-6);
    vector(&mut *model, Role::Passage, POLLING);
    assert_eq!(model.cut(), 2, "short texts are not cut");
}

#[test]
fn odd_texts_have_vectors_too() {
    let mut model = tiny();
    let long = "a".repeat(200_000);
    let odd = ["", " \n\t", "\0", "\u{202e}\u{feff}", "🙂", "漢字", "e\u{301}\u{301}", &long];
    let vectors = model.embed(Role::Query, &odd).unwrap();
    assert_eq!(vectors.len(), odd.len());
    for (text, vector) in odd.iter().zip(&vectors) {
        assert!((nearness(vector, vector) - 1.0).abs() < 1e-5, "{text:?}");
    }
}

#[test]
fn a_tokenizer_that_puts_nothing_around_texts_gives_empty_ones_a_vector() {
    let folder = copy_of_tiny();
    let text = fs::read_to_string(folder.path().join("tokenizer.json")).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["post_processor"] = serde_json::Value::Null;
    write(folder.path(), "tokenizer.json", json.to_string().as_bytes());
    let mut model = load_folder(folder.path()).unwrap();
    let vectors = model.embed(Role::Query, &["", POLLING, " "]).unwrap();
    assert!(difference(&vectors[0], &vectors[2]) < 1e-6);
    assert!(nearness(&vectors[0], &vectors[1]) < 0.9);
}

#[test]
fn who_waits_hears_that_the_model_is_built() {
    let mut heard = Vec::new();
    let choice = Choice { model_dir: Some(tiny_folder()), ..choice() };
    load(&choice, &mut |progress| heard.push(progress == Progress::Building)).unwrap();
    assert_eq!(heard, [true]);
}
