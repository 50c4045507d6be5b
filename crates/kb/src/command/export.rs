//! `kb export`.

use std::collections::HashMap;
use std::io::Write as _;

use countersign_markup::shown::escape;
use countersign_report::count;
use countersign_report::terminal::{CLEAN, Console, Fault, say};
use serde::Serialize;
use serde_json::{Value, json};

use super::cli::{ExportArguments, Global};
use super::json;
use super::models::named;
use super::root::{Missing, Repository};
use crate::chunk::ContentHash;
use crate::store::{ChunkId, ChunkRow, ModelRow, Store};

/// Chunks whose vectors are read at once: 1 MB of vectors of 1,024 numbers.
const AT_ONCE: usize = 256;

pub(super) async fn run(
    arguments: &ExportArguments,
    global: &Global,
    out: &mut Console,
) -> Result<u8, Fault> {
    let repository = Repository::find(global)?;
    let store = repository.store(global, Missing::Left).await?;
    let model = match arguments.with_vectors {
        true => Some(model(arguments, &*store).await?),
        false => None,
    };
    if let Some(model) = &model {
        let mut description = json::model(model);
        // Indexes of the same documents differ in these, and not in a vector.
        for key in ["id", "active"] {
            description.as_object_mut().map(|object| object.remove(key));
        }
        writeln!(out, "{}", json!({"record": "model", "model": description}))?;
    }
    let mut lacking = 0;
    for state in store.documents().await? {
        // It may have been taken out since.
        let Some((document, chunks)) = store.document(&state.path).await? else { continue };
        writeln!(out, "{}", json!({"record": "document", "document": json::document(&document)}))?;
        for some in chunks.chunks(AT_ONCE) {
            let vectors = match &model {
                Some(model) => Some(vectors(some, model, &*store).await?),
                None => None,
            };
            for (_, chunk) in some {
                let line = Line {
                    chunk: json::chunk(None, chunk),
                    path: &document.path,
                    record: "chunk",
                    vector: vectors.as_ref().map(|vectors| vectors.get(&chunk.hash)),
                };
                lacking += usize::from(matches!(line.vector, Some(None)));
                writeln!(out, "{}", serde_json::to_string(&line)?)?;
            }
        }
    }
    for link in store.links(None).await? {
        writeln!(out, "{}", json!({"record": "link", "link": json::link(&link)}))?;
    }
    if let (Some(model), 1..) = (&model, lacking) {
        let name = escape(&model.description.name);
        let verb = if lacking == 1 { "has" } else { "have" };
        say(&format!(
            "note: {} {verb} no vector of `{name}` yet; `kb index` makes what is missing\n",
            count(lacking, "chunk")
        ));
    }
    Ok(CLEAN)
}

/// A chunk. The numbers of its vector are written as the 32-bit ones that they are: as 64-bit
/// ones, which [`Value`] holds, they would have twice the digits.
#[derive(Serialize)]
struct Line<'l> {
    chunk: Value,
    path: &'l str,
    record: &'static str,
    /// Left out if nobody asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    vector: Option<Option<&'l Vec<f32>>>,
}

/// The model that is meant.
async fn model(arguments: &ExportArguments, store: &dyn Store) -> Result<ModelRow, Fault> {
    let models = store.models().await?;
    if let Some(given) = &arguments.model {
        return Ok(named(given, &models)?.clone());
    }
    models.into_iter().find(|model| model.active).ok_or_else(|| {
        "the index has no vectors: no model has embedded anything; `kb index` does where it finds one"
            .into()
    })
}

async fn vectors(
    chunks: &[(ChunkId, ChunkRow)],
    model: &ModelRow,
    store: &dyn Store,
) -> Result<HashMap<ContentHash, Vec<f32>>, Fault> {
    let hashes: Vec<ContentHash> = chunks.iter().map(|(_, chunk)| chunk.hash).collect();
    Ok(store.vectors(model.id, &hashes).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether programs read it as a 32-bit number, or as a 64-bit one and shorten it.
    #[test]
    fn a_number_reads_back_to_the_same_bits() {
        let below_one = f32::MIN_POSITIVE.to_bits()..=1.0_f32.to_bits();
        for bits in below_one.step_by(100_003).chain([0, 1, 0x8000_0000, 0x007f_ffff]) {
            let number = f32::from_bits(bits);
            let vector = vec![number, -number];
            let line =
                Line { chunk: Value::Null, path: "", record: "", vector: Some(Some(&vector)) };
            let text = serde_json::to_string(&line).unwrap();
            let text = text.split_once('[').unwrap().1.split(',').next().unwrap();
            let (short, long): (f32, f64) = (text.parse().unwrap(), text.parse().unwrap());
            #[expect(clippy::cast_possible_truncation, reason = "it is what readers do")]
            let shortened = long as f32;
            assert_eq!((short.to_bits(), shortened.to_bits()), (bits, bits), "{text}");
        }
    }
}
