//! Reading a `tokenizer.json`.
//!
//! The reader of the library panics at some faults of two parts of the file. One part says
//! how texts are made of tokens, which nobody here asks for: it is left out. The other says
//! how texts are changed before they are parted: it is looked at first. A third part, what is
//! put around texts, is read whatever it says, and makes the library panic when it is used: it
//! is looked at, too.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;
use tokenizers::Tokenizer;
use tokenizers::normalizers::Precompiled;

/// The tokenizer in a file, or what is wrong with the file.
pub(crate) fn read(bytes: &[u8]) -> Result<Tokenizer, String> {
    let said = |error: serde_json::Error| error.to_string();
    let mut parts: BTreeMap<String, &RawValue> = serde_json::from_slice(bytes).map_err(said)?;
    parts.remove("decoder");
    if let Some(normalizer) = parts.get("normalizer") {
        check_tables(&serde_json::from_str(normalizer.get()).map_err(said)?)?;
    }
    if let Some(processor) = parts.get("post_processor") {
        check_templates(&serde_json::from_str(processor.get()).map_err(said)?)?;
    }
    let checked = serde_json::to_vec(&parts).map_err(said)?;
    Tokenizer::from_bytes(checked).map_err(|error| error.to_string())
}

/// Looks for tables of SentencePiece, in base64, and reads each.
fn check_tables(value: &Value) -> Result<(), String> {
    if value["type"].as_str() == Some("Precompiled") {
        // From text: this reader does not read from values.
        serde_json::from_str::<Precompiled>(&value.to_string())
            .map_err(|error| format!("its table of characters is damaged: {error}"))?;
    }
    // Values are at most 128 deep: their reader sees to that.
    match value {
        Value::Array(values) => values.iter().try_for_each(check_tables),
        Value::Object(values) => values.values().try_for_each(check_tables),
        _ => Ok(()),
    }
}

/// Looks for templates of what is put around texts, and at what they name: special tokens
/// that are said what they are, and the second text only where there is one.
fn check_templates(value: &Value) -> Result<(), String> {
    if value["type"].as_str() == Some("TemplateProcessing") {
        let known = &value["special_tokens"];
        for (key, texts) in [("single", &["A"][..]), ("pair", &["A", "B"])] {
            for piece in value[key].as_array().into_iter().flatten() {
                let text = piece["Sequence"]["id"].as_str();
                if let Some(text) = text.filter(|text| !texts.contains(text)) {
                    return Err(format!("its template `{key}` has no text `{text}`"));
                }
                let token = piece["SpecialToken"]["id"].as_str();
                if let Some(token) = token.filter(|token| !known[*token].is_object()) {
                    return Err(format!("its template `{key}` names `{token}`, which is no token"));
                }
            }
        }
    }
    match value {
        Value::Array(values) => values.iter().try_for_each(check_templates),
        Value::Object(values) => values.values().try_for_each(check_templates),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_with(part: &str, value: &str) -> Result<Tokenizer, String> {
        read(
            format!(
                r#"{{"version": "1.0", "added_tokens": [], "{part}": {value}, "model":
                {{"type": "WordLevel", "unk_token": "?", "vocab": {{"?": 0}}}}}}"#
            )
            .as_bytes(),
        )
    }

    #[test]
    fn faults_that_the_library_panics_at_are_errors_or_do_no_harm() {
        // From base64: no table, and one that ends early.
        for table in ["AAAA", "!", "8AAAAA=="] {
            let one = format!(r#"{{"type": "Precompiled", "precompiled_charsmap": "{table}"}}"#);
            assert!(read_with("normalizer", &one).is_err(), "{table}");
            let among = format!(r#"{{"type": "Sequence", "normalizers": [{one}]}}"#);
            assert!(read_with("normalizer", &among).is_err(), "{table}");
        }
        for decoder in ["7", r#"{"type": "None such"}"#, r#""\ud800""#] {
            assert!(read_with("decoder", decoder).is_ok(), "{decoder}");
        }
        assert!(read_with("normalizer", r#"{"type": "Lowercase"}"#).is_ok());
    }

    #[test]
    fn templates_name_what_there_is() {
        let with = |single: &str, pair: &str| {
            let known = r#"{"[S]": {"id": "[S]", "ids": [0], "tokens": ["[S]"]}}"#;
            let one = format!(
                r#"{{"type": "TemplateProcessing", "single": [{single}], "pair": [{pair}],
                "special_tokens": {known}}}"#
            );
            let among = format!(r#"{{"type": "Sequence", "processors": [{one}]}}"#);
            assert_eq!(
                read_with("post_processor", &one).map(drop),
                read_with("post_processor", &among).map(drop)
            );
            read_with("post_processor", &one).map(drop)
        };
        let (a, b) = (
            r#"{"Sequence": {"id": "A", "type_id": 0}}"#,
            r#"{"Sequence": {"id": "B", "type_id": 1}}"#,
        );
        let token = |name: &str| format!(r#"{{"SpecialToken": {{"id": "{name}", "type_id": 0}}}}"#);
        let both = format!("{a}, {}, {b}", token("[S]"));
        assert_eq!(with(a, &both), Ok(()));
        let said = with(b, &both).unwrap_err();
        assert_eq!(said, "its template `single` has no text `B`");
        let said = with(a, &format!("{a}, {}", token("[T]"))).unwrap_err();
        assert_eq!(said, "its template `pair` names `[T]`, which is no token");
    }
}
