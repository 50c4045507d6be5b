//! The tables: which there are, and how they come to be.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::connect::{Address, SCHEMA, check_version};
use super::fault::Fault;
use super::lock::{MIGRATION, try_take};
use crate::store::StoreError;

struct Migration {
    name: &'static str,
    sql: &'static str,
}

/// All migrations in order; the version of a schema is how many of them it has had. None is
/// ever edited once it was shipped.
const MIGRATIONS: [Migration; 1] = [Migration {
    name: "0001_create_knowledge_base",
    sql: include_str!("../migrations/postgres/0001_create_knowledge_base.sql"),
}];

/// The newest version.
pub(super) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The comment on our table of migrations, by which our schema is told from another one of the
/// same name.
const MARK: &str = "Migrations of the knowledge base of Countersign, by the program kb.";

/// The oldest pgvector: the first one that goes on searching until a filter has its rows.
const VECTOR: [u32; 2] = [0, 8];

/// How long somebody else may take to migrate.
const PATIENCE: Duration = Duration::from_secs(60);

/// The version of the schema, 0 if there is none.
pub(super) async fn version(connection: &mut PgConnection, store: &str) -> Result<i64, Fault> {
    let (tables, mark): (i64, Option<String>) = sqlx::query_as(
        "SELECT
            (SELECT count(*)
             FROM pg_catalog.pg_class AS c
             JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
             WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')),
            (SELECT obj_description(c.oid, 'pg_class')
             FROM pg_catalog.pg_class AS c
             JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
             WHERE n.nspname = $1 AND c.relname = 'migrations')",
    )
    .bind(SCHEMA)
    .fetch_one(&mut *connection)
    .await?;
    if mark.as_deref() != Some(MARK) {
        if tables == 0 {
            return Ok(0);
        }
        return Err(StoreError::Foreign {
            store: store.to_owned(),
            reason: format!("its schema `{SCHEMA}` has tables, and none of them is our mark"),
        }
        .into());
    }
    let found: i64 =
        sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM countersign.migrations")
            .fetch_one(connection)
            .await?;
    if found > KNOWN {
        return Err(StoreError::TooNew { store: store.to_owned(), found, known: KNOWN }.into());
    }
    Ok(found)
}

/// Checks that the schema is the one that this program knows.
pub(super) async fn check(connection: &mut PgConnection, store: &str) -> Result<(), Fault> {
    let store = || store.to_owned();
    match version(connection, &store()).await? {
        0 => Err(StoreError::Empty { store: store() }.into()),
        found if found < KNOWN => {
            Err(StoreError::TooOld { store: store(), found, known: KNOWN }.into())
        }
        _ => Ok(()),
    }
}

/// Brings the schema up to date; gives the names of what was needed.
pub(super) async fn migrate(address: &Address) -> Result<Vec<String>, Fault> {
    let mut connection = address.connect().await?;
    check_version(&mut connection, &address.name).await?;
    // Nothing is written where nothing is missing: the database may be read-only.
    if version(&mut connection, &address.name).await? == KNOWN {
        check_vector(&mut connection, &address.name).await?;
        return Ok(Vec::new());
    }
    let begun = Instant::now();
    while !try_take(&mut connection, MIGRATION).await? {
        if begun.elapsed() > PATIENCE {
            let seconds = PATIENCE.as_secs();
            return Err(StoreError::Locked { store: address.name.clone(), seconds }.into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Who waited may find that all is done.
    let found = version(&mut connection, &address.name).await?;
    prepare(&mut connection, &address.name).await?;
    let mut done = Vec::new();
    for (version, migration) in (1_i64..).zip(&MIGRATIONS) {
        if version <= found {
            continue;
        }
        let mut transaction = connection.begin().await?;
        transaction.execute(migration.sql).await?;
        sqlx::query("INSERT INTO countersign.migrations (version, name) VALUES ($1, $2)")
            .bind(version)
            .bind(migration.name)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        done.push(migration.name.to_owned());
    }
    // The session ends, and the lock with it.
    connection.close().await?;
    Ok(done)
}

/// The extension, the schema, and the table of migrations.
async fn prepare(connection: &mut PgConnection, store: &str) -> Result<(), Fault> {
    check_vector(connection, store).await?;
    let mut transaction = connection.begin().await?;
    let rights = |what: &str, help: &str| StoreError::Lacks {
        store: store.to_owned(),
        what: what.to_owned(),
        help: help.to_owned(),
    };
    let create = "SET LOCAL search_path TO public; CREATE EXTENSION IF NOT EXISTS vector";
    if let Err(error) = transaction.execute(sqlx::raw_sql(create)).await {
        let fault = Fault::from(error);
        return Err(match fault.code() {
            Some("42501") => rights(
                "the extension `vector`, and the right to create it",
                "have an administrator run `CREATE EXTENSION vector` in this database",
            )
            .into(),
            _ => fault,
        });
    }
    // Whoever may not create schemas may have been given this one.
    let there: bool = sqlx::query_scalar("SELECT to_regnamespace($1) IS NOT NULL")
        .bind(SCHEMA)
        .fetch_one(&mut *transaction)
        .await?;
    let schema = if there { String::new() } else { format!("CREATE SCHEMA {SCHEMA};") };
    let create = format!(
        "{schema}
         CREATE TABLE IF NOT EXISTS {SCHEMA}.migrations (
             version BIGINT PRIMARY KEY,
             name TEXT NOT NULL,
             applied_at TIMESTAMPTZ NOT NULL DEFAULT now()
         );
         COMMENT ON TABLE {SCHEMA}.migrations IS '{MARK}';
         COMMENT ON COLUMN {SCHEMA}.migrations.version IS 'The version that it led to.';
         COMMENT ON COLUMN {SCHEMA}.migrations.name IS 'Its name.';
         COMMENT ON COLUMN {SCHEMA}.migrations.applied_at IS 'When it was made.';"
    );
    // Nothing but constants.
    if let Err(error) = transaction.execute(sqlx::raw_sql(AssertSqlSafe(create))).await {
        let fault = Fault::from(error);
        return Err(match fault.code() {
            Some("42501") => rights(
                "the right to create the schema `countersign`",
                "have the owner of the database run `CREATE SCHEMA countersign AUTHORIZATION` \
                 with your role",
            )
            .into(),
            _ => fault,
        });
    }
    transaction.commit().await?;
    // From now on, types of pgvector are found wherever it is.
    connection.execute(super::connect::SESSION).await?;
    Ok(())
}

/// Checks that there is, or can be, a pgvector that is new enough.
async fn check_vector(connection: &mut PgConnection, store: &str) -> Result<(), Fault> {
    let (installed, available): (Option<String>, Option<String>) = sqlx::query_as(
        "SELECT
            (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'vector'),
            (SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = 'vector')",
    )
    .fetch_one(connection)
    .await?;
    let lacks = |what: String, help: &str| {
        Err(StoreError::Lacks { store: store.to_owned(), what, help: help.to_owned() }.into())
    };
    match (installed, available) {
        (Some(version), _) if !new_enough(&version) => lacks(
            format!("pgvector 0.8 or newer: it is {version}"),
            "install a newer pgvector and run `ALTER EXTENSION vector UPDATE`",
        ),
        (None, Some(version)) if !new_enough(&version) => lacks(
            format!("pgvector 0.8 or newer: it is {version}"),
            "install a newer pgvector on the server",
        ),
        (None, None) => lacks(
            "pgvector".to_owned(),
            "install pgvector 0.8 or newer on the server (https://github.com/pgvector/pgvector)",
        ),
        _ => Ok(()),
    }
}

fn new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    [numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)] >= VECTOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_pgvector_are_compared_as_numbers() {
        assert!(["0.8.0", "0.8", "0.10.1", "1.0"].into_iter().all(new_enough));
        assert!(!["0.7.4", "0", "", "vector"].into_iter().any(new_enough));
    }

    #[test]
    fn every_table_and_column_has_a_comment() {
        let sql = MIGRATIONS[0].sql;
        let mut columns = 0;
        for table in sql.split("CREATE TABLE ").skip(1) {
            let (name, rest) = table.split_once(" (\n").unwrap();
            assert!(sql.contains(&format!("COMMENT ON TABLE {name} IS '")), "{name}");
            let body = rest.split_once("\n)").unwrap().0;
            for line in body.lines() {
                let column = line.trim().split(' ').next().unwrap();
                if column.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_') {
                    columns += 1;
                    let comment = format!("COMMENT ON COLUMN {name}.{column} IS '");
                    assert!(sql.contains(&comment), "{name}.{column}");
                }
            }
        }
        assert!(columns > 50, "the premise: {columns}");
    }
}
