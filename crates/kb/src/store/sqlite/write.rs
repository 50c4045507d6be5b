//! Documents, written and taken out.

use std::collections::{BTreeSet, HashMap, VecDeque};

use sqlx::{Row as _, SqliteConnection};

use super::bulk::{insert, list};
use super::fault::Fault;
use super::read::passages;
use super::tidy::untidy;
use crate::chunk::ContentHash;
use crate::store::{ChunkWrite, DocumentWrite, Link, Removed, Written};

/// Puts documents in place of what is there under their paths. Of several with one path the
/// last one counts.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    documents: &[DocumentWrite],
) -> Result<Written, Fault> {
    let mut last = HashMap::new();
    for (at, document) in documents.iter().enumerate() {
        last.insert(document.document.path.as_str(), at);
    }
    let documents: Vec<_> = documents
        .iter()
        .enumerate()
        .filter(|(at, document)| last.get(document.document.path.as_str()) == Some(at))
        .map(|(_, document)| document)
        .collect();
    untidy(connection).await?;
    let passages = add_passages(connection, &documents).await?;
    let mut old = take_out(connection, last.keys().copied()).await?;
    let ids = add_documents(connection, &documents).await?;
    let (rows, written) = number(connection, &documents, &ids, &passages, &mut old).await?;
    add_chunks(connection, &rows).await?;
    add_links(connection, &documents, &ids).await?;
    Ok(written)
}

/// The number of each passage of `documents`; those that are new get one.
async fn add_passages(
    connection: &mut SqliteConnection,
    documents: &[&DocumentWrite],
) -> Result<HashMap<ContentHash, i64>, sqlx::Error> {
    let wanted: BTreeSet<ContentHash> = documents
        .iter()
        .flat_map(|document| &document.chunks)
        .map(|chunk| chunk.row.hash)
        .collect();
    let mut known = passages(connection, &wanted).await?;
    let next: i64 = sqlx::query_scalar("SELECT coalesce(max(id), 0) + 1 FROM passages")
        .fetch_one(&mut *connection)
        .await?;
    let new: Vec<(i64, ContentHash)> =
        (next..).zip(wanted.into_iter().filter(|hash| !known.contains_key(hash))).collect();
    insert(connection, "INSERT INTO passages (id, hash)", "(?, ?)", &new, |query, (id, hash)| {
        query.bind(id).bind(&hash.as_bytes()[..])
    })
    .await?;
    known.extend(new.into_iter().map(|(id, hash)| (hash, id)));
    Ok(known)
}

/// Numbers of chunks that were taken out.
#[derive(Default)]
struct Old {
    /// By path and passage, those of the document in order.
    own: HashMap<(String, i64), VecDeque<i64>>,
}

/// Takes the chunks and links of documents out, not the documents.
async fn take_out<'p>(
    connection: &mut SqliteConnection,
    paths: impl Iterator<Item = &'p str>,
) -> Result<Old, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT d.path, c.passage, c.id
        FROM docs_meta AS d
        JOIN doc_chunks AS c ON c.document = d.id
        WHERE d.path IN (SELECT value FROM json_each(?))
        ORDER BY c.document, c.ordinal",
    )
    .bind(list(paths))
    .fetch_all(&mut *connection)
    .await?;
    let mut old = Old::default();
    let mut chunks = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.try_get("id")?;
        old.own.entry((row.try_get("path")?, row.try_get("passage")?)).or_default().push_back(id);
        chunks.push(id);
    }
    delete_chunks(connection, &chunks).await?;
    Ok(old)
}

async fn delete_chunks(
    connection: &mut SqliteConnection,
    chunks: &[i64],
) -> Result<(), sqlx::Error> {
    if chunks.is_empty() {
        return Ok(());
    }
    let chunks = list(chunks);
    for statement in [
        "DELETE FROM chunk_terms WHERE rowid IN (SELECT value FROM json_each(?))",
        "DELETE FROM doc_chunks WHERE id IN (SELECT value FROM json_each(?))",
    ] {
        sqlx::query(statement).bind(&chunks).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Adds documents or changes them, and takes out the links that they had; gives their
/// numbers, in order.
async fn add_documents(
    connection: &mut SqliteConnection,
    documents: &[&DocumentWrite],
) -> Result<Vec<i64>, sqlx::Error> {
    let mut ids = Vec::with_capacity(documents.len());
    for DocumentWrite { document, recipe, chunks, .. } in documents {
        let id: i64 = sqlx::query_scalar(
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
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
            RETURNING id",
        )
        .bind(&document.path)
        .bind(&document.doc_id)
        .bind(document.doc_id.to_lowercase())
        .bind(&document.title)
        .bind(&document.kind)
        .bind(&document.status)
        .bind(&document.phase)
        .bind(&document.owner_role)
        .bind(&document.version)
        .bind(&document.updated_at)
        .bind(list(&document.stages))
        .bind(&document.hash)
        .bind(&document.commit)
        .bind(recipe)
        .bind(i64::try_from(chunks.len()).unwrap_or(i64::MAX))
        .fetch_one(&mut *connection)
        .await?;
        ids.push(id);
    }
    sqlx::query("DELETE FROM links WHERE document IN (SELECT value FROM json_each(?))")
        .bind(list(&ids))
        .execute(connection)
        .await?;
    Ok(ids)
}

/// A chunk with its numbers.
struct Numbered<'d> {
    id: i64,
    document: i64,
    passage: i64,
    chunk: &'d ChunkWrite,
}

/// Gives every chunk its number: the one that its passage had in this document; else one
/// that its passage had elsewhere and lost; else a new one.
async fn number<'d>(
    connection: &mut SqliteConnection,
    documents: &[&'d DocumentWrite],
    ids: &[i64],
    passages: &HashMap<ContentHash, i64>,
    old: &mut Old,
) -> Result<(Vec<Numbered<'d>>, Written), sqlx::Error> {
    let mut written = Written::default();
    let mut rows = Vec::new();
    for (document, &id) in documents.iter().zip(ids) {
        for chunk in &document.chunks {
            let passage = passages.get(&chunk.row.hash).copied().unwrap_or_default();
            let own = (document.document.path.clone(), passage);
            let kept = old.own.get_mut(&own).and_then(VecDeque::pop_front);
            rows.push(Numbered { id: kept.unwrap_or_default(), document: id, passage, chunk });
        }
    }
    // What is left over, of these documents and of those that were taken out before.
    let mut lost: HashMap<i64, VecDeque<i64>> = HashMap::new();
    let mut retired_now = Vec::new();
    let mut left: Vec<_> = std::mem::take(&mut old.own).into_iter().collect();
    left.sort_unstable();
    for ((_, passage), chunks) in left {
        retired_now.extend(chunks.iter().map(|&id| (id, passage)));
        lost.entry(passage).or_default().extend(chunks);
    }
    written.chunks_removed = retired_now.len() as u64;
    let missing = || rows.iter().filter(|row| row.id == 0);
    let wanted: BTreeSet<i64> = missing().map(|row| row.passage).collect();
    let retired: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT r.passage, r.id
        FROM json_each(?) AS wanted
        JOIN retired_chunks AS r ON r.passage = wanted.value
        ORDER BY r.id",
    )
    .bind(list(&wanted))
    .fetch_all(&mut *connection)
    .await?;
    for (passage, id) in retired {
        lost.entry(passage).or_default().push_back(id);
    }
    let mut next: i64 = sqlx::query_scalar("SELECT next FROM counters WHERE name = 'doc_chunks'")
        .fetch_one(&mut *connection)
        .await?;
    let first = next;
    let mut found = BTreeSet::new();
    for row in &mut rows {
        if row.id != 0 {
            written.chunks_kept += 1;
        } else if let Some(id) = lost.get_mut(&row.passage).and_then(VecDeque::pop_front) {
            row.id = id;
            found.insert(id);
            written.chunks_kept += 1;
        } else {
            row.id = next;
            next += 1;
            written.chunks_added += 1;
        }
    }
    if next > first {
        sqlx::query("UPDATE counters SET next = ? WHERE name = 'doc_chunks'")
            .bind(next)
            .execute(&mut *connection)
            .await?;
    }
    let before = retired_now.len();
    retired_now.retain(|(id, _)| !found.contains(id));
    written.chunks_removed -= (before - retired_now.len()) as u64;
    if !found.is_empty() {
        sqlx::query("DELETE FROM retired_chunks WHERE id IN (SELECT value FROM json_each(?))")
            .bind(list(&found))
            .execute(&mut *connection)
            .await?;
    }
    retire(connection, &retired_now).await?;
    Ok((rows, written))
}

/// Remembers numbers that chunks had, with their passages.
async fn retire(
    connection: &mut SqliteConnection,
    chunks: &[(i64, i64)],
) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO retired_chunks (id, passage)";
    insert(connection, head, "(?, ?)", chunks, |query, (id, passage)| query.bind(id).bind(passage))
        .await
}

async fn add_chunks(
    connection: &mut SqliteConnection,
    rows: &[Numbered<'_>],
) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO doc_chunks (
        id,
        document,
        ordinal,
        passage,
        first_byte,
        end_byte,
        first_line,
        last_line,
        tokens,
        kind,
        language,
        heading_path,
        lead,
        chunk_text
    )";
    let columns = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    insert(connection, head, columns, rows, |query, numbered| {
        let row = &numbered.chunk.row;
        query
            .bind(numbered.id)
            .bind(numbered.document)
            .bind(row.ordinal)
            .bind(numbered.passage)
            .bind(signed(row.start))
            .bind(signed(row.end))
            .bind(row.first_line)
            .bind(row.last_line)
            .bind(row.tokens)
            .bind(&row.kind)
            .bind(&row.language)
            .bind(list(&row.heading_path))
            .bind(&row.lead)
            .bind(&row.text)
    })
    .await?;
    let head = "INSERT INTO chunk_terms (rowid, headings, body)";
    insert(connection, head, "(?, ?, ?)", rows, |query, numbered| {
        query.bind(numbered.id).bind(&numbered.chunk.heading_terms).bind(&numbered.chunk.body_terms)
    })
    .await
}

/// SQLite has signed numbers only. No file is that long.
fn signed(offset: u64) -> i64 {
    offset.try_into().unwrap_or(i64::MAX)
}

async fn add_links(
    connection: &mut SqliteConnection,
    documents: &[&DocumentWrite],
    ids: &[i64],
) -> Result<(), sqlx::Error> {
    let links: Vec<(i64, &Link)> = documents
        .iter()
        .zip(ids)
        .flat_map(|(document, &id)| {
            let links: BTreeSet<&Link> = document.links.iter().collect();
            links.into_iter().map(move |link| (id, link))
        })
        .collect();
    let head = "INSERT INTO links (document, from_kind, from_key, relation, to_kind, to_key)";
    insert(connection, head, "(?, ?, ?, ?, ?, ?)", &links, |query, (document, link)| {
        query
            .bind(document)
            .bind(link.from.kind.as_str())
            .bind(&link.from.key)
            .bind(&link.relation)
            .bind(link.to.kind.as_str())
            .bind(&link.to.key)
    })
    .await
}

/// Notes the commit at which documents were seen.
pub(super) async fn touch(
    connection: &mut SqliteConnection,
    paths: &[String],
    commit: &str,
) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE docs_meta
        SET commit_sha = ?1
        WHERE path IN (SELECT value FROM json_each(?2)) AND commit_sha <> ?1",
    )
    .bind(commit)
    .bind(list(paths))
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes documents out; the numbers of their chunks are remembered until the next
/// [`tidy`](super::tidy::tidy).
pub(super) async fn remove(
    connection: &mut SqliteConnection,
    paths: &[String],
) -> Result<Removed, Fault> {
    untidy(connection).await?;
    let old = take_out(connection, paths.iter().map(String::as_str)).await?;
    let mut retired: Vec<_> = old
        .own
        .into_iter()
        .flat_map(|((_, passage), ids)| ids.into_iter().map(move |id| (id, passage)))
        .collect();
    retired.sort_unstable();
    retire(connection, &retired).await?;
    let gone = sqlx::query("DELETE FROM docs_meta WHERE path IN (SELECT value FROM json_each(?))")
        .bind(list(paths))
        .execute(connection)
        .await?;
    Ok(Removed { documents: gone.rows_affected(), chunks: retired.len() as u64 })
}
