//! Why a store could not do something.

/// Why a store could not do something. No message has a password in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No address of a store.
    #[error("`{given}` is no database: {reason}")]
    Location {
        /// What was given, without a password.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database has no tables of ours, and nobody asked to make them.
    #[error("{store} has no knowledge base yet")]
    Empty {
        /// The store.
        store: String,
    },
    /// Another program's database.
    #[error("{store} belongs to another program: {reason}")]
    Foreign {
        /// The store.
        store: String,
        /// What gives it away.
        reason: String,
    },
    /// A newer program made the tables.
    #[error("{store} has schema {found}; this program knows schemas up to {known}")]
    TooNew {
        /// The store.
        store: String,
        /// The version found.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// Tables of an older program.
    #[error("{store} has schema {found}, and {known} is needed")]
    TooOld {
        /// The store.
        store: String,
        /// The version found.
        found: i64,
        /// The version needed.
        known: i64,
    },
    /// The server lacks something.
    #[error("{store} lacks {what}")]
    Lacks {
        /// The store.
        store: String,
        /// An extension, a version, a right.
        what: String,
        /// What to do.
        help: String,
    },
    /// It cannot be reached, or went away.
    #[error("cannot reach {store}: {reason}")]
    Unreachable {
        /// The store.
        store: String,
        /// Why.
        reason: String,
    },
    /// It may not be written.
    #[error("{store} cannot be written: {reason}")]
    ReadOnly {
        /// The store.
        store: String,
        /// Why.
        reason: String,
    },
    /// No room.
    #[error("no room is left for {store}: {reason}")]
    Full {
        /// The store.
        store: String,
        /// Why.
        reason: String,
    },
    /// The system does not write the file: it has reached a limit, or its device has a fault.
    #[error("the system does not write {store}: {reason}")]
    Unwritten {
        /// The store.
        store: String,
        /// What the database says.
        reason: String,
    },
    /// The system does something else with the file that it should not: reading or locking it
    /// fails.
    #[error("the system does not read or lock {store}: {reason}")]
    Unread {
        /// The store.
        store: String,
        /// What the database says.
        reason: String,
    },
    /// It is ours, and not as we left it.
    #[error("{store} is damaged: {reason}")]
    Damaged {
        /// The store.
        store: String,
        /// What gives it away.
        reason: String,
    },
    /// The file is no longer the one that was opened: what is written to it now is lost.
    #[error("{store} was deleted or replaced while it was in use")]
    Replaced {
        /// The store.
        store: String,
    },
    /// Another run indexes.
    #[error("another run has been indexing into {store} for {seconds} seconds")]
    Locked {
        /// The store.
        store: String,
        /// How long was waited.
        seconds: u64,
    },
    /// A vector that does not fit the model.
    #[error("a vector of {found} numbers for `{model}`, whose vectors have {expected}")]
    Dimensions {
        /// The model.
        model: String,
        /// What the model says.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// A model that is not there.
    #[error("{store} has no embedding model `{model}`")]
    UnknownModel {
        /// The store.
        store: String,
        /// The model, by name or id.
        model: String,
    },
    /// Something that the database did not like.
    #[error("{store}: cannot {doing}: {reason}")]
    Database {
        /// The store.
        store: String,
        /// What was being done, after "cannot".
        doing: &'static str,
        /// What the database says.
        reason: String,
    },
}

impl StoreError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Location { .. } => {
                Some("give `sqlite:PATH` for a file, or `postgres://USER@HOST/NAME` for a server")
            }
            Self::Empty { .. } => Some("run `kb index` to fill it"),
            Self::Foreign { .. } => Some("name another database with `--db`"),
            Self::TooNew { .. } => Some("use a newer `kb`"),
            Self::TooOld { .. } => Some("run `kb migrate`"),
            Self::Lacks { help, .. } => Some(help),
            Self::ReadOnly { .. } => Some("let this user write it, or name another with `--db`"),
            Self::Full { .. } => Some("make room and run it again; nothing was half written"),
            Self::Unwritten { .. } => Some(
                "it has reached a limit on the size of files (`ulimit -f`) or a quota, or the disk is faulty: lift the limit or name another place with `--db`, and run it again; nothing was half written",
            ),
            Self::Unread { .. } => Some(
                "look at the disk and what the log of the system says of it; for a file on a network drive, name one on this machine with `--db`",
            ),
            Self::Damaged { .. } => {
                Some("move it away and run `kb index`; only links made with `kb link` are lost")
            }
            Self::Replaced { .. } => Some("run it again; what this run did went with the old file"),
            Self::Locked { .. } => Some("wait for it, or stop it"),
            _ => None,
        }
    }
}
