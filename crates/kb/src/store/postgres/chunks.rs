//! Chunks of documents and their terms: which numbers they keep, what is written and what goes.

use std::collections::{HashMap, HashSet, VecDeque};

use sha2::{Digest as _, Sha256};
use sqlx::{PgConnection, Row as _};

use super::copy::Rows;
use super::fault::Fault;
use super::lexical::Lexemes;
use super::tally::Terms;
use super::vectors::list;
use crate::chunk::ContentHash;
use crate::store::decode::Columns as _;
use crate::store::{ChunkRow, ChunkWrite, Written};

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

/// By how much the sums over all chunks change.
#[derive(Default)]
pub(super) struct Sums {
    pub(super) chunks: i64,
    length: i64,
    changed: i64,
}

/// How many chunks came, with their terms.
pub(super) type Came<'w> = (i64, Terms<'w>);

/// Puts chunks, each with the number of its document, in place of those that the documents
/// `known` have.
///
/// If terms are to be counted and nothing but new chunks came, gives these, too.
pub(super) async fn replace<'w>(
    connection: &mut PgConnection,
    chunks: Vec<(i64, &'w ChunkWrite)>,
    known: &[i64],
    counting: bool,
) -> Result<(Written, Sums, Option<Came<'w>>), Fault> {
    let new = chunks.into_iter().map(|(document, chunk)| New {
        id: None,
        document,
        shape: shape(&chunk.row),
        chunk,
        lexemes: None,
        old: None,
    });
    let mut new: Vec<New<'w>> = new.collect();
    let mut there = chunks_of(connection, known).await?;
    keep_numbers(&mut new, &mut there);
    let added = take_numbers(connection, &mut new).await?;
    let written = Written {
        chunks_added: added,
        chunks_kept: new.len() as u64 - added,
        chunks_removed: there.values().map(|chunks| chunks.len() as u64).sum(),
    };
    let (sums, came) = exchange(connection, &mut new, &there, counting).await?;
    Ok((written, sums, came))
}

/// Takes out all chunks of documents.
pub(super) async fn remove(
    connection: &mut PgConnection,
    documents: &[i64],
) -> Result<Sums, sqlx::Error> {
    let (chunks, length): (i64, i64) = sqlx::query_as(
        "WITH gone AS (DELETE FROM chunk_terms WHERE document = ANY ($1) RETURNING length)
        SELECT count(*), coalesce(sum(length), 0)::bigint FROM gone",
    )
    .bind(documents)
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query(
        "WITH gone AS (
            DELETE FROM doc_chunks WHERE document = ANY ($1) RETURNING id, content_hash
        )
        INSERT INTO retired_chunks (id, content_hash)
        SELECT id, content_hash FROM gone",
    )
    .bind(documents)
    .execute(connection)
    .await?;
    Ok(Sums { chunks: -chunks, length: -length, changed: chunks })
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

/// Takes out what is gone or changed, and puts in what is new or changed. If nothing but new
/// chunks came, and it is to count, it gives their terms, too.
///
/// While the server takes one part in, the next one is made ready.
async fn exchange<'w>(
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

/// Keeps the sums over all chunks. It comes last, as every writer waits for the one before.
pub(super) async fn note(connection: &mut PgConnection, sums: Sums) -> Result<(), sqlx::Error> {
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
