//! From the schemas of OpenAPI 3.0 to JSON Schema.
//!
//! The former are an older JSON Schema with a few words of their own. The only one that changes
//! what is valid is [`nullable`](https://spec.openapis.org/oas/v3.0.3.html#schema-object).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Where schemas refer to each other.
const SCHEMAS: &str = "#/components/schemas/";

/// Where the description is wrong about GitHub: name of the schema, path to the part, and what
/// it should say. Each has been seen in GitHub's replies.
const MENDED: &[(&str, &str, &str)] = &[
    // A label without a description has `null` there, as the full pull request does say.
    (
        "pull-request-simple",
        "/properties/labels/items/properties/description",
        r#"{ "type": "string", "nullable": true }"#,
    ),
];

/// A schema with everything it refers to, as one JSON Schema document.
///
/// `lookup` gives a schema of the description by its name.
pub(super) fn document(schema: &Value, lookup: impl Fn(&str) -> Option<Value>) -> Value {
    let mut wanted = BTreeSet::new();
    let root = convert(schema, &mut wanted);
    let mut schemas = Map::new();
    while let Some(name) = wanted.pop_first() {
        if schemas.contains_key(&name) {
            continue;
        }
        // A name that leads nowhere stays open, and compiling says so.
        if let Some(mut schema) = lookup(&name) {
            mend(&name, &mut schema);
            schemas.insert(name, convert(&schema, &mut wanted));
        }
    }
    json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "allOf": [root],
        "components": { "schemas": schemas },
    })
}

fn mend(name: &str, schema: &mut Value) {
    for (_, path, right) in MENDED.iter().filter(|(of, ..)| *of == name) {
        if let (Some(part), Ok(right)) = (schema.pointer_mut(path), serde_json::from_str(right)) {
            *part = right;
        }
    }
}

/// Replaces `nullable` and notes the names of the schemas that are referred to.
fn convert(schema: &Value, wanted: &mut BTreeSet<String>) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(|item| convert(item, wanted)).collect(),
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                wanted.extend(name.strip_prefix(SCHEMAS).map(ToOwned::to_owned));
            }
            let nullable = fields.get("nullable") == Some(&Value::Bool(true));
            let rest = fields
                .iter()
                // Examples are data, and may hold anything.
                .filter(|(key, _)| !matches!(key.as_str(), "nullable" | "example" | "examples"))
                .map(|(key, value)| (key.clone(), convert_field(key, value, wanted)));
            let rest = Value::Object(rest.collect());
            if nullable { json!({ "anyOf": [{ "type": "null" }, rest] }) } else { rest }
        }
        other => other.clone(),
    }
}

/// Below `properties`, keys are names and not words of the schema language.
fn convert_field(key: &str, value: &Value, wanted: &mut BTreeSet<String>) -> Value {
    match (key, value) {
        ("properties", Value::Object(properties)) => properties
            .iter()
            .map(|(name, schema)| (name.clone(), convert(schema, wanted)))
            .collect::<Map<_, _>>()
            .into(),
        ("enum" | "default" | "required", value) => value.clone(),
        (_, value) => convert(value, wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_becomes_a_choice_and_references_bring_their_schemas() {
        let schema = json!({
            "type": "object",
            "properties": {
                "nullable": { "type": "string", "nullable": true, "example": { "$ref": "#/no" } },
                "user": { "$ref": "#/components/schemas/user" },
            },
        });
        let lookup = |name: &str| match name {
            "user" => {
                Some(json!({ "properties": { "boss": { "$ref": "#/components/schemas/user" } } }))
            }
            _ => None,
        };
        let document = document(&schema, lookup);
        assert_eq!(
            document["allOf"][0]["properties"]["nullable"],
            json!({ "anyOf": [{ "type": "null" }, { "type": "string" }] }),
        );
        assert!(document["components"]["schemas"]["user"]["properties"]["boss"].is_object());
    }
}
