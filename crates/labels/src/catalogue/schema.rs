//! The JSON Schema of the section `labels:`, for editors.

use serde_json::Value;

use crate::config::LabelsConfig;

/// The JSON Schema (draft 7) of the section `labels:`, derived from its types. Its
/// `definitions` are to be merged with those of the other sections.
#[must_use]
pub fn section_schema() -> Value {
    let settings = schemars::generate::SchemaSettings::draft07();
    settings.into_generator().into_root_schema_for::<LabelsConfig>().to_value()
}
