//! Documents, written and taken out.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use sha2::{Digest as _, Sha256};
use sqlx::{PgConnection, Row as _};

use super::copy::Rows;
use super::fault::Fault;
use super::lexical::Lexemes;
use super::tally::Terms;
use super::vectors::list;
use crate::chunk::ContentHash;
use crate::store::decode::Columns as _;
use crate::store::{ChunkRow, ChunkWrite, DocumentWrite, Link, Removed, Written};

/// A chunk that is in the database.
#[derive(Clone, Copy)]
struct Old {
    id: i64,
    document: i64,
    shape: i64,
    /// Of its terms; none if they are missing.
    terms: Option<i64>,
}

/// A chunk that will be.
struct New<'w> {
    id: Option<i64>,
    document: i64,
    shape: i64,
    chunk: &'w ChunkWrite,
    /// `None` until they are needed.
    lexemes: Option<Lexemes<'w>>,
    /// What there is of it.
    old: Option<Old>,
}

impl<'w> New<'w> {
    /// Its terms, read if they have not been.
    fn read_terms(&mut self) -> &Lexemes<'w> {
        let ChunkWrite { heading_terms, body_terms, .. } = self.chunk;
        self.lexemes.get_or_insert_with(|| Lexemes::of(heading_terms, body_terms))
    }

    /// Whether its row is there already.
    fn has_row(&self) -> bool {
        self.old.is_some_and(|old| old.document == self.document && old.shape == self.shape)
    }

    /// Whether its terms are there already. Those of a chunk that was there have to be read.
    fn has_terms(&self) -> bool {
        let digest = self.lexemes.as_ref().map(Lexemes::digest);
        self.old.is_some_and(|old| {
            old.document == self.document && old.terms.is_some() && old.terms == digest
        })
    }
}

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
    let mut new: Vec<New<'w>> = Vec::new();
    for (path, write) in &documents {
        let Some(document) = ids.of(path) else { continue };
        new.extend(write.chunks.iter().map(|chunk| New {
            id: None,
            document,
            shape: shape(&chunk.row),
            chunk,
            lexemes: None,
            old: None,
        }));
    }
    let mut there = chunks_of(connection, &ids.known()).await?;
    keep_numbers(&mut new, &mut there);
    let added = take_numbers(connection, &mut new).await?;
    let written = Written {
        chunks_added: added,
        chunks_kept: new.len() as u64 - added,
        chunks_removed: there.values().map(|chunks| chunks.len() as u64).sum(),
    };
    let (sums, came) = replace_chunks(connection, &mut new, &there, counting).await?;
    put_links(connection, &documents, &ids).await?;
    note(connection, sums).await?;
    Ok((written, came))
}

/// How many chunks came, with their terms.
type Came<'w> = (i64, Terms<'w>);

/// Numbers of documents by path, each with whether it is new.
struct Numbers(HashMap<String, (i64, bool)>);

impl Numbers {
    fn of(&self, path: &str) -> Option<i64> {
        self.0.get(path).map(|(number, _)| *number)
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

/// The chunks of documents, by content, in order.
async fn chunks_of(
    connection: &mut PgConnection,
    documents: &[i64],
) -> Result<HashMap<ContentHash, VecDeque<Old>>, sqlx::Error> {
    if documents.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query(
        "SELECT c.id, c.document, c.shape, c.content_hash, t.digest
        FROM doc_chunks AS c
        LEFT JOIN chunk_terms AS t ON t.chunk = c.id AND t.document = c.document
        WHERE c.document = ANY ($1)
        ORDER BY c.document, c.ordinal",
    )
    .bind(documents)
    .fetch_all(connection)
    .await?;
    let mut there: HashMap<ContentHash, VecDeque<Old>> = HashMap::new();
    for row in &rows {
        there.entry(row.hash("content_hash")?).or_default().push_back(Old {
            id: row.try_get("id")?,
            document: row.try_get("document")?,
            shape: row.try_get("shape")?,
            terms: row.try_get("digest")?,
        });
    }
    Ok(there)
}

/// Gives new chunks the numbers of old ones of their content, and takes these out of `there`:
/// first those of the same document, then those of others.
fn keep_numbers(new: &mut [New<'_>], there: &mut HashMap<ContentHash, VecDeque<Old>>) {
    for same in [true, false] {
        for chunk in new.iter_mut().filter(|chunk| chunk.id.is_none()) {
            let Some(olds) = there.get_mut(&chunk.chunk.row.hash) else { continue };
            let fits = |old: &Old| !same || old.document == chunk.document;
            let Some(at) = olds.iter().position(fits) else { continue };
            if let Some(old) = olds.remove(at) {
                chunk.id = Some(old.id);
                chunk.old = Some(old);
            }
        }
    }
}

/// Gives the others numbers: those of chunks that were taken out since the last tidying, else
/// new ones; tells how many are new.
async fn take_numbers(
    connection: &mut PgConnection,
    new: &mut [New<'_>],
) -> Result<u64, sqlx::Error> {
    let wanted: HashSet<ContentHash> =
        new.iter().filter(|chunk| chunk.id.is_none()).map(|chunk| chunk.chunk.row.hash).collect();
    if wanted.is_empty() {
        return Ok(0);
    }
    let rows = sqlx::query(
        "SELECT id, content_hash
        FROM retired_chunks
        WHERE content_hash = ANY ($1)
        ORDER BY id
        FOR UPDATE",
    )
    .bind(list(&wanted))
    .fetch_all(&mut *connection)
    .await?;
    let mut retired: HashMap<ContentHash, VecDeque<i64>> = HashMap::new();
    for row in &rows {
        retired.entry(row.hash("content_hash")?).or_default().push_back(row.try_get("id")?);
    }
    let mut back = Vec::new();
    let mut missing = 0_i64;
    for chunk in new.iter_mut().filter(|chunk| chunk.id.is_none()) {
        chunk.id = retired.get_mut(&chunk.chunk.row.hash).and_then(VecDeque::pop_front);
        match chunk.id {
            Some(id) => back.push(id),
            None => missing += 1,
        }
    }
    if !back.is_empty() {
        sqlx::query("DELETE FROM retired_chunks WHERE id = ANY ($1)")
            .bind(back)
            .execute(&mut *connection)
            .await?;
    }
    // The sequence is looked up once, and its numbers are one value.
    let fresh: Vec<i64> = sqlx::query_scalar(
        "SELECT ARRAY(
            SELECT nextval(s.name)
            FROM (SELECT pg_get_serial_sequence('doc_chunks', 'id')::regclass OFFSET 0) AS s (name)
            CROSS JOIN generate_series(1, $1)
        )",
    )
    .bind(missing)
    .fetch_one(connection)
    .await?;
    let added = fresh.len() as u64;
    let mut fresh = fresh.into_iter();
    for chunk in new.iter_mut().filter(|chunk| chunk.id.is_none()) {
        chunk.id = fresh.next();
    }
    Ok(added)
}

/// By how much the sums over all chunks change.
#[derive(Default)]
struct Sums {
    chunks: i64,
    length: i64,
    changed: i64,
}

/// Takes out what is gone or changed, and puts in what is new or changed. If nothing but new
/// chunks came, and it is to count, it gives their terms, too.
///
/// While the server takes one part in, the next one is made ready.
async fn replace_chunks<'w>(
    connection: &mut PgConnection,
    new: &mut [New<'w>],
    gone: &HashMap<ContentHash, VecDeque<Old>>,
    counting: bool,
) -> Result<(Sums, Option<Came<'w>>), Fault> {
    let gone: Vec<i64> = gone.values().flatten().map(|old| old.id).collect();
    for chunk in new.iter_mut().filter(|chunk| chunk.old.is_some()) {
        chunk.read_terms();
    }
    let changed = |same: fn(&New<'w>) -> bool| -> Vec<i64> {
        let changed = new.iter().filter(|chunk| chunk.old.is_some() && !same(chunk));
        changed.filter_map(|chunk| chunk.id).chain(gone.iter().copied()).collect()
    };
    let old_rows = changed(New::has_row);
    let old_terms = changed(New::has_terms);
    let mut sums = Sums::default();
    if !old_terms.is_empty() {
        let (chunks, length): (i64, i64) = sqlx::query_as(
            "WITH gone AS (DELETE FROM chunk_terms WHERE chunk = ANY ($1) RETURNING length)
            SELECT count(*), coalesce(sum(length), 0)::bigint FROM gone",
        )
        .bind(old_terms)
        .fetch_one(&mut *connection)
        .await?;
        sums.chunks -= chunks;
        sums.length -= length;
        sums.changed += chunks;
    }
    if !old_rows.is_empty() {
        sqlx::query(
            "WITH gone AS (
                DELETE FROM doc_chunks WHERE id = ANY ($1) RETURNING id, content_hash
            )
            INSERT INTO retired_chunks (id, content_hash)
            SELECT id, content_hash FROM gone WHERE id = ANY ($2)",
        )
        .bind(old_rows)
        .bind(&gone)
        .execute(&mut *connection)
        .await?;
    }
    let mut rows = Rows::new();
    for chunk in new.iter().filter(|chunk| !chunk.has_row()) {
        if let Some(id) = chunk.id {
            put_row(&mut rows, id, chunk);
        }
    }
    let copy = "COPY doc_chunks (
            id, document, first_byte, end_byte, shape, ordinal, first_line, last_line, tokens,
            content_hash, kind, language, heading_path, lead, chunk_text
        ) FROM STDIN (FORMAT BINARY)";
    let (sent, terms) =
        tokio::join!(rows.send(&mut *connection, copy), put_terms(&mut *new, &mut sums));
    sent?;
    let copy =
        "COPY chunk_terms (chunk, document, digest, length, terms) FROM STDIN (FORMAT BINARY)";
    let counting = counting && sums.chunks == sums.changed && sums.chunks > 0;
    let (sent, came) = tokio::join!(terms.send(connection, copy), count(new, counting));
    sent?;
    let came = came.map(|terms| (sums.chunks, terms));
    Ok((sums, came))
}

/// So many chunks are made ready between two looks at whether the server takes more.
const AT_A_TIME: usize = 32;

/// Makes rows of the terms that are new or changed.
async fn put_terms(new: &mut [New<'_>], sums: &mut Sums) -> Rows {
    let mut rows = Rows::new();
    for some in new.chunks_mut(AT_A_TIME) {
        for chunk in some {
            let (Some(id), document) = (chunk.id, chunk.document) else { continue };
            if chunk.has_terms() {
                continue;
            }
            let lexemes = chunk.read_terms();
            rows.row(5);
            rows.bigint(id);
            rows.bigint(document);
            rows.bigint(lexemes.digest());
            rows.integer(lexemes.length());
            rows.tsvector(lexemes.weighted());
            sums.chunks += 1;
            sums.length += i64::from(lexemes.length());
            sums.changed += 1;
        }
        tokio::task::yield_now().await;
    }
    rows
}

/// Counts the terms of chunks that had none.
async fn count<'w>(new: &[New<'w>], counting: bool) -> Option<Terms<'w>> {
    if !counting {
        return None;
    }
    let mut terms = Terms::default();
    for some in new.chunks(AT_A_TIME) {
        for chunk in some.iter().filter(|chunk| chunk.old.is_none_or(|old| old.terms.is_none())) {
            for (term, _) in chunk.lexemes.iter().flat_map(Lexemes::weighted) {
                *terms.entry(*term).or_default() += 1;
            }
        }
        tokio::task::yield_now().await;
    }
    Some(terms)
}

fn put_row(rows: &mut Rows, id: i64, chunk: &New<'_>) {
    let row = &chunk.chunk.row;
    rows.row(15);
    rows.bigint(id);
    rows.bigint(chunk.document);
    rows.bigint(i64::try_from(row.start).unwrap_or(i64::MAX));
    rows.bigint(i64::try_from(row.end).unwrap_or(i64::MAX));
    rows.bigint(chunk.shape);
    rows.integer(row.ordinal);
    rows.integer(row.first_line);
    rows.integer(row.last_line);
    rows.integer(row.tokens);
    rows.bytes(row.hash.as_bytes());
    rows.text(&row.kind);
    rows.text(&row.language);
    rows.texts(&row.heading_path);
    rows.text(&row.lead);
    rows.text(&row.text);
}

/// A digest of everything that is kept of a chunk but its terms. Texts go in with their
/// lengths, so that no two rows are one text.
fn shape(row: &ChunkRow) -> i64 {
    let mut hasher = Sha256::new();
    let mut text = |text: &str| {
        hasher.update(text.len().to_le_bytes());
        hasher.update(text);
    };
    row.heading_path.iter().for_each(|heading| text(heading));
    for part in [&row.lead, &row.text, &row.kind, &row.language] {
        text(part);
    }
    hasher.update(row.hash.as_bytes());
    for number in [row.start, row.end] {
        hasher.update(number.to_le_bytes());
    }
    for number in [row.ordinal, row.first_line, row.last_line, row.tokens] {
        hasher.update(number.to_le_bytes());
    }
    first_bytes(&hasher.finalize())
}

/// The first 64 bits of a digest.
pub(super) fn first_bytes(digest: &[u8]) -> i64 {
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
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

/// Keeps the sums over all chunks. It comes last, as every writer waits for the one before.
async fn note(connection: &mut PgConnection, sums: Sums) -> Result<(), sqlx::Error> {
    if sums.changed == 0 {
        return Ok(());
    }
    sqlx::query(
        "UPDATE corpus SET
            chunks = chunks + $1,
            length = length + $2,
            changed = changed + $3,
            tidy = false",
    )
    .bind(sums.chunks)
    .bind(sums.length)
    .bind(sums.changed)
    .execute(connection)
    .await
    .map(|_| ())
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
    let (chunks, length): (i64, i64) = sqlx::query_as(
        "WITH gone AS (DELETE FROM chunk_terms WHERE document = ANY ($1) RETURNING length)
        SELECT count(*), coalesce(sum(length), 0)::bigint FROM gone",
    )
    .bind(&documents)
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query(
        "WITH gone AS (
            DELETE FROM doc_chunks WHERE document = ANY ($1) RETURNING id, content_hash
        )
        INSERT INTO retired_chunks (id, content_hash)
        SELECT id, content_hash FROM gone",
    )
    .bind(&documents)
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM links WHERE document = ANY ($1)")
        .bind(&documents)
        .execute(&mut *connection)
        .await?;
    let removed = sqlx::query("DELETE FROM docs_meta WHERE id = ANY ($1)")
        .bind(&documents)
        .execute(&mut *connection)
        .await?;
    note(connection, Sums { chunks: -chunks, length: -length, changed: chunks }).await?;
    let chunks = u64::try_from(chunks).unwrap_or_default();
    Ok(Removed { documents: removed.rows_affected(), chunks })
}

/// Paths that PostgreSQL can compare: none has NUL in it.
fn keys(paths: &[String]) -> Vec<&str> {
    paths.iter().map(String::as_str).filter(|path| !path.contains('\0')).collect()
}
