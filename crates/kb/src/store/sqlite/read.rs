//! Documents and chunks, read.

use std::collections::HashMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::fault::Fault;
use crate::chunk::ContentHash;
use crate::store::decode::{Columns, chunk_row, document_row, document_state, undecodable};
use crate::store::{ChunkId, ChunkRow, DocumentRow, DocumentState};

/// The columns of a chunk `c` with its passage `p`, as [`chunk_row`] reads them.
pub(super) const CHUNK: &str = "c.id AS chunk_id,
    c.ordinal,
    p.hash AS content_hash,
    c.heading_path,
    c.lead,
    c.chunk_text,
    c.first_byte,
    c.end_byte,
    c.first_line,
    c.last_line,
    c.kind AS chunk_kind,
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

impl Columns for SqliteRow {
    fn text(&self, column: &str) -> Result<String, sqlx::Error> {
        self.try_get(column)
    }

    /// They are kept as JSON.
    fn texts(&self, column: &str) -> Result<Vec<String>, sqlx::Error> {
        serde_json::from_str(self.try_get(column)?).map_err(|error| undecodable(column, error))
    }

    fn whole(&self, column: &str) -> Result<Option<i64>, sqlx::Error> {
        self.try_get(column)
    }

    fn real(&self, column: &str) -> Result<f64, sqlx::Error> {
        self.try_get(column)
    }

    fn flag(&self, column: &str) -> Result<bool, sqlx::Error> {
        self.try_get(column)
    }

    fn hash(&self, column: &str) -> Result<ContentHash, sqlx::Error> {
        let bytes: &[u8] = self.try_get(column)?;
        let bytes = bytes.try_into().map_err(|error| undecodable(column, error))?;
        Ok(ContentHash::from_bytes(bytes))
    }
}

pub(super) async fn documents(
    connection: &mut SqliteConnection,
) -> Result<Vec<DocumentState>, Fault> {
    let rows = sqlx::query("SELECT path, hash, recipe FROM docs_meta ORDER BY path");
    Ok(rows.try_map(|row: SqliteRow| document_state(&row)).fetch_all(connection).await?)
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
        .filter(|row| !matches!(row.whole("chunk_id"), Ok(None)))
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
    .try_map(|row: SqliteRow| Ok((row.hash("hash")?, row.number("id")?)))
    .fetch_all(connection)
    .await
    .map(|found| found.into_iter().collect())
}
