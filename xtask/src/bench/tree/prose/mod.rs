//! Sentences, in two languages, put together from parts.
//!
//! A sentence is a pattern with slots in braces; a slot is filled with one of the
//! words of its name. Patterns keep grammar simple: each slot has one form.

mod english;
mod russian;

use super::random::Random;

/// The language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Russian,
}

/// What a language has to say.
#[derive(Debug)]
pub(super) struct Prose {
    /// Patterns of sentences.
    pub(super) sentences: &'static [&'static str],
    /// Patterns of list items and table cells.
    pub(super) phrases: &'static [&'static str],
    /// Words by slot.
    pub(super) words: &'static [(&'static str, &'static [&'static str])],
    /// Titles of documents.
    pub(super) titles: &'static [&'static str],
    /// Headings of sections that no type asks for.
    pub(super) sections: &'static [&'static str],
    /// Heads of tables, three columns each.
    pub(super) tables: &'static [[&'static str; 3]],
    /// `See {link}.` with a place for a link.
    pub(super) references: &'static [&'static str],
    /// Items of checklists.
    pub(super) checks: &'static [&'static str],
    /// Heading of the summary.
    pub(super) summary: &'static str,
}

impl Language {
    pub(super) const fn prose(self) -> &'static Prose {
        match self {
            Self::English => &english::PROSE,
            Self::Russian => &russian::PROSE,
        }
    }
}

impl Prose {
    /// One sentence.
    pub(super) fn sentence(&self, random: &mut Random) -> String {
        let pattern = *random.pick(self.sentences);
        self.fill(pattern, random)
    }

    /// Part of a sentence, without a full stop.
    pub(super) fn phrase(&self, random: &mut Random) -> String {
        let pattern = *random.pick(self.phrases);
        self.fill(pattern, random)
    }

    /// `pattern` with its slots filled.
    pub(super) fn fill(&self, pattern: &str, random: &mut Random) -> String {
        let mut text = String::with_capacity(pattern.len() * 2);
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, behind) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            text.push_str(&self.word(slot, random));
            rest = behind;
        }
        text.push_str(rest);
        text
    }

    fn word(&self, slot: &str, random: &mut Random) -> String {
        if slot == "n" {
            return random.between(2, 960).to_string();
        }
        let words = self.words.iter().find(|(name, _)| *name == slot);
        words.map_or_else(|| slot.to_owned(), |(_, words)| (*random.pick(words)).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_has_words() {
        for language in [Language::English, Language::Russian] {
            let prose = language.prose();
            let patterns = prose.sentences.iter().chain(prose.phrases).chain(prose.titles);
            for pattern in patterns.chain(prose.checks) {
                let slots = pattern.split('{').skip(1).filter_map(|part| part.split('}').next());
                for slot in slots {
                    let known = slot == "n" || prose.words.iter().any(|(name, _)| *name == slot);
                    assert!(known, "`{slot}` in `{pattern}`");
                }
            }
        }
    }

    #[test]
    fn fills_slots() {
        let mut random = Random::new(1);
        let text = Language::English.prose().fill("The {service} has {n} users", &mut random);
        assert!(!text.contains(['{', '}']), "{text}");
    }
}
