//! Scores of passages for a query.

/// Tells how well passages answer a query, by reading each together with the query.
///
/// That tells more than two vectors that were made apart, and takes so long that only the
/// best hits of a search can be read so.
pub trait Reranker: Send {
    /// What the model is called: `rozgo/bge-reranker-v2-m3`, or the name of a folder.
    fn name(&self) -> &str;

    /// A score for each of `passages`, in their order; more is better.
    ///
    /// The scale is the model's own, and many give negative numbers: scores can be compared
    /// for one query and one model. What is longer than the model reads is cut.
    ///
    /// # Errors
    ///
    /// If the model cannot be run, or gives something else than a finite number for each.
    fn score(&mut self, query: &str, passages: &[&str]) -> Result<Vec<f32>, RerankError>;
}

/// Why passages have no scores.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RerankError {
    /// The model gave another number of scores than there are passages.
    #[error("the reranker `{model}` gave {found} scores for {expected} passages")]
    Count {
        /// The model.
        model: String,
        /// How many passages there are.
        expected: usize,
        /// How many scores it gave.
        found: usize,
    },
    /// The model gave a score that is no number, or no finite one: nothing can be ordered
    /// by it.
    #[error("the reranker `{model}` gave the score {score}")]
    Score {
        /// The model.
        model: String,
        /// The score.
        score: f32,
    },
    /// The model could not be run.
    #[error("the reranker `{model}` cannot score: {reason}")]
    Run {
        /// The model.
        model: String,
        /// What is wrong, with the file.
        reason: String,
    },
}
