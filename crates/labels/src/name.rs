//! Names of labels, as GitHub compares and limits them.

use std::fmt;

/// The longest name that GitHub takes, in characters. Its API says so only when a name is too
/// long ("is too long (maximum is 50 characters)").
pub const LONGEST_NAME: usize = 50;

/// The longest description that GitHub takes, in characters.
///
/// <https://docs.github.com/rest/issues/labels#create-a-label>
pub const LONGEST_DESCRIPTION: usize = 100;

/// Two names with the same folded form are one label to GitHub: case does not count.
#[must_use]
pub fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The name without one pair of surrounding brackets: `[ai-model-x]` is `ai-model-x`.
#[must_use]
pub fn without_brackets(name: &str) -> &str {
    let trimmed = name.trim();
    trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).map_or(trimmed, str::trim)
}

/// Why GitHub would refuse a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// There is nothing in it.
    Empty,
    /// It is longer than [`LONGEST_NAME`].
    TooLong,
    /// It begins or ends with white space, which GitHub takes away.
    Padded,
    /// It holds a control character.
    Control,
}

impl fmt::Display for NameFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("is empty"),
            Self::TooLong => write!(formatter, "has more than {LONGEST_NAME} characters"),
            Self::Padded => formatter.write_str("begins or ends with white space"),
            Self::Control => formatter.write_str("holds a control character"),
        }
    }
}

/// What is wrong with a name, if anything is.
#[must_use]
pub fn fault(name: &str) -> Option<NameFault> {
    if name.trim().is_empty() {
        Some(NameFault::Empty)
    } else if name.chars().count() > LONGEST_NAME {
        Some(NameFault::TooLong)
    } else if name.trim() != name {
        Some(NameFault::Padded)
    } else if name.chars().any(char::is_control) {
        Some(NameFault::Control)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_brackets_fall_away() {
        assert_eq!(fold(" Run:Intake "), "run:intake");
        assert_eq!(without_brackets("[ai-model-x]"), "ai-model-x");
        assert_eq!(without_brackets("[[x]"), "[x");
        assert_eq!(without_brackets("[x"), "[x");
        assert_eq!(without_brackets("[]"), "");
    }

    #[test]
    fn what_github_refuses_is_a_fault() {
        assert_eq!(fault("run:intake"), None);
        assert_eq!(fault(&"я".repeat(50)), None);
        assert_eq!(fault(&"я".repeat(51)), Some(NameFault::TooLong));
        assert_eq!(fault(" "), Some(NameFault::Empty));
        assert_eq!(fault("x "), Some(NameFault::Padded));
        assert_eq!(fault("a\nb"), Some(NameFault::Control));
    }
}
