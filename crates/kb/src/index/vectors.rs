//! Vectors for passages, while documents are indexed.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_markup::shown::excerpt;

use super::error::IndexError;
use super::{Observer, Phase};
use crate::chunk::ContentHash;
use crate::embed::{EmbedError, Embedder, Role};
use crate::store::{ModelId, Store};

/// Where a model comes from, once it is needed: loading one takes time.
pub trait ModelSource: Send {
    /// The name of the model, if it is known before it is loaded.
    fn name(&self) -> Option<&str>;

    /// Loads it.
    ///
    /// # Errors
    ///
    /// If somebody asked for a model that cannot be had.
    fn load(&mut self) -> Result<Loaded, IndexError>;
}

/// What loading a model led to.
pub enum Loaded {
    /// A model.
    Model(Box<dyn Embedder>),
    /// No model can be had here; documents are indexed without.
    Without {
        /// Why.
        reason: String,
        /// What to do for having one, the best way first.
        ways_out: Vec<String>,
    },
}

/// Vectors by the hashes of the passages that they are of.
pub(super) type Vectors = Vec<(ContentHash, Vec<f32>)>;

/// Passages that are embedded at once: often enough to see whether to stop.
const AT_ONCE: usize = 64;

/// How embedding ended.
#[derive(Debug)]
pub(super) enum End {
    /// Every passage has its vector.
    Complete,
    /// The run is to stop.
    Stopped,
}

/// A passage that the model gives no vector for: the one behind those that have one.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) hash: ContentHash,
    source: EmbedError,
}

impl Failure {
    /// As what ends the run; `place` says which passage it is.
    pub(super) fn at(self, place: String) -> IndexError {
        IndexError::Embed { place, source: self.source }
    }
}

/// The vectors of those of `passages` that are not in `known`, each once and in order: all, or
/// those from the beginning that were made before the end that is told.
pub(super) fn embed(
    embedder: &mut dyn Embedder,
    passages: &[(ContentHash, &str)],
    known: &HashSet<ContentHash>,
    stop: &AtomicBool,
) -> (Vectors, Result<End, Failure>) {
    let mut seen = HashSet::new();
    let missing: Vec<(ContentHash, &str)> = passages
        .iter()
        .filter(|(hash, _)| !known.contains(hash) && seen.insert(*hash))
        .copied()
        .collect();
    let mut vectors = Vec::with_capacity(missing.len());
    for some in missing.chunks(AT_ONCE) {
        if stop.load(Ordering::Relaxed) {
            return (vectors, Ok(End::Stopped));
        }
        if add(embedder, some, &mut vectors).is_ok() {
            continue;
        }
        // Where there is not memory enough for many, there may be for one; and where one
        // cannot be embedded at all, those before it can.
        for one in some {
            if stop.load(Ordering::Relaxed) {
                return (vectors, Ok(End::Stopped));
            }
            if let Err(source) = add(embedder, std::slice::from_ref(one), &mut vectors) {
                return (vectors, Err(Failure { hash: one.0, source }));
            }
        }
    }
    (vectors, Ok(End::Complete))
}

/// Embeds all of `passages` or none.
fn add(
    embedder: &mut dyn Embedder,
    passages: &[(ContentHash, &str)],
    vectors: &mut Vectors,
) -> Result<(), EmbedError> {
    let texts: Vec<&str> = passages.iter().map(|(_, passage)| *passage).collect();
    let made = embedder.embed(Role::Passage, &texts)?;
    vectors.extend(passages.iter().map(|(hash, _)| *hash).zip(made));
    Ok(())
}

/// Embeds every passage of the store that has no vector of the model; gives how many were
/// made, and whether none is left.
pub(super) async fn embed_pending(
    store: &dyn Store,
    model: ModelId,
    embedder: &mut dyn Embedder,
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Result<(u64, bool), IndexError> {
    let mut made = 0;
    let mut before = None;
    loop {
        let pending = store.pending(model, AT_ONCE * 4).await?;
        let Some(first) = pending.first().map(|pending| pending.hash) else {
            return Ok((made, true));
        };
        // What stays without a vector after it was given one would be given it for ever.
        if stop.load(Ordering::Relaxed) || before.replace(first) == Some(first) {
            return Ok((made, false));
        }
        if made == 0 {
            observer.begin(Phase::Vectors, 0);
        }
        let passages: Vec<_> =
            pending.iter().map(|pending| (pending.hash, pending.passage.as_str())).collect();
        let (vectors, end) =
            tokio::task::block_in_place(|| embed(embedder, &passages, &HashSet::new(), stop));
        store.add_vectors(model, &vectors).await?;
        made += vectors.len() as u64;
        observer.advance(vectors.len() as u64);
        match end {
            Ok(End::Complete) => {}
            Ok(End::Stopped) => return Ok((made, false)),
            Err(failure) => {
                let mut pending = pending.iter();
                let passage = pending.find(|pending| pending.hash == failure.hash);
                let begin = excerpt(passage.map_or("", |pending| &pending.passage));
                return Err(failure.at(format!("the passage that begins with `{begin}`")));
            }
        }
    }
}
