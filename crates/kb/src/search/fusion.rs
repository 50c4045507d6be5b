//! How the ranking by terms and the ranking by vector become one: reciprocal rank fusion
//! (Cormack, Clarke and Büttcher 2009) with weights.
//!
//! A chunk scores `1 / (k + place)` in the ranking by terms and `weight / (k + place)` in the
//! one by vector. With equal weights, a model that does not know the language of the query
//! puts noise beside what terms found, in every other place. So the weight of a vector comes
//! from how well the model can read the query ([`legibility`]), which its tokenizer tells
//! before anything is embedded. Places by terms hold identifiers and rare words exactly, and
//! therefore lead: the weight is at most [`Weight::OF_VECTOR`].

use super::Request;
use crate::chunk::Tokens;
use crate::embed::{EmbedError, Embedder, Role};
use crate::store::ModelId;

/// What is added to every place: the larger, the less the first places stand out.
///
/// 60 is usual, and was found for many long rankings of many systems. Here are two, and who
/// asks looks at the first few hits: with 60, what is seventieth in both rankings comes before
/// what is first in one. With 5 and [`Weight::OF_VECTOR`], both together were not behind the
/// better one of them, neither in recall nor in reciprocal rank, whether the model knew the
/// language or not; with 10 or more and a weight that lets meaning alone into the first five,
/// they were. That is by the questions of `tests/questions` that are for tuning.
pub const RANK_CONSTANT: f64 = 5.0;

/// How much a ranking counts beside the other, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Weight(f64);

impl Weight {
    /// As much as the other.
    pub const EQUAL: Self = Self(1.0);

    /// What the vector of a query that the model reads well counts beside its terms. What is
    /// first by meaning and has no term of the query comes fourth; with less it would not be
    /// seen, and with more, a model that does not know the documents does harm.
    pub const OF_VECTOR: Self = Self(0.7);

    /// `weight`, if it is between 0 and 1, else the nearer of them; 0 for what is no number.
    #[must_use]
    pub fn new(weight: f64) -> Self {
        if weight > 0.0 { Self(weight.min(1.0)) } else { Self(0.0) }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Default for Weight {
    fn default() -> Self {
        Self::EQUAL
    }
}

/// Adds the vector of a query to what is asked, with the weight that it deserves: none if the
/// model cannot read the query, and the request has terms. Then nothing is embedded.
///
/// # Errors
///
/// If the model cannot be run.
pub fn add_vector(
    request: &mut Request,
    query: &str,
    model: ModelId,
    embedder: &mut dyn Embedder,
) -> Result<(), EmbedError> {
    let alone = request.terms.is_empty();
    let legibility = if alone { 1.0 } else { legibility(query, embedder.tokens()) };
    if legibility == 0.0 {
        return Ok(());
    }
    let vector = embedder.embed(Role::Query, &[query])?.into_iter().next();
    request.vector = vector.map(|vector| (model, vector));
    request.vector_weight = match alone {
        true => Weight::EQUAL,
        false => Weight::new(legibility * Weight::OF_VECTOR.get()),
    };
    Ok(())
}

/// Below so many letters to a token, a text is spelt out, and nothing that the model has
/// learnt is in its tokens.
const SPELT: f64 = 1.5;

/// From so many letters to a token on, the vocabulary is made for the language.
const READ: f64 = 3.0;

/// How well a model can read a text, from 0 to 1, by how many of its letters and digits make
/// one token.
///
/// A vocabulary has the frequent words of its languages as tokens, and of other alphabets at
/// most the letters: of questions in Russian, the median was 1.05 letters a token with a
/// vocabulary made for English; of questions in English it was 4.2. Characters of Chinese,
/// Japanese, Korean, Thai and the like say more each, and count as three letters; the measure
/// tells little about them. It cannot tell languages of one alphabet apart, either.
///
/// A model that spells everything reads letters: its tokens tell nothing, and it is taken to
/// read all.
#[must_use]
pub fn legibility(text: &str, tokens: &dyn Tokens) -> f64 {
    if SAMPLES.iter().all(|sample| letters_a_token(sample, tokens) < SPELT) {
        return 1.0;
    }
    ((letters_a_token(text, tokens) - SPELT) / (READ - SPELT)).clamp(0.0, 1.0)
}

/// What a vocabulary of words has tokens for.
const SAMPLES: [&str; 2] =
    ["the people of the world have only one time", "все люди мира имеют только одно время"];

fn letters_a_token(text: &str, tokens: &dyn Tokens) -> f64 {
    let letters: u32 = text.chars().filter(|char| char.is_alphanumeric()).map(letters).sum();
    let counted = u32::try_from(tokens.measure(text).rounded_up()).unwrap_or(u32::MAX);
    f64::from(letters) / f64::from(counted.max(1))
}

/// How many letters of an alphabet a character stands for.
fn letters(char: char) -> u32 {
    match char {
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}' => 3,
        '\u{3040}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'.. => 3,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation as _;

    use super::*;
    use crate::chunk::{Characters, Measure};

    /// Every word in Latin letters is a token, and every other letter.
    struct Latin;

    impl Tokens for Latin {
        fn measure(&self, text: &str) -> Measure {
            let words = text.unicode_words();
            let tokens = words.map(|word| if word.is_ascii() { 1 } else { word.chars().count() });
            Measure::tokens(tokens.sum())
        }
    }

    #[test]
    fn a_query_that_is_spelt_out_has_no_weight_and_one_in_words_has_all() {
        assert_eq!(legibility("почему выбрали вебхуки", &Latin), 0.0);
        assert_eq!(legibility("why were webhooks chosen", &Latin), 1.0);
        assert_eq!(legibility("", &Latin), 0.0);
        assert_eq!(legibility("?!", &Latin), 0.0);
        assert_eq!(legibility("決定", &Latin), 1.0);
        let half = legibility("ab abc abc", &Latin);
        assert!(half > 0.0 && half < 1.0, "{half}");
    }

    #[test]
    fn a_model_that_spells_everything_reads_everything() {
        assert_eq!(legibility("почему выбрали вебхуки", &Characters), 1.0);
    }

    #[test]
    fn what_is_first_by_meaning_alone_comes_fourth() {
        let score = |place: f64| 1.0 / (RANK_CONSTANT + place);
        let first = Weight::OF_VECTOR.get() * score(1.0);
        assert!(score(3.0) > first && first > score(4.0), "{first}");
    }

    #[test]
    fn a_weight_is_between_none_and_equal() {
        let weights = [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, 0.3, 1.0, 7.0];
        assert_eq!(
            weights.map(|weight| Weight::new(weight).get()),
            [0.0, 0.0, 0.0, 0.0, 0.3, 1.0, 1.0]
        );
        assert_eq!(Request::default().vector_weight, Weight::EQUAL);
    }
}
