//! The knowledge base on a PostgreSQL server, with pgvector.
//!
//! Everything is in the schema `countersign`. A batch is one transaction; it is tried again
//! if the server goes away for a while, which changes nothing if it had gone through. Nothing
//! waits for ever: connections, statements, locks and whole operations have limits.

mod chunks;
mod connect;
mod copy;
mod examine;
mod fault;
mod filter;
mod lexical;
mod links;
mod lock;
mod migrate;
mod models;
mod read;
mod search;
mod tally;
mod tidy;
mod vectors;
mod write;

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sqlx::postgres::PgPool;
use sqlx::{Connection as _, PgConnection, Postgres, Transaction};
use tokio::sync::OnceCell;

use self::connect::{Address, OPERATION};
use self::fault::Fault;
use self::tally::Tally;
use super::{
    Ailment, ChunkId, ChunkRow, DocumentRow, DocumentState, DocumentWrite, Entity, IndexLock, Link,
    ModelId, ModelRow, Pending, Removed, Statistics, Store, StoreError, Written,
};
use crate::chunk::ContentHash;
use crate::embed::ModelDescription;
use crate::search::{Hit, Request};

/// How long a run waits for a server that went away, before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long somebody who asks waits for it.
const IMPATIENCE: Duration = Duration::from_secs(3);

/// A knowledge base on a server.
#[derive(Debug)]
pub struct PostgresStore {
    address: Address,
    pool: PgPool,
    /// Set once the schema was found to be the one that this program knows.
    ready: OnceCell<()>,
    /// Terms of what was written.
    tally: Tally,
}

impl PostgresStore {
    /// Connects to `postgres://USER:PASSWORD@HOST:PORT/NAME`. What the address leaves out comes
    /// from the variables and files of PostgreSQL: `PGHOST`, `PGPASSWORD`, `~/.pgpass`, ….
    ///
    /// A database without our tables is opened, too, and they are made by
    /// [`Store::migrate`]; until then, everything else says that it is
    /// [empty](StoreError::Empty).
    ///
    /// # Errors
    ///
    /// If the server cannot be reached within a few seconds or is too old, or the tables are
    /// another program's, or a newer one's.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let address = Address::read(url)?;
        let pool = address.pool();
        let store = Self { address, pool, ready: OnceCell::new(), tally: Tally::default() };
        match store.ready().await {
            Ok(()) => Ok(store),
            Err(Fault::Store(StoreError::Empty { .. } | StoreError::TooOld { .. })) => Ok(store),
            Err(fault) => Err(fault.explain(&store.address.name, "open it")),
        }
    }

    /// Checks, once, that the schema is the one that this program knows. The connection is one
    /// outside of the pool, which would hide why there is none.
    async fn ready(&self) -> Result<(), Fault> {
        let check = async || {
            let mut connection = self.address.connect().await?;
            connect::check_version(&mut connection, &self.address.name).await?;
            migrate::check(&mut connection, &self.address.name).await?;
            connection.close().await?;
            Ok(())
        };
        self.ready.get_or_try_init(check).await.copied()
    }

    /// Does something with the database: again, for a while, if the server goes away.
    async fn run<T, F>(
        &self,
        doing: &'static str,
        patience: Duration,
        attempt: impl Fn() -> F + Send + Sync,
    ) -> Result<T, StoreError>
    where
        T: Send,
        F: Future<Output = Result<T, Fault>> + Send,
    {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(50);
        loop {
            let attempt = async {
                self.ready().await?;
                attempt().await
            };
            let ended = match tokio::time::timeout(OPERATION, attempt).await {
                Ok(ended) => ended,
                Err(_) => Err(Fault::Late(OPERATION)),
            };
            match ended {
                Ok(value) => return Ok(value),
                Err(fault) if fault.passes() && begun.elapsed() < patience => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                }
                Err(fault) => return Err(fault.explain(&self.address.name, doing)),
            }
        }
    }

    /// A transaction that sees one state of the database, and changes nothing.
    async fn reader(&self) -> Result<Transaction<'static, Postgres>, Fault> {
        Ok(self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
    }

    /// A connection of its own for what may take long.
    async fn patient(&self) -> Result<PgConnection, Fault> {
        let mut connection = self.address.connect().await?;
        sqlx::query("SELECT set_config('statement_timeout', '0', false)")
            .execute(&mut connection)
            .await?;
        Ok(connection)
    }
}

#[async_trait]
impl Store for PostgresStore {
    fn name(&self) -> &str {
        &self.address.name
    }

    async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let done = migrate::migrate(&self.address).await;
        done.map_err(|fault| fault.explain(&self.address.name, "make its tables"))
    }

    async fn lock(&self, patience: Duration) -> Result<Box<dyn IndexLock>, StoreError> {
        // Without the limit on operations: the patience is the caller's.
        let locked = async {
            self.ready().await?;
            lock::lock(&self.address, patience).await
        };
        let doing = "keep other runs out";
        let guard = locked.await.map_err(|fault| fault.explain(&self.address.name, doing))?;
        Ok(Box::new(guard))
    }

    async fn documents(&self) -> Result<Vec<DocumentState>, StoreError> {
        self.run("list documents", PATIENCE, || async {
            read::documents(&mut *self.pool.acquire().await?).await
        })
        .await
    }

    async fn write(
        &self,
        documents: &[DocumentWrite],
        vectors: Option<(ModelId, &[(ContentHash, Vec<f32>)])>,
    ) -> Result<Written, StoreError> {
        let (written, came) = self
            .run("write documents", PATIENCE, || async {
                let mut transaction = self.pool.begin_with(lock::BEGIN_AS_WRITER).await?;
                let (written, came) =
                    write::write(&mut transaction, documents, self.tally.counts()).await?;
                if let Some((model, vectors)) = vectors {
                    vectors::add(&mut transaction, model, vectors, &self.address.name).await?;
                }
                transaction.commit().await?;
                Ok((written, came))
            })
            .await?;
        if let Some((chunks, terms)) = came {
            self.tally.add(chunks, &terms);
        }
        Ok(written)
    }

    async fn touch(&self, paths: &[String], commit: &str) -> Result<(), StoreError> {
        self.run("note a commit", PATIENCE, || async {
            write::touch(&mut *self.pool.acquire().await?, paths, commit).await
        })
        .await
    }

    async fn remove(&self, paths: &[String]) -> Result<Removed, StoreError> {
        self.run("take documents out", PATIENCE, || async {
            let mut transaction = self.pool.begin_with(lock::BEGIN_AS_WRITER).await?;
            let removed = write::remove(&mut transaction, paths).await?;
            transaction.commit().await?;
            Ok(removed)
        })
        .await
    }

    async fn tidy(&self) -> Result<(), StoreError> {
        let begun = Instant::now();
        // Without the limit on operations: an index over many vectors takes its time.
        loop {
            let tidied = async {
                self.ready().await?;
                tidy::tidy(self.patient().await?, self.patient().await?, &self.tally).await
            };
            match tidied.await {
                Err(fault) if fault.passes() && begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                tidied => {
                    return tidied.map_err(|fault| fault.explain(&self.address.name, "tidy up"));
                }
            }
        }
    }

    async fn models(&self) -> Result<Vec<ModelRow>, StoreError> {
        self.run("list models", IMPATIENCE, || async {
            models::models(&mut *self.pool.acquire().await?).await
        })
        .await
    }

    async fn register_model(&self, model: &ModelDescription) -> Result<ModelId, StoreError> {
        self.run("add a model", PATIENCE, || async {
            let mut transaction = self.pool.begin().await?;
            let id = models::register(&mut transaction, model, &self.address.name).await?;
            transaction.commit().await?;
            Ok(id)
        })
        .await
    }

    async fn activate_model(&self, model: ModelId) -> Result<(), StoreError> {
        self.run("activate a model", PATIENCE, || async {
            let mut transaction = self.pool.begin().await?;
            models::activate(&mut transaction, model, &self.address.name).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    async fn remove_model(&self, model: ModelId) -> Result<(), StoreError> {
        self.run("take out a model", PATIENCE, || async {
            let mut transaction = self.pool.begin().await?;
            models::remove(&mut transaction, model, &self.address.name).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    async fn embedded(
        &self,
        model: ModelId,
        hashes: &[ContentHash],
    ) -> Result<HashSet<ContentHash>, StoreError> {
        self.run("list vectors", PATIENCE, || async {
            let connection = &mut *self.pool.acquire().await?;
            vectors::embedded(connection, model, hashes, &self.address.name).await
        })
        .await
    }

    async fn vectors(
        &self,
        model: ModelId,
        hashes: &[ContentHash],
    ) -> Result<HashMap<ContentHash, Vec<f32>>, StoreError> {
        self.run("read vectors", PATIENCE, || async {
            let connection = &mut *self.pool.acquire().await?;
            vectors::vectors(connection, model, hashes, &self.address.name).await
        })
        .await
    }

    async fn pending(&self, model: ModelId, limit: usize) -> Result<Vec<Pending>, StoreError> {
        self.run("list passages without vectors", PATIENCE, || async {
            let connection = &mut *self.pool.acquire().await?;
            vectors::pending(connection, model, limit, &self.address.name).await
        })
        .await
    }

    async fn add_vectors(
        &self,
        model: ModelId,
        vectors: &[(ContentHash, Vec<f32>)],
    ) -> Result<(), StoreError> {
        self.run("keep vectors", PATIENCE, || async {
            let mut transaction = self.pool.begin().await?;
            vectors::add(&mut transaction, model, vectors, &self.address.name).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    async fn search(&self, request: &Request) -> Result<Vec<Hit>, StoreError> {
        self.run("search", IMPATIENCE, || async {
            let mut reader = self.reader().await?;
            let hits = search::search(&mut reader, request, &self.address.name).await?;
            reader.commit().await?;
            Ok(hits)
        })
        .await
    }

    async fn chunk(&self, id: ChunkId) -> Result<Option<(ChunkRow, DocumentRow)>, StoreError> {
        self.run("show a chunk", IMPATIENCE, || async {
            read::chunk(&mut *self.pool.acquire().await?, id).await
        })
        .await
    }

    async fn document(
        &self,
        path: &str,
    ) -> Result<Option<(DocumentRow, Vec<(ChunkId, ChunkRow)>)>, StoreError> {
        self.run("show a document", IMPATIENCE, || async {
            let mut reader = self.reader().await?;
            let document = read::document(&mut reader, path).await?;
            reader.commit().await?;
            Ok(document)
        })
        .await
    }

    async fn link(&self, link: &Link) -> Result<bool, StoreError> {
        self.run("add a link", PATIENCE, || async {
            links::add(&mut *self.pool.acquire().await?, link).await
        })
        .await
    }

    async fn unlink(&self, link: &Link) -> Result<bool, StoreError> {
        self.run("take out a link", PATIENCE, || async {
            links::remove(&mut *self.pool.acquire().await?, link).await
        })
        .await
    }

    async fn links(&self, of: Option<&Entity>) -> Result<Vec<Link>, StoreError> {
        self.run("list links", IMPATIENCE, || async {
            links::links(&mut *self.pool.acquire().await?, of).await
        })
        .await
    }

    async fn statistics(&self) -> Result<Statistics, StoreError> {
        self.run("count", IMPATIENCE, || async {
            let mut reader = self.reader().await?;
            let statistics = examine::statistics(&mut reader).await?;
            reader.commit().await?;
            Ok(statistics)
        })
        .await
    }

    async fn examine(&self) -> Result<Vec<Ailment>, StoreError> {
        self.run("examine it", IMPATIENCE, || async {
            let mut reader = self.reader().await?;
            let ailments = examine::examine(&mut reader).await?;
            reader.commit().await?;
            Ok(ailments)
        })
        .await
    }
}
