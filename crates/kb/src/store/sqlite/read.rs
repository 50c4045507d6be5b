//! Documents and chunks, read.

use std::collections::HashMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::fault::Fault;
use crate::chunk::ContentHash;
use crate::store::{ChunkId, ChunkRow, DocumentRow, DocumentState};

/// The columns of a chunk `c` with its passage `p`, as [`chunk_row`] reads them.
pub(super) const CHUNK: &str = "c.id AS chunk,
    c.ordinal,
    p.hash AS passage_hash,
    c.heading_path,
    c.lead,
    c.chunk_text,
    c.first_byte,
    c.end_byte,
    c.first_line,
    c.last_line,
    c.kind,
    c.language,
    c.tokens";

/// The columns of a document `d`, as [`document_row`] reads them.
pub(super) const DOCUMENT: &str = "d.path,
    d.doc_id,
    d.title,
    d.type,
    d.status,
    d.phase,
    d.owner_role,
    d.version,
    d.updated_at,
    d.stages,
    d.hash,
    d.commit_sha";

pub(super) fn chunk_row(row: &SqliteRow) -> Result<(ChunkId, ChunkRow), sqlx::Error> {
    let chunk = ChunkRow {
        ordinal: row.try_get("ordinal")?,
        hash: hash(row, "passage_hash")?,
        heading_path: strings(row, "heading_path")?,
        lead: row.try_get("lead")?,
        text: row.try_get("chunk_text")?,
        start: unsigned(row, "first_byte")?,
        end: unsigned(row, "end_byte")?,
        first_line: row.try_get("first_line")?,
        last_line: row.try_get("last_line")?,
        kind: row.try_get("kind")?,
        language: row.try_get("language")?,
        tokens: row.try_get("tokens")?,
    };
    Ok((ChunkId(row.try_get("chunk")?), chunk))
}

pub(super) fn document_row(row: &SqliteRow) -> Result<DocumentRow, sqlx::Error> {
    Ok(DocumentRow {
        path: row.try_get("path")?,
        doc_id: row.try_get("doc_id")?,
        title: row.try_get("title")?,
        kind: row.try_get("type")?,
        status: row.try_get("status")?,
        phase: row.try_get("phase")?,
        owner_role: row.try_get("owner_role")?,
        version: row.try_get("version")?,
        updated_at: row.try_get("updated_at")?,
        stages: strings(row, "stages")?,
        hash: row.try_get("hash")?,
        commit: row.try_get("commit_sha")?,
    })
}

/// The SHA-256 in a column.
pub(super) fn hash(row: &SqliteRow, column: &str) -> Result<ContentHash, sqlx::Error> {
    let bytes: &[u8] = row.try_get(column)?;
    let bytes = bytes.try_into().map_err(|error| undecodable(column, error))?;
    Ok(ContentHash::from_bytes(bytes))
}

/// A list of texts, kept as JSON.
fn strings(row: &SqliteRow, column: &str) -> Result<Vec<String>, sqlx::Error> {
    serde_json::from_str(row.try_get(column)?).map_err(|error| undecodable(column, error))
}

/// A number that is never negative.
pub(super) fn unsigned(row: &SqliteRow, column: &str) -> Result<u64, sqlx::Error> {
    let number: i64 = row.try_get(column)?;
    number.try_into().map_err(|error| undecodable(column, error))
}

fn undecodable(column: &str, error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(error) }
}

pub(super) async fn documents(
    connection: &mut SqliteConnection,
) -> Result<Vec<DocumentState>, Fault> {
    let rows = sqlx::query("SELECT path, hash, recipe FROM docs_meta ORDER BY path");
    let state = |row: SqliteRow| {
        Ok(DocumentState {
            path: row.try_get("path")?,
            hash: row.try_get("hash")?,
            recipe: row.try_get("recipe")?,
        })
    };
    Ok(rows.try_map(state).fetch_all(connection).await?)
}

pub(super) async fn chunk(
    connection: &mut SqliteConnection,
    id: ChunkId,
) -> Result<Option<(ChunkRow, DocumentRow)>, Fault> {
    let query = format!(
        "SELECT {CHUNK}, {DOCUMENT}
        FROM doc_chunks AS c
        JOIN passages AS p ON p.id = c.passage
        JOIN docs_meta AS d ON d.id = c.document
        WHERE c.id = ?"
    );
    let row = sqlx::query(AssertSqlSafe(query)).bind(id.0).fetch_optional(connection).await?;
    Ok(match row {
        Some(row) => Some((chunk_row(&row)?.1, document_row(&row)?)),
        None => None,
    })
}

/// A document with its chunks, in order.
type Whole = (DocumentRow, Vec<(ChunkId, ChunkRow)>);

pub(super) async fn document(
    connection: &mut SqliteConnection,
    path: &str,
) -> Result<Option<Whole>, Fault> {
    // One statement, so that both are of one moment.
    let query = format!(
        "SELECT {DOCUMENT}, {CHUNK}
        FROM docs_meta AS d
        LEFT JOIN doc_chunks AS c ON c.document = d.id
        LEFT JOIN passages AS p ON p.id = c.passage
        WHERE d.path = ?
        ORDER BY c.ordinal"
    );
    let rows = sqlx::query(AssertSqlSafe(query)).bind(path).fetch_all(connection).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let document = document_row(first)?;
    let chunks = rows
        .iter()
        .filter(|row| !matches!(row.try_get::<Option<i64>, _>("chunk"), Ok(None)))
        .map(chunk_row)
        .collect::<Result<_, _>>()?;
    Ok(Some((document, chunks)))
}

/// The passages that are there, of those with the given hashes.
pub(super) async fn passages(
    connection: &mut SqliteConnection,
    hashes: impl IntoIterator<Item = &ContentHash>,
) -> Result<HashMap<ContentHash, i64>, sqlx::Error> {
    let hashes = super::bulk::list(hashes.into_iter().map(ToString::to_string));
    sqlx::query(
        "SELECT p.hash, p.id
        FROM json_each(?) AS wanted
        JOIN passages AS p ON p.hash = unhex(wanted.value)",
    )
    .bind(hashes)
    .try_map(|row: SqliteRow| Ok((hash(&row, "hash")?, row.try_get("id")?)))
    .fetch_all(connection)
    .await
    .map(|found| found.into_iter().collect())
}
