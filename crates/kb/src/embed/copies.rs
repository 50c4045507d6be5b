//! Copies of a graph that compute side by side.
//!
//! Threads that share one text wait for each other behind every operator; copies with a
//! thread each do not. What copies cost is memory.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::graph::Graph;

/// Copies, at most: each needs memory for what it computes, too.
const MOST: usize = 4;

/// Bytes of weights in all copies together, at most, unless one alone has more.
const MOST_BYTES: u64 = 1 << 30;

/// So many texts are worth a second copy, since more are likely to come.
const MANY_TEXTS: usize = 32;

/// How many copies there are to be of a graph with so many bytes of weights, and how many
/// threads each has: as many in all as were asked for.
pub(super) fn share(threads: NonZeroUsize, bytes: u64) -> Vec<NonZeroUsize> {
    let fit = usize::try_from(MOST_BYTES / bytes.max(1)).unwrap_or(MOST);
    let copies = fit.clamp(1, MOST).min(threads.get());
    let of = |copy| threads.get() / copies + usize::from(copy < threads.get() % copies);
    (0..copies).filter_map(|copy| NonZeroUsize::new(of(copy))).collect()
}

/// A graph, and what copies of it there are.
pub(super) struct Copies {
    first: Graph,
    others: Vec<Place>,
    /// How many texts there were so far that were not alone, as queries are.
    texts: usize,
}

/// A place for a copy.
enum Place {
    /// It is built when there is much to compute, with so many threads.
    Empty(NonZeroUsize),
    Copy(Box<Graph>),
    /// It could not be built; the others do its work.
    Closed,
}

impl Place {
    fn takes_part(&self, many: bool) -> bool {
        match self {
            Self::Empty(_) => many,
            Self::Copy(_) => true,
            Self::Closed => false,
        }
    }

    /// The copy, built if there is none.
    fn graph(&mut self, build: impl Fn(NonZeroUsize) -> Option<Graph>) -> Option<&mut Graph> {
        if let Self::Empty(threads) = *self {
            *self = build(threads).map_or(Self::Closed, |graph| Self::Copy(Box::new(graph)));
        }
        match self {
            Self::Copy(graph) => Some(graph),
            _ => None,
        }
    }
}

impl Copies {
    /// One graph, and places for others with so many threads each.
    pub(super) fn new(first: Graph, others: &[NonZeroUsize]) -> Self {
        let others = others.iter().copied().map(Place::Empty).collect();
        Self { first, others, texts: 0 }
    }

    /// How many graphs there can be.
    pub(super) fn most(&self) -> NonZeroUsize {
        NonZeroUsize::MIN.saturating_add(self.others.len())
    }

    /// Has `compute` called once for each batch, on any of the copies; what it gives, in the
    /// order of the batches, or the first error. `build` makes a copy; it is called once there
    /// were many texts.
    pub(super) fn run<T: Send>(
        &mut self,
        batches: &[Vec<usize>],
        build: impl Fn(NonZeroUsize) -> Option<Graph> + Sync,
        compute: impl Fn(&mut Graph, &[usize]) -> Result<T, String> + Sync,
    ) -> Result<Vec<T>, String> {
        if batches.len() > 1 {
            self.texts = self.texts.saturating_add(batches.iter().map(Vec::len).sum());
        }
        let many = self.texts >= MANY_TEXTS;
        let next = AtomicUsize::new(0);
        let results = Mutex::new(Vec::with_capacity(batches.len()));
        let work = |graph: &mut Graph| {
            while let Some((at, batch)) = take(&next, batches) {
                let result = compute(graph, batch);
                if result.is_err() {
                    next.store(batches.len(), Ordering::Relaxed);
                }
                results.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
            }
        };
        thread::scope(|scope| {
            let (build, work) = (&build, &work);
            // One batch leaves nothing for others.
            for place in self.others.iter_mut().take(batches.len().saturating_sub(1)) {
                if !place.takes_part(many) {
                    continue;
                }
                let copy = move || place.graph(build).map(work);
                if thread::Builder::new().spawn_scoped(scope, copy).is_err() {
                    // No thread is to be had: those that are there do it.
                    break;
                }
            }
            work(&mut self.first);
        });
        let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        results.sort_by_key(|(at, _)| *at);
        results.into_iter().map(|(_, result)| result).collect()
    }
}

/// The next batch that nobody has taken.
fn take<'b>(next: &AtomicUsize, batches: &'b [Vec<usize>]) -> Option<(usize, &'b [usize])> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    batches.get(at).map(|batch| (at, batch.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_shared_by_as_many_copies_as_there_is_memory_for() {
        let share = |threads, bytes| {
            let shares = share(NonZeroUsize::new(threads).unwrap(), bytes);
            shares.into_iter().map(NonZeroUsize::get).collect::<Vec<_>>()
        };
        let small = 23 << 20;
        assert_eq!(share(1, small), [1]);
        assert_eq!(share(2, small), [1, 1]);
        assert_eq!(share(6, small), [2, 2, 1, 1]);
        assert_eq!(share(8, 470 << 20), [4, 4]);
        assert_eq!(share(8, 600 << 20), [8]);
        assert_eq!(share(8, u64::MAX), [8]);
        assert_eq!(share(3, 0), [1, 1, 1]);
    }
}
