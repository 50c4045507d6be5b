//! The search: which documents may be found and which words are rare, then the nearest by
//! bits, then everything else in one statement; all on the same state of the file.

use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection};

use super::bulk::list;
use super::fault::Fault;
use super::models::Shape;
use super::near::nearest;
use super::statement::{self, Near};
use super::vectors::to_blob;
use super::words::{Budget, Words, count, safe, wanted};
use crate::search::{Filters, Hit, Request, Standing};
use crate::store::decode::{Columns as _, hit};
use crate::store::pattern;

/// So many passages are looked at exactly for each one that is wanted, …
const OVERSAMPLING: usize = 10;

/// … and at least so many.
const FEWEST: usize = 1_000;

/// The best chunks, best first; `budget` is [`BUDGET`](super::words::BUDGET) but in tests.
pub(super) async fn search(
    connection: &mut SqliteConnection,
    request: &Request,
    store: &str,
    budget: Budget,
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
    let reach = Reach::of(connection, &request.filters).await?;
    if reach.chunks == 0 {
        return Ok(Vec::new());
    }
    let counts = count(connection, &terms).await?;
    // What no chunk has can still be what a document is called.
    let mut words = Words::of(counts, budget).or_else(|| Words::all(&terms));
    let limit = request.limit.max(1);
    let candidates = request.candidates.max(limit);
    let mut near = None;
    if let Some(vector) = &vector
        && let Some(passages) = reach.passages(candidates)
    {
        near = Some(nearest(connection, vector.model, &vector.bits, passages).await?);
    }
    loop {
        let asked = Asked {
            words: words.as_ref(),
            vector: vector.as_ref(),
            near: near.as_deref(),
            reach,
            candidates,
            limit,
        };
        let found = asked.run(connection, request).await?;
        let short = reach.filtered() || found.hits.len() < limit;
        if near.is_some() && found.by_vector < candidates.min(reach.chunks) {
            // What may be found lies far from the nearest of all, or has no vector yet.
            near = None;
        } else if words.as_ref().is_some_and(|words| words.pruned)
            && found.by_words < limit
            && short
        {
            // Behind a filter, what has only frequent words may be all there is.
            words = Words::all(&terms);
        } else {
            return Ok(found.hits);
        }
    }
}

/// How much may be found.
#[derive(Clone, Copy)]
struct Reach {
    /// Chunks that may be found, …
    chunks: usize,
    /// … and chunks that there are.
    all: usize,
}

impl Reach {
    async fn of(connection: &mut SqliteConnection, filters: &Filters) -> Result<Self, sqlx::Error> {
        let Filters { linked, kinds, statuses, paths, stages, standing } = filters;
        let lists = [kinds, statuses, paths, stages];
        if *standing == Standing::Any
            && linked.is_empty()
            && lists.iter().all(|list| list.is_empty())
        {
            return Ok(Self { chunks: usize::MAX, all: usize::MAX });
        }
        let query = sqlx::query(AssertSqlSafe(statement::reach()));
        let row = bind_filters(query, filters).fetch_one(connection).await?;
        Ok(Self { chunks: row.number("eligible")?, all: row.number("every")? })
    }

    /// Whether some chunks may not be found.
    fn filtered(self) -> bool {
        self.chunks < self.all
    }

    /// How many passages are compared exactly, so that enough of them may be found; `None`
    /// if all are.
    fn passages(self, candidates: usize) -> Option<usize> {
        let passages = candidates.saturating_mul(OVERSAMPLING).max(FEWEST);
        if passages.saturating_mul(2) >= self.chunks {
            return None;
        }
        if !self.filtered() {
            return Some(passages);
        }
        // In the measure in which the nearest of all may not be found.
        Some(passages.saturating_mul(self.all).div_ceil(self.chunks))
    }
}

/// The query as a vector.
struct Vector {
    model: i64,
    bits: Vec<u8>,
    blob: Vec<u8>,
}

/// One statement.
struct Asked<'a> {
    words: Option<&'a Words>,
    vector: Option<&'a Vector>,
    /// The passages that are compared with it; `None` if all are.
    near: Option<&'a [i64]>,
    reach: Reach,
    candidates: usize,
    limit: usize,
}

struct Found {
    hits: Vec<Hit>,
    /// How many chunks the ranking by words has, …
    by_words: usize,
    /// … and the one by vector.
    by_vector: usize,
}

impl Asked<'_> {
    async fn run(
        &self,
        connection: &mut SqliteConnection,
        request: &Request,
    ) -> Result<Found, Fault> {
        let near = if self.near.is_some() { Near::Found } else { Near::Every };
        let vector = self.vector.map(|vector| (vector.model, near));
        let text = statement::search(self.words, vector, self.reach.filtered());
        let rows = bind_filters(sqlx::query(AssertSqlSafe(text)), &request.filters)
            .bind(list(safe(&request.terms.identifiers)))
            .bind(self.words.map(|words| words.expression.as_str()))
            .bind(i64::try_from(self.candidates).unwrap_or(i64::MAX))
            .bind(self.near.map(list))
            .bind(self.vector.map(|vector| vector.blob.as_slice()))
            .bind(request.vector_weight.get())
            .bind(i64::try_from(self.limit).unwrap_or(i64::MAX))
            .fetch_all(connection)
            .await?;
        let (by_words, by_vector) = match rows.first() {
            Some(row) => (row.number("by_words")?, row.number("by_vector")?),
            None => (0, 0),
        };
        Ok(Found { hits: rows.iter().map(hit).collect::<Result<_, _>>()?, by_words, by_vector })
    }
}

/// Binds ?1 to ?6.
fn bind_filters<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    filters: &Filters,
) -> Query<'q, Sqlite, SqliteArguments> {
    let some = |values: &[String]| (!values.is_empty()).then(|| list(values));
    let linked = (!filters.linked.is_empty()).then(|| {
        list(filters.linked.iter().map(|entity| [entity.kind.as_str(), entity.key.as_str()]))
    });
    query
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
}
