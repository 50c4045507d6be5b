//! What is done between runs.

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::bulk::list;
use super::fault::Fault;
use super::models::{delete_bits, models, put_bits};
use super::vectors::{from_blob, to_bits, to_blob};
use crate::store::ModelId;

/// Notes that there will be something to tidy.
pub(super) async fn untidy(connection: &mut SqliteConnection) -> Result<(), Fault> {
    sqlx::query("UPDATE counters SET next = 1 WHERE name = 'untidy' AND next = 0")
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether anything was changed since the last [`tidy`].
pub(super) async fn is_untidy(connection: &mut SqliteConnection) -> Result<bool, Fault> {
    let untidy = "SELECT EXISTS (SELECT 1 FROM counters WHERE name = 'untidy' AND next = 1)";
    Ok(sqlx::query_scalar(untidy).fetch_one(connection).await?)
}

/// Takes out numbers and vectors of passages that no chunk has, and renews centers.
pub(super) async fn tidy(connection: &mut SqliteConnection) -> Result<(), Fault> {
    sqlx::query("DELETE FROM retired_chunks").execute(&mut *connection).await?;
    let orphans: Vec<i64> = sqlx::query_scalar(
        "SELECT id
        FROM passages AS p
        WHERE NOT EXISTS (SELECT 1 FROM doc_chunks WHERE passage = p.id)
        ORDER BY id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let models = models(connection).await?;
    if !orphans.is_empty() {
        for model in &models {
            delete_bits(connection, model.id, orphans.iter().copied()).await?;
        }
        // Their vectors go with them.
        sqlx::query("DELETE FROM passages WHERE id IN (SELECT value FROM json_each(?))")
            .bind(list(&orphans))
            .execute(&mut *connection)
            .await?;
    }
    for model in &models {
        center(connection, model.id, model.description.dimensions).await?;
    }
    // What the planner knows of the tables, where that is worth it.
    sqlx::query("PRAGMA optimize").execute(&mut *connection).await?;
    sqlx::query("UPDATE counters SET next = 0 WHERE name = 'untidy'").execute(connection).await?;
    Ok(())
}

/// Fewer vectors than that are compared exactly in any case.
const FEW: i64 = 512;

/// Vectors that are read at a time.
const PAGE: i64 = 2_000;

/// Makes the mean of a model's vectors its center, if it has grown fourfold since that was
/// last done, and makes all bits anew.
async fn center(
    connection: &mut SqliteConnection,
    model: ModelId,
    dimensions: usize,
) -> Result<(), Fault> {
    let (count, centered): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM embeddings WHERE model = m.id), m.centered
        FROM embedding_models AS m
        WHERE m.id = ?",
    )
    .bind(model.0)
    .fetch_one(&mut *connection)
    .await?;
    if count < FEW || count < centered.saturating_mul(4) {
        return Ok(());
    }
    let mut sum = vec![0.0_f64; dimensions];
    let mut behind = 0;
    loop {
        let page = page(connection, model, behind).await?;
        let Some((last, _)) = page.last() else { break };
        behind = *last;
        for (_, vector) in &page {
            for (sum, number) in sum.iter_mut().zip(vector) {
                *sum += f64::from(*number);
            }
        }
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a mean of numbers of this size"
    )]
    let center: Vec<f32> = sum.iter().map(|sum| (sum / count as f64) as f32).collect();
    sqlx::query("UPDATE embedding_models SET center = ?, centered = ? WHERE id = ?")
        .bind(to_blob(&center))
        .bind(count)
        .bind(model.0)
        .execute(&mut *connection)
        .await?;
    let mut behind = 0;
    loop {
        let page = page(connection, model, behind).await?;
        let Some((last, _)) = page.last() else { break };
        behind = *last;
        let bits: Vec<_> =
            page.iter().map(|(id, vector)| (*id, to_bits(vector, Some(&center)))).collect();
        put_bits(connection, model, &bits).await?;
    }
    Ok(())
}

/// The next vectors of a model, by passage.
async fn page(
    connection: &mut SqliteConnection,
    model: ModelId,
    behind: i64,
) -> Result<Vec<(i64, Vec<f32>)>, sqlx::Error> {
    let query = format!(
        "SELECT passage, vector
        FROM embeddings
        WHERE model = ? AND passage > ?
        ORDER BY passage
        LIMIT {PAGE}"
    );
    sqlx::query(AssertSqlSafe(query))
        .bind(model.0)
        .bind(behind)
        .try_map(|row: sqlx::sqlite::SqliteRow| {
            Ok((row.try_get("passage")?, from_blob(row.try_get("vector")?)))
        })
        .fetch_all(connection)
        .await
}
