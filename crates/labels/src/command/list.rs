//! `labels list`.

use std::io::Write;

use countersign_report::terminal::{CLEAN, Console, Fault};
use countersign_runner::OutputFormat;
use serde_json::Value;

use super::cli::ListArguments;
use super::{catalogue, json};
use crate::catalogue::Label;

pub(super) fn run(arguments: &ListArguments, out: &mut Console) -> Result<u8, Fault> {
    let catalogue = catalogue::load(&arguments.root)?;
    let language = arguments.texts.language(&catalogue);
    let labels: Vec<&Label> = catalogue
        .labels()
        .iter()
        .filter(|label| arguments.class.is_none_or(|class| class == label.class))
        .collect();
    if arguments.print.format == OutputFormat::Json {
        let values: Vec<Value> = labels.iter().map(|label| json::label(label)).collect();
        serde_json::to_writer_pretty(&mut *out, &values)?;
        writeln!(out)?;
        return Ok(CLEAN);
    }
    let width = |of: fn(&Label) -> &str| labels.iter().map(|label| of(label).chars().count()).max();
    let names = width(|label| &label.name).unwrap_or_default();
    let variables = width(|label| &label.variable).unwrap_or_default();
    for label in labels {
        let name = out.bold(&format!("{:names$}", label.name));
        let (class, variable) = (label.class.as_str(), &label.variable);
        let summary = label.summary.get(language);
        writeln!(out, "{name}  {class:9}  {variable:variables$}  {summary}")?;
    }
    Ok(CLEAN)
}
