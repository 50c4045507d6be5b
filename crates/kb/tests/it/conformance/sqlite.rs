//! A knowledge base in a file of a temporary folder.

use async_trait::async_trait;
use countersign_kb::store::{Location, Store, open};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::Place;

pub(crate) struct File {
    folder: tempfile::TempDir,
}

#[async_trait]
impl Place for File {
    async fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    async fn another(&self) -> Box<dyn Place> {
        Box::new(Self::new().await)
    }

    async fn open(&self) -> Box<dyn Store> {
        open(&Location::Sqlite(self.folder.path().join("kb.db"))).await.unwrap()
    }

    async fn run(&self, statement: &str) {
        let url = format!("sqlite:{}", self.folder.path().join("kb.db").display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("PRAGMA foreign_keys = off").execute(&mut connection).await.unwrap();
        let statement = AssertSqlSafe(statement.to_owned());
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    fn harm(&self) -> Vec<(&'static str, &'static [&'static str])> {
        vec![
            ("orphan-chunks", &["DELETE FROM docs_meta WHERE path = 'docs/1.md'"]),
            ("missing-terms", &["DELETE FROM chunk_terms WHERE rowid = 1"]),
            (
                "orphan-terms",
                &["INSERT INTO chunk_terms (rowid, headings, body) VALUES (1000, '', 'ghost')"],
            ),
            ("damaged-terms", &["UPDATE chunk_terms_content SET c1 = 'other' WHERE id = 1"]),
            ("gaps", &["DELETE FROM doc_chunks WHERE document = 1 AND ordinal = 0"]),
            ("unindexed-vectors", &["DELETE FROM near_1 WHERE rowid = 1"]),
            ("orphan-vectors", &["DELETE FROM embeddings WHERE passage = 1"]),
            ("wrong-dimensions", &["UPDATE embeddings SET vector = x'00000000' WHERE passage = 1"]),
            ("missing-vector-index", &["DROP TABLE near_1"]),
        ]
    }
}
