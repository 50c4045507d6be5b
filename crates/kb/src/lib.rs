//! The knowledge base: what the documents of a repository say, in pieces that can be
//! found and cited.
//!
//! * [`chunk`] cuts the body of a document into chunks, each with its place.
//! * [`embed`] turns passages and questions into vectors, and scores passages for questions.
//! * [`index`] brings a store up to date with documents.
//! * [`store`] keeps documents, chunks, vectors and links: in one SQLite file, or in
//!   PostgreSQL with pgvector.
//! * [`terms`] makes of texts and questions the terms of full text.
//! * [`search`] is what is asked of a store, and what it answers.
//!
//! Nothing here knows GitHub, and [`chunk`] touches neither disk nor network.

pub mod chunk;
#[cfg(feature = "cli")]
pub mod command;
#[cfg(any(feature = "store", feature = "schema"))]
pub mod config;
#[cfg(feature = "store")]
pub mod embed;
#[cfg(feature = "store")]
pub mod index;
#[cfg(feature = "store")]
pub mod search;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "store")]
pub mod terms;
