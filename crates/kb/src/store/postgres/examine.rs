//! How much there is, and what is wrong.

use sqlx::PgConnection;

use super::fault::Fault;
use super::migrate;
use super::models::models;
use super::vectors::{INDEXED, index_name};
use crate::store::{Ailment, ModelRow, Statistics};

pub(super) async fn statistics(connection: &mut PgConnection) -> Result<Statistics, Fault> {
    let (postgres, vector): (String, String) = sqlx::query_as(
        "SELECT
            current_setting('server_version'),
            (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'vector')",
    )
    .fetch_one(&mut *connection)
    .await?;
    let (schema, documents, chunks, tokens, links, bytes): (i64, i64, i64, i64, i64, i64) =
        sqlx::query_as(
            "SELECT
                (SELECT max(version) FROM migrations),
                (SELECT count(*) FROM docs_meta),
                (SELECT count(*) FROM doc_chunks),
                (SELECT coalesce(sum(tokens), 0)::bigint FROM doc_chunks),
                (SELECT count(*) FROM links),
                (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
                 FROM pg_catalog.pg_class AS c
                 JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'countersign' AND c.relkind = 'r')",
        )
        .fetch_one(&mut *connection)
        .await?;
    let mut embedded = Vec::new();
    for model in models(connection).await? {
        let chunks: i64 = sqlx::query_scalar(
            "SELECT count(*)
            FROM doc_chunks AS c
            JOIN embeddings AS e ON e.model = $1 AND e.content_hash = c.content_hash",
        )
        .bind(model.id.0)
        .fetch_one(&mut *connection)
        .await?;
        embedded.push((model, count(chunks)));
    }
    let kinds: Vec<(String, i64)> = sqlx::query_as(
        "SELECT type, count(*) FROM docs_meta GROUP BY type ORDER BY count(*) DESC, type COLLATE \"C\"",
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(Statistics {
        versions: vec![("PostgreSQL".to_owned(), postgres), ("pgvector".to_owned(), vector)],
        schema: schema.min(migrate::KNOWN),
        documents: count(documents),
        chunks: count(chunks),
        tokens: count(tokens),
        links: count(links),
        bytes: count(bytes),
        models: embedded,
        kinds: kinds.into_iter().map(|(kind, number)| (kind, count(number))).collect(),
    })
}

fn count(number: i64) -> u64 {
    number.try_into().unwrap_or_default()
}

const REBUILD: &str = "run `DROP SCHEMA countersign CASCADE` and `kb index`; `kb export` first, if \
                       links were made by hand";

const MISSING_TABLES: &str = "missing-tables";

/// What must never be: a query that counts it, what is said of it, and what to do.
const COUNTS: [(&str, &str, &str, &str); 7] = [
    (
        MISSING_TABLES,
        "SELECT count(*)
        FROM unnest(ARRAY[
            'docs_meta', 'doc_chunks', 'chunk_terms', 'retired_chunks', 'term_statistics',
            'corpus', 'embedding_models', 'embeddings', 'links'
        ]) AS t (name)
        WHERE pg_catalog.to_regclass('countersign.' || t.name) IS NULL",
        "tables were taken out",
        REBUILD,
    ),
    (
        "orphan-chunks",
        "SELECT count(*) FROM doc_chunks AS c
        WHERE NOT EXISTS (SELECT FROM docs_meta AS d WHERE d.id = c.document)",
        "chunks belong to no document",
        REBUILD,
    ),
    (
        "orphan-links",
        "SELECT count(*) FROM links AS l
        WHERE l.document IS NOT NULL
            AND NOT EXISTS (SELECT FROM docs_meta AS d WHERE d.id = l.document)",
        "links belong to no document",
        REBUILD,
    ),
    (
        "missing-terms",
        "SELECT count(*) FROM doc_chunks AS c
        WHERE NOT EXISTS (
            SELECT FROM chunk_terms AS t WHERE t.chunk = c.id AND t.document = c.document
        )",
        "chunks have no terms, so that no search finds them",
        REBUILD,
    ),
    (
        "orphan-terms",
        "SELECT count(*) FROM chunk_terms AS t
        WHERE NOT EXISTS (SELECT FROM doc_chunks AS c WHERE c.id = t.chunk)",
        "entries of full text belong to no chunk",
        REBUILD,
    ),
    (
        "gaps",
        "SELECT count(*) FROM docs_meta AS d
        LEFT JOIN (
            SELECT document, count(*) AS chunks, max(ordinal) + 1 AS places
            FROM doc_chunks
            GROUP BY document
        ) AS c ON c.document = d.id
        WHERE coalesce(c.chunks, 0) <> d.chunks OR coalesce(c.places, 0) <> d.chunks",
        "documents lack chunks, or have too many",
        REBUILD,
    ),
    (
        "wrong-sums",
        "SELECT count(*) FROM corpus
        WHERE chunks <> (SELECT count(*) FROM chunk_terms)
            OR length <> (SELECT coalesce(sum(length), 0) FROM chunk_terms)",
        "rows of sums over all chunks are wrong, which ranks by them",
        REBUILD,
    ),
];

/// Everything that can be wrong, the worst first.
pub(super) async fn examine(connection: &mut PgConnection) -> Result<Vec<Ailment>, Fault> {
    let mut ailments = Vec::new();
    for (code, query, message, help) in COUNTS {
        let found: i64 = sqlx::query_scalar(query).fetch_one(&mut *connection).await?;
        if found > 0 {
            let message = format!("{found} {message}");
            ailments.push(Ailment { code, severe: true, message, help: help.to_owned() });
        }
        if found > 0 && code == MISSING_TABLES {
            // The other queries would read them.
            return Ok(ailments);
        }
    }
    let models = models(connection).await?;
    for model in &models {
        check_model(connection, model, &mut ailments).await?;
    }
    if let Some(active) = models.iter().find(|model| model.active) {
        let (missing, chunks): (i64, i64) = sqlx::query_as(
            "SELECT
                (SELECT count(*) FROM doc_chunks AS c WHERE NOT EXISTS (
                    SELECT FROM embeddings AS e
                    WHERE e.model = $1 AND e.content_hash = c.content_hash
                )),
                (SELECT count(*) FROM doc_chunks)",
        )
        .bind(active.id.0)
        .fetch_one(&mut *connection)
        .await?;
        if missing > 0 {
            let name = &active.description.name;
            ailments.push(Ailment {
                code: "missing-vectors",
                severe: false,
                message: format!("{missing} of {chunks} chunks have no vector of `{name}`"),
                help: "run `kb index` where the model is; until then these chunks are found \
                       by their words only"
                    .to_owned(),
            });
        }
    }
    let (changed, chunks, indexed): (i64, i64, bool) = sqlx::query_as(
        "SELECT changed, chunks, to_regclass('chunk_terms_terms') IS NOT NULL FROM corpus",
    )
    .fetch_one(connection)
    .await?;
    if !indexed && chunks > FEW {
        ailments.push(Ailment {
            code: "missing-terms-index",
            severe: false,
            message: format!(
                "there is no index over the terms of {chunks} chunks: searches are slow"
            ),
            help: "run `kb index`, which makes one at its end".to_owned(),
        });
    }
    if changed > 1_000 && changed > chunks / 4 {
        ailments.push(Ailment {
            code: "stale-statistics",
            severe: false,
            message: format!("{changed} chunks came or went since terms were counted"),
            help: "run `kb index`, which counts them at its end".to_owned(),
        });
    }
    Ok(ailments)
}

/// Chunks that are looked through for terms in a few milliseconds.
const FEW: i64 = 1_000;

/// Whether the vectors of a model have the right length, and an index that works where there
/// are many.
async fn check_model(
    connection: &mut PgConnection,
    model: &ModelRow,
    ailments: &mut Vec<Ailment>,
) -> Result<(), Fault> {
    let name = &model.description.name;
    let index = index_name(model.id);
    let dimensions = i32::try_from(model.description.dimensions).unwrap_or(i32::MAX);
    let (wrong, vectors, valid): (i64, i64, Option<bool>) = sqlx::query_as(
        "SELECT
            count(*) FILTER (WHERE vector_dims(embedding) <> $2),
            count(*),
            (SELECT i.indisvalid AND i.indisready
             FROM pg_catalog.pg_index AS i WHERE i.indexrelid = to_regclass($3))
        FROM embeddings
        WHERE model = $1",
    )
    .bind(model.id.0)
    .bind(dimensions)
    .bind(&index)
    .fetch_one(connection)
    .await?;
    if wrong > 0 {
        ailments.push(Ailment {
            code: "wrong-dimensions",
            severe: true,
            message: format!("{wrong} vectors of `{name}` have the wrong length"),
            help: format!("run `kb models remove` on `{name}` and `kb index` again"),
        });
    }
    match valid {
        Some(true) => {}
        Some(false) => ailments.push(Ailment {
            code: "damaged-vector-index",
            severe: true,
            message: format!("the index `{index}` of `{name}` was not finished"),
            help: format!("run `REINDEX INDEX countersign.{index}`"),
        }),
        None if vectors > 10_000 && model.description.dimensions <= INDEXED => {
            ailments.push(Ailment {
                code: "missing-vector-index",
                severe: false,
                message: format!("`{name}` has {vectors} vectors and no index: searches are slow"),
                help: "run `kb index`, which makes one at its end".to_owned(),
            });
        }
        None => {}
    }
    Ok(())
}
