//! One indexer at a time.

use std::time::{Duration, Instant};

use sqlx::PgConnection;
use tokio::sync::oneshot;

use super::connect::Address;
use super::fault::Fault;
use crate::store::{IndexLock, StoreError};

/// Our advisory locks: `0x6b62` is `kb` in ASCII.
const CLASS: i32 = 0x6b62;

/// Who indexes.
pub(super) const INDEXER: i32 = 1;
/// Who changes the tables.
pub(super) const MIGRATION: i32 = 2;
/// Who writes documents.
const WRITER: i32 = 3;

/// Begins a transaction that writes documents. A process that is killed ends its session as an
/// indexer at once, and the server may yet make durable what it sent last: whoever indexes next
/// waits for that.
pub(super) const BEGIN_AS_WRITER: &str = "BEGIN; SELECT pg_advisory_xact_lock_shared(27490, 3)";

/// How long between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// An advisory lock of a session of its own: the server lets go of it when the session ends,
/// however it ends. A server that was restarted has forgotten it, so it is asked now and then,
/// and for the lock again if need be.
pub(super) struct Guard {
    /// Its end tells the keeper to let go.
    _let_go: oneshot::Sender<()>,
}

impl IndexLock for Guard {}

/// Takes the lock of indexers.
pub(super) async fn lock(address: &Address, patience: Duration) -> Result<Guard, Fault> {
    let mut connection = address.connect().await?;
    let begun = Instant::now();
    while !try_take(&mut connection, INDEXER).await? {
        let left = patience.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(StoreError::Locked {
                store: address.name.clone(),
                seconds: patience.as_secs(),
            }
            .into());
        }
        tokio::time::sleep(PAUSE.min(left)).await;
    }
    // Until the transactions of whoever indexed before have ended.
    sqlx::query("SELECT pg_advisory_xact_lock($1, $2)")
        .bind(CLASS)
        .bind(WRITER)
        .execute(&mut connection)
        .await?;
    let (let_go, told) = oneshot::channel();
    tokio::spawn(keep(address.clone(), connection, told));
    Ok(Guard { _let_go: let_go })
}

/// Holds the lock until told to let go.
async fn keep(address: Address, connection: PgConnection, mut told: oneshot::Receiver<()>) {
    let mut held = Some(connection);
    while tokio::time::timeout(Duration::from_secs(1), &mut told).await.is_err() {
        held = match held {
            Some(mut connection) => {
                let alive = sqlx::query("SELECT 1").execute(&mut connection);
                let alive = tokio::time::timeout(Duration::from_secs(10), alive).await;
                matches!(alive, Ok(Ok(_))).then_some(connection)
            }
            None => match address.connect().await {
                Ok(mut connection) => {
                    let taken = try_take(&mut connection, INDEXER).await;
                    matches!(taken, Ok(true)).then_some(connection)
                }
                Err(_) => None,
            },
        };
    }
    if let Some(connection) = held {
        let _ = sqlx::Connection::close(connection).await;
    }
}

/// Takes one of our locks, for the session, if it is free.
pub(super) async fn try_take(
    connection: &mut PgConnection,
    lock: i32,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock($1, $2)")
        .bind(CLASS)
        .bind(lock)
        .fetch_one(connection)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_take_the_lock_that_indexers_wait_for() {
        assert!(BEGIN_AS_WRITER.ends_with(&format!("({CLASS}, {WRITER})")));
    }
}
