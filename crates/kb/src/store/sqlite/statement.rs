//! The text of a search.
//!
//! What may be found, what ranks and what is read are kept apart: thousands of chunks are
//! ranked by what indexes hold of them, and the wide rows of texts are read for a few.

use super::read::{CHUNK, DOCUMENT};
use super::words::Words;
use crate::search::RANK_CONSTANT;

/// What a term in a heading counts beside one in the text.
const HEADING: f64 = 3.0;

/// The documents that may be found.
///
/// Parameters: ?1 kinds, ?2 statuses, ?3 patterns of paths, ?4 stages, ?5 kinds and keys of
/// entities, each a JSON list or null; ?6 the standing.
const ELIGIBLE: &str = "
eligible (document) AS MATERIALIZED (
    SELECT d.id
    FROM docs_meta AS d
    WHERE (?1 IS NULL OR d.type IN (SELECT value FROM json_each(?1)))
        AND (?2 IS NULL OR d.status IN (SELECT value FROM json_each(?2)))
        AND (?3 IS NULL OR d.path REGEXP ?3)
        AND (?4 IS NULL OR EXISTS (
            SELECT 1 FROM json_each(d.stages) AS stage
            WHERE stage.value IN (SELECT value FROM json_each(?4))
        ))
        AND (?5 IS NULL OR d.id IN (SELECT document FROM linked))
        AND CASE ?6
            WHEN 'current' THEN d.phase NOT IN ('rejected', 'replaced', 'retired')
            WHEN 'in-force' THEN d.phase = 'in-force'
            ELSE 1
        END
),
-- Documents at one end of a link that has an entity at the other.
ends (kind, key) AS MATERIALIZED (
    SELECT l.to_kind, l.to_key
    FROM json_each(?5) AS e
    JOIN links AS l ON l.from_kind = e.value ->> 0 AND l.from_key = e.value ->> 1
    UNION
    SELECT l.from_kind, l.from_key
    FROM json_each(?5) AS e
    JOIN links AS l ON l.to_kind = e.value ->> 0 AND l.to_key = e.value ->> 1
),
linked (document) AS MATERIALIZED (
    SELECT l.document
    FROM json_each(?5) AS e
    JOIN links AS l ON l.to_kind = e.value ->> 0 AND l.to_key = e.value ->> 1
    WHERE l.document IS NOT NULL
    UNION
    SELECT d.id FROM ends JOIN docs_meta AS d ON d.doc_id = ends.key
    WHERE ends.kind IN ('doc', 'docset', 'decision') AND ends.key <> ''
    UNION
    SELECT d.id FROM ends JOIN docs_meta AS d ON d.path = ends.key
    WHERE ends.kind IN ('doc', 'docset', 'decision')
),";

/// How many chunks may be found, and how many there are.
pub(super) fn reach() -> String {
    format!(
        "WITH {} SELECT
            coalesce(sum(chunks) FILTER (WHERE id IN (SELECT document FROM eligible)), 0) AS eligible,
            coalesce(sum(chunks), 0) AS every
        FROM docs_meta",
        ELIGIBLE.trim_end_matches(',')
    )
}

/// What the identifiers of a query name. Parameter: ?7 identifiers as a JSON list.
const NAMED: &str = "
-- Documents that are called by an identifier of the query.
called (document, identifier) AS MATERIALIZED (
    SELECT d.id, q.key
    FROM json_each(?7) AS q
    JOIN docs_meta AS d ON d.called = q.value
),
-- How many identifiers of the query a chunk holds, or its document is called by.
identified (chunk, identifiers) AS MATERIALIZED (
    SELECT chunk, count(*)
    FROM (
        SELECT t.rowid AS chunk, q.key AS identifier
        FROM json_each(?7) AS q
        CROSS JOIN chunk_terms AS t
        WHERE t.chunk_terms MATCH '\"' || q.value || '\"'
        UNION
        SELECT c.id, called.identifier
        FROM called
        JOIN doc_chunks AS c ON c.document = called.document
    )
    GROUP BY chunk
)";

/// The best by terms, and all that are as good as the last one before paths decide.
/// Parameters: ?8 the expression of full text; ?9 how many.
const LEXICAL: &str = ",
matched (chunk, score) AS MATERIALIZED (
    SELECT rowid, -bm25(chunk_terms, {HEADING}, 1.0) / {COPIES}
    FROM chunk_terms
    WHERE chunk_terms MATCH ?8
),
scored (chunk, score, called, identifiers, document, ordinal) AS MATERIALIZED (
    SELECT
        found.chunk,
        found.score,
        c.document IN (SELECT document FROM called),
        coalesce(i.identifiers, 0),
        c.document,
        c.ordinal
    FROM (
        SELECT chunk, score FROM matched
        UNION ALL
        SELECT chunk, 0.0 FROM identified WHERE chunk NOT IN (SELECT chunk FROM matched)
    ) AS found
    CROSS JOIN doc_chunks AS c INDEXED BY doc_chunks_place ON c.id = found.chunk
    LEFT JOIN identified AS i ON i.chunk = found.chunk
    WHERE {ELIGIBLE}
),
lexical (chunk, score, place) AS MATERIALIZED (
    SELECT s.chunk, s.score, row_number() OVER (
        ORDER BY s.called DESC, s.identifiers DESC, s.score DESC, d.path, s.ordinal
    ) AS place
    FROM scored AS s
    CROSS JOIN docs_meta AS d ON d.id = s.document
    WHERE (s.called, s.identifiers, s.score) >= (
        SELECT called, identifiers, score
        FROM (
            SELECT called, identifiers, score FROM scored
            ORDER BY called DESC, identifiers DESC, score DESC
            LIMIT ?9
        )
        ORDER BY called, identifiers, score
        LIMIT 1
    )
    ORDER BY place
    LIMIT ?9
)";

/// Passages that were found before. Parameter: ?10 their numbers as a JSON list.
const NEAR: &str = ",
near (passage) AS (
    SELECT value FROM json_each(?10)
)";

/// All passages.
const EVERY: &str = ",
near (passage) AS (
    SELECT passage FROM embeddings WHERE model = {MODEL}
)";

/// All passages that may be found.
const EVERY_ELIGIBLE: &str = ",
near (passage) AS (
    SELECT DISTINCT c.passage
    FROM eligible AS e
    CROSS JOIN doc_chunks AS c INDEXED BY doc_chunks_document ON c.document = e.document
)";

/// The best by vector, and all that are as near as the last one before paths decide.
/// Parameters: ?9 how many; ?11 the vector.
const VECTOR: &str = ",
compared (chunk, distance, document, ordinal) AS MATERIALIZED (
    SELECT c.id, coalesce(vec_distance_cosine(v.vector, ?11), 1.0), c.document, c.ordinal
    FROM near
    CROSS JOIN doc_chunks AS c INDEXED BY doc_chunks_passage ON c.passage = near.passage
    CROSS JOIN embeddings AS v ON v.model = {MODEL} AND v.passage = near.passage
    WHERE {ELIGIBLE}
),
vector (chunk, score, place) AS MATERIALIZED (
    SELECT compared.chunk, 1.0 - compared.distance, row_number() OVER (
        ORDER BY compared.distance, d.path, compared.ordinal
    ) AS place
    FROM compared
    CROSS JOIN docs_meta AS d ON d.id = compared.document
    WHERE compared.distance <= (
        SELECT max(distance)
        FROM (SELECT distance FROM compared ORDER BY distance LIMIT ?9)
    )
    ORDER BY place
    LIMIT ?9
)";

/// Both as one ranking. Parameters: ?12 the weight of the ranking by vector; ?13 how many.
const FUSED: &str = ",
fused (chunk, score) AS MATERIALIZED (
    SELECT chunk, sum(weight / ({RANK_CONSTANT} + place))
    FROM ({RANKINGS})
    GROUP BY chunk
)
SELECT
    fused.score AS fused_score,
    {LEXICAL_PLACE},
    {VECTOR_PLACE},
    coalesce(i.identifiers, 0) AS identifiers,
    {BY_WORDS} AS by_words,
    {BY_VECTOR} AS by_vector,
    {CHUNK},
    {DOCUMENT}
FROM fused
JOIN doc_chunks AS c ON c.id = fused.chunk
JOIN passages AS p ON p.id = c.passage
JOIN docs_meta AS d ON d.id = c.document
LEFT JOIN identified AS i ON i.chunk = fused.chunk
{JOINS}
ORDER BY
    d.id IN (SELECT document FROM called) DESC,
    identifiers DESC,
    fused.score DESC,
    d.path,
    c.ordinal
LIMIT ?13";

/// What is compared with the vector of a query.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Near {
    /// What is nearest by bits.
    Found,
    /// Everything.
    Every,
}

/// The statement for what is asked; `filtered` tells whether some documents may not be found.
pub(super) fn search(words: Option<&Words>, vector: Option<(i64, Near)>, filtered: bool) -> String {
    let mut text = String::from("WITH ");
    text.push_str(if filtered { ELIGIBLE } else { "" });
    text.push_str(NAMED);
    let mut rankings = Vec::new();
    let mut joins = String::new();
    let mut place = |name: &str, weight: &str, there: bool| {
        if there {
            rankings.push(format!("SELECT chunk, place, {weight} AS weight FROM {name}"));
            joins.push_str(&format!("LEFT JOIN {name} ON {name}.chunk = fused.chunk\n"));
            format!("{name}.place AS {name}_place, {name}.score AS {name}_score")
        } else {
            format!("NULL AS {name}_place, NULL AS {name}_score")
        }
    };
    let lexical_place = place("lexical", "1.0", words.is_some());
    let vector_place = place("vector", "?12", vector.is_some());
    if let Some(words) = words {
        text.push_str(
            &LEXICAL
                .replace("{HEADING}", &format!("{HEADING:?}"))
                .replace("{COPIES}", if words.pruned { "2.0" } else { "1.0" }),
        );
    }
    if let Some((model, near)) = vector {
        text.push_str(match near {
            Near::Found => NEAR,
            Near::Every if filtered => EVERY_ELIGIBLE,
            Near::Every => EVERY,
        });
        text.push_str(VECTOR);
        text = text.replace("{MODEL}", &model.to_string());
    }
    // The sign keeps SQLite from looking each chunk up under every document in turn, which
    // indexes that hold both invite.
    let eligible = if filtered { "+c.document IN (SELECT document FROM eligible)" } else { "true" };
    let by_words = if words.is_some() { "(SELECT count(*) FROM lexical)" } else { "0" };
    let by_vector = if vector.is_some() { "(SELECT count(*) FROM vector)" } else { "0" };
    text.push_str(
        &FUSED
            .replace("{RANK_CONSTANT}", &format!("{RANK_CONSTANT:?}"))
            .replace("{RANKINGS}", &rankings.join(" UNION ALL "))
            .replace("{LEXICAL_PLACE}", &lexical_place)
            .replace("{VECTOR_PLACE}", &vector_place)
            .replace("{BY_WORDS}", by_words)
            .replace("{BY_VECTOR}", by_vector)
            .replace("{CHUNK}", CHUNK)
            .replace("{DOCUMENT}", DOCUMENT)
            .replace("{JOINS}", &joins),
    );
    text.replace("{ELIGIBLE}", eligible)
}
