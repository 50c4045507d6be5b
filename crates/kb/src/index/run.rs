//! A run: from documents to a store that says what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign_docset::Checker;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::{JoinError, spawn_blocking};

use super::document::{Rules, check};
use super::error::IndexError;
use super::plan::{Move, Plan, Scope, is_below, plan};
use super::problem::Problem;
use super::produce::{Order, produce};
use super::source::{Look, Reader, Selection, look};
use super::vectors::{Loaded, ModelSource, embed_pending};
use super::{Observer, Phase, Recipe};
use crate::embed::{Embedder, ModelDescription};
use crate::store::{DocumentState, ModelId, Removed, Store, StoreError, Written};

/// What a run is to do.
pub struct Job {
    /// The repository.
    pub checker: Arc<Checker>,
    /// Which of its documents.
    pub selection: Selection,
    /// What they are read by.
    pub rules: Arc<Rules>,
    /// The model; `None` for no embeddings.
    pub model: Option<Box<dyn ModelSource>>,
    /// Only say what would be done.
    pub dry_run: bool,
    /// How long to wait for another run to end.
    pub patience: Duration,
    /// Set, it ends the run after the batch at hand.
    pub stop: Arc<AtomicBool>,
    /// Is told how far it has come.
    pub observer: Arc<dyn Observer>,
}

/// What a run did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents that were added.
    pub added: Vec<String>,
    /// Documents that are the same at another path: neither added nor removed.
    pub moved: Vec<Move>,
    /// Documents that changed, or are read by other rules now.
    pub changed: Vec<String>,
    /// How many documents are as they were.
    pub unchanged: u64,
    /// Documents that were taken out.
    pub removed: Vec<String>,
    /// What became of chunks: those of documents that moved are kept, and those of documents
    /// that were taken out are removed.
    pub chunks: Written,
    /// Vectors that were made.
    pub embedded: u64,
    /// Vectors that were there before, of documents that changed.
    pub vectors_kept: u64,
    /// The model that searches use now.
    pub model: Option<String>,
    /// Why there are no embeddings; empty if there are, or if nobody wanted any.
    pub without_model: String,
    /// What to do for having some, the best way first.
    pub ways_out: Vec<String>,
    /// Documents that could not be indexed, and paths that stand for none.
    pub problems: Vec<Problem>,
    /// Whether it was stopped before everything was done.
    pub interrupted: bool,
}

/// A run on its way.
struct Run {
    job: Job,
    store: Arc<dyn Store>,
    summary: Summary,
    /// The model that is in use, if it has been loaded.
    embedder: Option<(ModelId, Box<dyn Embedder>)>,
}

/// What is known of the model before documents are compared.
enum Model {
    /// There is none.
    None,
    /// This one, not loaded yet: the active model of the store is called so.
    Expected(ModelId, ModelDescription),
    /// This one, which searches use, too.
    Active(ModelDescription),
    /// This one, and searches use another until everything is embedded.
    Next(ModelDescription),
}

/// Brings the store up to date.
///
/// It needs a runtime with several threads.
///
/// # Errors
///
/// [`IndexError`] for what ends the run; a document that cannot be read does not.
pub async fn run(store: Arc<dyn Store>, job: Job) -> Result<Summary, IndexError> {
    let mut run = Run { job, store, summary: Summary::default(), embedder: None };
    if run.job.dry_run {
        run.would_do().await?;
    } else {
        run.store.migrate().await?;
        let lock = run.lock().await?;
        run.index().await?;
        drop(lock);
    }
    Ok(run.summary)
}

/// How long to wait for another run before saying so.
const UNSAID: Duration = Duration::from_millis(500);

impl Run {
    async fn lock(&self) -> Result<Box<dyn crate::store::IndexLock>, IndexError> {
        match self.store.lock(UNSAID.min(self.job.patience)).await {
            Err(StoreError::Locked { .. }) if self.job.patience > UNSAID => {
                self.job.observer.note("another run is indexing; waiting for it");
                Ok(self.store.lock(self.job.patience).await?)
            }
            other => Ok(other?),
        }
    }

    /// Compares, and changes nothing; a store that is not there yet has nothing.
    async fn would_do(&mut self) -> Result<(), IndexError> {
        let (known, models) = match self.store.documents().await {
            Ok(known) => (known, self.store.models().await?),
            Err(StoreError::Empty { .. }) => (Vec::new(), Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let active = models.into_iter().find(|model| model.active);
        // A model whose name is not known before it is loaded is taken for the one in use.
        let is_wanted = |model: &ModelDescription| {
            let wanted = self.job.model.as_ref();
            wanted.is_some_and(|wanted| wanted.name().is_none_or(|name| name == model.name))
        };
        let model = active.map(|model| model.description).filter(is_wanted);
        let look = self.look().await?;
        let mut plan = self.plan(&known, &look, &self.recipe(model.as_ref()))?;
        self.tell(&look, &known);
        let unreadable = self.unreadable(&plan, look).await?;
        let paths: BTreeSet<&str> =
            unreadable.iter().map(|problem| problem.path.as_str()).collect();
        for list in [&mut plan.added, &mut plan.changed] {
            list.retain(|path| !paths.contains(&**path));
        }
        self.summary.problems.extend(unreadable);
        self.summary.model = model.map(|model| model.name);
        self.summary.added = names(&plan.added);
        self.summary.changed = names(&plan.changed);
        self.summary.unchanged = plan.unchanged.len() as u64;
        self.summary.moved = plan.moved;
        self.summary.removed = plan.removed;
        Ok(())
    }

    /// What of the plan cannot be carried out.
    async fn unreadable(&self, plan: &Plan, look: Look) -> Result<Vec<Problem>, IndexError> {
        let paths: Vec<_> = plan.added.iter().chain(&plan.changed).cloned().collect();
        let mut reader = Reader::open(self.job.checker.root(), &self.job.selection)?;
        let all = move || {
            let mut buffer = Vec::new();
            let one = |path: &Arc<str>| {
                let place = look.places.get(path)?;
                match reader.read(place, &mut buffer) {
                    Ok(()) => check(path, &buffer).err(),
                    Err(reason) => {
                        Some(Problem::of_file(path, format!("it cannot be read: {reason}")))
                    }
                }
            };
            paths.iter().filter_map(one).collect()
        };
        spawn_blocking(all).await.map_err(thread)
    }

    async fn index(&mut self) -> Result<(), IndexError> {
        let mut model = self.expect().await?;
        let look = self.look().await?;
        let known = self.store.documents().await?;
        self.tell(&look, &known);
        let mut recipe = self.recipe(model.description());
        let mut plan = self.plan(&known, &look, &recipe)?;
        if let Model::Expected(id, _) = &model {
            let wanted = !plan.added.is_empty()
                || !plan.moved.is_empty()
                || !plan.changed.is_empty()
                || !self.store.pending(*id, 1).await?.is_empty();
            if wanted {
                model = self.load().await?;
                recipe = self.recipe(model.description());
                plan = self.plan(&known, &look, &recipe)?;
            }
        }
        if let Model::Next(_) = model {
            // What is cut for the old model serves searches until the new one is complete.
            plan = self.plan(&known, &look, &recipe.with_any_tokens())?;
        }
        self.carry_out(plan, &look, &recipe).await?;
        self.complete().await?;
        if let (Model::Next(description), false) = (&model, self.summary.interrupted) {
            if let Some((id, _)) = &self.embedder {
                self.store.activate_model(*id).await?;
                self.job.observer.note(&format!("searches use `{}` now", description.name));
            }
            let known = self.store.documents().await?;
            let mut plan = self.plan(&known, &look, &recipe)?;
            plan.unchanged.clear();
            plan.removed.clear();
            let counted = std::mem::take(&mut self.summary.changed);
            let added = std::mem::take(&mut self.summary.added);
            self.carry_out(plan, &look, &recipe).await?;
            let again: BTreeSet<String> =
                counted.into_iter().chain(std::mem::take(&mut self.summary.changed)).collect();
            let again: Vec<String> =
                again.into_iter().filter(|path| added.binary_search(path).is_err()).collect();
            self.summary.unchanged = self.summary.unchanged.saturating_sub(again.len() as u64);
            (self.summary.added, self.summary.changed) = (added, again);
            self.complete().await?;
        }
        let models = self.store.models().await?;
        self.summary.model =
            models.into_iter().find(|model| model.active).map(|model| model.description.name);
        // Also where nothing changed: the run before this one may have been killed ahead of it.
        self.store.tidy().await?;
        Ok(())
    }

    /// What is known of the model without loading it, or the model itself.
    async fn expect(&mut self) -> Result<Model, IndexError> {
        let Some(source) = &self.job.model else { return Ok(Model::None) };
        let models = self.store.models().await?;
        let active = models.into_iter().find(|model| model.active);
        match active {
            Some(active) if source.name() == Some(&active.description.name) => {
                Ok(Model::Expected(active.id, active.description))
            }
            _ => self.load().await,
        }
    }

    async fn load(&mut self) -> Result<Model, IndexError> {
        let Some(mut source) = self.job.model.take() else { return Ok(Model::None) };
        let loaded = spawn_blocking(move || source.load()).await.map_err(thread)??;
        let embedder = match loaded {
            Loaded::Model(embedder) => embedder,
            Loaded::Without { reason, ways_out } => {
                self.summary.without_model = reason;
                self.summary.ways_out = ways_out;
                return Ok(Model::None);
            }
        };
        let description = embedder.model().clone();
        let id = self.store.register_model(&description).await?;
        let models = self.store.models().await?;
        let is_active = models.iter().any(|model| model.id == id && model.active);
        self.embedder = Some((id, embedder));
        Ok(if is_active { Model::Active(description) } else { Model::Next(description) })
    }

    fn recipe(&self, model: Option<&ModelDescription>) -> Recipe {
        let Rules { catalogue, process, settings } = &*self.job.rules;
        Recipe::new(*settings, catalogue, process, model)
    }

    async fn look(&self) -> Result<Look, IndexError> {
        let (checker, selection) = (Arc::clone(&self.job.checker), self.job.selection.clone());
        Ok(spawn_blocking(move || look(&checker, &selection)).await.map_err(thread)??)
    }

    fn plan(
        &self,
        known: &[DocumentState],
        look: &Look,
        recipe: &Recipe,
    ) -> Result<Plan, IndexError> {
        // An empty tree is more often a wrong folder than the wish to forget everything.
        if matches!(look.scope, Scope::Everything) && look.hashes.is_empty() {
            let include = &self.job.checker.config().include;
            let looked_at: Vec<String> = include.iter().map(|path| format!("`{path}`")).collect();
            return Err(IndexError::Nothing { looked_at: looked_at.join(", ") });
        }
        Ok(plan(known, &look.hashes, &look.unreadable, &look.scope, recipe))
    }

    /// Notes what is wrong already.
    fn tell(&mut self, look: &Look, known: &[DocumentState]) {
        self.summary.problems.extend(look.problems.iter().cloned());
        for (given, path) in &look.unmatched {
            let scope = &look.scope;
            let was_there = |state: &DocumentState| {
                is_below(&state.path, path)
                    || path.contains(['*', '?', '[', '{']) && scope.covers(&state.path)
            };
            if !known.iter().any(was_there) {
                let message = "there is no document here, nor was one indexed".to_owned();
                self.summary.problems.push(Problem { path: given.clone(), line: None, message });
            }
        }
    }

    async fn carry_out(
        &mut self,
        plan: Plan,
        look: &Look,
        recipe: &Recipe,
    ) -> Result<(), IndexError> {
        // What moved is written like what is new: until then the old path is found.
        let moved = plan.moved.iter().map(|one| &one.to);
        let added: BTreeSet<&str> =
            plan.added.iter().chain(moved.clone()).map(|path| &**path).collect();
        let mut paths: Vec<_> =
            plan.added.iter().chain(moved).chain(&plan.changed).cloned().collect();
        paths.sort_unstable();
        let commit = self.job.selection.commit.as_ref();
        let commit = commit.map(|commit| commit.sha.clone()).unwrap_or_default();
        let mut written = BTreeMap::new();
        if !paths.is_empty() {
            self.job.observer.begin(Phase::Documents, paths.len() as u64);
            let documents = paths.into_iter().filter_map(|path| {
                let place = look.places.get(&path)?.clone();
                Some((path, place))
            });
            let order = Order {
                documents: documents.collect(),
                reader: Reader::open(self.job.checker.root(), &self.job.selection)?,
                commit: commit.clone(),
                rules: Arc::clone(&self.job.rules),
                recipe: recipe.clone(),
                store: Arc::clone(&self.store),
                embedder: self.embedder.take(),
                stop: Arc::clone(&self.job.stop),
            };
            written = self.write(order, &added).await?;
        }
        if self.job.stop.load(Ordering::Relaxed) {
            self.summary.interrupted = true;
            return Ok(());
        }
        // Last, so that the vectors of a file that moved are there when it is written.
        let moved = plan.moved.iter().map(|one| &one.from);
        let gone: Vec<String> = plan.removed.iter().chain(moved).cloned().collect();
        if !gone.is_empty() {
            let Removed { chunks, .. } = self.store.remove(&gone).await?;
            self.summary.chunks.chunks_removed += chunks;
            self.summary.removed.extend(plan.removed);
            self.account(plan.moved, &written);
        }
        if !commit.is_empty() && !plan.unchanged.is_empty() {
            let paths: Vec<String> = names(&plan.unchanged);
            self.store.touch(&paths, &commit).await?;
        }
        self.summary.unchanged += plan.unchanged.len() as u64;
        Ok(())
    }

    /// Counts what moved as that: it was written under its new path, and taken out under the
    /// old one.
    fn account(&mut self, moved: Vec<Move>, written: &BTreeMap<String, u64>) {
        for one in moved {
            let Some(chunks) = written.get(&*one.to).copied() else {
                // It could not be read any more.
                self.summary.removed.push(one.from);
                continue;
            };
            // What was cut anew was written anew.
            if !one.is_recut {
                let Written { chunks_added, chunks_kept, chunks_removed } =
                    &mut self.summary.chunks;
                *chunks_added = chunks_added.saturating_sub(chunks);
                *chunks_removed = chunks_removed.saturating_sub(chunks);
                *chunks_kept += chunks;
            }
            self.summary.moved.push(one);
        }
        let moved: BTreeSet<&str> = self.summary.moved.iter().map(|one| &*one.to).collect();
        self.summary.added.retain(|path| !moved.contains(path.as_str()));
        self.summary.removed.sort_unstable();
    }

    /// Writes documents; gives how many chunks each has that was written.
    async fn write(
        &mut self,
        order: Order,
        added: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, u64>, IndexError> {
        let mut all = BTreeMap::new();
        let model = order.embedder.as_ref().map(|(id, _)| *id);
        let handle = Handle::current();
        let (sender, mut batches) = mpsc::channel(1);
        let producer = spawn_blocking(move || produce(order, &handle, &sender));
        let mut failed = None;
        while let Some(batch) = batches.recv().await {
            let vectors = model.map(|model| (model, batch.vectors.as_slice()));
            match self.store.write(&batch.documents, vectors).await {
                Ok(written) => {
                    self.summary.chunks.chunks_added += written.chunks_added;
                    self.summary.chunks.chunks_kept += written.chunks_kept;
                    self.summary.chunks.chunks_removed += written.chunks_removed;
                }
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
            let steps = batch.documents.len() + batch.problems.len();
            self.job.observer.advance(steps as u64);
            for document in batch.documents {
                let path = document.document.path;
                all.insert(path.clone(), document.chunks.len() as u64);
                match added.contains(path.as_str()) {
                    true => self.summary.added.push(path),
                    false => self.summary.changed.push(path),
                }
            }
            self.summary.embedded += batch.vectors.len() as u64;
            self.summary.vectors_kept += batch.kept;
            self.summary.problems.extend(batch.problems);
        }
        drop(batches);
        let produced = producer.await.map_err(thread)?;
        match failed {
            Some(error) => Err(error.into()),
            None => {
                self.embedder = produced?;
                Ok(all)
            }
        }
    }

    /// Gives vectors to what has none: after a run without a model, or with another one.
    async fn complete(&mut self) -> Result<(), IndexError> {
        let Some((id, embedder)) = &mut self.embedder else { return Ok(()) };
        if self.summary.interrupted {
            return Ok(());
        }
        let (made, done) =
            embed_pending(&*self.store, *id, &mut **embedder, &*self.job.observer, &self.job.stop)
                .await?;
        self.summary.embedded += made;
        self.summary.interrupted |= !done && self.job.stop.load(Ordering::Relaxed);
        Ok(())
    }
}

impl Model {
    fn description(&self) -> Option<&ModelDescription> {
        match self {
            Self::None => None,
            Self::Expected(_, model) | Self::Active(model) | Self::Next(model) => Some(model),
        }
    }
}

fn names(paths: &[Arc<str>]) -> Vec<String> {
    paths.iter().map(ToString::to_string).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn thread(error: JoinError) -> IndexError {
    IndexError::Thread(error.to_string())
}
