//! JSON Schemas: of `countersign.yaml`, and of the front matter of each type.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::Generated;
use crate::docset::Docset;
use crate::workspace::Workspace;

/// The folder of the schemas of single types.
pub(super) const FOLDER: &str = "schemas/docs";

pub(super) fn generate(workspace: &Workspace, docset: &Docset) -> Result<Vec<Generated>> {
    let folder = super::folder_without_configuration(workspace)?;
    let schema = |name: &str| {
        let schema = docset.json(&folder, &["schema", name, "--root", "."])?;
        Ok::<_, anyhow::Error>(serde_json::to_string_pretty(&schema)? + "\n")
    };
    let configuration = "schemas/countersign.schema.json".into();
    let mut generated = vec![Generated { path: configuration, text: of_configuration(workspace)? }];
    for name in types(&docset.json(&folder, &["types", "--format", "json", "--root", "."])?)? {
        let path = format!("{FOLDER}/{name}.schema.json").into();
        generated.push(Generated { path, text: schema(&name)? });
    }
    Ok(generated)
}

/// `docset schema config` prints the committed file; what it should be is derived from
/// the types by a program of its own, so that xtask itself builds without docset.
fn of_configuration(workspace: &Workspace) -> Result<String> {
    let arguments =
        ["run", "--quiet", "--package", "xtask", "--features", "schema", "--bin", "derive-schema"];
    workspace.cargo().args(arguments).capture()?.stdout_if_success()
}

/// The names in what `docset types --format json` prints.
fn types(value: &Value) -> Result<Vec<String>> {
    let types = value.as_array().context("`docset types` printed no list")?;
    ensure!(!types.is_empty(), "`docset types` printed an empty list");
    let name = |kind: &Value| kind["name"].as_str().map(str::to_owned);
    types
        .iter()
        .map(name)
        .collect::<Option<_>>()
        .context("`docset types` printed a type without a name")
}
