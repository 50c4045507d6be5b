//! Rows, read.

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::fault::Fault;
use crate::chunk::ContentHash;
use crate::store::decode::{Columns, chunk_row, document_row, document_state};
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

impl Columns for PgRow {
    fn text(&self, column: &str) -> Result<String, sqlx::Error> {
        self.try_get(column)
    }

    fn texts(&self, column: &str) -> Result<Vec<String>, sqlx::Error> {
        self.try_get(column)
    }

    /// A `BIGINT` or an `INTEGER`.
    fn whole(&self, column: &str) -> Result<Option<i64>, sqlx::Error> {
        let small = |_| self.try_get::<Option<i32>, _>(column).map(|number| number.map(i64::from));
        self.try_get(column).or_else(small)
    }

    fn real(&self, column: &str) -> Result<f64, sqlx::Error> {
        self.try_get(column)
    }

    fn flag(&self, column: &str) -> Result<bool, sqlx::Error> {
        self.try_get(column)
    }

    fn hash(&self, column: &str) -> Result<ContentHash, sqlx::Error> {
        self.try_get(column).map(ContentHash::from_bytes)
    }
}

pub(super) async fn documents(connection: &mut PgConnection) -> Result<Vec<DocumentState>, Fault> {
    let rows = sqlx::query("SELECT path, hash, recipe FROM docs_meta ORDER BY path")
        .fetch_all(connection)
        .await?;
    Ok(rows.iter().map(document_state).collect::<Result<_, _>>()?)
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
