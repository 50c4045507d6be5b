//! A real PostgreSQL with pgvector for tests.
//!
//! [`Postgres::shared`] is one server for all tests of a program, each with a [`Database`] of
//! its own: the server that `COUNTERSIGN_TEST_DATABASE_URL` names, or one that is started.
//! [`Postgres::start`] is a server that a test may stop, kill and start again.
//!
//! A started server listens on a socket in a folder that nobody else can enter, has its data
//! there, and ends with the process that started it, however that ends.

mod database;
mod error;
mod install;
mod server;

pub use self::database::Database;
pub use self::error::PostgresError;
pub use self::server::Postgres;
