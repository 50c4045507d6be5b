//! What SQLite reports, as errors of a store.

use sqlx::Error as SqlError;

use crate::store::StoreError;

/// Why an operation on a connection failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// SQLite says so.
    Sql(SqlError),
    /// We say so.
    Store(StoreError),
}

impl From<SqlError> for Fault {
    fn from(error: SqlError) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// How long SQLite waits for another writer.
pub(super) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

impl Fault {
    /// As the error of a store that was doing something.
    pub(super) fn into_error(self, store: &str, doing: &'static str) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Sql(error) => of_sql(&error, store, doing),
        }
    }
}

/// The primary result code, if SQLite gave one: <https://sqlite.org/rescode.html>.
pub(super) fn code_of(error: &SqlError) -> Option<i32> {
    extended_code_of(error).map(|code| code & 0xff)
}

/// The extended result code, of which the primary one is the last byte.
fn extended_code_of(error: &SqlError) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

pub(super) const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READ_ONLY: i32 = 8;
const IO: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;
const CONSTRAINT: i32 = 19;
const NO_DATABASE: i32 = 26;

/// The extended codes of [`IO`] for writing, with `SQLITE_IOERR_` in front of their names:
/// `WRITE`, `FSYNC`, `DIR_FSYNC`, `TRUNCATE` and `SHMSIZE`. SQLite tells a full disk apart
/// ([`FULL`]), and nothing else: a limit on the size of files, for who ignores `SIGXFSZ`, is the
/// same as a quota or a faulty disk.
const WRITING: [i32; 5] = [IO | 3 << 8, IO | 4 << 8, IO | 5 << 8, IO | 6 << 8, IO | 19 << 8];

fn of_sql(error: &SqlError, store: &str, doing: &'static str) -> StoreError {
    let store = store.to_owned();
    let reason = match error.as_database_error() {
        Some(error) => error.message().to_owned(),
        None => error.to_string(),
    };
    match code_of(error) {
        Some(BUSY | LOCKED) => StoreError::Locked { store, seconds: PATIENCE.as_secs() },
        Some(READ_ONLY) => StoreError::ReadOnly { store, reason },
        // What is written keeps every rule of ours, unless what was there does not.
        Some(CORRUPT | CONSTRAINT) => StoreError::Damaged { store, reason },
        Some(FULL) => StoreError::Full { store, reason },
        Some(IO) => {
            let code = extended_code_of(error).unwrap_or(IO);
            let reason = format!("{reason} (code {code})");
            match WRITING.contains(&code) {
                true => StoreError::Unwritten { store, reason },
                false => StoreError::Unread { store, reason },
            }
        }
        Some(CANNOT_OPEN) => StoreError::Unreachable { store, reason },
        Some(NO_DATABASE) => StoreError::Foreign { store, reason },
        // Tables of ours are missing in a file that has our mark, or hold what was never
        // written there.
        _ if reason.starts_with("no such table")
            || reason.contains("fts5 file format")
            || matches!(error, SqlError::ColumnDecode { .. } | SqlError::Decode(_)) =>
        {
            StoreError::Damaged { store, reason }
        }
        _ => StoreError::Database { store, doing, reason },
    }
}
