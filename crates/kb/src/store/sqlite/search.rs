//! The search, in one statement.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::bulk::list;
use super::fault::Fault;
use super::models::Shape;
use super::read::{CHUNK, DOCUMENT, chunk_row, document_row};
use super::vectors::to_blob;
use crate::search::{Filters, Hit, Place, RANK_CONSTANT, Request, Standing, Terms};
use crate::store::pattern;

/// What a term in a heading counts beside one in the text.
const HEADING: f64 = 3.0;

/// So many passages are looked at exactly for each one that is wanted, …
const OVERSAMPLING: usize = 10;

/// … at least so many, …
const FEWEST: usize = 1_000;

/// … and no more: it is what sqlite-vec gives at most. Whoever wants more than fit gets
/// every passage compared exactly.
const MOST: usize = 4_096;

/// More terms than that are not looked for: nobody asks that much.
const TERMS: usize = 256;

/// If the rarest terms of a query are in so many chunks, those that have only the others are
/// not looked at: ranking every chunk that has some frequent word takes longer than all the
/// rest, and puts none of them in front.
pub(super) const ENOUGH: i64 = 5_000;

/// The documents that may be found, with their places by path, which settle ties.
///
/// Parameters: ?1 kinds, ?2 statuses, ?3 patterns of paths, ?4 stages, ?5 kinds and keys of
/// entities, each a JSON list or null; ?6 the standing; ?7 identifiers as a JSON list.
const ELIGIBLE: &str = "
eligible (document, place) AS MATERIALIZED (
    SELECT d.id, row_number() OVER (ORDER BY d.path)
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
),
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

/// The best by terms. Parameters: ?8 the expression of full text; ?9 how many.
const LEXICAL: &str = ",
matched (chunk, score) AS MATERIALIZED (
    SELECT rowid, -bm25(chunk_terms, {HEADING}, 1.0) / {COPIES}
    FROM chunk_terms
    WHERE chunk_terms MATCH ?8
),
lexical (chunk, score, place) AS MATERIALIZED (
    SELECT chunk, score, row_number() OVER (
        ORDER BY called DESC, identifiers DESC, score DESC, document_place, ordinal
    )
    FROM (
        SELECT
            found.chunk,
            found.score,
            c.document IN (SELECT document FROM called) AS called,
            coalesce(i.identifiers, 0) AS identifiers,
            e.place AS document_place,
            c.ordinal
        FROM (
            SELECT chunk, score FROM matched
            UNION ALL
            SELECT chunk, 0.0 FROM identified WHERE chunk NOT IN (SELECT chunk FROM matched)
        ) AS found
        JOIN doc_chunks AS c ON c.id = found.chunk
        JOIN eligible AS e ON e.document = c.document
        LEFT JOIN identified AS i ON i.chunk = found.chunk
        ORDER BY called DESC, identifiers DESC, found.score DESC, document_place, c.ordinal
        LIMIT ?9
    )
)";

/// The passages that are nearest by bits. Parameters: ?10 the bits; ?11 how many.
const NEAR: &str = ",
near (passage) AS MATERIALIZED (
    SELECT rowid
    FROM near_{MODEL}
    WHERE bits MATCH vec_bit(?10) AND k = ?11
)";

/// As [`NEAR`], of those that may be found.
const NEAR_FILTERED: &str = ",
near (passage) AS MATERIALIZED (
    SELECT rowid
    FROM near_{MODEL}
    WHERE bits MATCH vec_bit(?10) AND k = ?11
        AND rowid IN (
            SELECT c.passage FROM doc_chunks AS c
            WHERE c.document IN (SELECT document FROM eligible)
        )
)";

/// All passages.
const ALL: &str = ",
near (passage) AS (
    SELECT passage FROM embeddings WHERE model = {MODEL}
)";

/// The best by vector. Parameters: ?9 how many; ?12 the vector.
const VECTOR: &str = ",
compared (passage, distance) AS MATERIALIZED (
    SELECT near.passage, coalesce(vec_distance_cosine(v.vector, ?12), 1.0)
    FROM near
    JOIN embeddings AS v ON v.model = {MODEL} AND v.passage = near.passage
),
vector (chunk, score, place) AS MATERIALIZED (
    SELECT chunk, 1.0 - distance, row_number() OVER (
        ORDER BY distance, document_place, ordinal
    )
    FROM (
        SELECT c.id AS chunk, compared.distance, e.place AS document_place, c.ordinal
        FROM compared
        JOIN doc_chunks AS c ON c.passage = compared.passage
        JOIN eligible AS e ON e.document = c.document
        ORDER BY compared.distance, document_place, c.ordinal
        LIMIT ?9
    )
)";

/// Both as one ranking. Parameters: ?13 the weight of the ranking by vector; ?14 how many.
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
LIMIT ?14";

/// The best chunks, best first; `enough` is [`ENOUGH`] but in tests.
pub(super) async fn search(
    connection: &mut SqliteConnection,
    request: &Request,
    store: &str,
    enough: i64,
) -> Result<Vec<Hit>, Fault> {
    let vector = match &request.vector {
        Some((model, vector)) => {
            let shape = Shape::of(connection, *model, store).await?;
            shape.check(vector, store)?;
            Some(Vector { model: model.0, bits: shape.bits(vector), blob: to_blob(vector) })
        }
        None => None,
    };
    let terms = wanted(&request.terms);
    if terms.is_empty() && vector.is_none() {
        return Ok(Vec::new());
    }
    let counts = count(connection, &terms).await?;
    let hides = hides(connection, &request.filters).await?;
    // What no chunk has can still be what a document is called.
    let words = Words::of(counts, enough).or_else(|| Words::all(&terms));
    let hits = run(connection, request, words.as_ref(), vector.as_ref(), hides).await?;
    let lexical = hits.iter().filter(|hit| hit.lexical.is_some()).count();
    let pruned = words.is_some_and(|words| words.pruned);
    // Behind a filter, what has only frequent words may be all there is.
    if pruned && lexical < request.limit && (hides || hits.len() < request.limit) {
        let words = Words::all(&terms);
        return run(connection, request, words.as_ref(), vector.as_ref(), hides).await;
    }
    Ok(hits)
}

/// The query as a vector.
struct Vector {
    model: i64,
    bits: Vec<u8>,
    blob: Vec<u8>,
}

/// One statement.
async fn run(
    connection: &mut SqliteConnection,
    request: &Request,
    words: Option<&Words>,
    vector: Option<&Vector>,
    hides: bool,
) -> Result<Vec<Hit>, Fault> {
    let limit = request.limit.max(1);
    let candidates = request.candidates.max(limit);
    let passages = candidates.saturating_mul(OVERSAMPLING).max(FEWEST);
    let near = if candidates > MOST / 2 {
        ALL
    } else if hides {
        NEAR_FILTERED
    } else {
        NEAR
    };
    let text = statement(words, vector.map(|vector| vector.model), near);
    let filters = &request.filters;
    let some = |values: &[String]| (!values.is_empty()).then(|| list(values));
    let linked = (!filters.linked.is_empty()).then(|| {
        list(filters.linked.iter().map(|entity| [entity.kind.as_str(), entity.key.as_str()]))
    });
    let rows = sqlx::query(AssertSqlSafe(text))
        .bind(some(&filters.kinds))
        .bind(some(&filters.statuses))
        .bind(pattern::of_paths(&filters.paths))
        .bind(some(&filters.stages))
        .bind(linked)
        .bind(match filters.standing {
            Standing::Current => "current",
            Standing::InForce => "in-force",
            Standing::Any => "any",
        })
        .bind(list(safe(&request.terms.identifiers)))
        .bind(words.map(|words| words.expression.as_str()))
        .bind(i64::try_from(candidates).unwrap_or(i64::MAX))
        .bind(vector.map(|vector| vector.bits.as_slice()))
        .bind(i64::try_from(passages.min(MOST)).unwrap_or(i64::MAX))
        .bind(vector.map(|vector| vector.blob.as_slice()))
        .bind(request.vector_weight.get())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .try_map(|row: SqliteRow| hit(&row))
        .fetch_all(connection)
        .await?;
    Ok(rows)
}

/// In how many chunks each term is, the rarest first; those that are in none are left out.
async fn count<'t>(
    connection: &mut SqliteConnection,
    terms: &[&'t str],
) -> Result<Vec<(i64, &'t str)>, sqlx::Error> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT q.key, count(*)
        FROM json_each(?) AS q
        CROSS JOIN chunk_terms AS t
        WHERE t.chunk_terms MATCH '\"' || q.value || '\"'
        GROUP BY q.key",
    )
    .bind(list(terms))
    .fetch_all(connection)
    .await?;
    let mut counts: Vec<_> = rows
        .into_iter()
        .filter_map(|(at, count)| Some((count, *terms.get(usize::try_from(at).ok()?)?)))
        .collect();
    counts.sort_unstable();
    Ok(counts)
}

/// Whether any document may not be found.
async fn hides(connection: &mut SqliteConnection, filters: &Filters) -> Result<bool, sqlx::Error> {
    let Filters { linked, kinds, statuses, paths, stages, standing } = filters;
    if !(linked.is_empty()
        && kinds.is_empty()
        && statuses.is_empty()
        && paths.is_empty()
        && stages.is_empty())
    {
        return Ok(true);
    }
    let query = match standing {
        Standing::Any => return Ok(false),
        Standing::InForce => "SELECT EXISTS (SELECT 1 FROM docs_meta WHERE phase <> 'in-force')",
        Standing::Current => {
            "SELECT EXISTS (
                SELECT 1 FROM docs_meta WHERE phase IN ('rejected', 'replaced', 'retired')
            )"
        }
    };
    sqlx::query_scalar(query).fetch_one(connection).await
}

/// The statement for what is asked.
fn statement(words: Option<&Words>, model: Option<i64>, near: &str) -> String {
    let mut text = format!("WITH {}", ELIGIBLE.trim_start());
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
    let vector_place = place("vector", "?13", model.is_some());
    if let Some(words) = words {
        let lexical = LEXICAL.replace("{HEADING}", &format!("{HEADING:?}"));
        text.push_str(&lexical.replace("{COPIES}", if words.pruned { "2.0" } else { "1.0" }));
    }
    if let Some(model) = model {
        let model = model.to_string();
        text.push_str(&near.replace("{MODEL}", &model));
        text.push_str(&VECTOR.replace("{MODEL}", &model));
    }
    text.push_str(
        &FUSED
            .replace("{RANK_CONSTANT}", &format!("{RANK_CONSTANT:?}"))
            .replace("{RANKINGS}", &rankings.join(" UNION ALL "))
            .replace("{LEXICAL_PLACE}", &lexical_place)
            .replace("{VECTOR_PLACE}", &vector_place)
            .replace("{CHUNK}", CHUNK)
            .replace("{DOCUMENT}", DOCUMENT)
            .replace("{JOINS}", &joins),
    );
    text
}

fn hit(row: &SqliteRow) -> Result<Hit, sqlx::Error> {
    let (id, chunk) = chunk_row(row)?;
    Ok(Hit {
        id,
        chunk,
        document: document_row(row)?,
        score: row.try_get("fused_score")?,
        lexical: place(row, "lexical_place", "lexical_score")?,
        vector: place(row, "vector_place", "vector_score")?,
        identifiers: number(row.try_get("identifiers")?),
    })
}

fn place(row: &SqliteRow, place: &str, score: &str) -> Result<Option<Place>, sqlx::Error> {
    let Some(place) = row.try_get::<Option<i64>, _>(place)? else { return Ok(None) };
    Ok(Some(Place { place: number(place), score: row.try_get(score)? }))
}

fn number(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

/// Terms as an expression of FTS5.
#[derive(Debug, PartialEq, Eq)]
struct Words {
    /// Every term is a string in quotes, in which nothing is an operator.
    expression: String,
    /// Whether chunks that have only frequent terms are left out. Every term is then in the
    /// expression twice, so that scores are twice what they should be.
    pruned: bool,
}

impl Words {
    /// What has any of the terms.
    fn all(terms: &[&str]) -> Option<Self> {
        let expression = any(terms.iter().copied());
        (!terms.is_empty()).then_some(Self { expression, pruned: false })
    }

    /// What has any of the rarest terms that are in `enough` chunks together. `counts` tells
    /// how many chunks have a term, the rarest first.
    fn of(counts: Vec<(i64, &str)>, enough: i64) -> Option<Self> {
        let mut chunks = 0;
        let rare = counts.iter().take_while(|(count, _)| {
            let more = chunks < enough;
            chunks += count;
            more
        });
        let rare = rare.count();
        let terms: Vec<&str> = counts.into_iter().map(|(_, term)| term).collect();
        let (rare, frequent) = terms.split_at(rare);
        if frequent.is_empty() {
            return Self::all(rare);
        }
        // A chunk must have a rare one. The rest counts for its score, and each term as often
        // as any other.
        let rare = any(rare.iter().copied());
        let twice = any(frequent.iter().chain(frequent).copied());
        let expression = format!("({rare}) AND ({rare} OR {twice})");
        Some(Self { expression, pruned: true })
    }
}

fn any<'t>(terms: impl Iterator<Item = &'t str>) -> String {
    let quoted: Vec<String> = terms.map(|term| format!("\"{term}\"")).collect();
    quoted.join(" OR ")
}

/// The terms of a query, each once. Identifiers first: they are what a query that is too long
/// must not lose.
fn wanted(terms: &Terms) -> Vec<&str> {
    let mut wanted: Vec<&str> = Vec::new();
    for term in safe(&terms.identifiers).chain(safe(&terms.stems)) {
        if wanted.len() == TERMS {
            break;
        }
        if !wanted.contains(&term) {
            wanted.push(term);
        }
    }
    wanted
}

/// Terms as the analyser makes them. What has quotes, white space or control characters in it
/// is in no chunk.
fn safe(terms: &[String]) -> impl Iterator<Item = &str> {
    let odd = |char: char| char == '"' || char.is_whitespace() || char.is_control();
    terms
        .iter()
        .map(String::as_str)
        .filter(move |term| !term.is_empty() && term.len() <= 256 && !term.contains(odd))
        .take(TERMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_terms_beside_rare_ones_count_and_do_not_match() {
        let words = |counts: &[(i64, &'static str)]| Words::of(counts.to_vec(), 100);
        assert_eq!(words(&[]), None);
        assert_eq!(words(&[(90, "a"), (20, "b")]), Words::all(&["a", "b"]));
        assert_eq!(words(&[(900, "a")]), Words::all(&["a"]));
        let pruned = words(&[(90, "a"), (20, "b"), (500, "c")]).unwrap();
        let expression = r#"("a" OR "b") AND ("a" OR "b" OR "c" OR "c")"#;
        assert_eq!((pruned.expression.as_str(), pruned.pruned), (expression, true));
    }
}
