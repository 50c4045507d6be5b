//! What is done between runs.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::copy::Rows;
use super::fault::Fault;
use super::models::models;
use super::tally::Tally;
use super::vectors::{INDEXED, index_name};
use crate::store::ModelRow;

/// A model with fewer vectors needs no index: comparing with all takes a few milliseconds.
const INDEX_FROM: i64 = 2_000;

/// Neighbours that the index over vectors knows of each one, and how many it chooses them from.
///
/// Measured with `cargo xtask bench store`: 100,000 clustered vectors of 384 numbers. The part of
/// the ten nearest that 200 queries found with 140, 180, 220 and 300 in sight was 0.947, 0.961,
/// 0.976 and 0.988 with 24 and 200, and 0.964, 0.979, 0.989 and 0.996 with 32 and 200, in about
/// the same time; with 24 and 128 it took 300 for 0.958. The index is built in two minutes; a
/// model takes most of an hour for so many vectors.
const LINKS: u32 = 32;
const CONSTRUCTION: u32 = 200;

/// Takes out what no chunk needs, renews what is known of terms, and makes indexes over
/// vectors where there are many by now.
///
/// An index is made here and not with the model: one over vectors that are there is made
/// several times as fast as one that learns of them one by one.
///
/// It needs two connections, as it does two things at once where there is much to do.
pub(super) async fn tidy(
    mut connection: PgConnection,
    mut other: PgConnection,
    tally: &Tally,
) -> Result<(), Fault> {
    let (chunks, changed, tidy): (i64, i64, bool) =
        sqlx::query_as("SELECT chunks, changed, tidy FROM corpus")
            .fetch_one(&mut connection)
            .await?;
    if !tidy {
        let mut transaction = connection.begin().await?;
        transaction.execute("DELETE FROM retired_chunks").await?;
        transaction
            .execute(
                "DELETE FROM embeddings AS e
                WHERE NOT EXISTS (
                    SELECT FROM doc_chunks AS c WHERE c.content_hash = e.content_hash
                )",
            )
            .await?;
        // Last, as in every write: two who wait for each other's rows would wait for ever.
        transaction.execute("UPDATE corpus SET tidy = true").await?;
        transaction.commit().await?;
    }
    // Frequencies of terms hardly change with a few chunks, and cost a look at all.
    if changed > 0 && changed.saturating_mul(20) >= chunks {
        // Most of it is new: made as a whole, the index is made in half the time of sorting in.
        let anew = changed.saturating_mul(2) >= chunks;
        let indexed = index_terms(&mut connection, anew);
        let counted = async {
            count_terms(&mut other, tally).await?;
            // What the planner and the indexes know: of rows that came, and of those that went.
            other.execute("VACUUM (ANALYZE) doc_chunks, docs_meta, term_statistics").await?;
            Ok(())
        };
        tokio::try_join!(indexed, counted)?;
        // Where nothing ever went there is nothing to clean, and no search reads the index alone.
        let statement =
            if changed == chunks { "ANALYZE chunk_terms" } else { "VACUUM (ANALYZE) chunk_terms" };
        connection.execute(statement).await?;
    } else if changed > 0 {
        index_terms(&mut connection, false).await?;
        // New entries of full text are in a list that every search goes through.
        connection.execute("SELECT gin_clean_pending_list('chunk_terms_terms'::regclass)").await?;
    } else if chunks > 0 {
        // Somebody may have taken it out.
        index_terms(&mut connection, false).await?;
    }
    for model in models(&mut connection).await? {
        index(&mut connection, &model).await?;
    }
    other.close().await?;
    connection.close().await?;
    Ok(())
}

/// Makes the index over terms if it is not there; `anew` also if it is.
///
/// New entries go into a list of the index first, here of up to 64 MB, which the next tidying
/// sorts in: by and by that takes three times as long as all the rest of writing.
async fn index_terms(connection: &mut PgConnection, anew: bool) -> Result<(), Fault> {
    connection.execute("SELECT set_config('maintenance_work_mem', '256MB', false)").await?;
    let there: bool = sqlx::query_scalar("SELECT to_regclass('chunk_terms_terms') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        connection
            .execute(
                "CREATE INDEX IF NOT EXISTS chunk_terms_terms ON chunk_terms
                USING gin (terms) WITH (gin_pending_list_limit = 65536)",
            )
            .await?;
    } else if anew {
        connection.execute("REINDEX INDEX chunk_terms_terms").await?;
    }
    Ok(())
}

async fn count_terms(connection: &mut PgConnection, tally: &Tally) -> Result<(), Fault> {
    if take_terms(connection, tally).await? {
        return Ok(());
    }
    let mut transaction = connection.begin().await?;
    let begun: i64 =
        sqlx::query_scalar("SELECT changed FROM corpus").fetch_one(&mut *transaction).await?;
    transaction
        .execute(
            "WITH counted AS MATERIALIZED (
                SELECT word, ndoc FROM ts_stat('SELECT terms FROM chunk_terms')
            ),
            gone AS (
                DELETE FROM term_statistics AS s
                WHERE NOT EXISTS (SELECT FROM counted WHERE word = s.term)
            )
            INSERT INTO term_statistics AS s (term, chunks)
            SELECT word, ndoc FROM counted
            ORDER BY word
            ON CONFLICT (term) DO UPDATE SET chunks = excluded.chunks
            WHERE s.chunks <> excluded.chunks",
        )
        .await?;
    sqlx::query("UPDATE corpus SET changed = changed - $1")
        .bind(begun)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Keeps the terms that were counted while an empty database was filled, if that is how it
/// came to be: no terms were kept yet, so `changed` is of all chunks that ever came or went; as
/// many are there, so none went; and so many are in the tally, so nobody else brought any.
async fn take_terms(connection: &mut PgConnection, tally: &Tally) -> Result<bool, Fault> {
    let (chunks, changed): (i64, i64) =
        sqlx::query_as("SELECT chunks, changed FROM corpus").fetch_one(&mut *connection).await?;
    if chunks != changed || !tally.knows(chunks) {
        return Ok(false);
    }
    let mut transaction = connection.begin().await?;
    // From here on nothing changes: every writer comes by here, and so does another tidying.
    let (chunks, changed): (i64, i64) =
        sqlx::query_as("SELECT chunks, changed FROM corpus FOR UPDATE")
            .fetch_one(&mut *transaction)
            .await?;
    let kept: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM term_statistics)")
        .fetch_one(&mut *transaction)
        .await?;
    if kept || chunks != changed {
        return Ok(false);
    }
    let Some(terms) = tally.take(chunks) else { return Ok(false) };
    let mut rows = Rows::new();
    for (term, chunks) in &terms {
        rows.row(2);
        rows.text(term);
        rows.bigint(*chunks);
    }
    let copy = "COPY term_statistics (term, chunks) FROM STDIN (FORMAT BINARY)";
    rows.send(&mut transaction, copy).await?;
    transaction.execute("UPDATE corpus SET changed = 0").await?;
    transaction.commit().await?;
    Ok(true)
}

/// Makes the index over the vectors of a model, if it is worth it.
async fn index(connection: &mut PgConnection, model: &ModelRow) -> Result<(), Fault> {
    let dimensions = model.description.dimensions;
    let name = index_name(model.id);
    let (there, many): (bool, i64) = sqlx::query_as(
        "SELECT
            to_regclass($1) IS NOT NULL,
            (SELECT count(*) FROM (
                SELECT FROM embeddings WHERE model = $2 LIMIT $3
            ) AS few)",
    )
    .bind(&name)
    .bind(model.id.0)
    .bind(INDEX_FROM)
    .fetch_one(&mut *connection)
    .await?;
    if there || many < INDEX_FROM || dimensions > INDEXED {
        return Ok(());
    }
    let vectors: i64 = sqlx::query_scalar("SELECT count(*) FROM embeddings WHERE model = $1")
        .bind(model.id.0)
        .fetch_one(&mut *connection)
        .await?;
    // An index that fits into memory while it is made is made much faster; what is beyond
    // is made all the same.
    let bytes = vectors.saturating_mul(i64::try_from(dimensions).unwrap_or(i64::MAX) * 2 + 900);
    let megabytes = (bytes / 1_000_000 + 16).clamp(64, 1_024);
    sqlx::query("SELECT set_config('maintenance_work_mem', $1, false)")
        .bind(format!("{megabytes}MB"))
        .execute(&mut *connection)
        .await?;
    let statement = format!(
        "CREATE INDEX IF NOT EXISTS {name} ON embeddings
        USING hnsw ((embedding::halfvec({dimensions})) halfvec_cosine_ops)
        WITH (m = {LINKS}, ef_construction = {CONSTRUCTION})
        WHERE model = {}",
        model.id.0
    );
    // Nothing but names and numbers of ours.
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
    connection.execute("VACUUM (ANALYZE) embeddings").await?;
    Ok(())
}
