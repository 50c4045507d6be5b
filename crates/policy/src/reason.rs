//! Why a verdict is what it is: one model for decisions, gates and everything that shows
//! them.

use std::fmt;

use countersign_markup::shown::excerpt;
use countersign_process::{Place, Value};
use serde::Serialize;

/// One reason, and the reasons behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The id of the rule or condition.
    pub rule: String,
    /// What it comes to.
    pub judgement: Judgement,
    /// The fact, in one line; fit to be shown.
    pub message: String,
    /// The facts it looked at, with their values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// Where the rule stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What to do about it: a command where there is one; fit to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The reasons behind it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Reason>,
}

/// What a reason comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// It speaks for what was asked.
    Allows,
    /// It asks for an approval.
    NeedsApproval,
    /// It speaks against it.
    Denies,
    /// A condition that holds.
    Holds,
    /// A condition that does not hold.
    Fails,
    /// A rule that would have said something, had its conditions held.
    DoesNotApply,
    /// A condition for which something else would have to be known.
    Unclear,
    /// Something that cannot be looked at from here, and that the verdict does not rest on.
    Noted,
}

impl Judgement {
    /// The words for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allows => "allows",
            Self::NeedsApproval => "needs approval",
            Self::Denies => "denies",
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::DoesNotApply => "does not apply",
            Self::Unclear => "unclear",
            Self::Noted => "noted",
        }
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// A fact that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// Its values; `null` in JSON, "not given" for people, if nobody said.
    pub value: Option<Vec<Value>>,
}

impl fmt::Display for Fact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.name)?;
        match self.value.as_deref() {
            None => formatter.write_str("not given"),
            Some([]) => formatter.write_str("none"),
            Some(values) => {
                let values: Vec<String> =
                    values.iter().map(|value| excerpt(&value.to_string())).collect();
                formatter.write_str(&values.join(", "))
            }
        }
    }
}

impl Reason {
    /// A reason without facts, place or remedy.
    #[must_use]
    pub fn new(rule: &str, judgement: Judgement, message: impl Into<String>) -> Self {
        Self {
            rule: rule.to_owned(),
            judgement,
            message: message.into(),
            facts: Vec::new(),
            place: None,
            remedy: None,
            because: Vec::new(),
        }
    }

    /// Says what it looked at.
    #[must_use]
    pub fn fact(mut self, name: &str, value: Option<Vec<Value>>) -> Self {
        self.facts.push(Fact { name: name.to_owned(), value });
        self
    }

    /// Says where the rule stands.
    #[must_use]
    pub fn at(mut self, place: &Place) -> Self {
        self.place = Some(place.clone());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Gives the reasons behind it.
    #[must_use]
    pub fn because(mut self, reasons: Vec<Self>) -> Self {
        self.because = reasons;
        self
    }

    /// All reasons of the tree, this one first, with how deep each stands.
    pub fn walk(&self) -> Vec<(usize, &Self)> {
        let mut all = Vec::new();
        let mut open = vec![(0, self)];
        while let Some((depth, reason)) = open.pop() {
            all.push((depth, reason));
            open.extend(reason.because.iter().rev().map(|reason| (depth + 1, reason)));
        }
        all
    }
}
