//! The knowledge base: what the documents of a repository say, in pieces that can be
//! found and cited.
//!
//! * [`chunk`] cuts the body of a document into chunks, each with its place.
//!
//! Nothing here knows GitHub, and [`chunk`] touches neither disk nor network.

pub mod chunk;
