//! What is asked of a store.

use super::Weight;
use crate::store::{Entity, ModelId};

/// A search.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The query as terms of full text; may be empty.
    pub terms: Terms,
    /// The query as a vector of this model.
    pub vector: Option<(ModelId, Vec<f32>)>,
    /// How much the ranking by vector counts beside the one by terms.
    pub vector_weight: Weight,
    /// Which documents may be found.
    pub filters: Filters,
    /// At most so many hits are wanted; at least 1.
    pub limit: usize,
    /// So many of the best by terms, and so many of the best by vector, are fused; at least
    /// `limit`.
    pub candidates: usize,
}

/// A query as the terms that chunks are kept by.
///
/// A term is what stands in full text: letters, digits, and the signs that identifiers are
/// made of, never white space, quotes or anything that a query language of a store could
/// read as an operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Stems of words; any of them may match, rare ones count for more.
    pub stems: Vec<String>,
    /// Identifiers (`adr-0013`, `e0502`): what holds one of them comes before what does not,
    /// and the document that is called so comes first.
    pub identifiers: Vec<String>,
}

impl Terms {
    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stems.is_empty() && self.identifiers.is_empty()
    }
}

/// Which documents may be found. Every field that is not empty must be met, by any of its
/// values.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Linked with any of these: issues, pull requests, docsets.
    pub linked: Vec<Entity>,
    /// Types of documents.
    pub kinds: Vec<String>,
    /// Statuses, as written.
    pub statuses: Vec<String>,
    /// Paths from the root: a document, a folder with everything below it, or a pattern with
    /// `*` (anything but `/`), `**` and `?`.
    pub paths: Vec<String>,
    /// Stages of the process that produce the document.
    pub stages: Vec<String>,
    /// What else counts.
    pub standing: Standing,
}

/// Whether documents that do not count any more may be found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Documents in force, in review and in the making, and those without a status that is
    /// known; not what was replaced, retired or rejected.
    #[default]
    Current,
    /// Only what is in force.
    InForce,
    /// All.
    Any,
}
