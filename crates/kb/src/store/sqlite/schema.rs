//! The tables, and how they came about.

use std::path::Path;

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use super::connection::{Content, MARK, content, options};
use super::fault::{BUSY, Fault, code_of};

/// Every migration, by name and script, in order. One that was released is never changed.
const MIGRATIONS: [(&str, &str); 1] = [(
    "0001_create_knowledge_base",
    include_str!("../migrations/sqlite/0001_create_knowledge_base.sql"),
)];

/// Bytes of a page. Five vectors of 384 numbers fit; in the usual 4,096 it is two, with a
/// quarter of the page left over.
const PAGE: u32 = 8192;

/// The version of the schema, which a file has in its `user_version`.
pub(super) const fn version() -> i64 {
    MIGRATIONS.len() as i64
}

/// Makes the file if it is not there, and brings its tables to our schema; gives the names
/// of the migrations that were needed.
pub(super) async fn migrate(path: &Path, store: &str) -> Result<Vec<String>, Fault> {
    let options = options(path).create_if_missing(true).page_size(PAGE);
    let mut connection = options.connect().await?;
    let answer = bring_up(&mut connection, store).await;
    connection.close().await?;
    answer
}

async fn bring_up(connection: &mut SqliteConnection, store: &str) -> Result<Vec<String>, Fault> {
    if content(connection, store).await? == Content::Ours(version()) {
        return Ok(Vec::new());
    }
    write_ahead(connection).await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    // Another program may have been quicker.
    let found = match content(&mut transaction, store).await? {
        Content::Nothing => 0,
        Content::Ours(found) => found,
    };
    let done = usize::try_from(found).unwrap_or_default();
    let mut names = Vec::new();
    for (name, script) in MIGRATIONS.iter().skip(done) {
        sqlx::raw_sql(*script).execute(&mut *transaction).await?;
        names.push((*name).to_owned());
    }
    let marks = format!("PRAGMA application_id = {MARK}; PRAGMA user_version = {}", version());
    sqlx::raw_sql(AssertSqlSafe(marks)).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(names)
}

/// Readers and a writer do not wait for each other with a write-ahead log. The file
/// remembers it.
async fn write_ahead(connection: &mut SqliteConnection) -> Result<(), Fault> {
    // SQLite does not wait here, even if it was told to.
    for _ in 0..200 {
        let pragma = sqlx::query_scalar::<_, String>("PRAGMA journal_mode = wal");
        match pragma.fetch_one(&mut *connection).await {
            Ok(_) => return Ok(()),
            Err(error) if code_of(&error) == Some(BUSY) => {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
