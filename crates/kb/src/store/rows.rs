//! What a store keeps.

use crate::chunk::ContentHash;
use crate::embed::ModelDescription;
use crate::store::entity::Link;

/// A chunk's number in one store. It stays while a chunk of this content is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChunkId(pub i64);

/// A model's number in one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelId(pub i64);

/// A document, as `docs_meta` keeps it. Texts that a document does not have are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentRow {
    /// From the root of the repository, with `/`.
    pub path: String,
    /// `doc_id`.
    pub doc_id: String,
    /// `title`, or the first heading.
    pub title: String,
    /// `type`.
    pub kind: String,
    /// `status`, as written.
    pub status: String,
    /// What the status means: `drafting`, `review`, `in-force`, `rejected`, `replaced`,
    /// `retired`; empty for a status that the catalogue does not know.
    pub phase: String,
    /// `owner_role`.
    pub owner_role: String,
    /// `version`.
    pub version: String,
    /// `updated_at`.
    pub updated_at: String,
    /// The stages of the process that produce its type, in order.
    pub stages: Vec<String>,
    /// The SHA-256 of the file, as 64 hexadecimal digits.
    pub hash: String,
    /// The commit at which it was read; empty if it was read from a working tree.
    pub commit: String,
}

/// What tells whether a document has to be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentState {
    /// From the root of the repository, with `/`.
    pub path: String,
    /// The SHA-256 of the file.
    pub hash: String,
    /// By which rules it was cut and read: [`DocumentWrite::recipe`].
    pub recipe: String,
}

/// A document to be kept.
#[derive(Clone, Debug)]
pub struct DocumentWrite {
    /// What it says of itself.
    pub document: DocumentRow,
    /// By which rules it was cut and read (size of chunks, tokenizer, version of the
    /// analyser): a document with another recipe is read again.
    pub recipe: String,
    /// Its chunks in order.
    pub chunks: Vec<ChunkWrite>,
    /// What its front matter links it with; all have the origin `Document`.
    pub links: Vec<Link>,
}

/// A chunk to be kept.
#[derive(Clone, Debug)]
pub struct ChunkWrite {
    /// What it says, and where.
    pub row: ChunkRow,
    /// The terms of its title and headings, separated by single spaces.
    pub heading_terms: String,
    /// The terms of its text, separated by single spaces.
    pub body_terms: String,
}

/// A chunk, as `doc_chunks` keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkRow {
    /// Its place in the document, 0 for the first.
    pub ordinal: u32,
    /// The hash of its passage.
    pub hash: ContentHash,
    /// The headings that it is below, the outermost first.
    pub heading_path: Vec<String>,
    /// What stands between headings and text in its passage: the header of a table, the
    /// opening of a code block, an overlap.
    pub lead: String,
    /// Its text, as written.
    pub text: String,
    /// Its first byte in the file.
    pub start: u64,
    /// The byte behind its last one in the file.
    pub end: u64,
    /// Its first line in the file, 1-based.
    pub first_line: u32,
    /// Its last line in the file.
    pub last_line: u32,
    /// `text`, `code`, `table` or `list`.
    pub kind: String,
    /// `en`, `ru`, `other`, or the name of a programming language.
    pub language: String,
    /// Tokens of its own text.
    pub tokens: u32,
}

impl ChunkRow {
    /// What a model reads of it, as [`Chunked::passage`](crate::chunk::Chunked::passage).
    #[must_use]
    pub fn passage(&self) -> String {
        crate::chunk::passage(&self.heading_path, &self.lead, &self.text)
    }
}

/// A model, as `embedding_models` keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelRow {
    /// Its number.
    pub id: ModelId,
    /// What it is.
    pub description: ModelDescription,
    /// Whether searches use it.
    pub active: bool,
}

/// A passage without a vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its hash.
    pub hash: ContentHash,
    /// What the model reads.
    pub passage: String,
}

/// What a write did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Chunks that were not there before.
    pub chunks_added: u64,
    /// Chunks that are as before, perhaps at another place.
    pub chunks_kept: u64,
    /// Chunks that are no longer there.
    pub chunks_removed: u64,
}

/// What was taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Documents that were there.
    pub documents: u64,
    /// Their chunks.
    pub chunks: u64,
}
