//! Tokens counted by a tokenizer of the Hugging Face format.

use std::path::PathBuf;

use countersign_kb::chunk::{Measure, ModelTokens, Settings, Tokens as _};

use crate::holds::chunk_and_check;

/// A tokenizer that knows a few words, and that asks for texts to be cut to four tokens.
const TOKENIZER: &str = r#"{
  "version": "1.0",
  "truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
  "padding": {"strategy": {"Fixed": 4}, "direction": "Right", "pad_to_multiple_of": null,
              "pad_id": 0, "pad_type_id": 0, "pad_token": "[UNK]"},
  "added_tokens": [],
  "normalizer": null,
  "pre_tokenizer": {"type": "Whitespace"},
  "post_processor": null,
  "decoder": null,
  "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "one": 1, "two": 2}, "unk_token": "[UNK]"}
}"#;

fn file(name: &str, text: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("chunk-model");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
        std::io::Write::write_all(&mut std::fs::File::create(&path).unwrap(), text.as_bytes())
            .unwrap();
    }
    path
}

#[test]
fn tokens_are_those_of_the_model_not_cut_and_not_padded() {
    let tokens = ModelTokens::from_file(&file("tokenizer.json", TOKENIZER)).unwrap();
    assert_eq!(tokens.measure("one two three"), Measure::tokens(3));
    assert_eq!(tokens.measure("one two three four five six"), Measure::tokens(6));
    assert_eq!(tokens.measure(""), Measure::ZERO);
}

#[test]
fn chunks_fit_the_budget_of_the_model() {
    let tokens = ModelTokens::from_file(&file("tokenizer.json", TOKENIZER)).unwrap();
    let text = "# One\n\none two one two, one two. one two\n\n- one\n- two one two\n";
    let chunked = chunk_and_check(text, 0, Settings::new(6, 2, 3).unwrap(), &tokens);
    let counts: Vec<_> = chunked.chunks.iter().map(|chunk| chunk.tokens).collect();
    assert_eq!(counts, [5, 6, 1, 6]);
}

#[test]
fn a_file_that_is_no_tokenizer_is_named() {
    let path = file("broken.json", "{\"model\": 1}");
    let error = ModelTokens::from_file(&path).unwrap_err().to_string();
    assert!(error.contains("broken.json` is no tokenizer of the Hugging Face format: "), "{error}");
    let missing = ModelTokens::from_file(&path.with_file_name("none.json")).unwrap_err();
    assert!(missing.to_string().contains("No such file"), "{missing}");
}
