//! JSON Schemas, for editors that complete and check front matter and the
//! configuration.
//!
//! A schema says what one document may look like on its own: keys, kinds, values.
//! What only a parser of Markdown or a look at other documents can tell is left to
//! the rules.

use serde_json::{Map, Value, json};

use super::{Catalogue, DocumentType, KeyConfig, KeyKind};

const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// The JSON Schema of `countersign.yaml`, as committed in `schemas/`.
#[must_use]
pub const fn configuration_schema() -> &'static str {
    include_str!("../../../../schemas/countersign.schema.json")
}

/// The whole of `countersign.yaml`. The sections of other crates are here by name: what
/// is in them is described where they are read.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(deny_unknown_fields, default)]
#[derive(Default)]
struct ConfigFile {
    /// Documents: which files they are, their types, the rules.
    docs: crate::config::DocsConfig,
    /// The label catalogue (read by `labels`).
    labels: Value,
    /// Stages, roles, profiles and rules (read by `policy`).
    process: countersign_process::ProcessConfig,
    /// The knowledge base (read by `kb`).
    kb: Value,
    /// The gateway (read by `gateway`).
    gateway: Value,
}

/// The JSON Schema of the configuration, derived from its types.
///
/// # Errors
///
/// Never, as long as a schema is JSON.
#[cfg(feature = "schema")]
pub fn derive_configuration_schema() -> serde_json::Result<String> {
    let settings = schemars::generate::SchemaSettings::draft07();
    let schema = settings.into_generator().into_root_schema_for::<ConfigFile>();
    let mut value = schema.to_value();
    if let Some(object) = value.as_object_mut() {
        object.insert("title".to_owned(), json!("countersign.yaml"));
    }
    serde_json::to_string_pretty(&value).map(|text| text + "\n")
}

/// The JSON Schema of the front matter of documents of one type; `None` if the
/// catalogue has no such type.
#[must_use]
pub fn front_matter_schema(catalogue: &Catalogue, type_name: &str) -> Option<Value> {
    let kind = catalogue.types.get(type_name)?;
    let mut properties = Map::new();
    for name in kind.required.iter().chain(&kind.optional) {
        let key = catalogue.keys.get(name)?;
        properties.insert(name.clone(), property(key, kind, catalogue));
    }
    Some(json!({
        "$schema": DIALECT,
        "title": format!("Front matter of `{type_name}`"),
        "description": kind.title.en,
        "type": "object",
        "additionalProperties": false,
        "required": kind.required,
        "properties": properties,
    }))
}

fn property(key: &KeyConfig, kind: &DocumentType, catalogue: &Catalogue) -> Value {
    let mut schema = match key.kind {
        KeyKind::Any => json!({}),
        KeyKind::Text if !key.values.is_empty() => json!({ "enum": key.values }),
        KeyKind::Text => json!({ "type": ["string", "number", "boolean", "null"] }),
        KeyKind::Number => json!({ "type": "integer", "minimum": 1 }),
        KeyKind::Numbers => json!({
            "type": ["array", "null"],
            "items": { "type": "integer", "minimum": 1 },
            "uniqueItems": true,
        }),
        KeyKind::Texts => json!({ "type": ["array", "null"], "items": { "type": "string" } }),
        KeyKind::Date => json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" }),
        KeyKind::Id => json!({ "type": "string", "pattern": id_pattern(kind) }),
        KeyKind::Type => json!({ "const": kind.name }),
        KeyKind::Status => {
            let names: Vec<&str> = kind.statuses.iter().map(|status| &*status.name).collect();
            json!({ "enum": names })
        }
        KeyKind::Role => json!({ "enum": catalogue.roles }),
        KeyKind::Digest => json!({ "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" }),
        KeyKind::Reference => json!({ "type": ["string", "null"] }),
        KeyKind::References => json!({
            "type": ["string", "array", "null"],
            "items": { "type": "string" },
        }),
        KeyKind::Mapping => {
            let keys = key.keys.iter();
            let properties: Map<String, Value> =
                keys.map(|(name, key)| (name.clone(), property(key, kind, catalogue))).collect();
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
    };
    if let Some(object) = schema.as_object_mut().filter(|_| !key.title.is_empty()) {
        object.insert("description".to_owned(), json!(key.title));
    }
    schema
}

/// Ids of the type: one of its prefixes, perhaps more parts, a number.
fn id_pattern(kind: &DocumentType) -> String {
    let prefix = match kind.prefixes.as_slice() {
        [] => "[A-Z][A-Z0-9]*".to_owned(),
        prefixes => format!("({})", prefixes.join("|")),
    };
    format!("^{prefix}(-[A-Z0-9]+)*-\\d+$")
}
