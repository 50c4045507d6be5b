//! Words that carry no meaning of their own in English and Russian.
//!
//! Most are those of Snowball's lists (<https://snowballstem.org/algorithms/english/stop.txt>
//! and `russian/stop.txt`), without negations that tell one sentence from another no more
//! than the rest does, and with the words that questions are made with in all their forms:
//! documents that answer a question seldom ask it.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Longer words are in no list, in bytes.
const MAX_STOP: usize = 20;

static STOP_WORDS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| ENGLISH.iter().chain(RUSSIAN).copied().collect());

/// Whether a folded word is to be left out.
pub(super) fn is_stop_word(word: &str) -> bool {
    word.len() <= MAX_STOP && STOP_WORDS.contains(word)
}

/// What follows an apostrophe in English and stands for a word of the list.
pub(super) fn is_contraction(word: &str) -> bool {
    matches!(word, "s" | "t" | "d" | "m" | "ll" | "re" | "ve")
}

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "aren", "as",
    "at", "be", "because", "been", "being", "both", "but", "by", "can", "cannot", "could", "couldn",
    "did", "didn", "do", "does", "doesn", "doing", "don", "during", "each", "few", "for", "from",
    "further", "had", "hadn", "has", "hasn", "have", "haven", "having", "he", "her", "here", "hers",
    "him", "his", "how", "i", "if", "in", "into", "is", "isn", "it", "its", "itself", "just", "may",
    "me", "might", "more", "most", "must", "mustn", "my", "no", "nor", "not", "of", "off", "on",
    "once", "only", "or", "other", "our", "ours", "out", "own", "same", "shall", "she", "should",
    "shouldn", "so", "some", "such", "than", "that", "the", "their", "theirs", "them", "then",
    "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "us",
    "very", "was", "wasn", "we", "were", "weren", "what", "when", "where", "whether", "which",
    "while", "who", "whom", "whose", "why", "will", "with", "would", "wouldn", "you", "your",
    "yours",
];

#[rustfmt::skip]
const RUSSIAN: &[&str] = &[
    "а", "без", "более", "будем", "будет", "будете", "будешь", "буду", "будут", "будь", "бы", "был",
    "была", "были", "было", "быть", "в", "вам", "вами", "вас", "ваш", "ваша", "ваше", "ваши",
    "вдруг", "ведь", "во", "вот", "все", "всегда", "всего", "всей", "всем", "всеми", "всему",
    "всех", "всею", "всю", "вся", "вы", "где", "да", "даже", "для", "до", "другие", "других",
    "другого", "другой", "его", "ее", "ей", "ему", "если", "есть", "еще", "ею", "ж", "же", "за",
    "зачем", "здесь", "и", "из", "из-за", "или", "им", "ими", "иногда", "их", "к", "каждая",
    "каждого", "каждое", "каждой", "каждый", "как", "какая", "какие", "каким", "какими", "каких",
    "какого", "какое", "какой", "каком", "какому", "какую", "кем", "ко", "когда", "кого", "ком",
    "кому", "конечно", "которая", "которого", "которое", "которой", "котором", "которому",
    "которую", "которые", "который", "которым", "которыми", "которых", "кто", "куда", "ли", "либо",
    "лишь", "лучше", "между", "меня", "мне", "много", "мной", "мог", "могу", "могут", "может",
    "можно", "мои", "мой", "моя", "мы", "на", "над", "надо", "наконец", "нам", "нами", "нас", "наш",
    "наша", "наше", "наши", "не", "него", "нее", "ней", "нельзя", "нет", "нею", "ни", "нибудь",
    "никогда", "ним", "ними", "них", "ничего", "но", "ну", "нужен", "нужна", "нужно", "нужны", "о",
    "об", "обо", "однако", "он", "она", "они", "оно", "от", "откуда", "ото", "очень", "перед", "по",
    "под", "пока", "после", "потом", "потому", "почему", "почти", "при", "про", "раз", "разве", "с",
    "сам", "сама", "сами", "само", "свое", "своего", "своей", "своем", "своему", "свои", "своим",
    "своими", "своих", "свой", "свою", "своя", "себе", "себя", "сейчас", "сколько", "со", "собой",
    "совсем", "та", "так", "такая", "также", "таки", "такие", "таким", "таких", "такого", "такое",
    "такой", "там", "твой", "те", "тебе", "тебя", "тем", "теми", "теперь", "тех", "то", "тобой",
    "тобою", "тогда", "того", "тоже", "той", "только", "том", "тому", "тот", "ту", "тут", "ты", "у",
    "уж", "уже", "хоть", "хотя", "чего", "чей", "чем", "через", "что", "чтоб", "чтобы", "чуть",
    "чье", "чьи", "чья", "эта", "эти", "этим", "этими", "этих", "это", "этого", "этой", "этом",
    "этому", "этот", "эту", "я",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_folded() {
        for list in [ENGLISH, RUSSIAN] {
            for pair in list.windows(2) {
                assert!(pair[0] < pair[1], "{pair:?}");
            }
            assert!(list.iter().all(|word| word.len() <= MAX_STOP && !word.contains('ё')));
        }
    }

    #[test]
    fn words_that_questions_are_made_with_are_left_out() {
        for word in ["почему", "какой", "каких", "зачем", "сколько", "why", "how", "which"]
        {
            assert!(is_stop_word(word), "{word}");
        }
        for word in ["вебхук", "run", "issue", "state", ""] {
            assert!(!is_stop_word(word), "{word}");
        }
    }
}
