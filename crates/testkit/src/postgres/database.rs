//! A database of one test.

use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::PostgresError;

/// An empty database. On a server that outlives the test it is dropped with this value.
#[derive(Debug)]
pub struct Database {
    url: String,
    /// The address to drop it from, and its name.
    drop: Option<(String, String)>,
}

impl Database {
    /// Creates one; `keep` leaves it where it is, as its server goes anyway.
    pub(super) fn create(url: impl Fn(&str) -> String, keep: bool) -> Result<Self, PostgresError> {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("countersign_test_{}_{number}", std::process::id());
        let administration = url("postgres");
        let statement = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        execute(administration.clone(), vec![statement]).map_err(|source| {
            let address = administration.rsplit('@').next().unwrap_or_default();
            PostgresError::Database { server: format!("`{address}`"), source }
        })?;
        let url = url(&name);
        Ok(Self { url, drop: (!keep).then_some((administration, name)) })
    }

    /// Its address, for a superuser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements in it.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn execute(&self, statements: &str) -> Result<(), sqlx::Error> {
        execute(self.url.clone(), vec![statements.to_owned()])
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((administration, name)) = self.drop.take() {
            let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            let _ = execute(administration, vec![statement]);
        }
    }
}

/// Runs statements on a thread of their own, so that a test may ask from wherever it is.
fn execute(url: String, statements: Vec<String>) -> Result<(), sqlx::Error> {
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut connection = PgConnection::connect(&url).await?;
            for statement in statements {
                // Written by tests, whose database it is.
                connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
            }
            connection.close().await
        })
    };
    std::thread::spawn(run).join().unwrap_or(Err(sqlx::Error::WorkerCrashed))
}
