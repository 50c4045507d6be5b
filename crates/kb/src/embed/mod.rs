//! Vectors of texts, and scores of passages for a query.
//!
//! [`load`] makes an [`Embedder`] of what a [`Choice`] asks for, and [`load_reranker`] a
//! [`Reranker`]:
//!
//! ```text
//! Choice ─▶ catalogue ─▶ runtime ─▶ hub or folder ─▶ bi_encoder ──────▶ Embedder
//!           name         ONNX       files            or cross_encoder ─▶ Reranker
//!           known?       Runtime    of the model     sequences, batches, graph
//! ```
//!
//! Names are looked up before the runtime, and the runtime before anything is downloaded:
//! what fails, fails early.

#[cfg(feature = "onnx")]
mod batches;
#[cfg(feature = "onnx")]
mod bi_encoder;
#[cfg(feature = "onnx")]
mod catalogue;
mod choice;
#[cfg(feature = "onnx")]
mod conventions;
#[cfg(feature = "onnx")]
mod copies;
#[cfg(feature = "onnx")]
mod cross_encoder;
mod error;
#[cfg(feature = "onnx")]
mod external;
#[cfg(feature = "onnx")]
mod files;
#[cfg(feature = "onnx")]
mod graph;
#[cfg(feature = "onnx")]
mod hub;
mod load;
mod model;
#[cfg(feature = "onnx")]
mod reading;
mod reranker;
#[cfg(feature = "onnx")]
mod runtime;
#[cfg(feature = "onnx")]
mod sequence;

pub use self::choice::{Choice, Purpose};
pub use self::error::LoadError;
pub use self::load::{
    DEFAULT_MODEL, DEFAULT_RERANKER, Progress, known_models, known_rerankers, load, load_reranker,
};
pub use self::model::{Distance, ModelDescription};
pub use self::reranker::{RerankError, Reranker};

use crate::chunk::Tokens;

/// Turns texts into vectors of one length, texts of like meaning into near ones.
///
/// Every vector is normalised (its length is 1), so that the product of two is the cosine
/// of their angle.
pub trait Embedder: Send {
    /// Which model it is, and what its vectors are.
    fn model(&self) -> &ModelDescription;

    /// Counts tokens as the model does.
    fn tokens(&self) -> &dyn Tokens;

    /// The vectors of `texts`, in their order, each as long as the model says.
    ///
    /// Prefixes that a model needs are put in front of the texts here.
    ///
    /// # Errors
    ///
    /// If the model cannot be run, or gives something else than it says.
    fn embed(&mut self, role: Role, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError>;

    /// How many of the texts so far were longer than the model reads, so that their ends are
    /// not in their vectors.
    fn cut(&self) -> usize {
        0
    }
}

/// What a text is to a model; some models put another prefix in front of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Part of a document.
    Passage,
    /// What somebody looks for.
    Query,
}

/// Why a text has no vector.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// The model gave vectors of another length than it says.
    #[error("the model `{model}` gave a vector of {found} numbers instead of {expected}")]
    Dimensions {
        /// The model.
        model: String,
        /// What it says.
        expected: usize,
        /// What it gave.
        found: usize,
    },
    /// The model could not be run.
    #[error("the model `{model}` cannot embed: {reason}")]
    Run {
        /// The model.
        model: String,
        /// What the runtime says.
        reason: String,
    },
}
