//! What is asked of a store, and what it answers.

mod fusion;
mod hit;
mod request;
mod rerank;
mod snippet;

pub use self::fusion::{RANK_CONSTANT, Weight, add_vector, legibility};
pub use self::hit::{Hit, Place};
pub use self::request::{Filters, Request, Standing, Terms};
pub use self::rerank::{RERANK_DEPTH, Reranked, rerank};
pub use self::snippet::{Part, below_headings, snippet};
