//! Vectors of passages.

use std::collections::{BTreeMap, HashMap, HashSet};

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::copy::Rows;
use super::fault::Fault;
use super::models::Shape;
use super::read::CHUNK;
use crate::chunk::ContentHash;
use crate::store::decode::{Columns as _, chunk_row};
use crate::store::{ModelId, Pending};

/// The name of the index over the vectors of a model.
pub(super) fn index_name(model: ModelId) -> String {
    format!("embeddings_model_{}", model.0)
}

/// The most numbers of vectors that pgvector has an index for, in half precision.
pub(super) const INDEXED: usize = 4_000;

/// Hashes as a list of `bytea`.
pub(super) fn list<'h>(hashes: impl IntoIterator<Item = &'h ContentHash>) -> Vec<&'h [u8]> {
    hashes.into_iter().map(|hash| &hash.as_bytes()[..]).collect()
}

pub(super) async fn embedded(
    connection: &mut PgConnection,
    model: ModelId,
    hashes: &[ContentHash],
    store: &str,
) -> Result<HashSet<ContentHash>, Fault> {
    Shape::of(connection, model, store).await?;
    let rows = sqlx::query(
        "SELECT content_hash FROM embeddings WHERE model = $1 AND content_hash = ANY ($2)",
    )
    .bind(model.0)
    .bind(list(hashes))
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| row.hash("content_hash")).collect::<Result<_, _>>()?)
}

pub(super) async fn vectors(
    connection: &mut PgConnection,
    model: ModelId,
    hashes: &[ContentHash],
    store: &str,
) -> Result<HashMap<ContentHash, Vec<f32>>, Fault> {
    Shape::of(connection, model, store).await?;
    let rows = sqlx::query(
        "SELECT content_hash, embedding::real[] AS embedding
        FROM embeddings
        WHERE model = $1 AND content_hash = ANY ($2)",
    )
    .bind(model.0)
    .bind(list(hashes))
    .fetch_all(connection)
    .await?;
    let vector =
        |row: &PgRow| Ok::<_, sqlx::Error>((row.hash("content_hash")?, row.try_get("embedding")?));
    Ok(rows.iter().map(vector).collect::<Result<_, _>>()?)
}

pub(super) async fn pending(
    connection: &mut PgConnection,
    model: ModelId,
    limit: usize,
    store: &str,
) -> Result<Vec<Pending>, Fault> {
    Shape::of(connection, model, store).await?;
    let query = format!(
        "SELECT {CHUNK}
        FROM (
            SELECT content_hash, min(id) AS id
            FROM doc_chunks AS c
            WHERE NOT EXISTS (
                SELECT FROM embeddings AS e
                WHERE e.model = $1 AND e.content_hash = c.content_hash
            )
            GROUP BY content_hash
            ORDER BY content_hash
            LIMIT $2
        ) AS pending
        JOIN doc_chunks AS c ON c.id = pending.id
        ORDER BY c.content_hash"
    );
    // Nothing but constants.
    let rows = sqlx::query(AssertSqlSafe(query))
        .bind(model.0)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    let pending = rows.iter().map(|row| {
        let (_, chunk) = chunk_row(row)?;
        Ok::<_, sqlx::Error>(Pending { hash: chunk.hash, passage: chunk.passage() })
    });
    Ok(pending.collect::<Result<_, _>>()?)
}

/// Keeps the vectors of passages that chunks have.
pub(super) async fn add(
    connection: &mut PgConnection,
    model: ModelId,
    vectors: &[(ContentHash, Vec<f32>)],
    store: &str,
) -> Result<(), Fault> {
    let shape = Shape::of(connection, model, store).await?;
    // In the order of the hashes, so that two who add the same wait for each other instead of
    // each for the other.
    let mut wanted = BTreeMap::new();
    for (hash, vector) in vectors {
        shape.check(vector, store)?;
        wanted.insert(*hash, vector);
    }
    if wanted.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "CREATE TEMPORARY TABLE IF NOT EXISTS staged_vectors (
            content_hash BYTEA NOT NULL,
            embedding VECTOR NOT NULL
        ) ON COMMIT DELETE ROWS",
    )
    .execute(&mut *connection)
    .await?;
    let mut rows = Rows::new();
    for (hash, vector) in wanted {
        rows.row(2);
        rows.bytes(hash.as_bytes());
        rows.vector(vector);
    }
    let copy = "COPY pg_temp.staged_vectors (content_hash, embedding) FROM STDIN (FORMAT BINARY)";
    rows.send(connection, copy).await?;
    sqlx::query(
        "INSERT INTO embeddings (model, content_hash, embedding)
        SELECT $1, s.content_hash, s.embedding
        FROM pg_temp.staged_vectors AS s
        WHERE EXISTS (SELECT FROM doc_chunks AS c WHERE c.content_hash = s.content_hash)
        ORDER BY s.content_hash
        ON CONFLICT (model, content_hash) DO UPDATE SET embedding = excluded.embedding",
    )
    .bind(model.0)
    .execute(&mut *connection)
    .await?;
    // Another batch of the same transaction brings its own.
    sqlx::query("DELETE FROM pg_temp.staged_vectors").execute(connection).await?;
    Ok(())
}
