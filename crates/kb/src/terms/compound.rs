//! Terms of a run: a word, or several with joints between them.

use super::letters::{is_cyrillic, push_folded};
use super::product::is_product;
use super::stem::with_stem;
use super::stop::{is_contraction, is_stop_word};
use super::{MAX_TERM, shape};

/// Where terms go.
pub(super) trait Sink {
    /// The stem of a word, a number, or a whole that may be meant as words.
    fn term(&mut self, term: &str);
    /// A whole that can only be meant literally.
    fn identifier(&mut self, term: &str);
    /// A character that is also in the pair that follows.
    fn single(&mut self, term: &str);
}

/// A run of letters and digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Its first byte.
    pub(super) start: usize,
    /// The byte behind it.
    pub(super) end: usize,
    /// What joins it with the part before.
    pub(super) joint: Option<char>,
}

/// Parts with joints between them. Its buffers serve one compound after the other.
#[derive(Debug, Default)]
pub(super) struct Compound {
    parts: Vec<Part>,
    words: Words,
    whole: String,
}

impl Compound {
    /// Whether a part may be joined.
    pub(super) fn is_open(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Joins a part, if it does not have to begin a compound of its own.
    pub(super) fn add(&mut self, text: &str, part: Part, sink: &mut dyn Sink) {
        let raw = &text[part.start..part.end];
        if part.joint.is_some_and(|joint| matches!(joint, '\'' | '\u{2019}')) {
            // `user's`, `don't`; `pod'ов`.
            if is_contraction(&raw.to_lowercase()) || self.is_inflected_by(text, raw) {
                return;
            }
            self.finish(text, sink);
        } else if part.joint == Some('-') && self.is_inflected_by(text, raw) {
            return; // `PR-ов`
        }
        self.parts.push(part);
    }

    /// Gives the terms of what was joined, and begins anew.
    pub(super) fn finish(&mut self, text: &str, sink: &mut dyn Sink) {
        if let [part] = self.parts[..] {
            self.words.of_run(&text[part.start..part.end], true, sink);
        } else if !self.parts.is_empty() {
            self.all(text, sink);
        }
        self.parts.clear();
    }

    /// Whether `ending` is the Russian ending of a part in Latin letters.
    fn is_inflected_by(&self, text: &str, ending: &str) -> bool {
        let before = self.parts.last().and_then(|part| text[part.start..part.end].chars().last());
        before.is_some_and(|before| before.is_ascii_alphanumeric()) && is_ending(ending)
    }

    /// The whole, what stands between its weaker joints, and its parts.
    fn all(&mut self, text: &str, sink: &mut dyn Sink) {
        let parts = std::mem::take(&mut self.parts);
        let literal = shape::is_literal(text, &parts);
        self.wholes(text, &parts, literal, sink);
        let numeric = shape::is_numeric(text, &parts);
        for part in &parts {
            let raw = &text[part.start..part.end];
            // Of dates and versions the day and the last number would be found everywhere.
            if !numeric || raw.len() > 2 && raw.bytes().all(|byte| byte.is_ascii_digit()) {
                // What is meant literally is the whole, then.
                self.words.of_run(raw, !literal, sink);
            }
        }
        self.parts = parts;
    }

    fn wholes(&mut self, text: &str, parts: &[Part], literal: bool, sink: &mut dyn Sink) {
        if shape::is_whole(text, parts) {
            self.whole(text, parts);
            if literal {
                sink.identifier(&self.whole);
            } else if !self.whole.is_empty() {
                sink.term(&self.whole);
            }
        }
        let strongest = parts.iter().skip(1).map(|part| strength(part.joint)).max();
        if strongest == Some(HYPHEN)
            && let Some(number) = shape::numbered(text, parts)
        {
            self.number(text, number, parts.len() > 2, sink);
        }
        if parts.len() < 3 {
            return;
        }
        let mut rest = parts;
        while !rest.is_empty() {
            let next = rest.iter().skip(1).position(|part| Some(strength(part.joint)) == strongest);
            let (piece, behind) = rest.split_at(next.map_or(rest.len(), |at| at + 1));
            if piece.len() > 1 && piece.len() < parts.len() {
                self.wholes(text, piece, false, sink);
            }
            rest = behind;
        }
    }

    /// Puts the parts together. Of a path that is too long, as many of its last names as
    /// fit; of something else that is too long, nothing.
    fn whole(&mut self, text: &str, parts: &[Part]) {
        let mut parts = parts;
        loop {
            self.whole.clear();
            for (at, part) in parts.iter().enumerate() {
                match part.joint.filter(|_| at > 0) {
                    Some('/' | ':') => self.whole.push('.'),
                    Some(joint) => self.whole.push(joint),
                    None => {}
                }
                text[part.start..part.end]
                    .chars()
                    .for_each(|char| push_folded(char, &mut self.whole));
                if self.whole.len() > MAX_TERM {
                    break;
                }
            }
            if self.whole.len() <= MAX_TERM {
                return;
            }
            self.whole.clear();
            match parts.iter().skip(1).position(|part| part.joint == Some('/')) {
                Some(at) => parts = &parts[at + 1..],
                None => return,
            }
        }
    }

    /// `adr-0013` in `ADR-0013-queue.md`, and `adr-13`, as people write it.
    fn number(&mut self, text: &str, number: [Part; 2], inside: bool, sink: &mut dyn Sink) {
        let [name, digits] = number.map(|part| &text[part.start..part.end]);
        self.whole.clear();
        name.chars().for_each(|char| push_folded(char, &mut self.whole));
        self.whole.push('-');
        let stem = self.whole.len();
        self.whole.push_str(digits);
        if inside {
            sink.term(&self.whole);
        }
        let significant = significant(digits);
        if significant.len() < digits.len() {
            self.whole.truncate(stem);
            self.whole.push_str(significant);
            sink.single(&self.whole);
        }
    }
}

const HYPHEN: u8 = 2;

/// What a path is split at first.
fn strength(joint: Option<char>) -> u8 {
    match joint {
        Some('/') => 5,
        Some(':') => 4,
        Some('.') => 3,
        Some('_') => 1,
        _ => HYPHEN,
    }
}

/// Terms of words without joints.
#[derive(Debug, Default)]
struct Words {
    folded: String,
}

impl Words {
    /// A run of letters and digits: one word, or a Latin one with a Russian ending, or a
    /// name in camel case.
    fn of_run(&mut self, raw: &str, may_be_literal: bool, sink: &mut dyn Sink) {
        let mut rest = raw;
        while !rest.is_empty() {
            let at = shape::script_change(rest);
            let (word, behind) = rest.split_at(at);
            let before = &raw[..raw.len() - rest.len()];
            if before.is_empty() || !is_ending(word) {
                self.of_word(word, may_be_literal, sink);
            }
            rest = behind;
        }
    }

    fn of_word(&mut self, raw: &str, may_be_literal: bool, sink: &mut dyn Sink) {
        self.fold(raw);
        if shape::may_be_camel_case(raw)
            && let humps = shape::humps(raw)
            && humps.len() > 1
            && !is_product(&self.folded)
        {
            self.whole(may_be_literal && shape::is_literal_name(raw, &humps), sink);
            for hump in humps {
                self.fold(hump);
                self.give(sink);
            }
        } else if shape::is_code(raw) {
            self.whole(may_be_literal, sink);
        } else {
            self.give(sink);
        }
    }

    fn whole(&self, literal: bool, sink: &mut dyn Sink) {
        if literal { sink.identifier(&self.folded) } else { sink.term(&self.folded) }
    }

    fn fold(&mut self, raw: &str) {
        self.folded.clear();
        for char in raw.chars() {
            push_folded(char, &mut self.folded);
            if self.folded.len() > MAX_TERM {
                while self.folded.len() > MAX_TERM {
                    self.folded.pop();
                }
                return;
            }
        }
    }

    fn give(&self, sink: &mut dyn Sink) {
        let word = self.folded.as_str();
        if word.is_empty() || is_stop_word(word) {
            return;
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            sink.term(significant(word));
        } else {
            with_stem(word, |stem| sink.term(stem));
        }
    }
}

/// Digits without zeros in front.
fn significant(digits: &str) -> &str {
    let zeros = digits.bytes().take_while(|byte| *byte == b'0').count();
    &digits[zeros.min(digits.len().saturating_sub(1))..]
}

/// Endings that Russian writers put behind English words.
fn is_ending(word: &str) -> bool {
    word.starts_with(is_cyrillic)
        && matches!(
            word,
            "а" | "у"
                | "е"
                | "ы"
                | "и"
                | "я"
                | "ю"
                | "ом"
                | "ов"
                | "ам"
                | "ах"
                | "ем"
                | "ей"
                | "ой"
                | "ою"
                | "ям"
                | "ях"
                | "ами"
                | "ями"
                | "ого"
                | "ому"
                | "ый"
                | "ым"
                | "ая"
                | "ые"
                | "ых"
                | "ев"
                | "ий"
        )
}
