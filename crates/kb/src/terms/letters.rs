//! Which characters make terms, and in which form.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What a character is to the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter or a digit.
    Word,
    /// A letter of a script that does not separate words.
    Dense,
    /// Between two words it makes one identifier of them.
    Joint,
    /// `'` and `’`.
    Apostrophe,
    /// Cannot be seen, or changes how the letter before it looks: is left out.
    Ignored,
    /// Everything else.
    Break,
}

impl Class {
    pub(super) fn of(char: char) -> Self {
        match char {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '\u{400}'..='\u{481}' => Self::Word,
            '-' | '_' | '.' | '/' | ':' | '\u{2010}' => Self::Joint,
            '\'' | '\u{2019}' => Self::Apostrophe,
            '\0'..='\u{7f}' | '«' | '»' | '\u{2011}'..='\u{2027}' => Self::Break,
            _ if is_ignored(char) => Self::Ignored,
            _ if !is_lower_or_caseless(char) => Self::Break,
            _ if is_dense(char) => Self::Dense,
            _ if char.is_alphanumeric() => Self::Word,
            _ => Self::Break,
        }
    }
}

/// The text in the form that its terms are taken from: compatibility forms are replaced by
/// ordinary ones (`ﬁ` by `fi`, full-width letters by narrow ones), and letters with marks are
/// one character (NFKC). But `№` is a sign, not the letters `No`.
pub(super) fn normalized(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_normal_alone) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|char| if char == '№' { ' ' } else { char }).nfkc().collect()
}

/// Characters of ordinary English and Russian text that NFKC leaves as they are, whatever
/// stands around them.
fn is_normal_alone(char: char) -> bool {
    matches!(
        char,
        '\0'..='\u{7f}'
            | '«' | '»' | '§' | '°' | '±' | '·' | '×'
            | '\u{400}'..='\u{482}'
            | '\u{2010}' | '\u{2012}'..='\u{2015}' | '\u{2018}'..='\u{201e}' | '\u{2022}'
            | '\u{2190}'..='\u{21ff}'
            | '\u{2500}'..='\u{259f}'
    )
}

/// The form of a letter in terms, with its lower case in `into`.
pub(super) fn push_folded(char: char, into: &mut String) {
    match char {
        'a'..='z' | '0'..='9' => into.push(char),
        'A'..='Z' => into.push(char.to_ascii_lowercase()),
        'ё' | 'Ё' => into.push('е'),
        'а'..='я' => into.push(char),
        'ς' => into.push('σ'),
        _ => into.extend(char.to_lowercase().filter(|lower| lower.is_alphanumeric())),
    }
}

/// Whether a lower case of the letter exists, is one that has no lower case itself, and is
/// made of letters: true of nearly all.
fn is_lower_or_caseless(char: char) -> bool {
    let mut letters = char.to_lowercase().filter(|lower| lower.is_alphanumeric());
    letters.all(|lower| lower.to_lowercase().eq([lower]) && !lower.is_uppercase())
}

/// Marks above and below letters, joiners, marks of direction, selectors of variants.
fn is_ignored(char: char) -> bool {
    matches!(
        char,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || (is_combining_mark(char) && !char.is_alphanumeric())
}

/// Scripts whose words stand without spaces between them, and Korean, whose words carry
/// their particles.
fn is_dense(char: char) -> bool {
    matches!(
        char,
        '\u{e00}'..='\u{eff}'           // Thai, Lao
            | '\u{1000}'..='\u{109f}'   // Myanmar
            | '\u{1100}'..='\u{11ff}'   // Hangul Jamo
            | '\u{1780}'..='\u{17ff}'   // Khmer
            | '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{30ff}'   // Hiragana, Katakana
            | '\u{3100}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'   // Han
            | '\u{4e00}'..='\u{9fff}'
            | '\u{a960}'..='\u{a97f}'
            | '\u{ac00}'..='\u{d7ff}'   // Hangul
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    ) && char.is_alphanumeric()
        && !char.is_numeric()
}

/// Whether a folded word is one that Russian stemming is for.
pub(super) fn is_cyrillic(char: char) -> bool {
    matches!(char, '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_taken_as_normal_is_normal() {
        for char in (0..=0x2fff).filter_map(char::from_u32).filter(|char| is_normal_alone(*char)) {
            assert!([char].into_iter().nfkc().eq([char]), "{char:?}");
            assert!(!is_combining_mark(char), "{char:?}");
        }
    }

    #[test]
    fn every_character_of_a_word_has_a_form_that_may_stand_in_a_term() {
        for char in
            ('\0'..=char::MAX).filter(|char| matches!(Class::of(*char), Class::Word | Class::Dense))
        {
            let mut folded = String::new();
            push_folded(char, &mut folded);
            assert!(
                folded.chars().all(|char| {
                    char.is_alphanumeric() && !char.is_uppercase() && char.to_lowercase().eq([char])
                }),
                "{char:?} {folded:?}"
            );
        }
    }
}
