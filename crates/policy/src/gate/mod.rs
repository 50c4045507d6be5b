//! Whether a stage may start, and whether it may end.
//!
//! [`enter`] and [`leave`] are pure functions over [`Facts`] that somebody loaded: labels
//! and sender from an event, documents with the digests of their present content, the
//! docset file, the changed files. Each gives a [`Verdict`] with every condition, whether
//! it holds, and the command that mends it. What is not known counts as not given. Where
//! two stages are possible, the gate asks; it never guesses.

mod artifact;
mod condition;
mod enter;
mod event;
mod facts;
mod labels;
mod leave;
mod load;
mod next;
mod output;
mod question;
mod remedy;
mod trajectory;

pub(crate) use artifact::{approve, is_approved, name};
pub(crate) use condition::{Look, fails};
use countersign_markup::shown::excerpt as shown;
pub use enter::enter;
pub use event::{Event, EventError, Sender, SenderKind};
pub use facts::{DocsetFile, Facts, Fault, Rules};
pub use leave::leave;
pub use load::{Given, LoadError, load};
pub(crate) use load::{docset_at, faults, folder, text};
pub use next::{Move, MoveKind, Next, next};
pub use question::{Choice, Question};
pub(crate) use remedy::command;
use serde::Serialize;

use crate::Reason;
use condition::rank;

/// Which gate it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Before a stage.
    Enter,
    /// After it.
    Leave,
}

/// What a gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is open.
    Pass,
    /// It is shut.
    Refused,
    /// Somebody has to say which of several ways is meant.
    Ask,
}

/// What a gate says, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Which gate.
    pub gate: Gate,
    /// What it says.
    pub outcome: Outcome,
    /// The issue.
    pub issue: u64,
    /// The stage; `None` if that is the question.
    pub stage: Option<String>,
    /// Whether it is the revision of the stage.
    pub revise: bool,
    /// The profile that the issue goes by.
    pub profile: String,
    /// Every condition, in the order they were looked at.
    pub conditions: Vec<Reason>,
    /// What to ask the owner, if the outcome is [`Outcome::Ask`].
    pub question: Option<Question>,
}

impl Verdict {
    /// The conditions that stand in the way.
    #[must_use]
    pub fn unmet(&self) -> Vec<&Reason> {
        self.conditions.iter().filter(|reason| condition::is_in_the_way(reason)).collect()
    }

    /// A verdict over conditions: refused if one fails, else asking if one is unclear.
    fn of(
        gate: Gate,
        facts: &Facts,
        stage: Option<&str>,
        revise: bool,
        profile: &str,
        conditions: Vec<Reason>,
        question: Option<Question>,
    ) -> Self {
        let worst = conditions.iter().map(|condition| rank(condition.judgement)).max();
        // Not knowing which stage is meant comes first: everything else is about a stage.
        let outcome = match (&question, worst) {
            (Some(_), _) => Outcome::Ask,
            (None, Some(0 | 1)) => Outcome::Pass,
            // A gate that looked at nothing has seen nothing.
            (None, None | Some(_)) => Outcome::Refused,
        };
        Self {
            gate,
            outcome,
            issue: facts.issue,
            stage: stage.map(str::to_owned),
            revise,
            profile: profile.to_owned(),
            conditions,
            question,
        }
    }
}
