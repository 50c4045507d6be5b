//! Runs with embeddings that end before their time: what was done is not done again.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_docset::Checker;
use countersign_docset::docset::Process;
use countersign_kb::chunk::{Estimate, Settings, Tokens};
use countersign_kb::embed::{Distance, EmbedError, Embedder, ModelDescription, Role};
use countersign_kb::index::{
    IndexError, Job, Loaded, ModelSource, Observer, Phase, Rules, Selection, Summary, run,
};
use countersign_kb::store::{SqliteStore, Store};

/// What a model was given, and what is to happen meanwhile.
#[derive(Debug, Default)]
struct Script {
    /// Texts that were embedded, in order.
    embedded: Mutex<Vec<String>>,
    /// Set when so many texts were embedded; 0 for never.
    stop_after: AtomicUsize,
    stop: Arc<AtomicBool>,
    /// Texts with this in them cannot be embedded.
    poison: Mutex<Option<&'static str>>,
    /// More texts than this at once cannot be embedded; 0 for no limit.
    most: AtomicUsize,
}

/// A model that keeps to a script.
struct Scripted {
    model: ModelDescription,
    script: Arc<Script>,
}

impl Scripted {
    fn new(script: &Arc<Script>) -> Self {
        let model = ModelDescription {
            name: "scripted".to_owned(),
            digest: "0".repeat(64),
            dimensions: 8,
            max_tokens: 512,
            distance: Distance::Cosine,
        };
        Self { model, script: Arc::clone(script) }
    }
}

impl Embedder for Scripted {
    fn model(&self) -> &ModelDescription {
        &self.model
    }

    fn tokens(&self) -> &dyn Tokens {
        &Estimate
    }

    fn embed(&mut self, _: Role, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let script = &self.script;
        let poison = *script.poison.lock().unwrap();
        let most = script.most.load(Ordering::Relaxed);
        let is_poisoned = |text: &&str| poison.is_some_and(|poison| text.contains(poison));
        if texts.iter().any(is_poisoned) || most > 0 && texts.len() > most {
            let model = self.model.name.clone();
            return Err(EmbedError::Run { model, reason: "out of memory".to_owned() });
        }
        let mut embedded = script.embedded.lock().unwrap();
        embedded.extend(texts.iter().map(|text| (*text).to_owned()));
        let after = script.stop_after.load(Ordering::Relaxed);
        if after > 0 && embedded.len() >= after {
            script.stop.store(true, Ordering::Relaxed);
        }
        let mut vector = vec![0.0; 8];
        vector[0] = 1.0;
        Ok(vec![vector; texts.len()])
    }
}

struct Source(Option<Scripted>);

impl ModelSource for Source {
    fn name(&self) -> Option<&str> {
        Some("scripted")
    }

    fn load(&mut self) -> Result<Loaded, IndexError> {
        Ok(Loaded::Model(Box::new(self.0.take().unwrap())))
    }
}

struct Nobody;

impl Observer for Nobody {
    fn begin(&self, _: Phase, _: u64) {}
    fn advance(&self, _: u64) {}
    fn note(&self, _: &str) {}
}

/// A tree with a database beside it.
struct Tree {
    folder: tempfile::TempDir,
    script: Arc<Script>,
}

impl Tree {
    /// Documents of so many chunks each, no two alike.
    fn new(documents: usize, chunks: usize) -> Self {
        let tree = Self { folder: tempfile::tempdir().unwrap(), script: Arc::default() };
        for document in 0..documents {
            tree.write(&format!("docs/{document:03}.md"), chunks, &format!("document {document}"));
        }
        tree
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, chunks: usize, words: &str) {
        let mut text = String::new();
        for chunk in 0..chunks {
            writeln!(text, "## Section {chunk}\n\nChunk {chunk} of {words}.\n").unwrap();
        }
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        countersign_files::write_atomically(&path, text.as_bytes()).unwrap();
    }

    async fn store(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(self.root().join("kb.db")).await.unwrap())
    }

    async fn index(&self) -> Result<Summary, IndexError> {
        let checker = Checker::open(self.root()).unwrap();
        let rules = Rules {
            catalogue: checker.catalogue().clone(),
            process: Process::default(),
            settings: Settings::default(),
        };
        self.script.stop.store(false, Ordering::Relaxed);
        let job = Job {
            checker: Arc::new(checker),
            selection: Selection {
                paths: Vec::new(),
                base: self.root().to_owned(),
                changed_since: None,
                commit: None,
            },
            rules: Arc::new(rules),
            model: Some(Box::new(Source(Some(Scripted::new(&self.script))))),
            dry_run: false,
            patience: Duration::from_secs(9),
            stop: Arc::clone(&self.script.stop),
            observer: Arc::new(Nobody),
        };
        run(self.store().await, job).await
    }

    /// How many texts were embedded since it was asked last.
    fn embedded(&self) -> Vec<String> {
        std::mem::take(&mut *self.script.embedded.lock().unwrap())
    }

    /// Every document is there, and every chunk has its vector.
    async fn assert_complete(&self, documents: u64, chunks: u64) {
        let store = self.store().await;
        let statistics = store.statistics().await.unwrap();
        assert_eq!((statistics.documents, statistics.chunks), (documents, chunks));
        assert_eq!(statistics.models[0].1, chunks);
        assert_eq!(store.examine().await.unwrap(), []);
    }
}

fn at_once(test: impl Future<Output = ()>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
}

#[test]
fn a_run_that_is_stopped_loses_the_vectors_of_one_document_at_most() {
    at_once(async {
        // Where a batch of documents ends, where a document ends, and in the middle of both.
        for after in [1, 64, 65, 100, 130, 192, 300, 391] {
            let tree = Tree::new(56, 7);
            tree.script.stop_after.store(after, Ordering::Relaxed);
            let first = tree.index().await.unwrap();
            let made = tree.embedded().len();
            assert!(made >= after && first.interrupted, "{made} {first:?}");
            assert_eq!(first.added.len(), made / 7, "whole documents");
            assert_eq!(first.embedded, (made / 7 * 7) as u64);
            tree.script.stop_after.store(0, Ordering::Relaxed);
            let second = tree.index().await.unwrap();
            let again = made + tree.embedded().len() - 56 * 7;
            assert_eq!(again, made % 7, "embedded again after {after}");
            assert_eq!(second.added.len(), 56 - first.added.len());
            tree.assert_complete(56, 56 * 7).await;
        }
    });
}

#[test]
fn a_model_that_fails_costs_what_it_cannot_embed_and_nothing_before_it() {
    at_once(async {
        let tree = Tree::new(30, 7);
        *tree.script.poison.lock().unwrap() = Some("Chunk 3 of document 21.");
        let error = tree.index().await.unwrap_err();
        assert_eq!(error.to_string(), "docs/021.md:13-15 cannot be embedded");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("out of memory"), "{cause}");
        let made = tree.embedded().len();
        assert_eq!(made, 21 * 7 + 3);
        assert_eq!(tree.store().await.documents().await.unwrap().len(), 21);
        *tree.script.poison.lock().unwrap() = None;
        let second = tree.index().await.unwrap();
        assert_eq!((second.unchanged, second.added.len()), (21, 9));
        assert_eq!(made + tree.embedded().len() - 30 * 7, 3);
        tree.assert_complete(30, 30 * 7).await;
    });
}

#[test]
fn what_cannot_be_embedded_together_is_embedded_one_by_one() {
    at_once(async {
        let tree = Tree::new(30, 7);
        tree.script.most.store(5, Ordering::Relaxed);
        assert_eq!(tree.index().await.unwrap().added.len(), 30);
        assert_eq!(tree.embedded().len(), 30 * 7);
        tree.assert_complete(30, 30 * 7).await;
    });
}

#[test]
fn the_old_version_of_a_long_document_stays_until_all_of_the_new_one_is_embedded() {
    at_once(async {
        let tree = Tree::new(2, 3);
        tree.write("docs/001.md", 500, "the old version");
        tree.index().await.unwrap();
        assert_eq!(tree.embedded().len(), 503);
        tree.write("docs/001.md", 500, "the new version");
        tree.script.stop_after.store(200, Ordering::Relaxed);
        assert!(tree.index().await.unwrap().interrupted);
        let (_, chunks) = tree.store().await.document("docs/001.md").await.unwrap().unwrap();
        assert_eq!(chunks.len(), 500);
        assert!(chunks.iter().all(|(_, chunk)| chunk.text.contains("the old version")));
        tree.assert_complete(2, 503).await;
        tree.script.stop_after.store(0, Ordering::Relaxed);
        tree.embedded();
        let last = tree.index().await.unwrap();
        assert_eq!((last.changed.len(), tree.embedded().len()), (1, 500));
        tree.assert_complete(2, 503).await;
    });
}

#[test]
fn vectors_that_were_missing_are_kept_when_the_run_that_makes_them_ends_early() {
    at_once(async {
        let tree = Tree::new(60, 7);
        tree.index().await.unwrap();
        tree.embedded();
        let store = tree.store().await;
        // Another model has the name: all vectors are to be made anew.
        let models = store.models().await.unwrap();
        let mut other = models[0].description.clone();
        other.name = "other".to_owned();
        let other = store.register_model(&other).await.unwrap();
        store.activate_model(other).await.unwrap();
        store.remove_model(models[0].id).await.unwrap();
        tree.script.stop_after.store(70, Ordering::Relaxed);
        let first = tree.index().await.unwrap();
        assert!(first.interrupted);
        let mut made = tree.embedded().len();
        assert_eq!(first.embedded, made as u64);
        tree.script.stop_after.store(0, Ordering::Relaxed);
        *tree.script.poison.lock().unwrap() = Some("Chunk 3 of document 59.");
        let error = tree.index().await.unwrap_err().to_string();
        assert!(error.starts_with("the passage that begins with `Section 3"), "{error}");
        made += tree.embedded().len();
        *tree.script.poison.lock().unwrap() = None;
        tree.index().await.unwrap();
        assert_eq!(made + tree.embedded().len(), 60 * 7, "none is made twice");
    });
}
