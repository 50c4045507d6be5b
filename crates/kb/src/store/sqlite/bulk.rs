//! Many rows in few statements.

use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection};

/// A statement with its parameters.
pub(super) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// Numbers of rows that statements are made for, the largest first. A statement costs a
/// journey to SQLite's thread and back, and is compiled once: so few sizes, and few journeys.
const SIZES: [usize; 3] = [64, 8, 1];

/// Runs `head VALUES row, row, …` for all `rows`; `row` is what one looks like, and `bind`
/// binds its parameters, in order.
pub(super) async fn insert<'q, T>(
    connection: &mut SqliteConnection,
    head: &'static str,
    row: &'static str,
    mut rows: &'q [T],
    bind: impl Fn(Statement<'q>, &'q T) -> Statement<'q>,
) -> Result<(), sqlx::Error> {
    for size in SIZES {
        let text = statement(head, row, size);
        while let Some((now, rest)) = rows.split_at_checked(size) {
            let query = sqlx::query(AssertSqlSafe(text.clone()));
            now.iter().fold(query, &bind).execute(&mut *connection).await?;
            rows = rest;
        }
    }
    Ok(())
}

fn statement(head: &str, row: &str, size: usize) -> String {
    let mut text = String::with_capacity(head.len() + 8 + size * (row.len() + 2));
    text.push_str(head);
    text.push_str(" VALUES ");
    for at in 0..size {
        if at > 0 {
            text.push_str(", ");
        }
        text.push_str(row);
    }
    text
}

/// A list as JSON, for `json_each`: one parameter, however long it is.
pub(super) fn list<T: serde::Serialize>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<_> = items.into_iter().collect();
    serde_json::to_string(&items).unwrap_or_else(|_| "[]".to_owned())
}
