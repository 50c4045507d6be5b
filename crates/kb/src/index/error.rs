//! Why a run could not index.

use countersign_docset::CheckError;
use countersign_docset::tree::GitError;

use crate::embed::EmbedError;
use crate::store::StoreError;

/// Why a run could not index. What was written before stays, and the next run goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The store could not do something.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The tree of documents, its configuration, or git.
    #[error(transparent)]
    Tree(#[from] CheckError),
    /// A model could not be had.
    #[error(transparent)]
    Model(Box<dyn std::error::Error + Send + Sync>),
    /// A model could not embed.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// There is nothing at all to index.
    #[error("there is no document in {looked_at}")]
    Nothing {
        /// What the configuration includes.
        looked_at: String,
    },
    /// A thread ended before its time: a fault of this program.
    #[error("a thread ended before its time: {0}")]
    Thread(String),
}

impl From<GitError> for IndexError {
    fn from(error: GitError) -> Self {
        Self::Tree(error.into())
    }
}

impl IndexError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Store(error) => error.help(),
            Self::Nothing { .. } => Some(
                "name paths, or say under `docs: include:` of countersign.yaml where documents are; `kb index PATH` takes out what was indexed below a path that is gone",
            ),
            _ => None,
        }
    }
}
