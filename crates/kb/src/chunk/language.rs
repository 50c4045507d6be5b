//! The language of a chunk: by script, then by its most frequent words.
//!
//! It chooses how a text is searched, English or Russian stemming or none, so a wrong
//! guess costs an inflected form and no more. Only the beginning of a text is looked at.

/// What a chunk is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language<'s> {
    /// English.
    English,
    /// Russian.
    Russian,
    /// Another language, or too little text to tell.
    Other,
    /// Code, in the language that the info string of its fence names: its first word, as
    /// written. `None` without one.
    Code(Option<&'s str>),
}

impl<'s> Language<'s> {
    /// `en`, `ru`, `other`, the word of the info string, or `code`.
    #[must_use]
    pub const fn as_str(self) -> &'s str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Other => "other",
            Self::Code(Some(name)) => name,
            Self::Code(None) => "code",
        }
    }

    /// The language of prose.
    #[must_use]
    pub fn of_prose(text: &str) -> Self {
        let scripts = Scripts::count(text.as_bytes());
        let letters = scripts.latin + scripts.cyrillic + scripts.elsewhere;
        if letters == 0 || scripts.elsewhere * 2 > letters {
            return Self::Other;
        }
        // Russian documents are full of English terms; English ones have no Russian.
        let is_language = if scripts.cyrillic * 4 >= letters {
            is_russian(text.as_bytes()).then_some(Self::Russian)
        } else {
            is_english(text.as_bytes()).then_some(Self::English)
        };
        is_language.unwrap_or(Self::Other)
    }

    /// The language that the fence at the beginning of `block` names.
    #[must_use]
    pub fn of_code(block: &'s str) -> Self {
        let line = block.lines().next().unwrap_or_default();
        let info = line.trim_start_matches(['`', '~']);
        // Indented code has no fence.
        if info.len() + 3 > line.len() {
            return Self::Code(None);
        }
        let ends = |char: char| char.is_whitespace() || ",;{}".contains(char);
        let name = info.trim_start().trim_start_matches(['{', '.']).split(ends).next();
        Self::Code(name.filter(|name| !name.is_empty() && name.len() <= MAX_NAME))
    }
}

/// Longer words are no names of languages, in bytes.
const MAX_NAME: usize = 32;

/// How many words of a text are looked at.
const MAX_WORDS: usize = 80;

/// So many words without a frequent one are no text in the language.
const ENOUGH_WORDS: usize = 8;

/// So many frequent words settle it.
const ENOUGH_HITS: usize = 3;

/// Frequent words of English that are no frequent words of German, Dutch, French,
/// Spanish, Portuguese or Italian.
const ENGLISH: [u64; 30] = keys([
    "the", "and", "of", "to", "is", "that", "for", "with", "this", "are", "be", "it", "not", "by",
    "from", "or", "when", "which", "must", "can", "should", "will", "has", "have", "if", "each",
    "every", "you", "we", "at",
]);

/// Frequent words of Russian; some are words of Ukrainian and Bulgarian as well.
const RUSSIAN: [u64; 30] = keys([
    "и",
    "в",
    "не",
    "что",
    "с",
    "для",
    "как",
    "это",
    "или",
    "при",
    "из",
    "если",
    "то",
    "чтобы",
    "по",
    "к",
    "все",
    "только",
    "также",
    "есть",
    "быть",
    "может",
    "должен",
    "после",
    "перед",
    "который",
    "которые",
    "его",
    "без",
    "их",
]);

/// How many letters of a text are of which script, by the first bytes of characters.
#[derive(Default)]
struct Scripts {
    latin: usize,
    cyrillic: usize,
    /// Greek, Hebrew, Arabic, the scripts of India, Chinese, Japanese, Korean and others.
    elsewhere: usize,
}

impl Scripts {
    /// As many bytes as can be counted without a byte running over.
    const AT_ONCE: usize = 192;

    fn count(text: &[u8]) -> Self {
        let mut all = Self::default();
        for bytes in text.chunks(Self::AT_ONCE) {
            // Counts of one byte are what a compiler can turn into vector instructions.
            let [mut latin, mut cyrillic, mut elsewhere] = [0_u8; 3];
            for byte in bytes {
                let ascii = (byte | 0x20).wrapping_sub(b'a') < 26;
                // U+00C0 to U+027F, U+0400 to U+04FF.
                latin += u8::from(ascii | (byte.wrapping_sub(0xc3) < 7));
                cyrillic += u8::from(byte.wrapping_sub(0xd0) < 4);
                // Not U+0080 to U+00BF, U+2000 to U+2FFF and from U+F000 on: punctuation,
                // symbols, combining marks.
                let two = (byte.wrapping_sub(0xce) < 2) | (byte.wrapping_sub(0xd4) < 12);
                let three = (byte.wrapping_sub(0xe0) < 2) | (byte.wrapping_sub(0xe3) < 11);
                elsewhere += u8::from(two | three);
            }
            all.latin += usize::from(latin);
            all.cyrillic += usize::from(cyrillic);
            all.elsewhere += usize::from(elsewhere);
        }
        all
    }
}

/// Whether a text in Latin letters is English.
fn is_english(text: &[u8]) -> bool {
    let (mut words, mut hits, mut accented) = (0, 0, false);
    for word in Words(text) {
        if word.first().is_none_or(|byte| !byte.is_ascii_alphabetic()) {
            continue;
        }
        words += 1;
        accented |= !word.is_ascii();
        hits += usize::from(key(word).is_some_and(|key| ENGLISH.contains(&key)));
        if hits >= ENOUGH_HITS || words >= MAX_WORDS {
            break;
        }
    }
    // A title has no frequent words, nor has an English one accents.
    hits * 20 >= words.max(1) || words < ENOUGH_WORDS && !accented
}

/// Whether a text in Cyrillic letters is Russian.
fn is_russian(text: &[u8]) -> bool {
    let (mut words, mut hits, mut letters, mut own, mut foreign) = (0, 0, 0, 0, 0);
    for word in Words(text) {
        if word.first().is_none_or(|byte| byte.wrapping_sub(0xd0) >= 4) {
            continue;
        }
        words += 1;
        for pair in word.as_chunks::<2>().0 {
            letters += 1;
            match pair {
                // ё, ы, э and their capitals: Russian has them and its neighbours lack them.
                [0xd1, 0x91 | 0x8b | 0x8d] | [0xd0, 0x81 | 0xab | 0xad] => own += 1,
                // The rest of U+0400 to U+040F and of U+0450 to U+04FF: the other way round.
                [0xd0, 0x80..=0x8f] | [0xd1, 0x90..=0xbf] | [0xd2 | 0xd3, _] => foreign += 1,
                _ => {}
            }
        }
        hits += usize::from(key(word).is_some_and(|key| RUSSIAN.contains(&key)));
        let settled = hits >= ENOUGH_HITS && words >= ENOUGH_WORDS;
        if settled || words >= MAX_WORDS {
            break;
        }
    }
    // One letter of another alphabet in a hundred may be a name or a slip.
    foreign * 100 <= letters && (own > 0 || hits * 20 >= words || words < ENOUGH_WORDS)
}

/// The words of a text: runs of ASCII letters and of whatever is not ASCII.
struct Words<'s>(&'s [u8]);

impl<'s> Iterator for Words<'s> {
    type Item = &'s [u8];

    fn next(&mut self) -> Option<&'s [u8]> {
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
        let start = self.0.iter().position(is_letter)?;
        let rest = self.0.get(start..)?;
        let end = rest.iter().position(|byte| !is_letter(byte)).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.0 = rest;
        Some(word)
    }
}

const fn keys<const N: usize>(words: [&str; N]) -> [u64; N] {
    let mut keys = [0; N];
    let mut at = 0;
    while at < N {
        if let Some(key) = key(words[at].as_bytes()) {
            keys[at] = key;
        }
        at += 1;
    }
    keys
}

/// A word of at most eight letters, ASCII or Cyrillic, as one number, whatever its case.
/// `None` for other words, which are not in the lists.
const fn key(word: &[u8]) -> Option<u64> {
    let (mut key, mut letters, mut at) = (0, 0, 0);
    while at < word.len() {
        let (letter, length) = match word[at] {
            byte @ 0..=0x7f => (byte | 0x20, 1),
            lead @ 0xd0..=0xd3 if at + 1 < word.len() => {
                let letter = (lead & 3) << 6 | word[at + 1] & 0x3f;
                // А to Я, 0x10 to 0x2f, have their lower case right behind.
                (if letter >= 0x10 && letter < 0x30 { letter + 0x20 } else { letter }, 2)
            }
            _ => return None,
        };
        key = key << 8 | letter as u64;
        letters += 1;
        at += length;
        if letters > 8 {
            return None;
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(language: Language<'_>, texts: &[&str]) {
        for text in texts {
            assert_eq!(Language::of_prose(text), language, "{text}");
        }
    }

    #[test]
    fn english_and_russian_are_told_apart() {
        is(
            Language::English,
            &[
                "The gateway decides, asks, acts and records, once each, in that order.",
                "Rollback plan",
                "See ADR-0013 for the retry policy of the payment API.",
                "The name of the service in Russian is «Шлюз», and that is the only such word here.",
            ],
        );
        is(
            Language::Russian,
            &[
                "Почему выбрали вебхуки, а не опрос?",
                "План отката",
                "Сервис gateway вызывает MCP tool `label_set` и пишет flow_events в PostgreSQL.",
                "ВСЕ ЗАПИСИ ИДУТ ЧЕРЕЗ ШЛЮЗ",
            ],
        );
    }

    #[test]
    fn other_languages_are_other() {
        is(
            Language::Other,
            &[
                "",
                "— 1, 2, 3 —",
                "Die Entscheidung wurde getroffen, weil der Dienst sonst nicht erreichbar wäre.",
                "La décision a été prise parce que le service ne serait pas joignable.",
                "La decisión fue tomada porque el servicio no estaba disponible para los clientes.",
                "Рішення прийнято, тому що інакше сервіс був би недоступний для клієнтів.",
                "決定はすでに下されました。",
            ],
        );
    }

    #[test]
    fn code_is_named_by_the_first_word_of_its_info_string() {
        let named = |text| Language::of_code(text).as_str();
        assert_eq!(named("```rust,ignore\nfn\n```\n"), "rust");
        assert_eq!(named("~~~~ yaml title=\"a\"\na: b\n~~~~\n"), "yaml");
        assert_eq!(named("``` {.python .numberLines}\n```\n"), "python");
        assert_eq!(named("```\nplain\n```\n"), "code");
        assert_eq!(named("indented\n"), "code");
        assert_eq!(named("``\n"), "code");
        assert_eq!(named(&format!("```{}\n```", "x".repeat(33))), "code");
    }

    #[test]
    fn a_word_is_known_in_any_case_and_only_whole() {
        assert_eq!(key("КОТОРЫЕ".as_bytes()), key("которые".as_bytes()));
        assert_eq!(key(b"The"), key(b"the"));
        assert_eq!(key(b"thethethe"), None);
        assert!(!ENGLISH.contains(&0) && !RUSSIAN.contains(&0));
        is(Language::Other, &[&"thethe ".repeat(10), &"ttttttthe ".repeat(10)]);
    }
}
