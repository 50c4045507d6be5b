//! Models and the vectors of passages.

use std::collections::{BTreeMap, HashMap, HashSet};

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::bulk::{insert, list};
use super::fault::Fault;
use super::read::{CHUNK, passages};
use super::tidy::untidy;
use super::vectors::{bits_of, from_blob, to_bits, to_blob};
use crate::chunk::ContentHash;
use crate::embed::ModelDescription;
use crate::store::decode::{Columns as _, chunk_row, model_row};
use crate::store::{ModelId, ModelRow, Pending, StoreError};

pub(super) async fn models(connection: &mut SqliteConnection) -> Result<Vec<ModelRow>, Fault> {
    let rows = sqlx::query(
        "SELECT id, name, digest, dimensions, max_tokens, active
        FROM embedding_models
        ORDER BY id",
    );
    Ok(rows.try_map(|row: SqliteRow| model_row(&row)).fetch_all(connection).await?)
}

/// What is needed to keep and compare the vectors of a model.
pub(super) struct Shape {
    pub(super) name: String,
    pub(super) dimensions: usize,
    pub(super) center: Option<Vec<f32>>,
}

impl Shape {
    pub(super) async fn of(
        connection: &mut SqliteConnection,
        model: ModelId,
        store: &str,
    ) -> Result<Self, Fault> {
        let row = sqlx::query("SELECT name, dimensions, center FROM embedding_models WHERE id = ?")
            .bind(model.0)
            .fetch_optional(connection)
            .await?;
        let Some(row) = row else { return Err(unknown(model, store)) };
        let center: Option<Vec<u8>> = row.try_get("center")?;
        Ok(Self {
            name: row.try_get("name")?,
            dimensions: row.number("dimensions")?,
            center: center.as_deref().map(from_blob),
        })
    }

    /// Whether `vector` can be one of this model.
    pub(super) fn check(&self, vector: &[f32], store: &str) -> Result<(), StoreError> {
        if vector.len() != self.dimensions {
            return Err(StoreError::Dimensions {
                model: self.name.clone(),
                expected: self.dimensions,
                found: vector.len(),
            });
        }
        if let Some(number) = vector.iter().find(|number| !number.is_finite()) {
            return Err(StoreError::Database {
                store: store.to_owned(),
                doing: "use a vector",
                reason: format!("`{}` gave {number}, which is no number", self.name),
            });
        }
        Ok(())
    }

    pub(super) fn bits(&self, vector: &[f32]) -> Vec<u8> {
        to_bits(vector, self.center.as_deref())
    }
}

fn unknown(model: ModelId, store: &str) -> Fault {
    StoreError::UnknownModel { store: store.to_owned(), model: model.0.to_string() }.into()
}

/// Adds a model if it is not there, with its table of bits.
pub(super) async fn register(
    connection: &mut SqliteConnection,
    model: &ModelDescription,
) -> Result<ModelId, Fault> {
    let known: Option<(i64, i64)> =
        sqlx::query_as("SELECT id, dimensions FROM embedding_models WHERE name = ? AND digest = ?")
            .bind(&model.name)
            .bind(&model.digest)
            .fetch_optional(&mut *connection)
            .await?;
    if let Some((id, dimensions)) = known {
        let expected = usize::try_from(dimensions).unwrap_or_default();
        if expected != model.dimensions {
            let (model, found) = (model.name.clone(), model.dimensions);
            return Err(StoreError::Dimensions { model, expected, found }.into());
        }
        return Ok(ModelId(id));
    }
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO embedding_models (name, digest, dimensions, max_tokens, distance, active)
        VALUES (?, ?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM embedding_models WHERE active = 1))
        RETURNING id",
    )
    .bind(&model.name)
    .bind(&model.digest)
    .bind(i64::try_from(model.dimensions).unwrap_or(i64::MAX))
    .bind(i64::try_from(model.max_tokens).unwrap_or(i64::MAX))
    .bind(model.distance.as_str())
    .fetch_one(&mut *connection)
    .await?;
    let bits = bits_of(model.dimensions);
    let table = format!("CREATE VIRTUAL TABLE near_{id} USING vec0 (bits bit[{bits}])");
    sqlx::query(AssertSqlSafe(table)).execute(connection).await?;
    Ok(ModelId(id))
}

pub(super) async fn activate(
    connection: &mut SqliteConnection,
    model: ModelId,
    store: &str,
) -> Result<(), Fault> {
    Shape::of(connection, model, store).await?;
    for statement in [
        "UPDATE embedding_models SET active = 0 WHERE active = 1 AND id <> ?",
        "UPDATE embedding_models SET active = 1 WHERE id = ?",
    ] {
        sqlx::query(statement).bind(model.0).execute(&mut *connection).await?;
    }
    Ok(())
}

pub(super) async fn remove(
    connection: &mut SqliteConnection,
    model: ModelId,
    store: &str,
) -> Result<(), Fault> {
    let row: Option<(String, bool)> =
        sqlx::query_as("SELECT name, active FROM embedding_models WHERE id = ?")
            .bind(model.0)
            .fetch_optional(&mut *connection)
            .await?;
    let Some((name, active)) = row else { return Err(unknown(model, store)) };
    if active {
        return Err(StoreError::Database {
            store: store.to_owned(),
            doing: "take out a model",
            reason: format!("searches use `{name}`; let them use another one first"),
        }
        .into());
    }
    // Its vectors go with it.
    sqlx::query("DELETE FROM embedding_models WHERE id = ?")
        .bind(model.0)
        .execute(&mut *connection)
        .await?;
    let table = format!("DROP TABLE IF EXISTS near_{}", model.0);
    sqlx::query(AssertSqlSafe(table)).execute(connection).await?;
    Ok(())
}

pub(super) async fn embedded(
    connection: &mut SqliteConnection,
    model: ModelId,
    hashes: &[ContentHash],
    store: &str,
) -> Result<HashSet<ContentHash>, Fault> {
    Shape::of(connection, model, store).await?;
    let rows = sqlx::query(
        "SELECT p.hash
        FROM json_each(?) AS wanted
        JOIN passages AS p ON p.hash = unhex(wanted.value)
        JOIN embeddings AS e ON e.model = ? AND e.passage = p.id",
    )
    .bind(list(hashes.iter().map(ToString::to_string)))
    .bind(model.0)
    .try_map(|row: SqliteRow| row.hash("hash"))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

pub(super) async fn vectors(
    connection: &mut SqliteConnection,
    model: ModelId,
    hashes: &[ContentHash],
    store: &str,
) -> Result<HashMap<ContentHash, Vec<f32>>, Fault> {
    Shape::of(connection, model, store).await?;
    let rows = sqlx::query(
        "SELECT p.hash, e.vector
        FROM json_each(?) AS wanted
        JOIN passages AS p ON p.hash = unhex(wanted.value)
        JOIN embeddings AS e ON e.model = ? AND e.passage = p.id",
    )
    .bind(list(hashes.iter().map(ToString::to_string)))
    .bind(model.0)
    .try_map(|row: SqliteRow| Ok((row.hash("hash")?, from_blob(row.try_get("vector")?))))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

pub(super) async fn pending(
    connection: &mut SqliteConnection,
    model: ModelId,
    limit: usize,
    store: &str,
) -> Result<Vec<Pending>, Fault> {
    Shape::of(connection, model, store).await?;
    let query = format!(
        "SELECT {CHUNK}
        FROM passages AS p
        JOIN doc_chunks AS c ON c.id = (SELECT min(id) FROM doc_chunks WHERE passage = p.id)
        WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE model = ? AND passage = p.id)
        ORDER BY p.id
        LIMIT ?"
    );
    let rows = sqlx::query(AssertSqlSafe(query))
        .bind(model.0)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .try_map(|row: SqliteRow| chunk_row(&row))
        .fetch_all(connection)
        .await?;
    let pending =
        |chunk: crate::store::ChunkRow| Pending { hash: chunk.hash, passage: chunk.passage() };
    Ok(rows.into_iter().map(|(_, chunk)| pending(chunk)).collect())
}

/// Keeps the vectors of passages that chunks have.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    model: ModelId,
    vectors: &[(ContentHash, Vec<f32>)],
    store: &str,
) -> Result<(), Fault> {
    let shape = Shape::of(connection, model, store).await?;
    for (_, vector) in vectors {
        shape.check(vector, store)?;
    }
    untidy(connection).await?;
    let known = passages(connection, vectors.iter().map(|(hash, _)| hash)).await?;
    let wanted: BTreeMap<i64, &[f32]> = vectors
        .iter()
        .filter_map(|(hash, vector)| Some((*known.get(hash)?, vector.as_slice())))
        .collect();
    // Passages that lost their chunks are not worth a vector.
    let used: Vec<i64> = sqlx::query_scalar(
        "SELECT value
        FROM json_each(?)
        WHERE EXISTS (SELECT 1 FROM doc_chunks WHERE passage = value)
        ORDER BY value",
    )
    .bind(list(wanted.keys()))
    .fetch_all(&mut *connection)
    .await?;
    let rows: Vec<(i64, &[f32])> =
        used.into_iter().filter_map(|id| Some((id, *wanted.get(&id)?))).collect();
    put(connection, model, &shape, &rows).await
}

/// Puts vectors in place of those that passages have.
async fn put(
    connection: &mut SqliteConnection,
    model: ModelId,
    shape: &Shape,
    rows: &[(i64, &[f32])],
) -> Result<(), Fault> {
    insert(
        connection,
        "INSERT OR REPLACE INTO embeddings (model, passage, vector)",
        "(?, ?, ?)",
        rows,
        |query, (passage, vector)| query.bind(model.0).bind(passage).bind(to_blob(vector)),
    )
    .await?;
    let bits: Vec<(i64, Vec<u8>)> =
        rows.iter().map(|(passage, vector)| (*passage, shape.bits(vector))).collect();
    put_bits(connection, model, &bits).await?;
    Ok(())
}

/// Puts bits in place of those that passages have.
pub(super) async fn put_bits(
    connection: &mut SqliteConnection,
    model: ModelId,
    rows: &[(i64, Vec<u8>)],
) -> Result<(), sqlx::Error> {
    delete_bits(connection, model, rows.iter().map(|(passage, _)| *passage)).await?;
    // The table of sqlite-vec takes one row at a time in any case.
    let statement = format!("INSERT INTO near_{} (rowid, bits) VALUES (?, vec_bit(?))", model.0);
    for (passage, bits) in rows {
        sqlx::query(AssertSqlSafe(statement.clone()))
            .bind(passage)
            .bind(bits.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Takes bits out.
pub(super) async fn delete_bits(
    connection: &mut SqliteConnection,
    model: ModelId,
    passages: impl IntoIterator<Item = i64>,
) -> Result<(), sqlx::Error> {
    let statement = format!(
        "DELETE FROM near_{0} WHERE rowid IN (
            SELECT rowid FROM near_{0}_rowids WHERE rowid IN (SELECT value FROM json_each(?))
        )",
        model.0
    );
    sqlx::query(AssertSqlSafe(statement)).bind(list(passages)).execute(connection).await?;
    Ok(())
}
