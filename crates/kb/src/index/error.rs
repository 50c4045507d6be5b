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
    /// The model gave no vector for a passage.
    #[error("{place} cannot be embedded")]
    Embed {
        /// Which passage it is: path and lines, or how it begins.
        place: String,
        /// What the model says.
        source: EmbedError,
    },
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
            Self::Embed { .. } => Some(
                "take another model with `--model` or `--model-dir`, change the passage, or leave the document out with `kb: exclude:`; documents before it are indexed",
            ),
            Self::Nothing { .. } => Some(
                "name paths, or say under `docs: include:` of countersign.yaml where documents are; `kb index PATH` takes out what was indexed below a path that is gone",
            ),
            _ => None,
        }
    }
}
