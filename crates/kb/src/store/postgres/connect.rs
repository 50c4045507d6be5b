//! Connections: how they are made, and what every session is told first.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Executor as _, PgConnection};

use super::fault::Fault;
use crate::store::StoreError;

/// The schema that holds our tables.
pub(super) const SCHEMA: &str = "countersign";

/// PostgreSQL 14, as `server_version_num` says it.
const OLDEST: i32 = 140_000;

/// How long a new connection may take.
pub(super) const CONNECT: Duration = Duration::from_secs(6);

/// How long a whole operation may take: the network may swallow an answer.
pub(super) const OPERATION: Duration = Duration::from_secs(120);

/// Told to every session. Nothing waits for ever: statements and locks are given up, and a
/// transaction of a program that hangs is ended. Plans are made for the values at hand, as
/// filters differ much in what they leave. Our tables come first in the search path, then
/// pgvector, wherever it was installed. Compiling a plan takes longer than our queries.
pub(super) const SESSION: &str = "
SELECT
    set_config('search_path', 'countersign, ' || coalesce((
        SELECT quote_ident(n.nspname)
        FROM pg_catalog.pg_extension AS e
        JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
        WHERE e.extname = 'vector'
    ), 'public'), false),
    set_config('statement_timeout', '60s', false),
    set_config('lock_timeout', '15s', false),
    set_config('idle_in_transaction_session_timeout', '60s', false),
    set_config('client_min_messages', 'warning', false),
    set_config('plan_cache_mode', 'force_custom_plan', false),
    set_config('jit', 'off', false)
";

/// An address, and what it is called without its password.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) options: PgConnectOptions,
    pub(super) name: String,
}

impl Address {
    /// Reads `postgres://USER:PASSWORD@HOST:PORT/NAME?OPTIONS`.
    pub(super) fn read(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(|error| StoreError::Location {
            // What is no address could have a password anywhere.
            given: "postgres://…".to_owned(),
            reason: error.to_string().chars().take(300).collect(),
        })?;
        // An address of version 6 stands in brackets, which no resolver understands.
        let bare = options.get_host().strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let options = match bare.map(str::to_owned) {
            Some(host) => options.host(&host),
            None => options,
        };
        let host = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None if options.get_host().contains(':') => {
                format!("[{}]:{}", options.get_host(), options.get_port())
            }
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let user = options.get_username();
        let database = options.get_database().unwrap_or(user);
        let name = format!("postgres://{user}@{host}/{database}");
        let options = options.application_name("kb").disable_statement_logging();
        Ok(Self { options, name })
    }

    /// One connection, outside of the pool, with its session set up.
    pub(super) async fn connect(&self) -> Result<PgConnection, Fault> {
        let connecting = async {
            let mut connection = self.options.connect().await?;
            connection.execute(SESSION).await?;
            Ok(connection)
        };
        match tokio::time::timeout(CONNECT, connecting).await {
            Ok(result) => result.map_err(Fault::Sql),
            Err(_) => Err(Fault::Late(CONNECT)),
        }
    }

    /// The pool; no connection is made yet.
    pub(super) fn pool(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(CONNECT)
            .idle_timeout(Duration::from_secs(300))
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(SESSION).await.map(|_| ()) })
            })
            .connect_lazy_with(self.options.clone())
    }
}

/// Refuses servers that are too old.
pub(super) async fn check_version(connection: &mut PgConnection, store: &str) -> Result<(), Fault> {
    let (number, version): (i32, String) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version')",
    )
    .fetch_one(connection)
    .await?;
    if number < OLDEST {
        return Err(StoreError::Lacks {
            store: store.to_owned(),
            what: format!("PostgreSQL 14 or newer: it is {version}"),
            help: "use a newer server".to_owned(),
        }
        .into());
    }
    Ok(())
}
