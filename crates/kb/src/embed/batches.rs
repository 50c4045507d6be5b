//! Which texts are computed together.
//!
//! All texts of a batch are padded to the longest of them, so texts of like length go
//! together: ordered by length, cut where the padded batch would be too large.

use std::num::NonZeroUsize;

/// Texts in one batch, at most: more save nothing.
const MOST_TEXTS: usize = 64;

/// How large a batch may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Tokens, with padding.
    pub(super) tokens: usize,
    /// Texts.
    pub(super) texts: usize,
}

impl Limits {
    /// So many tokens; one text where the texts of a batch depend on each other, so that a
    /// text gives the same in any company.
    pub(super) fn new(tokens: NonZeroUsize, depend_on_company: bool) -> Self {
        let texts = if depend_on_company { 1 } else { MOST_TEXTS };
        Self { tokens: tokens.get(), texts }
    }

    /// The same for each of so many that compute side by side: no more in all, and so many of
    /// the `texts` that there is something for everybody.
    pub(super) fn shared_by(self, copies: NonZeroUsize, texts: usize) -> Self {
        let tokens = (self.tokens / copies).max(1);
        Self { tokens, texts: self.texts.min(texts.div_ceil(copies.get())).max(1) }
    }
}

/// Batches of indices into `lengths` (in tokens), the longest texts first: memory that the
/// first batch needed does for all others. Every index is in one batch, and no batch is
/// empty. A text that is too long alone is a batch alone.
pub(super) fn plan(lengths: &[usize], limits: Limits) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&index| (std::cmp::Reverse(lengths[index]), index));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for index in order {
        let fits = batches.last().is_some_and(|batch| {
            let longest = batch.first().map_or(0, |&first| lengths[first]);
            batch.len() < limits.texts && longest * (batch.len() + 1) <= limits.tokens
        });
        match batches.last_mut() {
            Some(batch) if fits => batch.push(index),
            _ => batches.push(vec![index]),
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_of_like_length_go_together() {
        let limits = Limits { tokens: 20, texts: 3 };
        assert_eq!(plan(&[2, 9, 10, 3, 2, 30], limits), [vec![5], vec![2, 1], vec![3, 0, 4]]);
        assert!(plan(&[], limits).is_empty());
    }

    #[test]
    fn there_is_a_batch_for_everybody() {
        let limits = Limits { tokens: 4000, texts: 64 };
        let shared = |copies, texts| limits.shared_by(NonZeroUsize::new(copies).unwrap(), texts);
        let batches = |copies, texts: usize| {
            let batches = plan(&vec![30; texts], shared(copies, texts));
            batches.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(batches(1, 64), [64]);
        assert_eq!(batches(2, 64), [32, 32]);
        assert_eq!(batches(2, 200), [64, 64, 64, 8]);
        assert_eq!(batches(4, 3), [1, 1, 1]);
        assert_eq!(batches(4, 1), [1]);
        assert_eq!(plan(&[], shared(4, 0)), Vec::<Vec<usize>>::new());
        assert_eq!(shared(4, 1000).tokens, 1000);
    }

    proptest! {
        #[test]
        fn every_text_is_in_one_batch_of_bounded_size(
            lengths in proptest::collection::vec(0..600_usize, 0..200),
            tokens in 1..5000_usize,
            texts in 1..64_usize,
        ) {
            let batches = plan(&lengths, Limits { tokens, texts });
            let mut all: Vec<usize> = batches.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..lengths.len()).collect::<Vec<_>>());
            for batch in batches {
                let longest = batch.iter().map(|&index| lengths[index]).max().unwrap();
                prop_assert!(batch.len() <= texts);
                prop_assert!(batch.len() == 1 || longest * batch.len() <= tokens);
            }
        }
    }
}
