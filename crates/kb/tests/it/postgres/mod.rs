//! What only a server can do wrong: be away, too old, in the way of others.

mod addresses;
mod faults;
mod servers;
mod tables;

use std::future::Future;
use std::time::{Duration, Instant};

use countersign_kb::chunk::ContentHash;
use countersign_kb::search::{Request, Terms};
use countersign_kb::store::{
    ChunkRow, ChunkWrite, DocumentRow, DocumentWrite, PostgresStore, Store as _, StoreError,
};
use countersign_testkit::{Database, Postgres};

/// Runs a test that waits for a server.
fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test)
}

/// A database of its own on the server that tests share.
fn database() -> Database {
    Postgres::shared().unwrap().database().unwrap()
}

/// Opens it, with tables.
async fn open(url: &str) -> PostgresStore {
    let store = PostgresStore::open(url).await.unwrap();
    store.migrate().await.unwrap();
    store
}

/// Why it cannot be opened, which has to be known within ten seconds.
async fn refusal(url: &str) -> StoreError {
    let begun = Instant::now();
    let error = PostgresStore::open(url).await.err().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}: {error}", begun.elapsed());
    error
}

/// A document of so many chunks, which all have the word `common` and one of their own.
fn document(path: &str, chunks: u32) -> DocumentWrite {
    let chunk = |ordinal: u32| {
        let text = format!("common {path} n{ordinal}");
        let mut row = ChunkRow {
            ordinal,
            hash: ContentHash::of(""),
            heading_path: Vec::new(),
            lead: String::new(),
            start: u64::from(ordinal) * 100,
            end: u64::from(ordinal) * 100 + 99,
            first_line: ordinal + 1,
            last_line: ordinal + 1,
            kind: "text".to_owned(),
            language: "en".to_owned(),
            tokens: 3,
            text: text.clone(),
        };
        row.hash = ContentHash::of(&row.passage());
        ChunkWrite { row, heading_terms: String::new(), body_terms: text }
    };
    DocumentWrite {
        document: DocumentRow { path: path.to_owned(), ..DocumentRow::default() },
        recipe: "one".to_owned(),
        chunks: (0..chunks).map(chunk).collect(),
        links: Vec::new(),
    }
}

/// A search by one word.
fn word(word: &str) -> Request {
    Request {
        terms: Terms { stems: vec![word.to_owned()], identifiers: Vec::new() },
        limit: 10,
        candidates: 50,
        ..Request::default()
    }
}
