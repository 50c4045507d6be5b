//! Documents, written and taken out with everything that is theirs.

use std::collections::{BTreeMap, HashMap};

use sqlx::PgConnection;

use super::chunks::{self, Came};
use super::copy::Rows;
use super::fault::Fault;
use crate::store::{ChunkWrite, DocumentWrite, Link, Removed, Written};

/// Puts documents in place of what is there under their paths. Of several with one path the
/// last one counts.
///
/// If terms are to be counted and nothing but new chunks came, gives these, too.
pub(super) async fn write<'w>(
    connection: &mut PgConnection,
    documents: &'w [DocumentWrite],
    counting: bool,
) -> Result<(Written, Option<Came<'w>>), Fault> {
    // By path: two who write the same documents wait for each other instead of each for the
    // other.
    let documents: BTreeMap<&str, &'w DocumentWrite> =
        documents.iter().map(|write| (write.document.path.as_str(), write)).collect();
    if documents.is_empty() {
        return Ok((Written::default(), None));
    }
    let ids = put_documents(connection, &documents).await?;
    let chunks = ids.with_chunks(&documents);
    let (written, sums, came) = chunks::replace(connection, chunks, &ids.known(), counting).await?;
    put_links(connection, &documents, &ids).await?;
    chunks::note(connection, sums).await?;
    Ok((written, came))
}

/// Numbers of documents by path, each with whether it is new.
struct Numbers(HashMap<String, (i64, bool)>);

impl Numbers {
    fn of(&self, path: &str) -> Option<i64> {
        self.0.get(path).map(|(number, _)| *number)
    }

    /// The chunks of documents, each with the number of its document.
    fn with_chunks<'w>(
        &self,
        documents: &BTreeMap<&str, &'w DocumentWrite>,
    ) -> Vec<(i64, &'w ChunkWrite)> {
        let mut chunks = Vec::new();
        for (path, write) in documents {
            let Some(document) = self.of(path) else { continue };
            chunks.extend(write.chunks.iter().map(|chunk| (document, chunk)));
        }
        chunks
    }

    /// Of those that were there before: only they can have chunks and links.
    fn known(&self) -> Vec<i64> {
        self.0.values().filter(|(_, new)| !new).map(|(number, _)| *number).collect()
    }
}

/// Adds documents or changes them; gives their numbers. From here on nobody else changes them
/// until the transaction ends.
async fn put_documents(
    connection: &mut PgConnection,
    documents: &BTreeMap<&str, &DocumentWrite>,
) -> Result<Numbers, sqlx::Error> {
    let column = |read: fn(&DocumentWrite) -> &str| -> Vec<String> {
        documents.values().map(|write| read(write).replace('\0', "\u{fffd}")).collect()
    };
    let called: Vec<String> = documents
        .values()
        .map(|write| write.document.doc_id.to_lowercase().replace('\0', "\u{fffd}"))
        .collect();
    // Lists of lists have one length in PostgreSQL, and JSON has no such wish.
    let stages: Vec<serde_json::Value> =
        documents.values().map(|write| write.document.stages.clone().into()).collect();
    let chunks: Vec<i32> = documents
        .values()
        .map(|write| i32::try_from(write.chunks.len()).unwrap_or(i32::MAX))
        .collect();
    // A row that was there is locked by this transaction, which its `xmax` says.
    let rows: Vec<(String, i64, bool)> = sqlx::query_as(
        "INSERT INTO docs_meta (
            path,
            doc_id,
            called,
            title,
            type,
            status,
            phase,
            owner_role,
            version,
            updated_at,
            stages,
            hash,
            commit_sha,
            recipe,
            chunks
        )
        SELECT
            path,
            doc_id,
            called,
            title,
            type,
            status,
            phase,
            owner_role,
            version,
            updated_at,
            ARRAY(SELECT jsonb_array_elements_text(stages)),
            hash,
            commit_sha,
            recipe,
            chunks
        FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::text[], $9::text[], $10::text[], $11::jsonb[], $12::text[], $13::text[],
            $14::text[], $15::int[]
        ) AS d (
            path, doc_id, called, title, type, status, phase, owner_role, version, updated_at,
            stages, hash, commit_sha, recipe, chunks
        )
        ORDER BY path COLLATE \"C\"
        ON CONFLICT (path) DO UPDATE SET
            doc_id = excluded.doc_id,
            called = excluded.called,
            title = excluded.title,
            type = excluded.type,
            status = excluded.status,
            phase = excluded.phase,
            owner_role = excluded.owner_role,
            version = excluded.version,
            updated_at = excluded.updated_at,
            stages = excluded.stages,
            hash = excluded.hash,
            commit_sha = excluded.commit_sha,
            recipe = excluded.recipe,
            chunks = excluded.chunks
        RETURNING path, id, xmax = 0",
    )
    .bind(documents.keys().copied().collect::<Vec<_>>())
    .bind(column(|write| &write.document.doc_id))
    .bind(called)
    .bind(column(|write| &write.document.title))
    .bind(column(|write| &write.document.kind))
    .bind(column(|write| &write.document.status))
    .bind(column(|write| &write.document.phase))
    .bind(column(|write| &write.document.owner_role))
    .bind(column(|write| &write.document.version))
    .bind(column(|write| &write.document.updated_at))
    .bind(stages)
    .bind(column(|write| &write.document.hash))
    .bind(column(|write| &write.document.commit))
    .bind(column(|write| &write.recipe))
    .bind(chunks)
    .fetch_all(connection)
    .await?;
    Ok(Numbers(rows.into_iter().map(|(path, number, new)| (path, (number, new))).collect()))
}

/// Puts the links of documents in place of those that they had.
async fn put_links(
    connection: &mut PgConnection,
    documents: &BTreeMap<&str, &DocumentWrite>,
    ids: &Numbers,
) -> Result<(), sqlx::Error> {
    let known = ids.known();
    if !known.is_empty() {
        sqlx::query("DELETE FROM links WHERE document = ANY ($1)")
            .bind(known)
            .execute(&mut *connection)
            .await?;
    }
    let mut rows = Rows::new();
    for (path, write) in documents {
        let Some(id) = ids.of(path) else { continue };
        for Link { from, relation, to, .. } in &write.links {
            rows.row(6);
            rows.text(from.kind.as_str());
            rows.text(&from.key);
            rows.text(relation);
            rows.text(to.kind.as_str());
            rows.text(&to.key);
            rows.bigint(id);
        }
    }
    let copy = "COPY links (from_kind, from_key, relation, to_kind, to_key, document)
        FROM STDIN (FORMAT BINARY)";
    rows.send(connection, copy).await
}

/// Notes that documents were seen unchanged at a commit.
pub(super) async fn touch(
    connection: &mut PgConnection,
    paths: &[String],
    commit: &str,
) -> Result<(), Fault> {
    sqlx::query("UPDATE docs_meta SET commit_sha = $2 WHERE path = ANY ($1) AND commit_sha <> $2")
        .bind(keys(paths))
        .bind(commit)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes documents out, with everything that is theirs; gives how much was there.
pub(super) async fn remove(
    connection: &mut PgConnection,
    paths: &[String],
) -> Result<Removed, Fault> {
    let documents: Vec<i64> = sqlx::query_scalar(
        "SELECT id FROM docs_meta WHERE path = ANY ($1) ORDER BY path FOR UPDATE",
    )
    .bind(keys(paths))
    .fetch_all(&mut *connection)
    .await?;
    if documents.is_empty() {
        return Ok(Removed::default());
    }
    let sums = chunks::remove(connection, &documents).await?;
    sqlx::query("DELETE FROM links WHERE document = ANY ($1)")
        .bind(&documents)
        .execute(&mut *connection)
        .await?;
    let removed = sqlx::query("DELETE FROM docs_meta WHERE id = ANY ($1)")
        .bind(&documents)
        .execute(&mut *connection)
        .await?;
    let chunks = sums.chunks.unsigned_abs();
    chunks::note(connection, sums).await?;
    Ok(Removed { documents: removed.rows_affected(), chunks })
}

/// Paths that PostgreSQL can compare: none has NUL in it.
fn keys(paths: &[String]) -> Vec<&str> {
    paths.iter().map(String::as_str).filter(|path| !path.contains('\0')).collect()
}
