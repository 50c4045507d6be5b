//! A knowledge base in a database of its own, on the server that all tests share.

use async_trait::async_trait;
use countersign_kb::store::{Location, Store, open};
use countersign_testkit::{Database, Postgres};

use super::Place;

pub(crate) struct OwnDatabase(Database);

#[async_trait]
impl Place for OwnDatabase {
    async fn new() -> Self {
        Self(Postgres::shared().unwrap().database().unwrap())
    }

    async fn another(&self) -> Box<dyn Place> {
        Box::new(Self::new().await)
    }

    async fn open(&self) -> Box<dyn Store> {
        open(&Location::Postgres(self.0.url().to_owned())).await.unwrap()
    }

    async fn run(&self, statement: &str) {
        // Without the checks of foreign keys.
        let statement = format!(
            "SET session_replication_role = replica; SET search_path = countersign, public; {statement}"
        );
        self.0.execute(&statement).unwrap();
    }

    fn harm(&self) -> Vec<(&'static str, &'static [&'static str])> {
        vec![
            ("orphan-chunks", &["DELETE FROM docs_meta WHERE path = 'docs/1.md'"]),
            ("orphan-links", &["DELETE FROM docs_meta WHERE path = 'docs/2.md'"]),
            ("missing-terms", &["DELETE FROM chunk_terms WHERE chunk = 1"]),
            ("orphan-terms", &["INSERT INTO chunk_terms VALUES (1000, 1, 0, 1, 'ghost')"]),
            ("gaps", &["DELETE FROM doc_chunks WHERE document = 1 AND ordinal = 0"]),
            ("wrong-sums", &["UPDATE corpus SET length = 1000"]),
            (
                "wrong-dimensions",
                &["UPDATE embeddings SET embedding = '[1]' WHERE content_hash = (
                    SELECT content_hash FROM doc_chunks WHERE id = 1
                )"],
            ),
            (
                "damaged-vector-index",
                &[
                    "CREATE INDEX embeddings_model_1 ON embeddings
                    USING hnsw ((embedding::halfvec(8)) halfvec_cosine_ops) WHERE model = 1",
                    "UPDATE pg_index SET indisvalid = false
                    WHERE indexrelid = 'embeddings_model_1'::regclass",
                ],
            ),
        ]
    }
}
