//! Manifests as YAML text.

use serde_json::Value;

/// `documents` as one YAML stream, each with its line of `---`.
///
/// Keys stand in the order they were put in. A text that YAML could take for something
/// else is written the way JSON writes it, which is YAML too.
#[must_use]
pub fn stream(documents: &[Value]) -> String {
    let mut text = String::new();
    for document in documents {
        text.push_str("---\n");
        write(&mut text, document, 0);
    }
    text
}

/// Writes a mapping or a list whose lines begin `indent` blanks in; the first line is
/// begun already if something stands on it.
fn write(text: &mut String, value: &Value, indent: usize) {
    let begin = |text: &mut String, at: usize| {
        if at > 0 || text.ends_with('\n') {
            text.extend(std::iter::repeat_n(' ', indent));
        }
    };
    match value {
        Value::Object(entries) => {
            for (at, (key, value)) in entries.iter().enumerate() {
                begin(text, at);
                text.push_str(&scalar(key));
                text.push(':');
                nested(text, value, indent + if value.is_array() { 0 } else { 2 });
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                begin(text, at);
                text.push_str("- ");
                write(text, item, indent + 2);
            }
        }
        other => {
            text.push_str(&plain(other));
            text.push('\n');
        }
    }
}

/// Writes what stands behind a key.
fn nested(text: &mut String, value: &Value, indent: usize) {
    let one_line = match value {
        Value::Object(entries) => entries.is_empty(),
        // Lists of words are quicker to read side by side.
        Value::Array(items) => !items.iter().any(|item| item.is_object() || item.is_array()),
        _ => true,
    };
    if one_line {
        text.push(' ');
        text.push_str(&plain(value));
        text.push('\n');
    } else {
        text.push('\n');
        write(text, value, indent);
    }
}

/// A value on one line.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// A text on one line: plain if every reader of YAML takes it for that text.
fn scalar(text: &str) -> String {
    let word = |text: &str| {
        text.starts_with(|char: char| char.is_ascii_alphabetic())
            && text.chars().all(|char| char.is_ascii_alphanumeric() || "-./_".contains(char))
    };
    let taken = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if word(text) && !taken.iter().any(|taken| text.eq_ignore_ascii_case(taken)) {
        text.to_owned()
    } else {
        Value::String(text.to_owned()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nests_and_quotes_what_needs_it() {
        let document = json!({
            "apiVersion": "v1",
            "metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "no"}},
            "list": [{"a": 1, "b": ["", "x"]}, {"c": {}}, {"d": [{"e": true}]}],
            "empty": [],
            "text": "a: b\n\"c\"",
        });
        insta::assert_snapshot!(stream(&[document, json!({"k": "v"})]), @r#"
        ---
        apiVersion: v1
        metadata:
          name: a
          labels:
            app.kubernetes.io/name: "no"
        list:
        - a: 1
          b: ["", x]
        - c: {}
        - d:
          - e: true
        empty: []
        text: "a: b\n\"c\""
        ---
        k: v
        "#);
    }
}
