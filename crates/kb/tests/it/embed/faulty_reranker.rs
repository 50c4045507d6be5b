//! Rerankers that are damaged, or are something else: an error with the name of the file.

use super::faulty::graph;
use super::reranker::{load_reranker_folder, reranker_folder};
use super::*;

/// The message for the tiny reranker with one file replaced.
#[track_caller]
fn message(name: &str, content: &[u8]) -> String {
    let folder = copy(&reranker_folder());
    write(folder.path(), name, content);
    let error = load_reranker_folder(folder.path()).err().unwrap();
    assert!(!error.is_absence(), "{error}");
    let shown = error.to_string();
    let begin = format!("`{}` cannot be used: ", folder.path().join(name).display());
    assert!(shown.starts_with(&begin), "{shown}");
    let rest = shown[begin.len()..].to_owned();
    assert!(rest.len() < 2000 && !rest.contains('\n'), "{rest}");
    rest
}

fn file(name: &str) -> Vec<u8> {
    fs::read(reranker_folder().join(name)).unwrap()
}

#[test]
fn damaged_graphs_are_found_out() {
    let whole = file("model.onnx");
    message("model.onnx", b"");
    message("model.onnx", b"<html>not found</html>");
    let mut random = fastrand::Rng::with_seed(6);
    let noise: Vec<u8> = (0..100_000).map(|_| random.u8(..)).collect();
    message("model.onnx", &noise);
    for length in [1, 100, whole.len() / 2, whole.len() - 100] {
        message("model.onnx", &whole[..length]);
    }
}

#[test]
fn single_wrong_bytes_are_an_error_or_harmless() {
    let mut random = fastrand::Rng::with_seed(8);
    for name in
        ["model.onnx", "model.onnx.data", "tokenizer.json", "tokenizer_config.json", "config.json"]
    {
        let whole = file(name);
        let folder = copy(&reranker_folder());
        for _ in 0..80 {
            let mut content = whole.clone();
            let place = random.usize(..content.len());
            content[place] = random.u8(..);
            write(folder.path(), name, &content);
            if let Ok(mut model) = load_reranker_folder(folder.path()) {
                // What it does with damage is its affair, but scores are numbers.
                if let Ok(scores) = model.score("вебхуки webhooks", &["вебхуки", "webhooks", ""])
                {
                    assert!(scores.len() == 3 && scores.iter().all(|score| score.is_finite()));
                }
            }
        }
    }
}

#[test]
fn a_broken_tokenizer_is_told_from_a_broken_graph() {
    let reason = message("tokenizer.json", b"{\"model\": 1}");
    assert!(reason.starts_with("it is no tokenizer of the Hugging Face format: "), "{reason}");
    let mut json: serde_json::Value = serde_json::from_slice(&file("tokenizer.json")).unwrap();
    let pair = json["post_processor"]["pair"].as_array_mut().unwrap();
    let around = pair[0].clone();
    pair.extend(std::iter::repeat_n(around, 600));
    let reason = message("tokenizer.json", json.to_string().as_bytes());
    assert_eq!(reason, "it puts 603 tokens around a text, and the model reads 512");
}

#[test]
fn a_tokenizer_with_more_words_than_the_graph_is_found_out() {
    let mut json: serde_json::Value = serde_json::from_slice(&file("tokenizer.json")).unwrap();
    for number in json["model"]["vocab"].as_object_mut().unwrap().values_mut() {
        *number = (number.as_u64().unwrap() + 1_000_000).into();
    }
    let folder = copy(&reranker_folder());
    write(folder.path(), "tokenizer.json", json.to_string().as_bytes());
    let shown = load_reranker_folder(folder.path()).err().unwrap().to_string();
    assert!(shown.contains("model.onnx` cannot be used: "), "{shown}");
}

#[test]
fn a_graph_with_other_inputs_is_found_out() {
    let mut graph = file("model.onnx");
    // Names of one length change no length around them.
    for place in 0..graph.len() - 14 {
        if &graph[place..place + 14] == b"attention_mask" {
            graph[place..place + 14].copy_from_slice(b"expected_token");
        }
    }
    assert_eq!(
        message("model.onnx", &graph),
        "it asks for `expected_token`, and a model is given input_ids, attention_mask and \
         token_type_ids"
    );
}

#[test]
fn a_model_that_embeds_is_no_reranker() {
    let reason = message("model.onnx", &fs::read(tiny_folder().join("model.onnx")).unwrap());
    assert!(reason.starts_with("it gave numbers in the shape [2, "), "{reason}");
    assert!(reason.ends_with("for 2 pairs of query and passage; a reranker gives one for each"));
}

#[test]
fn a_graph_with_another_output_is_found_out() {
    for (operators, reason) in [
        // One number for all.
        (&["Size"][..], "ensor"),
        // The identifiers of tokens, as they are: of another type.
        (&["Identity"], "ensor"),
        // A number for each token.
        (&["Cast"], "it gave numbers in the shape [2, "),
        // Numbers that are none.
        (&["Cast", "ReduceMax", "Neg", "Log"], "it gave the score NaN"),
        (&["Cast", "ReduceMax", "Exp", "Exp"], "it gave the score inf"),
    ] {
        let found = message("model.onnx", &graph(operators));
        assert!(found.contains(reason), "{operators:?}: {found}");
    }
}

#[test]
fn numbers_that_are_not_one_for_each_pair_are_an_error() {
    let folder = copy(&reranker_folder());
    // The numbers of pairs and of tokens: two numbers for any pairs, and so for two.
    write(folder.path(), "model.onnx", &graph(&["Cast", "Shape", "Cast"]));
    let mut model = load_reranker_folder(folder.path()).unwrap();
    let shown = model.score("a", &["b", "c", "d"]).unwrap_err().to_string();
    assert!(shown.contains("it gave numbers in the shape [2] for 3 pairs"), "{shown}");
}

#[test]
fn weights_beside_a_graph_that_are_gone_or_too_short_are_an_error() {
    let folder = copy(&reranker_folder());
    let named = |folder: &Path| {
        let shown = load_reranker_folder(folder).err().unwrap().to_string();
        let graph = folder.join("model.onnx").display().to_string();
        assert!(shown.starts_with(&format!("`{graph}` cannot be used: ")), "{shown}");
    };
    write(folder.path(), "model.onnx.data", &file("model.onnx.data")[..100]);
    named(folder.path());
    fs::remove_file(folder.path().join("model.onnx.data")).unwrap();
    named(folder.path());
}

#[test]
fn a_score_that_is_no_number_after_good_ones_names_the_file() {
    let folder = copy(&reranker_folder());
    // e to the root of the largest token: finite for all tokens but one.
    let operators = ["Cast", "ReduceMax", "Sqrt", "Exp"];
    write(folder.path(), "model.onnx", &graph(&operators));
    let mut json: serde_json::Value = serde_json::from_slice(&file("tokenizer.json")).unwrap();
    json["model"]["vocab"]["я"] = 1_000_000.into();
    write(folder.path(), "tokenizer.json", json.to_string().as_bytes());
    let mut model = load_reranker_folder(folder.path()).unwrap();
    model.score("a", &["b", "c"]).unwrap();
    let shown = model.score("a", &["b", "я"]).unwrap_err().to_string();
    let name = folder.path().file_name().unwrap().to_string_lossy().into_owned();
    let path = folder.path().join("model.onnx");
    let expected =
        format!("the reranker `{name}` cannot score: `{}`: it gave the score inf", path.display());
    assert_eq!(shown, expected);
}

#[test]
fn a_folder_without_a_reranker_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let shown = |folder: &Path| load_reranker_folder(folder).err().unwrap().to_string();
    let name = folder.path().display();
    let expected = format!("`{name}` holds no model: there is no model.onnx in it");
    assert_eq!(shown(folder.path()), expected);
    let missing = folder.path().join("none");
    assert_eq!(shown(&missing), format!("cannot use `{}`", missing.display()));
}
