//! The tiny reranker: the whole path from query and passages to scores.

use std::num::NonZeroUsize;

use countersign_kb::embed::{
    DEFAULT_RERANKER, Progress, Purpose, Reranker, known_rerankers, load_reranker,
};

use super::hub::{Manner, Server};
use super::*;

const QUERY: &str = "почему выбрали вебхуки вместо опроса";
const ANSWER: &str = "Вместо опроса внешней системы мы выбрали вебхуки, потому что опрос дорогой.";
const PARTLY: &str = "Вебхуки, вебхуки и ещё раз вебхуки: вебхукам нужен адрес.";
const OTHER: &str = "The catalogue of labels has colours and descriptions.";

/// The folder of the tiny reranker.
pub(super) fn reranker_folder() -> PathBuf {
    tiny_folder().join("reranker")
}

/// The tiny reranker, or another in a folder.
pub(super) fn load_reranker_folder(folder: &Path) -> Result<Box<dyn Reranker>, LoadError> {
    load_reranker(&Choice { model_dir: Some(folder.to_owned()), ..choice() }, &mut |_| {})
}

fn tiny_reranker() -> Box<dyn Reranker> {
    load_reranker_folder(&reranker_folder()).unwrap()
}

#[test]
fn a_passage_that_answers_scores_more_than_one_that_repeats_a_word() {
    let mut model = tiny_reranker();
    assert_eq!(model.name(), "reranker");
    let scores = model.score(QUERY, &[OTHER, PARTLY, ANSWER]).unwrap();
    assert!(scores[0] < scores[1] && scores[1] < scores[2], "{scores:?}");
    // By its making: 4 for all pieces of the query, -4 for none.
    assert_eq!(model.score("webhooks", &["We use webhooks.", OTHER]).unwrap(), [4.0, -4.0]);
    assert_eq!(model.score("webhooks", &[]).unwrap(), [0.0; 0]);
}

#[test]
fn a_passage_has_one_score_in_any_company_and_of_any_length() {
    let words: Vec<&str> = ANSWER.split(' ').chain(OTHER.split(' ')).collect();
    let passages: Vec<String> = (0..200)
        .map(|number| words.repeat(1 + number % 12)[number % 13..].join(" "))
        .chain(["".to_owned(), "\0".to_owned(), "漢字 🙂".to_owned(), "a".repeat(200_000)])
        .collect();
    let passages: Vec<&str> = passages.iter().map(String::as_str).collect();
    let small = NonZeroUsize::new(900).unwrap();
    let choice = Choice { model_dir: Some(reranker_folder()), batch_tokens: small, ..choice() };
    let mut model = load_reranker(&choice, &mut |_| {}).unwrap();
    let together = model.score(QUERY, &passages).unwrap();
    assert_eq!(together.len(), passages.len());
    let mut distinct: Vec<f32> = together.clone();
    distinct.sort_by(f32::total_cmp);
    distinct.dedup();
    assert!(distinct.len() > 4, "{distinct:?}");
    for (passage, together) in passages.iter().zip(together) {
        assert_eq!(model.score(QUERY, &[passage]).unwrap(), [together], "{passage}");
    }
}

#[test]
fn what_is_longer_than_the_model_reads_is_cut_and_the_query_is_not() {
    let mut model = tiny_reranker();
    let early = format!("webhooks {}", "filler ".repeat(300));
    let late = format!("{} webhooks", "filler ".repeat(300));
    assert_eq!(model.score("webhooks", &[&early, &late]).unwrap(), [4.0, -4.0]);
    // Of a query as long as a document, there is room for half.
    let long = format!("{} webhooks", "question ".repeat(300));
    let scores = model.score(&long, &["question", "webhooks", &early]).unwrap();
    assert_eq!(scores, [4.0, -4.0, -4.0]);
}

#[test]
fn odd_queries_have_scores_too() {
    let mut model = tiny_reranker();
    for query in ["", " \n", "\0", "\u{202e}\u{feff}", "🙂", "e\u{301}", &"a".repeat(32_000)] {
        let scores = model.score(query, &[ANSWER, ""]).unwrap();
        assert!(scores.iter().all(|score| score.is_finite()), "{query:?}: {scores:?}");
    }
}

#[test]
fn a_tokenizer_that_puts_nothing_around_texts_scores_empty_ones() {
    let folder = copy(&reranker_folder());
    let text = fs::read_to_string(folder.path().join("tokenizer.json")).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["post_processor"] = serde_json::Value::Null;
    write(folder.path(), "tokenizer.json", json.to_string().as_bytes());
    let mut model = load_reranker_folder(folder.path()).unwrap();
    assert_eq!(model.score("", &["", " "]).unwrap(), [-4.0, -4.0]);
}

#[test]
fn graph_and_weights_may_be_in_the_folder_of_exporters() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| fs::read(reranker_folder().join(name)).unwrap();
    for name in ["model.onnx", "model.onnx.data"] {
        write(folder.path(), &format!("onnx/{name}"), &read(name));
    }
    write(folder.path(), "tokenizer.json", &read("tokenizer.json"));
    let choice = Choice {
        model: Some("team/ours".to_owned()),
        model_dir: Some(folder.path().to_owned()),
        ..choice()
    };
    let mut heard = Vec::new();
    let mut tell = |progress: Progress<'_>| heard.push(progress == Progress::Building);
    let mut model = load_reranker(&choice, &mut tell).unwrap();
    assert_eq!(model.name(), "team/ours");
    assert_eq!(model.score("webhooks", &["webhooks"]).unwrap(), [4.0]);
    assert_eq!(heard, [true]);
}

#[cfg(unix)]
#[test]
fn weights_may_be_linked_from_where_the_runtime_does_not_follow() {
    let [folder, elsewhere] = [copy(&reranker_folder()), tempfile::tempdir().unwrap()];
    let (own, other) = (folder.path().join("model.onnx.data"), elsewhere.path().join("data"));
    fs::rename(&own, &other).unwrap();
    std::os::unix::fs::symlink(&other, &own).unwrap();
    let mut model = load_reranker_folder(folder.path()).unwrap();
    assert_eq!(model.score("webhooks", &["webhooks", OTHER]).unwrap(), [4.0, -4.0]);
}

#[test]
fn the_tiny_reranker_stays_tiny() {
    let files = fs::read_dir(reranker_folder()).unwrap();
    let size: u64 = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(size > 0 && size < 300_000, "{size}");
}

#[test]
fn an_unknown_reranker_is_told_with_the_nearest_name_and_the_ways_out() {
    let choice = Choice {
        model: Some("BAAI/bge-reranker-v2-m3".to_owned()),
        runtime: Some("/nowhere".into()),
        ..choice()
    };
    let failed = load_reranker(&choice, &mut |_| {}).err().unwrap();
    assert!(!failed.is_absence());
    assert_eq!(
        failed.to_string(),
        "there is no reranker `BAAI/bge-reranker-v2-m3`; did you mean `rozgo/bge-reranker-v2-m3`?"
    );
    let help = failed.help_for(Purpose::Reranking).join("\n");
    for part in [DEFAULT_RERANKER, "--rerank-dir", "--no-rerank"] {
        assert!(help.contains(part), "{help}");
    }
    assert!(!help.contains("e5-small") && !help.contains("--model-dir"), "{help}");
    assert!(known_rerankers().any(|name| name == DEFAULT_RERANKER));
}

#[test]
fn the_default_reranker_comes_from_the_hub_with_the_weights_beside_it() {
    let cache = tempfile::tempdir().unwrap();
    let server = Server::of(DEFAULT_RERANKER, reranker_folder(), Manner::Serves);
    let choice = Choice { model: None, ..server.choice(cache.path()) };
    assert!(!choice.is_here(Purpose::Reranking).unwrap());
    let mut heard = Vec::new();
    let mut model = load_reranker(&choice, &mut |progress| {
        if let Progress::Download { file, .. } = progress {
            heard.push(file.to_owned());
        }
    })
    .unwrap();
    assert_eq!(model.name(), DEFAULT_RERANKER);
    assert_eq!(model.score("webhooks", &["webhooks", OTHER]).unwrap(), [4.0, -4.0]);
    assert!(heard.contains(&"model.onnx.data".to_owned()), "{heard:?}");

    server.set(Manner::Answers(500));
    assert!(choice.is_here(Purpose::Reranking).unwrap());
    load_reranker(&Choice { offline: true, ..choice.clone() }, &mut |_| {}).unwrap();
    let empty = tempfile::tempdir().unwrap();
    for offline in [true, false] {
        let choice = Choice { offline, cache: empty.path().to_owned(), ..choice.clone() };
        let failed = load_reranker(&choice, &mut |_| {}).err().unwrap();
        assert!(failed.is_absence(), "{failed}");
    }
}
