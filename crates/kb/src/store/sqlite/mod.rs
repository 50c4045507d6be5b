//! The knowledge base in one file, with SQLite's full text and sqlite-vec.
//!
//! The file has a write-ahead log: searches see the last state that was whole while a run
//! writes, and a process that dies leaves that state. Writers take turns.

mod bulk;
mod connection;
mod examine;
mod fault;
mod links;
mod lock;
mod models;
mod near;
mod read;
mod schema;
mod search;
mod statement;
mod tidy;
mod vectors;
mod words;
mod write;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::{ConnectOptions as _, Connection as _, Sqlite};
use tokio::sync::OnceCell;

use self::connection::{Content, Pools, Power, Writing};
use self::fault::Fault;
use super::{
    Ailment, ChunkId, ChunkRow, DocumentRow, DocumentState, DocumentWrite, Entity, IndexLock, Link,
    ModelId, ModelRow, Pending, Removed, Statistics, Store, StoreError, Written,
};
use crate::chunk::ContentHash;
use crate::embed::ModelDescription;
use crate::search::{Hit, Request};

/// A knowledge base in a file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    name: String,
    /// Connections, once the file was found to be ours.
    pools: OnceCell<Pools>,
}

impl SqliteStore {
    /// Opens the file at `path`; one that is not there is made by [`Store::migrate`].
    ///
    /// # Errors
    ///
    /// If it cannot be read, is another program's, or was made by a newer program.
    pub async fn open(path: PathBuf) -> Result<Self, StoreError> {
        let name = format!("sqlite:{}", path.display());
        // SQLite would write beside a device, too.
        if std::fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            let reason = "it is a folder or a device, and no file".to_owned();
            return Err(StoreError::Location { given: name, reason });
        }
        let store = Self { path, name, pools: OnceCell::new() };
        countersign_vector_extension::register().map_err(|error| StoreError::Database {
            store: store.name.clone(),
            doing: "begin",
            reason: error.to_string(),
        })?;
        match store.ready().await {
            Ok(_) | Err(StoreError::Empty { .. } | StoreError::TooOld { .. }) => Ok(store),
            Err(error) => Err(error),
        }
    }

    /// Connections to a file that has our schema.
    async fn ready(&self) -> Result<&Pools, StoreError> {
        self.pools.get_or_try_init(|| self.connect()).await
    }

    async fn connect(&self) -> Result<Pools, StoreError> {
        let fault = |fault: Fault| fault.into_error(&self.name, "open it");
        if matches!(std::fs::metadata(&self.path), Err(error) if error.kind() == std::io::ErrorKind::NotFound)
        {
            return Err(StoreError::Empty { store: self.name.clone() });
        }
        let options =
            connection::options_for(&self.path).await.map_err(|error| fault(error.into()))?;
        let pools = connection::pools(&options, &self.path);
        let mut connection = pools.readers.acquire().await.map_err(|error| fault(error.into()))?;
        let content = connection::content(&mut connection, &self.name).await.map_err(fault)?;
        drop(connection);
        let known = schema::version();
        match content {
            Content::Ours(found) if found == known => Ok(pools),
            Content::Ours(found) => {
                Err(StoreError::TooOld { store: self.name.clone(), found, known })
            }
            Content::Nothing => Err(StoreError::Empty { store: self.name.clone() }),
        }
    }

    /// A connection that reads.
    async fn reader(&self, doing: &'static str) -> Result<PoolConnection<Sqlite>, StoreError> {
        let acquired = self.ready().await?.readers.acquire().await;
        acquired.map_err(|error| Fault::from(error).into_error(&self.name, doing))
    }

    /// A transaction that may write.
    async fn writer(&self, doing: &'static str) -> Result<Writing, StoreError> {
        self.writer_with(doing, Power::MayLose).await
    }

    async fn writer_with(&self, doing: &'static str, power: Power) -> Result<Writing, StoreError> {
        let begun = Writing::begin(&self.ready().await?.writer, power).await;
        begun.map_err(|error| Fault::from(error).into_error(&self.name, doing))
    }

    /// Makes a transaction durable if what was done in it went well; else it is undone. That is
    /// of use only in the file that others find.
    async fn finish<T>(
        &self,
        doing: &'static str,
        writing: Writing,
        done: Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let ended = match done {
            Ok(value) => writing.commit().await.map(|()| value).map_err(Fault::from),
            Err(fault) => {
                writing.undo().await;
                Err(fault)
            }
        };
        let value = ended.map_err(|fault| fault.into_error(&self.name, doing))?;
        self.still_there().await?;
        Ok(value)
    }

    /// Whether the file that is open still has its name: what is written into one that was
    /// deleted is lost.
    async fn still_there(&self) -> Result<(), StoreError> {
        if connection::identity(&self.path) == self.ready().await?.file {
            return Ok(());
        }
        Err(StoreError::Replaced { store: self.name.clone() })
    }

    fn fault(&self, doing: &'static str) -> impl Fn(Fault) -> StoreError {
        move |fault| fault.into_error(&self.name, doing)
    }
}

#[async_trait]
impl Store for SqliteStore {
    fn name(&self) -> &str {
        &self.name
    }

    async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let doing = "make its tables";
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| StoreError::ReadOnly {
                store: self.name.clone(),
                reason: format!("cannot make the folder `{}`: {error}", folder.display()),
            })?;
        }
        schema::migrate(&self.path, &self.name).await.map_err(self.fault(doing))
    }

    async fn lock(&self, patience: Duration) -> Result<Box<dyn IndexLock>, StoreError> {
        lock::lock(&self.path, &self.name, patience).await
    }

    async fn documents(&self) -> Result<Vec<DocumentState>, StoreError> {
        let doing = "list documents";
        let mut reader = self.reader(doing).await?;
        read::documents(&mut reader).await.map_err(self.fault(doing))
    }

    async fn write(
        &self,
        documents: &[DocumentWrite],
        vectors: Option<(ModelId, &[(ContentHash, Vec<f32>)])>,
    ) -> Result<Written, StoreError> {
        let doing = "write documents";
        let mut writer = self.writer(doing).await?;
        let done = async {
            let written = write::write(writer.connection(), documents).await?;
            if let Some((model, vectors)) = vectors {
                models::add(writer.connection(), model, vectors, &self.name).await?;
            }
            Ok(written)
        }
        .await;
        self.finish(doing, writer, done).await
    }

    async fn touch(&self, paths: &[String], commit: &str) -> Result<(), StoreError> {
        let doing = "note a commit";
        let mut writer = self.writer(doing).await?;
        let done = write::touch(writer.connection(), paths, commit).await;
        self.finish(doing, writer, done).await
    }

    async fn remove(&self, paths: &[String]) -> Result<Removed, StoreError> {
        let doing = "take documents out";
        let mut writer = self.writer(doing).await?;
        let done = write::remove(writer.connection(), paths).await;
        self.finish(doing, writer, done).await
    }

    async fn tidy(&self) -> Result<(), StoreError> {
        let doing = "tidy up";
        let mut reader = self.reader(doing).await?;
        // Whoever has nothing to do keeps no writer waiting, and needs not be one.
        if !tidy::is_untidy(&mut reader).await.map_err(self.fault(doing))? {
            return self.still_there().await;
        }
        drop(reader);
        let mut writer = self.writer(doing).await?;
        let done = tidy::tidy(writer.connection()).await;
        self.finish(doing, writer, done).await
    }

    async fn models(&self) -> Result<Vec<ModelRow>, StoreError> {
        let doing = "list models";
        let mut reader = self.reader(doing).await?;
        models::models(&mut reader).await.map_err(self.fault(doing))
    }

    async fn register_model(&self, model: &ModelDescription) -> Result<ModelId, StoreError> {
        let doing = "add a model";
        let mut writer = self.writer(doing).await?;
        let done = models::register(writer.connection(), model).await;
        self.finish(doing, writer, done).await
    }

    async fn activate_model(&self, model: ModelId) -> Result<(), StoreError> {
        let doing = "activate a model";
        let mut writer = self.writer(doing).await?;
        let done = models::activate(writer.connection(), model, &self.name).await;
        self.finish(doing, writer, done).await
    }

    async fn remove_model(&self, model: ModelId) -> Result<(), StoreError> {
        let doing = "take out a model";
        let mut writer = self.writer(doing).await?;
        let done = models::remove(writer.connection(), model, &self.name).await;
        self.finish(doing, writer, done).await
    }

    async fn embedded(
        &self,
        model: ModelId,
        hashes: &[ContentHash],
    ) -> Result<HashSet<ContentHash>, StoreError> {
        let doing = "list vectors";
        let mut reader = self.reader(doing).await?;
        models::embedded(&mut reader, model, hashes, &self.name).await.map_err(self.fault(doing))
    }

    async fn vectors(
        &self,
        model: ModelId,
        hashes: &[ContentHash],
    ) -> Result<HashMap<ContentHash, Vec<f32>>, StoreError> {
        let doing = "read vectors";
        let mut reader = self.reader(doing).await?;
        models::vectors(&mut reader, model, hashes, &self.name).await.map_err(self.fault(doing))
    }

    async fn pending(&self, model: ModelId, limit: usize) -> Result<Vec<Pending>, StoreError> {
        let doing = "list passages without vectors";
        let mut reader = self.reader(doing).await?;
        models::pending(&mut reader, model, limit, &self.name).await.map_err(self.fault(doing))
    }

    async fn add_vectors(
        &self,
        model: ModelId,
        vectors: &[(ContentHash, Vec<f32>)],
    ) -> Result<(), StoreError> {
        let doing = "keep vectors";
        let mut writer = self.writer(doing).await?;
        let done = models::add(writer.connection(), model, vectors, &self.name).await;
        self.finish(doing, writer, done).await
    }

    async fn search(&self, request: &Request) -> Result<Vec<Hit>, StoreError> {
        let doing = "search";
        let mut reader = self.reader(doing).await?;
        let searched = async {
            // So that everything is of one moment: which model it is, and what it found.
            let mut transaction = reader.begin().await?;
            let hits = search::search(&mut transaction, request, &self.name, words::BUDGET).await?;
            transaction.rollback().await?;
            Ok(hits)
        };
        searched.await.map_err(self.fault(doing))
    }

    async fn chunk(&self, id: ChunkId) -> Result<Option<(ChunkRow, DocumentRow)>, StoreError> {
        let doing = "read a chunk";
        let mut reader = self.reader(doing).await?;
        read::chunk(&mut reader, id).await.map_err(self.fault(doing))
    }

    async fn document(
        &self,
        path: &str,
    ) -> Result<Option<(DocumentRow, Vec<(ChunkId, ChunkRow)>)>, StoreError> {
        let doing = "read a document";
        let mut reader = self.reader(doing).await?;
        read::document(&mut reader, path).await.map_err(self.fault(doing))
    }

    async fn link(&self, link: &Link) -> Result<bool, StoreError> {
        let doing = "add a link";
        let mut writer = self.writer_with(doing, Power::MustKeep).await?;
        let done = links::add(writer.connection(), link).await;
        self.finish(doing, writer, done).await
    }

    async fn unlink(&self, link: &Link) -> Result<bool, StoreError> {
        let doing = "take out a link";
        let mut writer = self.writer_with(doing, Power::MustKeep).await?;
        let done = links::remove(writer.connection(), link).await;
        self.finish(doing, writer, done).await
    }

    async fn links(&self, of: Option<&Entity>) -> Result<Vec<Link>, StoreError> {
        let doing = "list links";
        let mut reader = self.reader(doing).await?;
        links::links(&mut reader, of).await.map_err(self.fault(doing))
    }

    async fn statistics(&self) -> Result<Statistics, StoreError> {
        let doing = "count";
        let mut reader = self.reader(doing).await?;
        examine::statistics(&mut reader).await.map_err(self.fault(doing))
    }

    async fn examine(&self) -> Result<Vec<Ailment>, StoreError> {
        let doing = "examine";
        self.ready().await?;
        let examined = async {
            let mut own = connection::options_for(&self.path).await?.connect().await?;
            // So that everything is of one moment.
            let mut transaction = own.begin().await?;
            let ailments = examine::examine(&mut transaction).await;
            transaction.rollback().await?;
            own.close().await?;
            ailments
        };
        examined.await.map_err(self.fault(doing))
    }
}
