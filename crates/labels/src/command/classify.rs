//! `labels classify`.

use std::io::Write;

use countersign_markup::shown::excerpt;
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault};
use countersign_runner::OutputFormat;
use serde_json::Value;

use super::cli::ClassifyArguments;
use super::{catalogue, json};
use crate::classify::{Classification, Match};

pub(super) fn run(arguments: &ClassifyArguments, out: &mut Console) -> Result<u8, Fault> {
    let catalogue = catalogue::load(&arguments.root)?;
    let found: Vec<(&str, Classification<'_>)> =
        arguments.names.iter().map(|name| (&**name, catalogue.classify(name))).collect();
    match arguments.print.format {
        OutputFormat::Json => {
            let values: Vec<Value> =
                found.iter().map(|(name, found)| json::classification(name, found)).collect();
            serde_json::to_writer_pretty(&mut *out, &values)?;
            writeln!(out)?;
        }
        OutputFormat::Human => {
            for (name, found) in &found {
                let name = out.bold(&excerpt(name));
                writeln!(out, "{name}: {}", sentence(found))?;
            }
        }
    }
    let unknown = found.iter().any(|(_, found)| found.found == Match::Unknown);
    Ok(if unknown { FINDINGS } else { CLEAN })
}

fn sentence(found: &Classification<'_>) -> String {
    let Some(class) = found.class else { return "no label of the catalogue".to_owned() };
    let mut text = class.as_str().to_owned();
    if let Some(stage) = found.stage {
        let what = if found.revise { "revision of the stage" } else { "stage" };
        text.push_str(&format!(", {what} {stage}"));
    } else if found.revise {
        text.push_str(", a revision");
    }
    if let Some(value) = found.label.and_then(|label| label.value.as_deref()) {
        text.push_str(&format!(", stands for {value}"));
    }
    let label = found.label.map(|label| &label.name);
    match (found.found, label) {
        (Match::Prefix, _) => text.push_str("; no label of the catalogue, but the prefix is"),
        (Match::Case, Some(name)) => text.push_str(&format!("; `{name}` in other case")),
        (Match::Brackets | Match::ShortForm | Match::Alias, Some(name)) => {
            text.push_str(&format!("; another name of `{name}`"));
        }
        _ => {}
    }
    text
}
