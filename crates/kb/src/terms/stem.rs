//! Stems of words.

use std::borrow::Cow;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::letters::is_cyrillic;

static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));
static RUSSIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::Russian));

/// The stem of a word in its folded form. What is no word of English or Russian (digits,
/// letters of other alphabets) stays as it is.
pub(super) fn stem(word: &str) -> Cow<'_, str> {
    let stem = if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        ENGLISH.stem(word)
    } else if word.chars().all(is_cyrillic) {
        RUSSIAN.stem(word)
    } else {
        return Cow::Borrowed(word);
    };
    if stem.is_empty() { Cow::Borrowed(word) } else { stem }
}
