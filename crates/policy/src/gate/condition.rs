//! Conditions as reasons.

use countersign_process::{Place, Value};

use crate::{Judgement, Reason};

/// A condition that holds.
pub(super) fn holds(rule: &str, message: impl Into<String>) -> Reason {
    Reason::new(rule, Judgement::Holds, message)
}

/// A condition that does not hold, or that nobody said holds.
pub(crate) fn fails(rule: &str, message: impl Into<String>) -> Reason {
    Reason::new(rule, Judgement::Fails, message)
}

/// A condition that two answers are possible for.
pub(super) fn unclear(rule: &str, message: impl Into<String>) -> Reason {
    Reason::new(rule, Judgement::Unclear, message)
}

/// Something that cannot be looked at from here, and that the gate does not rest on.
pub(super) fn noted(rule: &str, message: impl Into<String>) -> Reason {
    Reason::new(rule, Judgement::Noted, message)
}

/// A condition made of these: it holds if all of them do.
pub(super) fn group(rule: &str, message: impl Into<String>, parts: Vec<Reason>) -> Reason {
    let worst = parts.iter().map(|part| part.judgement).max_by_key(|judgement| rank(*judgement));
    Reason::new(rule, worst.unwrap_or(Judgement::Holds), message).because(parts)
}

/// How much a judgement stands in the way of a gate.
pub(super) const fn rank(judgement: Judgement) -> u8 {
    match judgement {
        Judgement::Holds | Judgement::Allows => 0,
        Judgement::Noted | Judgement::DoesNotApply => 1,
        Judgement::Unclear => 2,
        Judgement::Fails | Judgement::Denies | Judgement::NeedsApproval => 3,
    }
}

/// Whether the condition stands in the way.
pub(super) fn is_in_the_way(reason: &Reason) -> bool {
    rank(reason.judgement) > 1
}

/// What a gate says of what it looked at.
pub(crate) trait Look: Sized {
    /// A fact, with one value.
    fn saw(self, name: &str, value: impl Into<String>) -> Self;
    /// A fact that nobody gave.
    fn saw_nothing(self, name: &str) -> Self;
    /// The file that it is about.
    fn in_file(self, path: impl AsRef<str>) -> Self;
    /// The line of a file that it is about, counted from 1.
    fn in_line(self, path: impl AsRef<str>, line: usize) -> Self;
}

impl Look for Reason {
    fn saw(self, name: &str, value: impl Into<String>) -> Self {
        self.fact(name, Some(vec![Value::Text(value.into())]))
    }

    fn saw_nothing(self, name: &str) -> Self {
        self.fact(name, None)
    }

    fn in_file(self, path: impl AsRef<str>) -> Self {
        self.in_line(path, 1)
    }

    fn in_line(self, path: impl AsRef<str>, line: usize) -> Self {
        self.at(&Place { path: path.as_ref().into(), line, column: 1 })
    }
}
