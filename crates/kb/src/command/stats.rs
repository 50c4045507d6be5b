//! `kb stats` and `kb migrate`.

use std::io::Write as _;

use countersign_markup::shown::escape;
use countersign_report::terminal::{CLEAN, Console, Fault, harmless};
use serde_json::json;

use super::cli::{Format, Global};
use super::root::{Missing, Repository};
use super::{json, models};
use crate::store::Statistics;

pub(super) async fn run(global: &Global, out: &mut Console) -> Result<u8, Fault> {
    let repository = Repository::find(global)?;
    let store = repository.store(global, Missing::Left).await?;
    let statistics = store.statistics().await?;
    match global.format {
        Format::Json => writeln!(out, "{}", as_json(store.name(), &statistics))?,
        Format::Human => harmless(out, &human(store.name(), &statistics))?,
    }
    Ok(CLEAN)
}

pub(super) async fn migrate(global: &Global, out: &mut Console) -> Result<u8, Fault> {
    let repository = Repository::find(global)?;
    let store = repository.store(global, Missing::Made).await?;
    let done = store.migrate().await?;
    match global.format {
        Format::Json => writeln!(out, "{}", json!({"store": store.name(), "migrations": done}))?,
        Format::Human if done.is_empty() => {
            harmless(out, &format!("{} is up to date\n", escape(store.name())))?;
        }
        Format::Human => {
            let lines: String = done.iter().map(|name| format!("{name}\n")).collect();
            harmless(out, &format!("{} has now:\n{lines}", escape(store.name())))?;
        }
    }
    Ok(CLEAN)
}

/// Numbers for programs.
pub(super) fn as_json(store: &str, statistics: &Statistics) -> serde_json::Value {
    let versions: serde_json::Map<_, _> =
        statistics.versions.iter().map(|(name, version)| (name.clone(), json!(version))).collect();
    let models: Vec<_> = statistics
        .models
        .iter()
        .map(|(row, chunks)| {
            let mut model = json::model(row);
            model["chunks"] = (*chunks).into();
            model
        })
        .collect();
    let kinds: serde_json::Map<_, _> =
        statistics.kinds.iter().map(|(kind, count)| (kind.clone(), json!(count))).collect();
    json!({
        "store": store,
        "versions": versions,
        "schema": statistics.schema,
        "documents": statistics.documents,
        "chunks": statistics.chunks,
        "tokens": statistics.tokens,
        "links": statistics.links,
        "bytes": statistics.bytes,
        "models": models,
        "types": kinds,
    })
}

fn human(store: &str, statistics: &Statistics) -> String {
    let mut text = format!("{}\n", escape(store));
    for (name, version) in &statistics.versions {
        text.push_str(&format!("  {} {}\n", escape(name), escape(version)));
    }
    let numbers = [
        ("schema", statistics.schema.to_string()),
        ("documents", statistics.documents.to_string()),
        ("chunks", statistics.chunks.to_string()),
        ("tokens", statistics.tokens.to_string()),
        ("links", statistics.links.to_string()),
        ("size", size(statistics.bytes)),
    ];
    for (name, number) in numbers {
        text.push_str(&format!("{name:<10} {number:>12}\n"));
    }
    if !statistics.models.is_empty() {
        text.push_str("\nmodels (* searches use it)\n");
        for (row, chunks) in &statistics.models {
            text.push_str(&models::line(row, *chunks, statistics.chunks));
        }
    }
    if !statistics.kinds.is_empty() {
        text.push_str("\ntypes\n");
        for (kind, count) in &statistics.kinds {
            let kind = if kind.is_empty() { "(none)" } else { kind };
            text.push_str(&format!("  {count:>6}  {}\n", escape(kind)));
        }
    }
    text
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1024.0 && unit < 4 {
        value /= 1024.0;
        unit += 1;
    }
    let unit = ["B", "KiB", "MiB", "GiB", "TiB"].get(unit).copied().unwrap_or_default();
    if unit == "B" { format!("{bytes} B") } else { format!("{value:.1} {unit}") }
}
