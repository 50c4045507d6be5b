//! Stems of words.

use std::cell::RefCell;
use std::hash::BuildHasher as _;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxBuildHasher;

use super::letters::is_cyrillic;

static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));
static RUSSIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::Russian));

/// So many stems are remembered, each for as long as its place is not taken by that of another
/// word. Half of the words of a text are among a few hundred.
const REMEMBERED: usize = 4_096;

/// Words with their stems, by hash.
struct Memory(Vec<(Box<str>, Box<str>)>);

thread_local! {
    static MEMORY: RefCell<Memory> = const { RefCell::new(Memory(Vec::new())) };
}

impl Memory {
    /// Gives the stem of `word` to `then`, made by `make` if it is not remembered.
    fn with<R>(
        &mut self,
        word: &str,
        make: impl FnOnce() -> Box<str>,
        then: impl FnOnce(&str) -> R,
    ) -> R {
        if self.0.is_empty() {
            self.0.resize_with(REMEMBERED, Default::default);
        }
        let hash = FxBuildHasher.hash_one(word);
        let place = usize::try_from(hash % REMEMBERED as u64).unwrap_or_default();
        match self.0.get_mut(place) {
            Some((known, stem)) => {
                if **known != *word {
                    (*known, *stem) = (word.into(), make());
                }
                then(stem)
            }
            // There is a place for every hash.
            None => then(&make()),
        }
    }
}

/// Gives the stem of a word in its folded form to `then`, which must not ask for another. What
/// is no word of English or Russian (digits, letters of other alphabets) stays as it is.
pub(super) fn with_stem<R>(word: &str, then: impl FnOnce(&str) -> R) -> R {
    let stemmer = if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        &ENGLISH
    } else if word.chars().all(is_cyrillic) {
        &RUSSIAN
    } else {
        return then(word);
    };
    let make = || {
        let stem = stemmer.stem(word);
        if stem.is_empty() { word.into() } else { stem.into() }
    };
    MEMORY.with_borrow_mut(|memory| memory.with(word, make, then))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_share_a_place_in_memory_keep_their_own_stems() {
        let letters = [b'a', b'e', b's', b't', b'n', b'g', b'd', b'i'];
        let word = |mut number: usize| -> String {
            let letter = |_| {
                let letter = letters[number % letters.len()];
                number /= letters.len();
                char::from(letter)
            };
            (0..5).map(letter).collect()
        };
        for number in 0..4 * REMEMBERED {
            let word = word(number / 2);
            with_stem(&word, |stem| assert_eq!(stem, ENGLISH.stem(&word), "{word}"));
        }
        with_stem("вебхуки", |stem| assert_eq!(stem, "вебхук"));
        with_stem("e5", |stem| assert_eq!(stem, "e5"));
    }
}
