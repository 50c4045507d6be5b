//! How much there is, and what is wrong.

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::fault::{Fault, code_of};
use super::models::models;
use crate::store::{Ailment, ModelRow, Statistics};

pub(super) async fn statistics(connection: &mut SqliteConnection) -> Result<Statistics, Fault> {
    let (sqlite, vec): (String, String) = sqlx::query_as("SELECT sqlite_version(), vec_version()")
        .fetch_one(&mut *connection)
        .await?;
    let (schema, documents, chunks, tokens, links, bytes): (i64, i64, i64, i64, i64, i64) =
        sqlx::query_as(
            "SELECT
                (SELECT user_version FROM pragma_user_version),
                (SELECT count(*) FROM docs_meta),
                (SELECT count(*) FROM doc_chunks),
                (SELECT coalesce(sum(tokens), 0) FROM doc_chunks),
                (SELECT count(*) FROM links),
                (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)",
        )
        .fetch_one(&mut *connection)
        .await?;
    let mut embedded = Vec::new();
    for model in models(connection).await? {
        let chunks: i64 = sqlx::query_scalar(
            "SELECT count(*)
            FROM doc_chunks AS c
            JOIN embeddings AS e ON e.model = ? AND e.passage = c.passage",
        )
        .bind(model.id.0)
        .fetch_one(&mut *connection)
        .await?;
        embedded.push((model, count(chunks)));
    }
    let kinds: Vec<(String, i64)> = sqlx::query_as(
        "SELECT type, count(*) FROM docs_meta GROUP BY type ORDER BY count(*) DESC, type",
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(Statistics {
        versions: vec![
            ("SQLite".to_owned(), sqlite),
            ("sqlite-vec".to_owned(), vec.trim_start_matches('v').to_owned()),
        ],
        schema,
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

/// Everything that can be wrong with the file, the worst first. The connection must be new: one
/// that has searched compares full text with what it remembers of it.
pub(super) async fn examine(connection: &mut SqliteConnection) -> Result<Vec<Ailment>, Fault> {
    let mut ailments = Vec::new();
    check_file(connection, &mut ailments).await?;
    if ailments.iter().any(|ailment| ailment.code == "damaged-file") {
        // Counting rows of a file that is damaged tells nothing.
        return Ok(ailments);
    }
    for (code, query, message, help) in COUNTS {
        let found: i64 = sqlx::query_scalar(query).fetch_one(&mut *connection).await?;
        if found > 0 {
            ailments.push(Ailment {
                code,
                severe: true,
                message: format!("{found} {message}"),
                help: help.to_owned(),
            });
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
                    SELECT 1 FROM embeddings WHERE model = ? AND passage = c.passage
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
    Ok(ailments)
}

/// What must never be: a query that counts it, what is said of it, and what to do.
const COUNTS: [(&str, &str, &str, &str); 4] = [
    (
        "orphan-chunks",
        "SELECT count(*) FROM doc_chunks AS c
        WHERE NOT EXISTS (SELECT 1 FROM docs_meta WHERE id = c.document)
            OR NOT EXISTS (SELECT 1 FROM passages WHERE id = c.passage)",
        "chunks belong to no document",
        REBUILD,
    ),
    (
        "missing-terms",
        "SELECT count(*) FROM doc_chunks AS c
        WHERE NOT EXISTS (SELECT 1 FROM chunk_terms_content WHERE id = c.id)",
        "chunks have no terms, so that no word finds them",
        REBUILD,
    ),
    (
        "orphan-terms",
        "SELECT count(*) FROM chunk_terms_content AS t
        WHERE NOT EXISTS (SELECT 1 FROM doc_chunks WHERE id = t.id)",
        "entries of full text belong to no chunk",
        REBUILD,
    ),
    (
        "gaps",
        "SELECT count(*) FROM (
            SELECT document FROM doc_chunks GROUP BY document HAVING max(ordinal) + 1 <> count(*)
        )",
        "documents lack chunks in their middle",
        REBUILD,
    ),
];

const REBUILD: &str =
    "move the file away and run `kb index`; `kb export` first, if links were made by hand";

/// Whether SQLite can read every page, finds every row in every index, and every term in full
/// text.
async fn check_file(
    connection: &mut SqliteConnection,
    ailments: &mut Vec<Ailment>,
) -> Result<(), Fault> {
    let found: Result<Vec<String>, _> =
        sqlx::query_scalar("PRAGMA integrity_check(20)").fetch_all(&mut *connection).await;
    let found = match found {
        Ok(found) => found,
        Err(error) if code_of(&error).is_some() => vec![error.to_string()],
        Err(error) => return Err(error.into()),
    };
    let (terms, pages): (Vec<String>, Vec<String>) = found
        .into_iter()
        .filter(|line| line != "ok")
        .partition(|line| line.contains("chunk_terms"));
    let mut add = |code, message| {
        let help = REBUILD.to_owned();
        ailments.push(Ailment { code, severe: true, message, help });
    };
    if let Some(first) = pages.first() {
        add("damaged-file", format!("the file is damaged in {} places: {first}", pages.len()));
    }
    if let Some(first) = terms.first() {
        add("damaged-terms", format!("the index of full text is not that of its terms: {first}"));
    }
    Ok(())
}

/// Whether the vectors of a model and their bits agree, and have the right length.
async fn check_model(
    connection: &mut SqliteConnection,
    model: &ModelRow,
    ailments: &mut Vec<Ailment>,
) -> Result<(), Fault> {
    let name = &model.description.name;
    let table = format!("near_{}", model.id.0);
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?)")
            .bind(&table)
            .fetch_one(&mut *connection)
            .await?;
    let mut add = |code, message| {
        let help = format!("run `kb models remove` on `{name}` and `kb index` again");
        ailments.push(Ailment { code, severe: true, message, help });
    };
    if !there {
        add("missing-vector-index", format!("`{name}` has no table `{table}`"));
        return Ok(());
    }
    let query = format!(
        "SELECT
            (SELECT count(*) FROM embeddings AS e WHERE e.model = ?1 AND NOT EXISTS (
                SELECT 1 FROM {table}_rowids WHERE rowid = e.passage
            )),
            (SELECT count(*) FROM {table}_rowids AS r WHERE NOT EXISTS (
                SELECT 1 FROM embeddings WHERE model = ?1 AND passage = r.rowid
            )),
            (SELECT count(*) FROM embeddings WHERE model = ?1 AND length(vector) <> ?2)"
    );
    let (unindexed, orphans, wrong): (i64, i64, i64) = sqlx::query_as(AssertSqlSafe(query))
        .bind(model.id.0)
        .bind(i64::try_from(model.description.dimensions * 4).unwrap_or(i64::MAX))
        .fetch_one(&mut *connection)
        .await?;
    if unindexed > 0 {
        add("unindexed-vectors", format!("{unindexed} vectors of `{name}` are not searched"));
    }
    if orphans > 0 {
        add("orphan-vectors", format!("{orphans} vectors of `{name}` are searched and not there"));
    }
    if wrong > 0 {
        add("wrong-dimensions", format!("{wrong} vectors of `{name}` have the wrong length"));
    }
    Ok(())
}
