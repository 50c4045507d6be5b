//! What the guard decides, as data.

use serde::Serialize;

use super::rule::Rule;
use crate::event::SubjectKind;

/// What is to be done about a label, from nothing to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Nothing.
    Keep,
    /// The labels stay; a comment says what to look at.
    Comment,
    /// The label that was taken off is set again, and a comment says why.
    Restore,
    /// The label is taken off, and a comment says why.
    Remove,
}

impl Decision {
    /// The word in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Comment => "comment",
            Self::Restore => "restore",
            Self::Remove => "remove",
        }
    }
}

/// Why: a rule, the fact that it met, where the fact stands, what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// The fact, in one line; text of the event escaped and cut.
    pub fact: String,
    /// Where the fact stands: a JSON pointer into the event, or the name of another
    /// source (`configuration`, `approval`).
    pub source: &'static str,
    /// What somebody can do about it; `None` where nothing is to be done.
    pub remedy: Option<String>,
}

/// The decision about one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The label as it is called on the issue; `None` if the event is about none.
    pub label: Option<String>,
    /// What is to be done.
    pub decision: Decision,
    /// Why; the first is the one that decided.
    pub reasons: Vec<Reason>,
}

/// Where the labels hang.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// `owner/name`, if given.
    pub repository: Option<String>,
    /// Issue or pull request, if the event is about one.
    pub kind: Option<SubjectKind>,
    /// Its number, if given.
    pub number: Option<u64>,
}

/// Who did it, as far as the event tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Who {
    /// The login, if given.
    pub login: Option<String>,
    /// The number of the account, if given.
    pub id: Option<u64>,
    /// GitHub's word for what it is, if given.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// What the guard takes it for.
    pub standing: &'static str,
}

/// What the guard says about an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The most that any label needs.
    pub decision: Decision,
    /// The event, `issues.labeled`.
    pub event: String,
    /// Where.
    pub place: Place,
    /// Who.
    pub sender: Who,
    /// One for each label that was looked at, in the order of the event; at least one.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// The findings that ask for something.
    pub fn refused(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.decision != Decision::Keep)
    }
}

/// A change on GitHub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "effect", rename_all = "kebab-case")]
pub enum Effect {
    /// Takes a label off. Done already if it is off.
    RemoveLabel {
        /// Its name.
        label: String,
    },
    /// Sets a label. Done already if it is set.
    AddLabel {
        /// Its name.
        label: String,
    },
    /// Writes a comment, or brings the one of the same marker up to date.
    Comment {
        /// What the comment is known by, see [`super::marker`].
        marker: String,
        /// The whole text, marker included.
        body: String,
    },
}

impl Verdict {
    /// What is to be done on GitHub, in this order: labels first, so that the label is off
    /// even when the comment fails.
    #[must_use]
    pub fn effects(&self) -> Vec<Effect> {
        let labels = self.refused().filter_map(|finding| {
            let label = finding.label.clone()?;
            match finding.decision {
                Decision::Remove => Some(Effect::RemoveLabel { label }),
                Decision::Restore => Some(Effect::AddLabel { label }),
                Decision::Keep | Decision::Comment => None,
            }
        });
        let comments = self.refused().map(|finding| {
            let marker = super::marker::of(finding.label.as_deref());
            Effect::Comment { body: super::show::comment(self, finding, &marker), marker }
        });
        labels.chain(comments).collect()
    }
}
