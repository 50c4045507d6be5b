//! The file: whose it is, and connections to it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Sqlite, SqliteConnection, SqlitePool};

use super::fault::{Fault, PATIENCE};
use super::schema;
use crate::store::StoreError;

/// Says in the header of the file that it is ours: `CSkb`.
pub(super) const MARK: i32 = 0x4353_6b62;

/// Searches that run at the same time.
const READERS: u32 = 4;

/// Connections to a file with our schema.
#[derive(Debug)]
pub(super) struct Pools {
    pub(super) readers: SqlitePool,
    /// One connection: writers of this process wait in line, those of others by
    /// [`PATIENCE`].
    pub(super) writer: SqlitePool,
    /// The file that they are connections to.
    pub(super) file: Option<Identity>,
}

/// Device and number of a file. SQLite goes on writing to a file that was deleted, as if
/// somebody could still read it.
type Identity = (u64, u64);

/// Which file is at `path` now. It is not opened for that: SQLite would lose its locks.
#[cfg(unix)]
pub(super) fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Whether there is a file; one that is open cannot be deleted.
#[cfg(not(unix))]
pub(super) fn identity(path: &Path) -> Option<Identity> {
    path.exists().then_some((0, 0))
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Nothing.
    Nothing,
    /// A knowledge base with a version of the schema.
    Ours(i64),
}

/// How a file is opened.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(PATIENCE)
        // With a write-ahead log the file stays whole whatever happens.
        .synchronous(SqliteSynchronous::Normal)
        // In KiB: the vectors of 40,000 passages.
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "memory")
        // Functions in the schema of somebody else's file are not run.
        .pragma("trusted_schema", "off")
        .with_regexp()
        .disable_statement_logging()
}

/// Opens a file that is there.
///
/// A file that may not be written, in a folder that may not, is read as it is: SQLite has no
/// place there for what readers share.
pub(super) async fn options_for(path: &Path) -> Result<SqliteConnectOptions, sqlx::Error> {
    let options = options(path);
    let error = match probe(&options).await {
        Ok(()) => return Ok(options),
        Err(error) => error,
    };
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let pending = std::fs::metadata(PathBuf::from(log)).is_ok_and(|log| log.len() > 0);
    if pending || !path.is_file() {
        return Err(error);
    }
    let still = options.immutable(true).read_only(true);
    match probe(&still).await {
        Ok(()) => Ok(still),
        Err(_) => Err(error),
    }
}

/// Whether the first page can be read.
async fn probe(options: &SqliteConnectOptions) -> Result<(), sqlx::Error> {
    let mut connection = options.connect().await?;
    let read = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut connection)
        .await;
    connection.close().await?;
    read.map(|_| ())
}

/// Connections with `options`.
pub(super) fn pools(options: &SqliteConnectOptions, path: &Path) -> Pools {
    let pool = |connections| {
        PoolOptions::<Sqlite>::new()
            .max_connections(connections)
            .min_connections(0)
            // Whoever waits waits for SQLite, which has its own limit.
            .acquire_timeout(Duration::from_secs(600))
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone())
    };
    Pools { readers: pool(READERS), writer: pool(1), file: identity(path) }
}

/// A transaction that may write.
///
/// SQLite undoes some transactions itself (on a full disk, for one), after which sqlx's own
/// kind of transaction leaves a connection that cannot begin another.
pub(super) struct Writing {
    connection: PoolConnection<Sqlite>,
    /// Whether the connection can be used again.
    ended: bool,
}

/// What a failure of power may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Power {
    /// The last transactions: the next run makes up for them.
    MayLose,
    /// Nothing: what people made is nowhere else.
    MustKeep,
}

impl Writing {
    /// Begins as a writer: a transaction that began by reading could find that somebody else
    /// wrote since, and would have to begin anew.
    pub(super) async fn begin(pool: &SqlitePool, power: Power) -> Result<Self, sqlx::Error> {
        let mut writing = Self { connection: pool.acquire().await?, ended: false };
        let begin = match power {
            Power::MayLose => "PRAGMA synchronous = normal; BEGIN IMMEDIATE",
            Power::MustKeep => "PRAGMA synchronous = full; BEGIN IMMEDIATE",
        };
        sqlx::raw_sql(begin).execute(&mut *writing.connection).await?;
        Ok(writing)
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Makes everything durable, or nothing.
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::raw_sql("COMMIT").execute(&mut *self.connection).await?;
        self.ended = true;
        Ok(())
    }

    /// Undoes everything.
    pub(super) async fn undo(mut self) {
        // If it fails, SQLite did so itself, or does when the connection is closed.
        let undone = sqlx::raw_sql("ROLLBACK").execute(&mut *self.connection).await;
        self.ended = undone.is_ok();
    }
}

impl Drop for Writing {
    /// Undoes what nobody waited for.
    fn drop(&mut self) {
        if !self.ended {
            self.connection.close_on_drop();
        }
    }
}

/// Whose file it is.
pub(super) async fn content(
    connection: &mut SqliteConnection,
    store: &str,
) -> Result<Content, Fault> {
    let (mark, version, tables): (i32, i64, i64) = sqlx::query_as(
        "SELECT
            (SELECT application_id FROM pragma_application_id),
            (SELECT user_version FROM pragma_user_version),
            (SELECT count(*) FROM sqlite_schema)",
    )
    .fetch_one(connection)
    .await?;
    let foreign = |reason: String| StoreError::Foreign { store: store.to_owned(), reason };
    match mark {
        MARK => {
            let known = schema::version();
            if version > known {
                let store = store.to_owned();
                return Err(StoreError::TooNew { store, found: version, known }.into());
            }
            Ok(Content::Ours(version))
        }
        0 if tables == 0 && version == 0 => Ok(Content::Nothing),
        0 => {
            Err(foreign(format!("it has {tables} tables and indexes, and no mark of ours")).into())
        }
        other => Err(foreign(format!("its application id is {other:#010x}")).into()),
    }
}
