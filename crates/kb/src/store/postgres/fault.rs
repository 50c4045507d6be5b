//! What the server says, as what went wrong.

use std::time::Duration;

use sqlx::postgres::PgDatabaseError;

use crate::store::StoreError;

/// Why an operation failed, before it is known what the operation was.
#[derive(Debug)]
pub(super) enum Fault {
    Sql(sqlx::Error),
    Store(StoreError),
    /// It took longer than the server is given.
    Late(Duration),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Fault {
    /// Whether the same may work a little later: the server went away, is just starting, or
    /// asks for another try (classes 08, 40, 53 and 57 of appendix A of PostgreSQL's manual).
    pub(super) fn passes(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Database(_)) => match self.code() {
                Some(code) => {
                    code.starts_with("08")
                        || matches!(
                            code,
                            "40001" | "40P01" | "53300" | "57P01" | "57P02" | "57P03" | "57P05"
                        )
                }
                None => false,
            },
            Self::Sql(error) => matches!(
                error,
                sqlx::Error::Io(_)
                    | sqlx::Error::Protocol(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::WorkerCrashed
            ),
            Self::Store(_) | Self::Late(_) => false,
        }
    }

    /// The five letters and digits by which PostgreSQL names an error.
    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => {
                error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::code)
            }
            _ => None,
        }
    }

    /// As an error of the store, which is called `store`, while it was `doing` something.
    pub(super) fn explain(self, store: &str, doing: &'static str) -> StoreError {
        let code = self.code().map(str::to_owned);
        let store = store.to_owned();
        let error = match self {
            Self::Store(error) => return error,
            Self::Late(after) => {
                let reason = format!("no answer within {} seconds", after.as_secs());
                return StoreError::Unreachable { store, reason };
            }
            Self::Sql(error) => error,
        };
        let reason = match &error {
            sqlx::Error::Database(error) => said(error.message()),
            sqlx::Error::Io(error) => error.to_string(),
            sqlx::Error::PoolTimedOut => "no connection within a few seconds".to_owned(),
            other => said(&other.to_string()),
        };
        let Some(code) = code else {
            return match error {
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed => StoreError::Unreachable { store, reason },
                sqlx::Error::Configuration(_) => StoreError::Location { given: store, reason },
                _ => StoreError::Database { store, doing, reason },
            };
        };
        match code.as_str() {
            // Read-only transactions: by setting, or because the server follows another one.
            "25006" => StoreError::ReadOnly { store, reason },
            "42501" => StoreError::Lacks {
                store,
                what: format!("a right: {reason}"),
                help: "have the owner of the database grant it, or connect as the owner".to_owned(),
            },
            // No such schema.
            "3F000" => StoreError::Empty { store },
            // No such table, though it was looked before whether they had been made.
            "42P01" => StoreError::Damaged { store, reason },
            "53100" | "53200" => StoreError::Full { store, reason },
            // A wrong password, no such role, no such database, too many connections.
            "28000" | "28P01" | "3D000" | "53300" | "57P01" | "57P02" | "57P03" | "57P05" => {
                StoreError::Unreachable { store, reason }
            }
            code if code.starts_with("08") => StoreError::Unreachable { store, reason },
            "57014" => StoreError::Database {
                store,
                doing,
                reason: "it took too long, and the server stopped it".to_owned(),
            },
            "55P03" => StoreError::Database {
                store,
                doing,
                reason: "another program holds a lock for too long".to_owned(),
            },
            _ => StoreError::Database { store, doing, reason },
        }
    }
}

/// A message of a server, bounded and on one line.
fn said(message: &str) -> String {
    message.chars().take(500).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
