//! `docs/rules/README.md`: all rules, with a link to the page of each.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::Generated;
use crate::docset::Docset;
use crate::workspace::Workspace;

const HEAD: &str = "\
# Rules

What `docset check` looks for. `docset explain <rule>` prints the page of a rule; `docs: rules:` in
`countersign.yaml` switches a rule off, grades it anew or limits it to paths.

<!-- Written by `cargo xtask generate`; change the rules, not this table. -->

| Rule | Severity | Finds | Options |
| --- | --- | --- | --- |
";

pub(super) fn generate(workspace: &Workspace, docset: &Docset) -> Result<Generated> {
    let folder = super::folder_without_configuration(workspace)?;
    let rules = docset.json(&folder, &["rules", "--format", "json", "--root", "."])?;
    let rules = rules.as_array().context("`docset rules` printed no list")?;
    ensure!(!rules.is_empty(), "`docset rules` printed an empty list");
    let rows: String = rules.iter().map(row).collect::<Result<_>>()?;
    Ok(Generated { path: "docs/rules/README.md".into(), text: format!("{HEAD}{rows}") })
}

fn row(rule: &Value) -> Result<String> {
    let text = |key: &str| {
        let text = rule[key].as_str().with_context(|| format!("a rule has no `{key}`"))?;
        Ok::<_, anyhow::Error>(text.replace('|', "\\|"))
    };
    let options = rule["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let options: Vec<String> =
        options.iter().filter_map(|option| Some(format!("`{}`", option.as_str()?))).collect();
    // An empty cell is one blank wide.
    let options = format!(" {} ", options.join(", ")).replace("  ", " ");
    let (id, severity, summary) = (text("id")?, text("severity")?, text("summary")?);
    Ok(format!("| [`{id}`]({id}.md) | {severity} | {summary} |{options}|\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_a_row() {
        let rule = serde_json::json!({
            "id": "broken-link", "severity": "error", "summary": "a | b", "options": ["x", "y"],
        });
        let expected = "| [`broken-link`](broken-link.md) | error | a \\| b | `x`, `y` |\n";
        assert_eq!(row(&rule).unwrap(), expected);
        assert!(row(&serde_json::json!({"id": "x"})).is_err());
    }
}
