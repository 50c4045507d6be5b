//! Vectors of texts.

mod model;

pub use self::model::{Distance, ModelDescription};

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
