//! Asking an owner instead of guessing (specification §7.3).

use serde::Serialize;

/// The fewest and the most choices of a question; whoever answers may always say
/// something else.
const FEWEST: usize = 2;
const MOST: usize = 5;

/// A question to an owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The question, in one line.
    pub text: String,
    /// Two to five answers.
    pub choices: Vec<Choice>,
    /// Whether an answer in own words counts; always.
    pub free_answer: bool,
    /// The label to be asked for meanwhile, by name.
    pub label: String,
}

/// An answer that can be picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is picked, in one line.
    pub text: String,
    /// What the owner does then.
    pub action: String,
}

impl Question {
    /// A question with these choices, and `last` behind them. Of too many choices the
    /// first ones stay.
    pub(super) fn new(
        text: impl Into<String>,
        mut choices: Vec<Choice>,
        last: Choice,
        label: &str,
    ) -> Self {
        choices.truncate(MOST - 1);
        choices.push(last);
        debug_assert!(choices.len() >= FEWEST);
        Self { text: text.into(), choices, free_answer: true, label: label.to_owned() }
    }
}
