//! Documents made ready to be written, batch by batch, beside the writing.
//!
//! A document is written with all its vectors or not at all: the old version, with the old
//! vectors, is what searches find until then. So a run that ends early, because it is told to
//! or because the model fails, still writes the documents that are complete, and loses no more
//! than the vectors of the one at hand. To write a long document first and to embed it afterwards
//! would lose less of it, and would hide it from searches by meaning for as long as that takes.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_markup::shown::escape;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;

use super::document::{Passages, Prepared, Rules, prepare};
use super::error::IndexError;
use super::problem::Problem;
use super::source::{Place, Reader};
use super::vectors::End;
use super::{Recipe, vectors};
use crate::chunk::{ContentHash, Estimate, Tokens};
use crate::embed::Embedder;
use crate::store::{DocumentWrite, ModelId, Store};

/// What is to be made ready.
pub(super) struct Order {
    pub(super) documents: Vec<(Arc<str>, Place)>,
    pub(super) reader: Reader,
    /// Of the commit that is read; empty for a work tree.
    pub(super) commit: String,
    pub(super) rules: Arc<Rules>,
    pub(super) recipe: Recipe,
    pub(super) store: Arc<dyn Store>,
    pub(super) embedder: Option<(ModelId, Box<dyn Embedder>)>,
    pub(super) stop: Arc<AtomicBool>,
}

/// Documents ready to be written at once.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) documents: Vec<DocumentWrite>,
    pub(super) vectors: vectors::Vectors,
    /// Vectors that need not be made.
    pub(super) kept: u64,
    pub(super) problems: Vec<Problem>,
}

/// How much is read before it is written. Embedding takes long (a processor makes a few dozen
/// vectors a second), and a process that is killed loses the batch at hand: what was embedded
/// should be kept soon. Writing is quicker in large pieces.
struct Size {
    bytes: usize,
    documents: usize,
}

const PLAIN: Size = Size { bytes: 2 << 20, documents: 512 };
const EMBEDDED: Size = Size { bytes: 32 << 10, documents: 16 };

type Model = Option<(ModelId, Box<dyn Embedder>)>;

/// Makes batches until all is done, the run is to stop, or nobody takes them any more.
/// Gives the model back.
pub(super) fn produce(
    mut order: Order,
    handle: &Handle,
    to: &Sender<Batch>,
) -> Result<Model, IndexError> {
    let size = if order.embedder.is_some() { EMBEDDED } else { PLAIN };
    let mut documents = std::mem::take(&mut order.documents).into_iter().peekable();
    while documents.peek().is_some() && !order.stop.load(Ordering::Relaxed) {
        let (mut batch, mut files, mut bytes) = (Batch::default(), Vec::new(), 0);
        while bytes < size.bytes && files.len() < size.documents {
            let Some((path, place)) = documents.next() else { break };
            let mut buffer = Vec::new();
            match order.reader.read(&place, &mut buffer) {
                Ok(()) => {
                    bytes += buffer.len();
                    files.push((path, buffer));
                }
                Err(reason) => {
                    let reason = format!("it cannot be read: {reason}");
                    batch.problems.push(Problem::of_file(&path, reason));
                }
            }
        }
        let prepared = match &order.embedder {
            Some((_, embedder)) => all(&order, &files, embedder.tokens(), Passages::Wanted),
            None => in_parallel(&order, &files),
        };
        let mut passages: Vec<(ContentHash, String)> = Vec::new();
        for result in prepared {
            match result {
                Ok(Prepared { write, passages: own }) => {
                    let hashes = write.chunks.iter().map(|chunk| chunk.row.hash);
                    passages.extend(hashes.zip(own));
                    batch.documents.push(write);
                }
                Err(problem) => batch.problems.push(problem),
            }
        }
        let end = match &mut order.embedder {
            Some((model, embedder)) => {
                let hashes: HashSet<_> = passages.iter().map(|(hash, _)| *hash).collect();
                let hashes: Vec<_> = hashes.into_iter().collect();
                let known = handle.block_on(order.store.embedded(*model, &hashes))?;
                let passages: Vec<_> =
                    passages.iter().map(|(hash, passage)| (*hash, passage.as_str())).collect();
                let (made, end) = vectors::embed(&mut **embedder, &passages, &known, &order.stop);
                let end = end.map_err(|failure| {
                    let place = batch.place(failure.hash);
                    failure.at(place)
                });
                batch.give(made, &known);
                end
            }
            None => Ok(End::Complete),
        };
        if to.blocking_send(batch).is_err() {
            break;
        }
        match end? {
            End::Complete => {}
            End::Stopped => break,
        }
    }
    Ok(order.embedder)
}

impl Batch {
    /// Where the passage with this hash is, for people.
    fn place(&self, hash: ContentHash) -> String {
        let mut chunks = self.documents.iter().flat_map(|document| {
            let path = &document.document.path;
            document.chunks.iter().map(move |chunk| (path, &chunk.row))
        });
        match chunks.find(|(_, chunk)| chunk.hash == hash) {
            Some((path, chunk)) => {
                format!("{}:{}-{}", escape(path), chunk.first_line, chunk.last_line)
            }
            None => "a passage".to_owned(),
        }
    }

    /// Takes the vectors that were `made`, and leaves out the documents that have passages
    /// with neither one of these nor one that is `known`.
    fn give(&mut self, made: vectors::Vectors, known: &HashSet<ContentHash>) {
        let new: HashSet<ContentHash> = made.iter().map(|(hash, _)| *hash).collect();
        let has_vector = |hash: &ContentHash| new.contains(hash) || known.contains(hash);
        self.documents
            .retain(|document| document.chunks.iter().all(|chunk| has_vector(&chunk.row.hash)));
        let written: HashSet<ContentHash> = self
            .documents
            .iter()
            .flat_map(|document| &document.chunks)
            .map(|chunk| chunk.row.hash)
            .collect();
        self.vectors = made.into_iter().filter(|(hash, _)| written.contains(hash)).collect();
        self.kept = known.intersection(&written).count() as u64;
    }
}

type Files = [(Arc<str>, Vec<u8>)];
type Results = Vec<Result<Prepared, Problem>>;

fn all(order: &Order, files: &Files, tokens: &dyn Tokens, passages: Passages) -> Results {
    some(&order.rules, &order.recipe, &order.commit, files, tokens, passages)
}

fn some(
    rules: &Rules,
    recipe: &Recipe,
    commit: &str,
    files: &Files,
    tokens: &dyn Tokens,
    passages: Passages,
) -> Results {
    let one = |(path, bytes): &(Arc<str>, Vec<u8>)| {
        prepare(path, bytes, commit, rules, recipe, tokens, passages)
    };
    files.iter().map(one).collect()
}

/// On all processors: an estimate of tokens can be made anywhere.
fn in_parallel(order: &Order, files: &Files) -> Results {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let each = files.len().div_ceil(threads).max(1);
    let (rules, recipe, commit) = (&*order.rules, &order.recipe, order.commit.as_str());
    std::thread::scope(|scope| {
        let work = |files| some(rules, recipe, commit, files, &Estimate, Passages::LeftOut);
        let start =
            |files| (files, std::thread::Builder::new().spawn_scoped(scope, move || work(files)));
        let threads: Vec<_> = files.chunks(each).map(start).collect();
        let mut results = Vec::with_capacity(files.len());
        for (files, thread) in threads {
            match thread.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(some)) => results.extend(some),
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                // No thread was to be had.
                Err(_) => results.extend(work(files)),
            }
        }
        results
    })
}
