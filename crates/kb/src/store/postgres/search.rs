//! The search: one look at what the query's terms and the filters mean for this database,
//! then everything else in one statement, both on the same state of it.

use pgvector::Vector;
use sqlx::{PgConnection, Postgres, QueryBuilder, Row as _};

use super::fault::Fault;
use super::filter::{Wanted, wanted};
use super::lexical::{Query, Reach, push_called};
use super::models::Shape;
use super::read::{CHUNK, DOCUMENT};
use super::vectors::INDEXED;
use crate::search::{Hit, RANK_CONSTANT, Request};
use crate::store::ModelId;
use crate::store::decode::hit;

/// Where filters leave so few chunks, all are compared: the index would have to go through
/// many that may not be found.
const FEW: i64 = 2_000;

/// How many vectors the index keeps in sight at least: more finds more of the nearest ones, more
/// slowly. What was measured stands beside the numbers that the index is built with.
const SIGHT: i64 = 160;

/// How the nearest vectors are found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nearest {
    /// By the index of the model, if it has one.
    Index,
    /// By comparing with all.
    Exact,
}

/// A vector to look for.
struct Target {
    model: ModelId,
    dimensions: usize,
    vector: Vector,
}

pub(super) async fn search(
    connection: &mut PgConnection,
    request: &Request,
    store: &str,
) -> Result<Vec<Hit>, Fault> {
    let limit = request.limit.max(1);
    let candidates = i64::try_from(request.candidates.max(limit)).unwrap_or(i64::MAX);
    let target = match &request.vector {
        Some((model, vector)) => {
            let shape = Shape::of(connection, *model, store).await?;
            shape.check(vector, store)?;
            let vector = Vector::from(vector.clone());
            Some(Target { model: *model, dimensions: shape.dimensions, vector })
        }
        None => None,
    };
    let query = Query::new(connection, &request.terms).await?;
    if query.is_empty() && target.is_none() {
        return Ok(Vec::new());
    }
    let wanted = wanted(connection, &request.filters, &query.identifiers).await?;
    if wanted.condition.as_ref().is_some_and(|condition| condition.is_empty()) {
        return Ok(Vec::new());
    }
    let mut reach = query.few();
    let mut nearest = Nearest::Exact;
    if let Some(target) = &target
        && target.dimensions <= INDEXED
        && wanted.chunks > FEW
    {
        nearest = Nearest::Index;
        // The index gives no more than it has in sight at a time, and goes on from there
        // until there are enough, or it has seen so many.
        sqlx::query(
            "SELECT
                set_config('hnsw.iterative_scan', 'relaxed_order', true),
                set_config('hnsw.ef_search', $1, true),
                set_config('hnsw.max_scan_tuples', '20000', true)",
        )
        .bind(sight(candidates, wanted.chunks, wanted.of).to_string())
        .execute(&mut *connection)
        .await?;
    }
    loop {
        let weight = request.vector_weight.get();
        let asked = Asked { query: &query, target: &target, wanted: &wanted, weight };
        let found = ask(connection, &asked, reach, nearest, candidates, limit).await?;
        let enough = candidates.min(wanted.chunks);
        if nearest == Nearest::Index && found.near < enough {
            // The index gave up, or some chunks have no vector.
            nearest = Nearest::Exact;
        } else if found.hits.len() < limit && reach != Reach::All {
            // What other terms bring in is wanted, too.
            reach = Reach::All;
        } else {
            return Ok(found.hits);
        }
    }
}

/// How many vectors to keep in sight, for finding so many `candidates` among so many of all
/// chunks: where a filter leaves a third, the 100 that are wanted are among the nearest 300, or
/// a few more. To go on for these few costs as much as the first look, so that it sees a fifth
/// more at once.
fn sight(candidates: i64, wanted: i64, of: i64) -> i64 {
    let needed = candidates.saturating_mul(of.max(wanted)) / wanted.max(1);
    needed.saturating_add(needed / 5).clamp(SIGHT, 1_000)
}

struct Asked<'a> {
    query: &'a Query<'a>,
    target: &'a Option<Target>,
    wanted: &'a Wanted,
    /// Of the ranking by vector.
    weight: f64,
}

struct Found {
    hits: Vec<Hit>,
    /// How many chunks the search by vector gave.
    near: i64,
}

async fn ask(
    connection: &mut PgConnection,
    asked: &Asked<'_>,
    reach: Reach,
    nearest: Nearest,
    candidates: i64,
    limit: usize,
) -> Result<Found, Fault> {
    let Asked { query: terms, target, wanted, weight } = asked;
    let mut query = QueryBuilder::new("WITH ");
    if let Some(condition) = &wanted.condition {
        condition.push_table(&mut query);
    }
    let lexical = !terms.is_empty();
    if lexical {
        terms.push(&mut query, wanted, reach, candidates);
    } else {
        query.push(NO_LEXICAL);
    }
    query.push(", ");
    match target {
        Some(target) => push_nearest(&mut query, target, wanted, nearest, candidates),
        None => {
            query.push(NO_VECTOR);
        }
    }
    query.push(
        ", fused AS MATERIALIZED (
            SELECT
                chunk,
                coalesce(1.0::float8 / (k + l.place), 0)
                    + coalesce(weight / (k + v.place), 0) AS fused_score,
                l.place AS lexical_place,
                l.score AS lexical_score,
                v.place AS vector_place,
                v.score AS vector_score
            FROM lexical AS l
            FULL JOIN vector AS v USING (chunk)
            CROSS JOIN (SELECT ",
    );
    query.push_bind(RANK_CONSTANT).push("::float8 AS k, ");
    query.push_bind(*weight).push(
        "::float8 AS weight) AS constants
        ),
        best AS MATERIALIZED (SELECT fused.*, ",
    );
    terms.push_identifiers(&mut query, wanted);
    query.push(" AS identifiers, ");
    push_called(&mut query, wanted);
    query.push(" AS called FROM fused");
    // Without an identifier, both are the same for all.
    if !terms.identifiers.is_empty() {
        query.push(" JOIN chunk_terms AS t ON t.chunk = fused.chunk");
    }
    // Whole rows are read of those only that can be among the hits.
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    query
        .push(") SELECT b.*, (SELECT count(*) FROM vector) AS near, ")
        .push(CHUNK)
        .push(", ")
        .push(DOCUMENT)
        .push(
            "
            FROM (
                SELECT * FROM best
                ORDER BY called DESC, identifiers DESC, fused_score DESC
                FETCH FIRST (",
        )
        .push_bind(limit)
        .push(
            ") ROWS WITH TIES
            ) AS b
            JOIN doc_chunks AS c ON c.id = b.chunk
            JOIN docs_meta AS d ON d.id = c.document
            ORDER BY b.called DESC, b.identifiers DESC, b.fused_score DESC, d.path, c.ordinal
            LIMIT ",
        )
        .push_bind(limit);
    let rows = query.build().fetch_all(connection).await?;
    let near = match rows.first() {
        Some(row) => row.try_get("near")?,
        None => 0,
    };
    let near = if target.is_none() { i64::MAX } else { near };
    Ok(Found { hits: rows.iter().map(hit).collect::<Result<_, _>>()?, near })
}

/// A ranking without chunks.
const NO_LEXICAL: &str = "lexical AS MATERIALIZED (
    SELECT NULL::bigint AS chunk, NULL::float8 AS score, NULL::bigint AS place WHERE false
)";

/// The same for vectors.
const NO_VECTOR: &str = "vector AS MATERIALIZED (
    SELECT NULL::bigint AS chunk, NULL::float8 AS score, NULL::bigint AS place WHERE false
)";

/// Writes the table `vector (chunk, score, place)`: the nearest `candidates`.
///
/// The index has vectors in half precision, which is half as much to read and finds the same;
/// what it gives is compared again as it was kept.
fn push_nearest(
    query: &mut QueryBuilder<Postgres>,
    target: &Target,
    wanted: &Wanted,
    nearest: Nearest,
    candidates: i64,
) {
    let Target { model, dimensions, vector } = target;
    query.push("near AS MATERIALIZED (SELECT c.id AS chunk, e.embedding <=> ");
    query.push_bind(vector.clone());
    query.push(
        " AS distance
        FROM embeddings AS e
        JOIN doc_chunks AS c ON c.content_hash = e.content_hash
        WHERE e.model = ",
    );
    // A number of ours, written out: the index is for just this one.
    query.push(model.0);
    if let Some(condition) = &wanted.condition {
        query.push(" AND ");
        condition.push(query, "c.document");
    }
    match nearest {
        Nearest::Index => {
            query.push(format!(" ORDER BY e.embedding::halfvec({dimensions}) <=> "));
            query.push_bind(vector.clone()).push(format!("::vector::halfvec({dimensions}) LIMIT "));
            query.push_bind(candidates);
        }
        Nearest::Exact => {
            query.push(" ORDER BY distance FETCH FIRST (").push_bind(candidates);
            query.push(") ROWS WITH TIES");
        }
    }
    query.push(
        "),
        vector AS MATERIALIZED (
            SELECT n.chunk, 1 - coalesce(nullif(n.distance, 'NaN'), 1) AS score, row_number() OVER (
                ORDER BY n.distance, d.path, c.ordinal
            ) AS place
            FROM near AS n
            JOIN doc_chunks AS c ON c.id = n.chunk
            JOIN docs_meta AS d ON d.id = c.document
            ORDER BY place
            LIMIT ",
    );
    query.push_bind(candidates).push(")");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_widens_what_is_in_sight_as_far_as_the_index_goes() {
        assert_eq!(sight(100, 95_000, 100_000), SIGHT);
        assert_eq!(sight(100, 33_000, 100_000), 363);
        assert_eq!(sight(100, 2_001, 100_000), 1_000);
        assert_eq!((sight(100, 0, 0), sight(i64::MAX, 1, i64::MAX)), (SIGHT, 1_000));
    }
}
