//! What programs read: names that stay.

use serde_json::{Value, json};

use super::rerank::Found;
use crate::search::{Hit, Place};
use crate::store::{ChunkId, ChunkRow, DocumentRow, Link, ModelRow, Origin};

/// A document.
pub(super) fn document(row: &DocumentRow) -> Value {
    json!({
        "path": row.path,
        "doc_id": row.doc_id,
        "title": row.title,
        "type": row.kind,
        "status": row.status,
        "phase": row.phase,
        "owner_role": row.owner_role,
        "version": row.version,
        "updated_at": row.updated_at,
        "stages": row.stages,
        "hash": row.hash,
        "commit": row.commit,
    })
}

/// A chunk, with its number if it has one to be shown by.
pub(super) fn chunk(id: Option<ChunkId>, row: &ChunkRow) -> Value {
    let mut value = json!({
        "ordinal": row.ordinal,
        "hash": row.hash.to_string(),
        "heading_path": row.heading_path,
        "first_line": row.first_line,
        "last_line": row.last_line,
        "start": row.start,
        "end": row.end,
        "kind": row.kind,
        "language": row.language,
        "tokens": row.tokens,
        "lead": row.lead,
        "text": row.text,
    });
    if let Some(ChunkId(id)) = id {
        value["chunk"] = id.into();
    }
    value
}

/// A hit: what it cites first.
fn hit(hit: &Hit) -> Value {
    let place = |place: Option<Place>| {
        place.map(|place| json!({"place": place.place, "score": place.score}))
    };
    json!({
        "chunk": hit.id.0,
        "path": hit.document.path,
        "first_line": hit.chunk.first_line,
        "last_line": hit.chunk.last_line,
        "heading_path": hit.chunk.heading_path,
        "doc_id": hit.document.doc_id,
        "title": hit.document.title,
        "type": hit.document.kind,
        "status": hit.document.status,
        "phase": hit.document.phase,
        "stages": hit.document.stages,
        "updated_at": hit.document.updated_at,
        "commit": hit.document.commit,
        "kind": hit.chunk.kind,
        "language": hit.chunk.language,
        "text": hit.chunk.text,
        "score": hit.score,
        "lexical": place(hit.lexical),
        "vector": place(hit.vector),
        "identifiers": hit.identifiers,
    })
}

/// A hit, with what a reranker made of it if one was asked for.
pub(super) fn found(found: &Found, is_reranking_asked: bool) -> Value {
    let mut value = hit(&found.hit);
    if is_reranking_asked {
        value["rerank"] = json!(
            found.reranked.map(|(score, before)| json!({"score": score, "place_before": before}))
        );
    }
    value
}

/// A link.
pub(super) fn link(link: &Link) -> Value {
    json!({
        "from": link.from.to_string(),
        "relation": link.relation,
        "to": link.to.to_string(),
        "origin": match link.origin {
            Origin::Document => "document",
            Origin::Made => "made",
        },
    })
}

/// A model.
pub(super) fn model(row: &ModelRow) -> Value {
    json!({
        "id": row.id.0,
        "name": row.description.name,
        "digest": row.description.digest,
        "dimensions": row.description.dimensions,
        "max_tokens": row.description.max_tokens,
        "distance": row.description.distance.as_str(),
        "active": row.active,
    })
}
