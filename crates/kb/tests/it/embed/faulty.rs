//! Models that are damaged, or are something else: an error with the name of the file.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};

use super::*;

/// The message for the tiny model with one file replaced.
fn message(name: &str, content: &[u8]) -> String {
    let folder = copy_of_tiny();
    write(folder.path(), name, content);
    let error = load_folder(folder.path()).err().unwrap();
    assert!(!error.is_absence(), "{error}");
    let shown = error.to_string();
    let path = folder.path().join(name).display().to_string();
    let begin = format!("`{path}` cannot be used: ");
    assert!(shown.starts_with(&begin), "{shown} does not begin with {path}");
    let rest = shown[begin.len()..].to_owned();
    assert!(rest.len() < 2000, "{rest}");
    assert!(!rest.contains('\n'), "{rest}");
    rest
}

fn tiny_file(name: &str) -> Vec<u8> {
    fs::read(tiny_folder().join(name)).unwrap()
}

#[test]
fn damaged_weights_are_found_out() {
    let whole = tiny_file("model.onnx");
    message("model.onnx", b"");
    message("model.onnx", b"<html>not found</html>");
    let mut random = fastrand::Rng::with_seed(6);
    let noise: Vec<u8> = (0..100_000).map(|_| random.u8(..)).collect();
    message("model.onnx", &noise);
    for length in [1, 100, 10_000, whole.len() / 2, whole.len() - 200] {
        message("model.onnx", &whole[..length]);
    }
}

#[test]
fn single_wrong_bytes_are_an_error_or_harmless() {
    let mut random = fastrand::Rng::with_seed(7);
    for name in ["tokenizer.json", "tokenizer_config.json", "config.json"] {
        let whole = tiny_file(name);
        let folder = copy_of_tiny();
        for _ in 0..60 {
            let mut content = whole.clone();
            let place = random.usize(..content.len());
            content[place] = random.u8(..);
            write(folder.path(), name, &content);
            if let Ok(mut model) = load_folder(folder.path()) {
                // What it does with a damaged tokenizer is its affair, but it must be vectors.
                let vectors = model.embed(Role::Query, &["вебхуки", "webhooks", ""]);
                assert!(vectors.is_ok_and(|vectors| vectors.len() == 3), "{place}");
            }
        }
    }
}

#[test]
fn a_broken_tokenizer_is_told_from_a_broken_model() {
    let reason = message("tokenizer.json", b"{\"model\": 1}");
    assert!(reason.starts_with("it is no tokenizer of the Hugging Face format: "), "{reason}");
    message("tokenizer.json", b"");
    let whole = tiny_file("tokenizer.json");
    message("tokenizer.json", &whole[..whole.len() / 2]);
    assert!(message("config.json", b"[").starts_with("it is not JSON: "));
    let reason = message("tokenizer_config.json", br#"{"model_max_length": -1}"#);
    assert_eq!(reason, "`model_max_length` is -1; 8 is the least");
}

#[test]
fn a_tokenizer_with_more_words_than_the_model_is_found_out() {
    let mut json: serde_json::Value = serde_json::from_slice(&tiny_file("tokenizer.json")).unwrap();
    for number in json["model"]["vocab"].as_object_mut().unwrap().values_mut() {
        *number = (number.as_u64().unwrap() + 1_000_000).into();
    }
    let folder = copy_of_tiny();
    write(folder.path(), "tokenizer.json", json.to_string().as_bytes());
    let shown = load_folder(folder.path()).err().unwrap().to_string();
    assert!(shown.contains("model.onnx` cannot be used: "), "{shown}");
}

#[test]
fn a_file_of_another_kind_or_of_absurd_size_is_not_read() {
    let folder = copy_of_tiny();
    let path = folder.path().join("model.onnx");
    let mut file = File::create(&path).unwrap();
    file.seek(SeekFrom::Start(3 << 30)).unwrap();
    file.write_all(b"end").unwrap();
    let shown = load_folder(folder.path()).err().unwrap().to_string();
    let expected = format!(
        "`{}` cannot be used: it has {} bytes, and {} is the most",
        path.display(),
        (3_u64 << 30) + 3,
        2_u64 << 30
    );
    assert_eq!(shown, expected);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let shown = load_folder(folder.path()).err().unwrap().to_string();
    assert!(shown.ends_with("model.onnx` cannot be used: it is no regular file"), "{shown}");
}

#[test]
fn a_folder_without_a_model_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let shown = |folder: &Path| load_folder(folder).err().unwrap().to_string();
    let name = folder.path().display();
    let expected = format!("`{name}` holds no model: there is no model.onnx in it");
    assert_eq!(shown(folder.path()), expected);
    write(folder.path(), "onnx/model.onnx", &tiny_file("model.onnx"));
    let expected = format!("`{name}` holds no model: there is no tokenizer.json in it");
    assert_eq!(shown(folder.path()), expected);
    write(folder.path(), "tokenizer.json", &tiny_file("tokenizer.json"));
    load_folder(folder.path()).unwrap();
    // Why the system refuses is the cause, and not a part of the message, too.
    for (name, kind) in [
        ("none", std::io::ErrorKind::NotFound),
        ("tokenizer.json", std::io::ErrorKind::NotADirectory),
    ] {
        let path = folder.path().join(name);
        let error = load_folder(&path).err().unwrap();
        assert_eq!(error.to_string(), format!("cannot use `{}`", path.display()));
        let cause = std::error::Error::source(&error).unwrap();
        assert_eq!(cause.downcast_ref::<std::io::Error>().unwrap().kind(), kind);
    }
}

#[test]
fn a_tokenizer_that_leaves_no_room_for_words_is_found_out() {
    let mut json: serde_json::Value = serde_json::from_slice(&tiny_file("tokenizer.json")).unwrap();
    let single = json["post_processor"]["single"].as_array_mut().unwrap();
    let around = single[0].clone();
    single.extend(std::iter::repeat_n(around, 600));
    let reason = message("tokenizer.json", json.to_string().as_bytes());
    assert_eq!(reason, "it puts 602 tokens around a text, and the model reads 512");
    json["post_processor"]["single"] =
        serde_json::json!([{"SpecialToken": {"id": "[X]", "type_id": 0}}]);
    let reason = message("tokenizer.json", json.to_string().as_bytes());
    assert!(reason.ends_with("its template `single` names `[X]`, which is no token"), "{reason}");
}

#[test]
fn a_graph_with_other_inputs_is_found_out() {
    let mut graph = tiny_file("model.onnx");
    // Names of one length change no length around them.
    for place in 0..graph.len() - 14 {
        if &graph[place..place + 14] == b"attention_mask" {
            graph[place..place + 14].copy_from_slice(b"expected_token");
        }
    }
    let reason = message("model.onnx", &graph);
    assert!(reason.contains("attention_mask"), "{reason}");
}

#[test]
fn a_graph_with_another_output_is_found_out() {
    for (operators, reason) in [
        // One number for all: no vectors.
        (&["Size"][..], "ensor"),
        // The identifiers of tokens, as they are: of another type.
        (&["Identity"], "ensor"),
        // Numbers that are none.
        (&["Cast", "Neg", "Log"], "a vector of the length NaN"),
        // A vector of zeros has no direction.
        (&["Cast", "Floor", "Sign", "Cos", "Floor"], "a vector of the length 0"),
        // A rank of one.
        (&["Cast", "Shape", "Cast"], "the shape [2] for 1 texts"),
    ] {
        let found = message("model.onnx", &graph(operators));
        assert!(found.contains(reason), "{operators:?}: {found}");
    }
}

#[test]
fn vectors_that_are_not_all_of_one_length_are_an_error() {
    let folder = copy_of_tiny();
    // As many numbers as tokens: a length of one text and not of another.
    write(folder.path(), "model.onnx", &graph(&["Cast"]));
    let mut model = load_folder(folder.path()).unwrap();
    let error = model.embed(Role::Passage, &["a longer text than the trial"]).unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains("gave a vector of 25 numbers instead of 4"), "{shown}");
}

/// A graph that applies operators to `input_ids`, one after the other. `ReduceMax` is along
/// the tokens.
pub(super) fn graph(operators: &[&str]) -> Vec<u8> {
    // <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>, by the numbers of the fields.
    let text = |field: u8, text: &str| bytes(field, text.as_bytes());
    let number = |field: u8, number: u8| vec![field << 3, number];
    let value = |field: u8, name: &str, kind: u8, rank: usize| {
        let shape = bytes(2, &bytes(1, &[]).repeat(rank));
        let tensor = bytes(1, &[number(1, kind), shape].concat());
        bytes(field, &[text(1, name), bytes(2, &tensor)].concat())
    };
    let mut graph = Vec::new();
    let mut from = "input_ids".to_owned();
    for (place, operator) in operators.iter().enumerate() {
        let to = if place + 1 == operators.len() { "out".to_owned() } else { format!("v{place}") };
        let mut node = [text(1, &from), text(2, &to), text(4, operator)].concat();
        if *operator == "Cast" {
            // `to`: an integer, the type of numbers of 32 bits with a point.
            let attribute = [text(1, "to"), number(3, 1), vec![0xa0, 0x01, 2]].concat();
            node.extend(bytes(5, &attribute));
        }
        if *operator == "ReduceMax" {
            // `axes`: integers, the last one.
            let attribute = [text(1, "axes"), number(8, 1), vec![0xa0, 0x01, 7]].concat();
            node.extend(bytes(5, &attribute));
        }
        graph.extend(bytes(1, &node));
        from = to;
    }
    graph.extend(text(2, "faulty"));
    graph.extend(value(11, "input_ids", 7, 2));
    graph.extend(value(11, "attention_mask", 7, 2));
    let (kind, rank) = match operators {
        ["Size"] => (7, 0),
        ["Identity"] => (7, 2),
        [_, "Shape", _] => (1, 1),
        _ => (1, 2),
    };
    graph.extend(value(12, "out", kind, rank));
    let opset = number(2, 17);
    [number(1, 8), bytes(7, &graph), bytes(8, &opset)].concat()
}

/// A field of Protocol Buffers that holds bytes.
pub(super) fn bytes(field: u8, content: &[u8]) -> Vec<u8> {
    let mut encoded = vec![field << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        encoded.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    encoded.push(u8::try_from(length).unwrap());
    encoded.extend_from_slice(content);
    encoded
}
