//! Terms counted while chunks are written.
//!
//! `term_statistics` can be made of what is in the database, at any time, by `ts_stat`, which
//! looks at every term of every chunk: 0.9 s of the server's processor for 105,972 chunks, when
//! nothing else is left to do. Who fills an empty database has seen them all and counts while
//! the server is at work; what it hands over takes 0.05 s to keep.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

/// More different terms are not counted here: they would take more than about 100 MB.
const MOST: usize = 1_000_000;

/// How many of some chunks have each term.
pub(super) type Terms<'t> = FxHashMap<&'t str, i64>;

/// What was committed since the store was opened, by it alone.
#[derive(Debug, Default)]
pub(super) struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    chunks: i64,
    terms: FxHashMap<Box<str>, i64>,
    /// There were too many terms, or they were handed out.
    over: bool,
}

impl Tally {
    /// Adds what was committed: chunks that came, and their terms.
    pub(super) fn add(&self, chunks: i64, terms: &Terms<'_>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.over {
            return;
        }
        counts.chunks += chunks;
        for (term, chunks) in terms {
            match counts.terms.get_mut(*term) {
                Some(sum) => *sum += chunks,
                None => {
                    counts.terms.insert((*term).into(), *chunks);
                }
            }
        }
        if counts.terms.len() > MOST {
            *counts = Counts { over: true, ..Counts::default() };
        }
    }

    /// Whether it knows of so many chunks, and of no other.
    pub(super) fn knows(&self, chunks: i64) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !counts.over && counts.chunks == chunks
    }

    /// Whether counting still is of use.
    pub(super) fn counts(&self) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).over
    }

    /// The terms in order, if it knows of so many chunks. It counts no more: what changes
    /// from now on is counted in the database.
    pub(super) fn take(&self, chunks: i64) -> Option<BTreeMap<Box<str>, i64>> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.over || counts.chunks != chunks {
            return None;
        }
        counts.over = true;
        Some(std::mem::take(&mut counts.terms).into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_handed_out_once_and_only_for_the_chunks_that_were_counted() {
        let tally = Tally::default();
        tally.add(2, &Terms::from_iter([("b", 2), ("a", 1)]));
        tally.add(1, &Terms::from_iter([("b", 1)]));
        assert!(tally.knows(3) && tally.counts());
        assert_eq!(tally.take(4), None);
        let taken = tally.take(3).unwrap();
        assert_eq!(taken, BTreeMap::from([("a".into(), 1), ("b".into(), 3)]));
        tally.add(1, &Terms::from_iter([("c", 1)]));
        assert!(tally.take(4).is_none() && tally.take(3).is_none() && !tally.counts());
    }
}
