//! Documents, chunks, vectors and links, kept where they can be searched.
//!
//! A store is an index: everything in it but the links that people made comes from the
//! documents, and `kb index` can make it anew.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod decode;
mod entity;
mod error;
mod location;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod pattern;
#[cfg(feature = "postgres")]
mod postgres;
mod rows;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use async_trait::async_trait;

pub use self::entity::{Entity, EntityError, EntityKind, Link, Origin};
pub use self::error::StoreError;
pub use self::location::{Location, open};
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
pub use self::rows::{
    ChunkId, ChunkRow, ChunkWrite, DocumentRow, DocumentState, DocumentWrite, ModelId, ModelRow,
    Pending, Removed, Written,
};
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteStore;
use crate::chunk::ContentHash;
use crate::embed::ModelDescription;
use crate::search::{Hit, Request};

/// A knowledge base that is open. Every operation is whole or has not happened.
#[async_trait]
pub trait Store: Send + Sync {
    /// Which one it is, to be shown: without a password.
    fn name(&self) -> &str;

    /// Brings the tables to the schema of this program; gives the names of the migrations
    /// that were needed. Two programs may call it at once.
    async fn migrate(&self) -> Result<Vec<String>, StoreError>;

    /// Waits until no other run indexes, at most `patience`, and keeps others out until
    /// the guard is dropped or the process ends, however it ends.
    async fn lock(&self, patience: Duration) -> Result<Box<dyn IndexLock>, StoreError>;

    /// Every document with what tells whether it changed, by path.
    async fn documents(&self) -> Result<Vec<DocumentState>, StoreError>;

    /// Puts documents in place of what is there under their paths: each with all its chunks,
    /// terms and links, in one transaction. Chunks with a hash that is there keep their
    /// [id](ChunkId) and their vectors, under whichever path.
    ///
    /// The vectors of `vectors` are kept under the hashes of the passages that they are of.
    async fn write(
        &self,
        documents: &[DocumentWrite],
        vectors: Option<(ModelId, &[(ContentHash, Vec<f32>)])>,
    ) -> Result<Written, StoreError>;

    /// Notes that documents were seen unchanged at a commit.
    async fn touch(&self, paths: &[String], commit: &str) -> Result<(), StoreError>;

    /// Takes documents out, with their chunks and derived links; gives how much was there.
    ///
    /// Numbers and vectors of their chunks are remembered until the store is
    /// [tidied](Self::tidy): a document that moved is taken out first and written then.
    async fn remove(&self, paths: &[String]) -> Result<Removed, StoreError>;

    /// Takes out vectors that belong to no chunk, and brings statistics of terms up to date.
    async fn tidy(&self) -> Result<(), StoreError>;

    /// All models.
    async fn models(&self) -> Result<Vec<ModelRow>, StoreError>;

    /// The model's id; it is added if it is not there. The first one becomes the active one.
    async fn register_model(&self, model: &ModelDescription) -> Result<ModelId, StoreError>;

    /// Searches use this model from now on.
    async fn activate_model(&self, model: ModelId) -> Result<(), StoreError>;

    /// Takes out a model with its vectors; the active one is refused.
    async fn remove_model(&self, model: ModelId) -> Result<(), StoreError>;

    /// Which of `hashes` have a vector of `model`.
    async fn embedded(
        &self,
        model: ModelId,
        hashes: &[ContentHash],
    ) -> Result<HashSet<ContentHash>, StoreError>;

    /// The vectors of `model` that those of `hashes` have which have one: the same bits that
    /// were written.
    async fn vectors(
        &self,
        model: ModelId,
        hashes: &[ContentHash],
    ) -> Result<HashMap<ContentHash, Vec<f32>>, StoreError>;

    /// Passages of chunks without a vector of `model`: at most `limit`, each hash once.
    async fn pending(&self, model: ModelId, limit: usize) -> Result<Vec<Pending>, StoreError>;

    /// Keeps vectors of passages that chunks have; others are left out.
    async fn add_vectors(
        &self,
        model: ModelId,
        vectors: &[(ContentHash, Vec<f32>)],
    ) -> Result<(), StoreError>;

    /// The best chunks, best first.
    async fn search(&self, request: &Request) -> Result<Vec<Hit>, StoreError>;

    /// One chunk with its document.
    async fn chunk(&self, id: ChunkId) -> Result<Option<(ChunkRow, DocumentRow)>, StoreError>;

    /// All chunks of a document, in order; `None` if there is no such document.
    async fn document(
        &self,
        path: &str,
    ) -> Result<Option<(DocumentRow, Vec<(ChunkId, ChunkRow)>)>, StoreError>;

    /// Adds a link that a person or an agent made; `false` if it was there.
    async fn link(&self, link: &Link) -> Result<bool, StoreError>;

    /// Takes out a link that a person or an agent made; `false` if it was not there.
    async fn unlink(&self, link: &Link) -> Result<bool, StoreError>;

    /// The links from and to an entity, or all; in order.
    async fn links(&self, of: Option<&Entity>) -> Result<Vec<Link>, StoreError>;

    /// Numbers, for `kb stats`.
    async fn statistics(&self) -> Result<Statistics, StoreError>;

    /// What is wrong, and what to do, for `kb doctor`.
    async fn examine(&self) -> Result<Vec<Ailment>, StoreError>;
}

/// While it lives, no other run indexes.
pub trait IndexLock: Send {}

/// How much there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Programs and their versions: `SQLite 3.50.2`, `sqlite-vec 0.1.9`.
    pub versions: Vec<(String, String)>,
    /// The version of the schema.
    pub schema: i64,
    /// Documents.
    pub documents: u64,
    /// Chunks.
    pub chunks: u64,
    /// Tokens of all chunks.
    pub tokens: u64,
    /// Links, those of documents and those of people.
    pub links: u64,
    /// Bytes on disk, with indexes.
    pub bytes: u64,
    /// Models with how many chunks have a vector of each.
    pub models: Vec<(ModelRow, u64)>,
    /// Documents by type, the most first.
    pub kinds: Vec<(String, u64)>,
}

/// Something that is wrong with a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ailment {
    /// A short name in kebab case: `orphan-chunks`.
    pub code: &'static str,
    /// Whether searches give wrong answers because of it.
    pub severe: bool,
    /// What was found.
    pub message: String,
    /// What to do.
    pub help: String,
}
