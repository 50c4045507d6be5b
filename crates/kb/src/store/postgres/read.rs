//! Rows, read.

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::fault::Fault;
use crate::chunk::ContentHash;
use crate::store::{ChunkId, ChunkRow, DocumentRow, DocumentState};

/// What [`chunk_row`] reads of `doc_chunks AS c`.
pub(super) const CHUNK: &str = "
    c.id AS chunk_id,
    c.ordinal,
    c.content_hash,
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

/// What [`document_row`] reads of `docs_meta AS d`.
pub(super) const DOCUMENT: &str = "
    d.path,
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

pub(super) fn chunk_row(row: &PgRow) -> Result<(ChunkId, ChunkRow), sqlx::Error> {
    Ok((
        ChunkId(row.try_get("chunk_id")?),
        ChunkRow {
            ordinal: small(row, "ordinal")?,
            hash: hash(row, "content_hash")?,
            heading_path: row.try_get("heading_path")?,
            lead: row.try_get("lead")?,
            text: row.try_get("chunk_text")?,
            start: unsigned(row, "first_byte")?,
            end: unsigned(row, "end_byte")?,
            first_line: small(row, "first_line")?,
            last_line: small(row, "last_line")?,
            kind: row.try_get("chunk_kind")?,
            language: row.try_get("language")?,
            tokens: small(row, "tokens")?,
        },
    ))
}

pub(super) fn document_row(row: &PgRow) -> Result<DocumentRow, sqlx::Error> {
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
        stages: row.try_get("stages")?,
        hash: row.try_get("hash")?,
        commit: row.try_get("commit_sha")?,
    })
}

pub(super) fn hash(row: &PgRow, column: &str) -> Result<ContentHash, sqlx::Error> {
    let bytes: [u8; 32] = row.try_get(column)?;
    Ok(ContentHash::from_bytes(bytes))
}

fn unsigned(row: &PgRow, column: &str) -> Result<u64, sqlx::Error> {
    let number: i64 = row.try_get(column)?;
    Ok(number.try_into().unwrap_or_default())
}

fn small(row: &PgRow, column: &str) -> Result<u32, sqlx::Error> {
    let number: i32 = row.try_get(column)?;
    Ok(number.try_into().unwrap_or_default())
}

pub(super) async fn documents(connection: &mut PgConnection) -> Result<Vec<DocumentState>, Fault> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT path, hash, recipe FROM docs_meta ORDER BY path")
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(|(path, hash, recipe)| DocumentState { path, hash, recipe }).collect())
}

pub(super) async fn chunk(
    connection: &mut PgConnection,
    id: ChunkId,
) -> Result<Option<(ChunkRow, DocumentRow)>, Fault> {
    let query = format!(
        "SELECT {CHUNK}, {DOCUMENT}
        FROM doc_chunks AS c
        JOIN docs_meta AS d ON d.id = c.document
        WHERE c.id = $1"
    );
    // Nothing but constants.
    let row = sqlx::query(AssertSqlSafe(query)).bind(id.0).fetch_optional(connection).await?;
    Ok(match row {
        Some(row) => Some((chunk_row(&row)?.1, document_row(&row)?)),
        None => None,
    })
}

pub(super) async fn document(
    connection: &mut PgConnection,
    path: &str,
) -> Result<Option<(DocumentRow, Vec<(ChunkId, ChunkRow)>)>, Fault> {
    if path.contains('\0') {
        // PostgreSQL would refuse to compare it.
        return Ok(None);
    }
    let query = format!("SELECT d.id, {DOCUMENT} FROM docs_meta AS d WHERE d.path = $1");
    let row = sqlx::query(AssertSqlSafe(query)).bind(path).fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(None) };
    let query =
        format!("SELECT {CHUNK} FROM doc_chunks AS c WHERE c.document = $1 ORDER BY c.ordinal");
    let id: i64 = row.try_get("id")?;
    let chunks = sqlx::query(AssertSqlSafe(query)).bind(id).fetch_all(connection).await?;
    let chunks = chunks.iter().map(chunk_row).collect::<Result<_, _>>()?;
    Ok(Some((document_row(&row)?, chunks)))
}
