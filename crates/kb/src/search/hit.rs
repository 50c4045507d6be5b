//! What a store answers.

use crate::store::{ChunkId, ChunkRow, DocumentRow};

/// A chunk that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The chunk.
    pub id: ChunkId,
    /// What it says, and where.
    pub chunk: ChunkRow,
    /// The document that it is part of.
    pub document: DocumentRow,
    /// Its fused score: `1 / (k + place)` by terms and `weight / (k + place)` by vector
    /// together, with the [rank constant](super::RANK_CONSTANT) for k and the
    /// [weight](super::Request::vector_weight) of the request (reciprocal rank fusion).
    pub score: f64,
    /// Its place by terms.
    pub lexical: Option<Place>,
    /// Its place by vector.
    pub vector: Option<Place>,
    /// How many identifiers of the query it holds or its document is called by.
    pub identifiers: usize,
}

/// A place in a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// 1 for the first.
    pub place: usize,
    /// What it was ranked by: BM25 (more is better) for terms, the cosine of the angle for
    /// vectors.
    pub score: f64,
}
