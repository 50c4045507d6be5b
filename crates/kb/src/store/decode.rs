//! Rows of a store, as what they mean.
//!
//! Both stores give their columns the same names; how a column is read is theirs.

use crate::chunk::ContentHash;
use crate::embed::{Distance, ModelDescription};
use crate::search::{Hit, Place};
use crate::store::{
    ChunkId, ChunkRow, DocumentRow, DocumentState, Entity, EntityKind, Link, ModelId, ModelRow,
    Origin,
};

/// A row whose columns are read by name.
pub(super) trait Columns {
    fn text(&self, column: &str) -> Result<String, sqlx::Error>;
    fn texts(&self, column: &str) -> Result<Vec<String>, sqlx::Error>;
    fn whole(&self, column: &str) -> Result<Option<i64>, sqlx::Error>;
    fn real(&self, column: &str) -> Result<f64, sqlx::Error>;
    fn flag(&self, column: &str) -> Result<bool, sqlx::Error>;
    fn hash(&self, column: &str) -> Result<ContentHash, sqlx::Error>;

    /// A number that is there and fits.
    fn number<T: TryFrom<i64>>(&self, column: &str) -> Result<T, sqlx::Error> {
        let number = self.whole(column)?;
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| {
            let number = number.map_or("nothing".to_owned(), |number| number.to_string());
            undecodable(column, format!("{number} is not possible"))
        })
    }
}

/// What a column holds has no meaning.
pub(super) fn undecodable(
    column: &str,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: why.into() }
}

pub(super) fn document_row(row: &impl Columns) -> Result<DocumentRow, sqlx::Error> {
    Ok(DocumentRow {
        path: row.text("path")?,
        doc_id: row.text("doc_id")?,
        title: row.text("title")?,
        kind: row.text("type")?,
        status: row.text("status")?,
        phase: row.text("phase")?,
        owner_role: row.text("owner_role")?,
        version: row.text("version")?,
        updated_at: row.text("updated_at")?,
        stages: row.texts("stages")?,
        hash: row.text("hash")?,
        commit: row.text("commit_sha")?,
    })
}

pub(super) fn document_state(row: &impl Columns) -> Result<DocumentState, sqlx::Error> {
    Ok(DocumentState {
        path: row.text("path")?,
        hash: row.text("hash")?,
        recipe: row.text("recipe")?,
    })
}

pub(super) fn chunk_row(row: &impl Columns) -> Result<(ChunkId, ChunkRow), sqlx::Error> {
    let chunk = ChunkRow {
        ordinal: row.number("ordinal")?,
        hash: row.hash("content_hash")?,
        heading_path: row.texts("heading_path")?,
        lead: row.text("lead")?,
        text: row.text("chunk_text")?,
        start: row.number("first_byte")?,
        end: row.number("end_byte")?,
        first_line: row.number("first_line")?,
        last_line: row.number("last_line")?,
        kind: row.text("chunk_kind")?,
        language: row.text("language")?,
        tokens: row.number("tokens")?,
    };
    Ok((ChunkId(row.number("chunk_id")?), chunk))
}

pub(super) fn hit(row: &impl Columns) -> Result<Hit, sqlx::Error> {
    let place = |place: &str, score: &str| -> Result<Option<Place>, sqlx::Error> {
        if row.whole(place)?.is_none() {
            return Ok(None);
        }
        Ok(Some(Place { place: row.number(place)?, score: row.real(score)? }))
    };
    let (id, chunk) = chunk_row(row)?;
    Ok(Hit {
        id,
        chunk,
        document: document_row(row)?,
        score: row.real("fused_score")?,
        lexical: place("lexical_place", "lexical_score")?,
        vector: place("vector_place", "vector_score")?,
        identifiers: row.number("identifiers")?,
    })
}

pub(super) fn model_row(row: &impl Columns) -> Result<ModelRow, sqlx::Error> {
    Ok(ModelRow {
        id: ModelId(row.number("id")?),
        description: ModelDescription {
            name: row.text("name")?,
            digest: row.text("digest")?,
            dimensions: row.number("dimensions")?,
            max_tokens: row.number("max_tokens")?,
            distance: Distance::Cosine,
        },
        active: row.flag("active")?,
    })
}

pub(super) fn link_row(row: &impl Columns) -> Result<Link, sqlx::Error> {
    let entity = |kind: &str, key: &str| {
        let name = row.text(kind)?;
        let known = EntityKind::ALL.into_iter().find(|known| known.as_str() == name);
        let unknown = || undecodable(kind, format!("there is no kind of entity `{name}`"));
        Ok::<_, sqlx::Error>(Entity { kind: known.ok_or_else(unknown)?, key: row.text(key)? })
    };
    Ok(Link {
        from: entity("from_kind", "from_key")?,
        relation: row.text("relation")?,
        to: entity("to_kind", "to_key")?,
        origin: if row.flag("made")? { Origin::Made } else { Origin::Document },
    })
}
