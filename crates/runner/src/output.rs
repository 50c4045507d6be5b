//! Outputs of a step, in the format of the file that `GITHUB_OUTPUT` names.
//!
//! Every value stands between a line `name<<word` and a line `word`, with a word that
//! nobody can know beforehand and that the value does not hold: no value can end early and
//! go on as another output.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

use serde::Serialize;

use crate::StepError;

/// The most that all outputs together may have, in bytes of UTF-16, as GitHub counts:
/// <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs>.
pub const LARGEST_OUTPUTS: usize = 1024 * 1024;

/// A list takes no more than this share, so that the other outputs find room.
const LARGEST_LIST: usize = LARGEST_OUTPUTS / 4;

/// Outputs on their way to the runner.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    given: Vec<(String, String)>,
    /// In bytes of UTF-16.
    size: usize,
}

impl Outputs {
    /// Gives the output `name`, in any number of lines.
    ///
    /// # Errors
    ///
    /// [`StepError::OutputName`] if GitHub takes no such name, or it is given already;
    /// [`StepError::OutputTooLarge`] if the outputs were more than GitHub takes.
    pub fn set(&mut self, name: &str, value: impl Into<String>) -> Result<(), StepError> {
        if !is_name(name) || self.given.iter().any(|(given, _)| given == name) {
            return Err(StepError::OutputName(name.to_owned()));
        }
        let value = value.into();
        let size = self.size + size(name) + size(&value);
        if size > LARGEST_OUTPUTS {
            let (name, most) = (name.to_owned(), LARGEST_OUTPUTS);
            return Err(StepError::OutputTooLarge { name, size, most });
        }
        self.size = size;
        self.given.push((name.to_owned(), value));
        Ok(())
    }

    /// Gives the output `name` as a JSON list of as many `items` as have room, from the
    /// first on, and returns how many were left out.
    ///
    /// # Errors
    ///
    /// As for [`Outputs::set`], and [`StepError::Json`].
    pub fn set_list(&mut self, name: &str, items: &[impl Serialize]) -> Result<usize, StepError> {
        let mut text = String::from("[");
        let mut taken = 0;
        for item in items {
            let json = serde_json::to_string(item);
            let json = json.map_err(|source| StepError::Json { name: name.to_owned(), source })?;
            if size(&text) + size(&json) + size(",]") > LARGEST_LIST {
                break;
            }
            if taken > 0 {
                text.push(',');
            }
            text.push_str(&json);
            taken += 1;
        }
        text.push(']');
        self.set(name, text)?;
        Ok(items.len() - taken)
    }

    /// The names and values, in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.given.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The text that goes to the end of the runner's file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.given {
            let word = word_beside(value, random_word);
            let _ = write!(text, "{name}<<{word}\n{value}\n{word}\n");
        }
        text
    }
}

/// Letters, digits, `-` and `_`, and no digit or `-` at the front: what GitHub documents
/// for names of inputs and outputs.
fn is_name(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|char| char.is_ascii_alphabetic() || char == '_')
        && name.chars().all(|char| char.is_ascii_alphanumeric() || "-_".contains(char))
        && name.len() <= 100
}

fn size(text: &str) -> usize {
    text.encode_utf16().count() * 2
}

/// A word of `words` that `value` does not hold.
fn word_beside(value: &str, mut words: impl FnMut() -> String) -> String {
    loop {
        let word = words();
        if !value.contains(&word) {
            return word;
        }
    }
}

/// 128 bits that the system draws anew in every process.
fn random_word() -> String {
    let [one, other] = [(); 2].map(|()| RandomState::new().hash_one("output"));
    format!("countersign_{one:016x}{other:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_github_and_given_once() {
        let mut outputs = Outputs::default();
        for name in ["", "1a", "a b", "a=b", "a<<b", "a\nb", "ключ", "-a"] {
            assert!(matches!(outputs.set(name, ""), Err(StepError::OutputName(_))), "{name}");
        }
        outputs.set("pull-request_1", "x").unwrap();
        assert!(matches!(outputs.set("pull-request_1", "x"), Err(StepError::OutputName(_))));
    }

    #[test]
    fn more_than_github_takes_is_refused_whole() {
        let mut outputs = Outputs::default();
        let error = outputs.set("a", "я".repeat(LARGEST_OUTPUTS / 2)).unwrap_err();
        assert!(error.to_string().contains("1048578 bytes"), "{error}");
        assert_eq!(outputs.to_text(), "");
        outputs.set("a", "я".repeat(LARGEST_OUTPUTS / 2 - 1)).unwrap();
        assert!(outputs.set("b", "").is_err());
    }

    #[test]
    fn a_list_keeps_whole_items_and_says_how_many_are_missing() {
        let mut outputs = Outputs::default();
        let items = vec!["x".repeat(1000); 1000];
        let left_out = outputs.set_list("items", &items).unwrap();
        let (_, text) = outputs.iter().next().unwrap();
        let read: Vec<String> = serde_json::from_str(text).unwrap();
        assert!(left_out > 0 && !read.is_empty());
        assert_eq!(read.len() + left_out, 1000);
        outputs.set_list("none", &[] as &[u8]).unwrap();
        assert_eq!(outputs.iter().last(), Some(("none", "[]")));
    }

    #[test]
    fn a_word_that_the_value_holds_is_not_taken() {
        let mut words = ["in", "out"].into_iter().map(str::to_owned);
        assert_eq!(word_beside("begin", || words.next().unwrap()), "out");
    }
}
