//! Which documents may be found.

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Postgres, QueryBuilder, Row as _};

use super::fault::Fault;
use crate::search::{Filters, Standing};
use crate::store::pattern;

/// The documents of a search.
pub(super) struct Wanted {
    /// A condition on the number of a document; `None` if all may be found.
    pub(super) condition: Option<Condition>,
    /// How many chunks they have.
    pub(super) chunks: i64,
    /// How many chunks there are in all.
    pub(super) of: i64,
    /// Documents that are called by an identifier of the query, with its place in the query.
    pub(super) called: Vec<(usize, i64)>,
}

/// Numbers of documents.
pub(super) enum Condition {
    /// One of these.
    Among(Vec<i64>),
    /// None of these.
    NotAmong(Vec<i64>),
}

impl Condition {
    /// Writes the table of the numbers, with a comma behind it.
    ///
    /// As a value of the condition itself, a list of thousands would be estimated one by one
    /// when the statement is planned, for each place where it stands: 3 ms for 3,333 documents.
    pub(super) fn push_table(&self, query: &mut QueryBuilder<Postgres>) {
        let (Self::Among(numbers) | Self::NotAmong(numbers)) = self;
        query.push("listed AS MATERIALIZED (SELECT unnest(").push_bind(numbers.clone());
        query.push("::bigint[]) AS document), ");
    }

    /// Writes it for `column`: in a form that stays a look into a table of hashes and becomes no
    /// join, for which the indexes might not be the way any more.
    pub(super) fn push(&self, query: &mut QueryBuilder<Postgres>, column: &str) {
        let truth = match self {
            Self::Among(_) => "IS TRUE",
            Self::NotAmong(_) => "IS NOT TRUE",
        };
        query.push(format!("(({column} IN (SELECT document FROM listed)) {truth})"));
    }

    /// Whether there is nothing to be found.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Among(numbers) if numbers.is_empty())
    }
}

/// Finds the documents that meet `filters`, and those that identifiers call.
///
/// Their numbers become values of the search itself: it reads them from the indexes, without
/// a look at a row of a document.
pub(super) async fn wanted(
    connection: &mut PgConnection,
    filters: &Filters,
    identifiers: &[&str],
) -> Result<Wanted, Fault> {
    let (condition, chunks, of) = match hidden(filters) {
        Some(hidden) => all_but(connection, hidden).await?,
        None => among(connection, filters).await?,
    };
    let mut called = Vec::new();
    if !identifiers.is_empty() {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT q.place, d.id
            FROM unnest($1::text[]) WITH ORDINALITY AS q (identifier, place)
            JOIN docs_meta AS d ON d.called = q.identifier
            ORDER BY q.place, d.id",
        )
        .bind(identifiers)
        .fetch_all(connection)
        .await?;
        let place = |place: i64| usize::try_from(place - 1).unwrap_or_default();
        called = rows.into_iter().map(|(at, document)| (place(at), document)).collect();
    }
    Ok(Wanted { condition, chunks, of, called })
}

/// What is true of documents that may not be found, if the standing alone decides: for most
/// searches, so that they look at a few documents instead of at all.
fn hidden(filters: &Filters) -> Option<&'static str> {
    let Filters { linked, kinds, statuses, paths, stages, standing } = filters;
    let alone = linked.is_empty()
        && kinds.is_empty()
        && statuses.is_empty()
        && paths.is_empty()
        && stages.is_empty();
    alone.then_some(match standing {
        Standing::Current => "phase IN ('rejected', 'replaced', 'retired')",
        Standing::InForce => "phase <> 'in-force'",
        Standing::Any => "false",
    })
}

/// All documents but the `hidden` ones, how many chunks they have, and how many there are.
async fn all_but(
    connection: &mut PgConnection,
    hidden: &'static str,
) -> Result<(Option<Condition>, i64, i64), Fault> {
    let mut query = QueryBuilder::new(
        "SELECT
            (SELECT chunks FROM corpus),
            coalesce(sum(chunks), 0)::bigint,
            coalesce(array_agg(id), '{}')
        FROM docs_meta
        WHERE ",
    );
    query.push(hidden);
    let (of, less, numbers): (i64, i64, Vec<i64>) =
        query.build_query_as().fetch_one(connection).await?;
    Ok(((!numbers.is_empty()).then_some(Condition::NotAmong(numbers)), of - less, of))
}

/// The documents that meet `filters`, how many chunks they have, and how many there are.
async fn among(
    connection: &mut PgConnection,
    filters: &Filters,
) -> Result<(Option<Condition>, i64, i64), Fault> {
    let mut query = QueryBuilder::new(
        "SELECT
            coalesce(sum(chunks) FILTER (WHERE wanted), 0)::bigint AS chunks,
            coalesce(sum(chunks), 0)::bigint AS all_chunks,
            coalesce(array_agg(id) FILTER (WHERE wanted), '{}') AS among,
            count(*) FILTER (WHERE NOT wanted) AS not_among
        FROM (SELECT d.id, d.chunks, (true",
    );
    push_filters(&mut query, filters);
    query.push(") AS wanted FROM docs_meta AS d OFFSET 0) AS all_documents");
    let row: PgRow = query.build().fetch_one(connection).await?;
    let (among, not_among): (Vec<i64>, i64) = (row.try_get("among")?, row.try_get("not_among")?);
    let condition = (not_among > 0).then_some(Condition::Among(among));
    Ok((condition, row.try_get("chunks")?, row.try_get("all_chunks")?))
}

fn push_filters(query: &mut QueryBuilder<Postgres>, filters: &Filters) {
    let Filters { linked, kinds, statuses, paths, stages, standing } = filters;
    // What PostgreSQL cannot hold, no document has.
    let clean = |values: &[String]| -> Vec<String> {
        values.iter().filter(|value| !value.contains('\0')).cloned().collect()
    };
    for (column, values) in [("d.type", kinds), ("d.status", statuses)] {
        if !values.is_empty() {
            query.push(" AND ").push(column).push(" = ANY (").push_bind(clean(values)).push(")");
        }
    }
    if !stages.is_empty() {
        query.push(" AND d.stages && ").push_bind(clean(stages));
    }
    if let Some(expression) = pattern::of_paths(&clean(paths)) {
        query.push(" AND d.path ~ ").push_bind(expression);
    } else if !paths.is_empty() {
        query.push(" AND false");
    }
    match standing {
        Standing::Current => {
            query.push(" AND d.phase NOT IN ('rejected', 'replaced', 'retired')");
        }
        Standing::InForce => {
            query.push(" AND d.phase = 'in-force'");
        }
        Standing::Any => {}
    }
    if linked.is_empty() {
        return;
    }
    let kinds: Vec<&'static str> = linked.iter().map(|entity| entity.kind.as_str()).collect();
    let keys: Vec<String> =
        linked.iter().map(|entity| entity.key.replace('\0', "\u{fffd}")).collect();
    // The document that says so, and documents at the other end of the link.
    query.push(" AND d.id IN (WITH e AS MATERIALIZED (SELECT kind, key FROM unnest(");
    query.push_bind(kinds).push("::text[], ").push_bind(keys);
    query.push(
        "::text[]) AS e (kind, key)),
        ends AS MATERIALIZED (
            SELECT l.to_kind AS kind, l.to_key AS key
            FROM e JOIN links AS l ON l.from_kind = e.kind AND l.from_key = e.key
            UNION
            SELECT l.from_kind, l.from_key
            FROM e JOIN links AS l ON l.to_kind = e.kind AND l.to_key = e.key
        )
        SELECT l.document
        FROM e JOIN links AS l ON l.to_kind = e.kind AND l.to_key = e.key
        WHERE l.document IS NOT NULL
        UNION
        SELECT o.id FROM ends JOIN docs_meta AS o ON o.doc_id = ends.key
        WHERE ends.kind IN ('doc', 'docset', 'decision') AND ends.key <> ''
        UNION
        SELECT o.id FROM ends JOIN docs_meta AS o ON o.path = ends.key
        WHERE ends.kind IN ('doc', 'docset', 'decision'))",
    );
}
