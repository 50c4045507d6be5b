//! `kb models`.

use std::io::Write as _;

use countersign_markup::shown::{escape, excerpt};
use countersign_report::terminal::{CLEAN, Console, Fault, harmless};
use serde_json::json;

use super::cli::{Format, Global, ModelsCommand};
use super::json;
use super::root::{Missing, Repository};
use crate::store::ModelRow;

pub(super) async fn run(
    command: &ModelsCommand,
    global: &Global,
    out: &mut Console,
) -> Result<u8, Fault> {
    let repository = Repository::find(global)?;
    let store = repository.store(global, Missing::Left).await?;
    match command {
        ModelsCommand::List => {
            let statistics = store.statistics().await?;
            match global.format {
                Format::Json => {
                    let models: Vec<_> = statistics
                        .models
                        .iter()
                        .map(|(row, chunks)| {
                            let mut model = json::model(row);
                            model["chunks"] = (*chunks).into();
                            model
                        })
                        .collect();
                    writeln!(out, "{}", json!(models))?;
                }
                Format::Human => {
                    let mut text = String::new();
                    for (row, chunks) in &statistics.models {
                        text.push_str(&line(row, *chunks, statistics.chunks));
                    }
                    if text.is_empty() {
                        text.push_str("no models; `kb index` embeds with one where it can\n");
                    }
                    harmless(out, &text)?;
                }
            }
        }
        ModelsCommand::Remove { model } => {
            let models = store.models().await?;
            let row = named(model, &models)?;
            if row.active {
                return Err(format!(
                    "searches use the model `{}`; switch to another one first: `kb index --model NAME`",
                    escape(&row.description.name)
                )
                .into());
            }
            store.remove_model(row.id).await?;
            match global.format {
                Format::Json => writeln!(out, "{}", json!({"removed": json::model(row)}))?,
                Format::Human => {
                    harmless(out, &format!("removed {}\n", escape(&row.description.name)))?;
                }
            }
        }
    }
    Ok(CLEAN)
}

/// The model of the index with this name or number.
pub(super) fn named<'m>(given: &str, models: &'m [ModelRow]) -> Result<&'m ModelRow, Fault> {
    let id = given.parse::<i64>().ok();
    let is_meant = |row: &&ModelRow| Some(row.id.0) == id || row.description.name == given;
    let named: Vec<&ModelRow> = models.iter().filter(is_meant).collect();
    match named.as_slice() {
        [row] => Ok(row),
        [] => Err(format!(
            "the index has no model `{}`; `kb models list` names those that it has",
            excerpt(given)
        )
        .into()),
        several => {
            let numbers: Vec<_> = several.iter().map(|row| row.id.0.to_string()).collect();
            Err(format!(
                "there are several models of this name; name one by its number: {}",
                numbers.join(", ")
            )
            .into())
        }
    }
}

/// A model in one line.
pub(super) fn line(row: &ModelRow, chunks: u64, all: u64) -> String {
    let model = &row.description;
    let digest: String = model.digest.chars().take(12).collect();
    format!(
        "{} {}  {} ({digest}, {} dimensions): {chunks} of {all} chunks\n",
        if row.active { '*' } else { ' ' },
        row.id.0,
        escape(&model.name),
        model.dimensions,
    )
}
