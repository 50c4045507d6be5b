//! Embedding models.

use sqlx::{AssertSqlSafe, PgConnection};

use super::fault::Fault;
use crate::embed::ModelDescription;
use crate::store::decode::model_row;
use crate::store::{ModelId, ModelRow, StoreError};

/// The most numbers that a `vector` of pgvector has.
const LONGEST: usize = 16_000;

pub(super) async fn models(connection: &mut PgConnection) -> Result<Vec<ModelRow>, Fault> {
    let rows = sqlx::query(
        "SELECT id, name, digest, dimensions, max_tokens, active
        FROM embedding_models
        ORDER BY id",
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(model_row).collect::<Result<_, _>>()?)
}

/// What is needed to keep and compare the vectors of a model.
pub(super) struct Shape {
    pub(super) name: String,
    pub(super) dimensions: usize,
}

impl Shape {
    pub(super) async fn of(
        connection: &mut PgConnection,
        model: ModelId,
        store: &str,
    ) -> Result<Self, Fault> {
        let row: Option<(String, i32)> =
            sqlx::query_as("SELECT name, dimensions FROM embedding_models WHERE id = $1")
                .bind(model.0)
                .fetch_optional(connection)
                .await?;
        let Some((name, dimensions)) = row else { return Err(unknown(model, store)) };
        Ok(Self { name, dimensions: usize::try_from(dimensions).unwrap_or_default() })
    }

    /// Whether `vector` can be one of this model.
    pub(super) fn check(&self, vector: &[f32], store: &str) -> Result<(), StoreError> {
        if vector.len() != self.dimensions {
            return Err(StoreError::Dimensions {
                model: self.name.clone(),
                expected: self.dimensions,
                found: vector.len(),
            });
        }
        if let Some(number) = vector.iter().find(|number| !number.is_finite()) {
            return Err(StoreError::Database {
                store: store.to_owned(),
                doing: "use a vector",
                reason: format!("`{}` gave {number}, which is no number", self.name),
            });
        }
        Ok(())
    }
}

fn unknown(model: ModelId, store: &str) -> Fault {
    StoreError::UnknownModel { store: store.to_owned(), model: model.0.to_string() }.into()
}

/// Lets nobody else change the table until the transaction ends. Searches read on.
async fn alone(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("LOCK TABLE embedding_models IN SHARE ROW EXCLUSIVE MODE")
        .execute(connection)
        .await
        .map(|_| ())
}

/// Adds a model if it is not there; the first one becomes the active one.
pub(super) async fn register(
    connection: &mut PgConnection,
    model: &ModelDescription,
    store: &str,
) -> Result<ModelId, Fault> {
    if !(1..=LONGEST).contains(&model.dimensions) {
        return Err(StoreError::Database {
            store: store.to_owned(),
            doing: "add a model",
            reason: format!(
                "the vectors of `{}` have {} numbers, and pgvector keeps 1 to {LONGEST}",
                model.name, model.dimensions
            ),
        }
        .into());
    }
    alone(&mut *connection).await?;
    let known: Option<(i64, i32)> = sqlx::query_as(
        "SELECT id, dimensions FROM embedding_models WHERE name = $1 AND digest = $2",
    )
    .bind(&model.name)
    .bind(&model.digest)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some((id, dimensions)) = known {
        let expected = usize::try_from(dimensions).unwrap_or_default();
        if expected != model.dimensions {
            let (model, found) = (model.name.clone(), model.dimensions);
            return Err(StoreError::Dimensions { model, expected, found }.into());
        }
        return Ok(ModelId(id));
    }
    let id = sqlx::query_scalar(
        "INSERT INTO embedding_models (name, digest, dimensions, max_tokens, distance, active)
        VALUES ($1, $2, $3, $4, $5, NOT EXISTS (SELECT FROM embedding_models WHERE active))
        RETURNING id",
    )
    .bind(&model.name)
    .bind(&model.digest)
    .bind(i32::try_from(model.dimensions).unwrap_or(i32::MAX))
    .bind(i32::try_from(model.max_tokens).unwrap_or(i32::MAX))
    .bind(model.distance.as_str())
    .fetch_one(connection)
    .await?;
    Ok(ModelId(id))
}

pub(super) async fn activate(
    connection: &mut PgConnection,
    model: ModelId,
    store: &str,
) -> Result<(), Fault> {
    alone(&mut *connection).await?;
    Shape::of(connection, model, store).await?;
    for statement in [
        "UPDATE embedding_models SET active = false WHERE active AND id <> $1",
        "UPDATE embedding_models SET active = true WHERE id = $1 AND NOT active",
    ] {
        sqlx::query(statement).bind(model.0).execute(&mut *connection).await?;
    }
    Ok(())
}

pub(super) async fn remove(
    connection: &mut PgConnection,
    model: ModelId,
    store: &str,
) -> Result<(), Fault> {
    alone(&mut *connection).await?;
    let row: Option<(String, bool)> =
        sqlx::query_as("SELECT name, active FROM embedding_models WHERE id = $1")
            .bind(model.0)
            .fetch_optional(&mut *connection)
            .await?;
    let Some((name, active)) = row else { return Err(unknown(model, store)) };
    if active {
        return Err(StoreError::Database {
            store: store.to_owned(),
            doing: "take out a model",
            reason: format!("searches use `{name}`; let them use another one first"),
        }
        .into());
    }
    // First the index, which would otherwise be told of every single row.
    let index = format!("DROP INDEX IF EXISTS {}", super::vectors::index_name(model));
    sqlx::query(AssertSqlSafe(index)).execute(&mut *connection).await?;
    for statement in
        ["DELETE FROM embeddings WHERE model = $1", "DELETE FROM embedding_models WHERE id = $1"]
    {
        sqlx::query(statement).bind(model.0).execute(&mut *connection).await?;
    }
    Ok(())
}
