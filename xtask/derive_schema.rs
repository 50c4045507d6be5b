//! Prints the JSON Schema of `countersign.yaml`, derived from the configuration types of all
//! crates that own a section.
#![expect(clippy::print_stdout, reason = "the schema goes to `cargo xtask generate`")]

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

fn main() -> Result<()> {
    let text = countersign_docset::catalogue::derive_configuration_schema()?;
    let mut schema: Value = serde_json::from_str(&text)?;
    insert(&mut schema, "labels", countersign_labels::catalogue::section_schema())?;
    insert(&mut schema, "kb", countersign_kb::config::section_schema())?;
    println!("{}", serde_json::to_string_pretty(&schema)?);
    Ok(())
}

/// Puts the schema of a section in its place. What it defines gets the name of the section in
/// front: two crates may have a type of one name.
fn insert(schema: &mut Value, section: &str, mut own: Value) -> Result<()> {
    prefix_references(&mut own, section);
    let object = own.as_object_mut().context("a schema is an object")?;
    object.remove("$schema");
    let defined = object.remove("definitions");
    if let Some(Value::Object(defined)) = defined {
        let definitions = object_at(schema, "definitions")?;
        for (name, definition) in defined {
            definitions.insert(format!("{section}.{name}"), definition);
        }
    }
    object_at(schema, "properties")?.insert(section.to_owned(), own);
    Ok(())
}

fn object_at<'v>(schema: &'v mut Value, key: &str) -> Result<&'v mut Map<String, Value>> {
    let value = schema.get_mut(key).and_then(Value::as_object_mut);
    value.with_context(|| format!("the schema has no `{key}`"))
}

fn prefix_references(value: &mut Value, section: &str) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/definitions/")
            {
                *reference = format!("#/definitions/{section}.{name}");
            }
            object.values_mut().for_each(|value| prefix_references(value, section));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| prefix_references(item, section)),
        _ => {}
    }
}
