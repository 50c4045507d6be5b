//! The terms of full text: what a text is kept by, and what a question is asked by.
//!
//! Every store keeps exactly these terms and splits them at spaces only, so that all of
//! them find the same. A term has lower-case letters, digits and, between these, `-`, `_`
//! and `.`; it has at most [`MAX_TERM`] bytes. So nothing in it is a quote, an operator or
//! white space to any query language.
//!
//! * Words are stemmed by their script: Russian for Cyrillic, English for Latin, both by
//!   [Snowball](https://snowballstem.org/). `ё` is `е`. Words that carry no meaning in
//!   either language are left out.
//! * Identifiers (`ADR-0013`, `flow_events`, `kb.search`, `run:dev`, `docs/a.md`,
//!   `defaultTtl`) are kept whole, in lower case with `.` in place of `/` and `:`, and as
//!   their parts.
//! * Numbers lose zeros in front. Text in scripts without spaces between words is kept as
//!   single characters and as pairs.
//! * Compatibility forms are one (NFKC), and what cannot be seen, such as zero-width
//!   characters and accents of stress, is left out.
//!
//! ```
//! use countersign_kb::terms;
//!
//! assert_eq!(terms::of_text("Почему выбрали вебхуки, а не опрос?"), "выбра вебхук опрос");
//! let query = terms::of_query("who writes to flow_events?");
//! assert_eq!(query.stems, ["write", "flow", "event"]);
//! assert_eq!(query.identifiers, ["flow_events"]);
//! ```

mod compound;
mod letters;
mod product;
mod scan;
mod shape;
mod stem;
mod stop;

use std::collections::HashSet;

use self::compound::Sink;
use crate::search::Terms;

/// The version of these rules. Texts that were read by other rules have to be read again.
pub const VERSION: u32 = 1;

/// The largest term in bytes: a SHA-256 in hexadecimal digits. Longer words are cut.
pub const MAX_TERM: usize = 64;

/// So many different stems of a query count, the first ones.
pub const MAX_STEMS: usize = 128;

/// So many different identifiers of a query count, the first ones.
pub const MAX_IDENTIFIERS: usize = 16;

/// The terms of a text, separated by single spaces, in order, each as often as it is there.
///
/// An identifier stands in front of its parts.
#[must_use]
pub fn of_text(text: &str) -> String {
    let mut all = All(String::with_capacity(text.len()));
    scan::runs(text, &mut all);
    all.0
}

/// The terms of a query, each once, in order. All of them are terms of the same text.
///
/// Identifiers are those words of the query that can only be meant literally; their parts
/// are among the stems.
#[must_use]
pub fn of_query(query: &str) -> Terms {
    let mut distinct = Distinct::default();
    scan::runs(query, &mut distinct);
    distinct.terms
}

struct All(String);

impl Sink for All {
    fn term(&mut self, term: &str) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(term);
    }

    fn identifier(&mut self, term: &str) {
        self.term(term);
    }

    fn single(&mut self, term: &str) {
        self.term(term);
    }
}

#[derive(Default)]
struct Distinct {
    terms: Terms,
    seen: HashSet<String>,
}

impl Sink for Distinct {
    fn term(&mut self, term: &str) {
        if self.terms.stems.len() < MAX_STEMS && self.seen.insert(term.to_owned()) {
            self.terms.stems.push(term.to_owned());
        }
    }

    fn identifier(&mut self, term: &str) {
        let identifiers = &mut self.terms.identifiers;
        if identifiers.len() < MAX_IDENTIFIERS && !identifiers.iter().any(|known| known == term) {
            identifiers.push(term.to_owned());
        }
    }

    fn single(&mut self, _: &str) {
        // A query looks for the pair, or for the number as it is written.
    }
}
