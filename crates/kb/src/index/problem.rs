//! A document that cannot be indexed.

use std::fmt;

use countersign_markup::shown::escape;

/// A document that cannot be indexed; what a store had of it before stays.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// From the root, with `/`, or as it was given.
    pub path: String,
    /// Where, 1-based; `None` if it is the whole file.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    pub(super) fn of_file(path: &str, message: String) -> Self {
        Self { path: path.to_owned(), line: None, message }
    }
}

impl fmt::Display for Problem {
    /// `docs/a.md:3: what is wrong`, fit to be shown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&escape(&self.path))?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        write!(formatter, ": {}", escape(&self.message))
    }
}
