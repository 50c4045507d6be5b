//! Conditions of rules, with a third answer where a fact is not given.

use countersign_process::{Condition, Rule, Ruling, Value};

use crate::fact::Facts;

/// The answer of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    /// The fact is not given.
    Open,
}

/// What is asked of a fact with several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// All values, of which there may be none.
    All,
    /// Some value.
    Some,
    /// All values, of which there is one at least.
    Every,
}

/// Whether a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// All its conditions hold.
    Surely,
    /// A fact is not given, and none that is speaks against it: it restricts, as if it
    /// counted, and permits nothing.
    Perhaps,
    /// Some condition does not hold.
    No,
}

/// Whether the rule counts.
///
/// A fact that is not given never loosens a verdict: what restricts counts then, and
/// nothing is permitted by it. (Only a rule that asks *whether* a fact is given may be
/// loosened so.) Of several values, as of an operation that carries several labels, a rule
/// that allows must fit all, a rule that restricts any.
pub(super) fn counts(rule: &Rule, facts: &Facts<'_>) -> Counts {
    let (when, unless) = match rule.decide {
        Ruling::Allow => (Of::All, Of::Some),
        Ruling::Approval(_) | Ruling::Deny => (Of::Some, Of::Every),
    };
    let mut counts = Counts::Surely;
    for (name, condition) in &rule.when {
        match answer(condition, facts, name, when) {
            Answer::Yes => {}
            Answer::Open => counts = Counts::Perhaps,
            Answer::No => return Counts::No,
        }
    }
    for (name, condition) in &rule.unless {
        match answer(condition, facts, name, unless) {
            Answer::No => {}
            Answer::Open => counts = Counts::Perhaps,
            Answer::Yes => return Counts::No,
        }
    }
    counts
}

fn answer(condition: &Condition, facts: &Facts<'_>, name: &str, of: Of) -> Answer {
    let values = facts.get(name);
    if let Condition::Given(wanted) = condition {
        return if values.is_some() == wanted.given { Answer::Yes } else { Answer::No };
    }
    let Some(values) = values else { return Answer::Open };
    let fits = |value: &Value| match condition {
        Condition::OneOf(wanted) => wanted.contains(value),
        Condition::Range(range) => match value {
            Value::Number(number) => {
                range.at_least.is_none_or(|least| *number >= least)
                    && range.at_most.is_none_or(|most| *number <= most)
            }
            Value::Flag(_) | Value::Text(_) => false,
        },
        Condition::Given(_) => false,
    };
    let holds = match of {
        Of::All => values.iter().all(fits),
        Of::Some => values.iter().any(fits),
        Of::Every => !values.is_empty() && values.iter().all(fits),
    };
    if holds { Answer::Yes } else { Answer::No }
}
