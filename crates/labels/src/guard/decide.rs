//! The table: event, sender and label in, decision and reasons out.

use super::facts::Facts;
use super::label::{LabelFacts, facts_of};
use super::rule::Rule;
use super::settings::GuardSettings;
use super::show::shown;
use super::standing::{Executor, Standing, is_own, who};
use super::verdict::{Decision, Finding, Place, Reason, Verdict};
use crate::catalogue::Catalogue;
use crate::event::{Event, EventName, Subject};

/// Why there is no decision: the event leaves out what it would rest on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event gives no `{field}`, and without it nothing can be decided")]
pub struct Undecided {
    /// What is missing, as a path into the payload.
    pub field: &'static str,
}

/// Decides about the labels of `event`.
///
/// # Errors
///
/// [`Undecided`] if the event does not say which label, or which issue, it is about.
pub fn decide(
    event: &Event,
    catalogue: &Catalogue,
    settings: &GuardSettings,
    facts: &Facts,
) -> Result<Verdict, Undecided> {
    let standing = Standing::of(event, settings, facts);
    let case = Case { event, catalogue, settings, facts, standing };
    let findings = case.findings()?;
    Ok(Verdict {
        decision: findings.iter().map(|it| it.decision).max().unwrap_or(Decision::Keep),
        event: match (&event.name, &event.action) {
            (name, Some(action)) => shown(&format!("{}.{action}", name.as_str())),
            (name, None) => shown(name.as_str()),
        },
        place: Place {
            repository: event.repository.as_ref().and_then(|it| it.full_name.clone()),
            kind: event.subject.as_ref().map(|subject| subject.kind),
            number: event.subject.as_ref().and_then(|subject| subject.number),
        },
        sender: who(event, &case.standing),
        findings,
    })
}

/// Everything that a decision may look at.
pub(super) struct Case<'a> {
    pub(super) event: &'a Event,
    pub(super) catalogue: &'a Catalogue,
    pub(super) settings: &'a GuardSettings,
    pub(super) facts: &'a Facts,
    pub(super) standing: Standing,
}

/// Paths into the payload, which differ between issues and pull requests.
struct Paths {
    subject: &'static str,
    number: &'static str,
    labels: &'static str,
    labels_pointer: &'static str,
}

const ISSUE: Paths = Paths {
    subject: "issue",
    number: "issue.number",
    labels: "issue.labels",
    labels_pointer: "/issue/labels",
};

const PULL_REQUEST: Paths = Paths {
    subject: "pull_request",
    number: "pull_request.number",
    labels: "pull_request.labels",
    labels_pointer: "/pull_request/labels",
};

fn keep(label: Option<&str>, reason: Reason) -> Finding {
    Finding { label: label.map(str::to_owned), decision: Decision::Keep, reasons: vec![reason] }
}

fn refuse(decision: Decision, label: &str, reason: Reason) -> Finding {
    Finding { label: Some(label.to_owned()), decision, reasons: vec![reason] }
}

pub(super) fn reason(rule: Rule, source: &'static str, fact: impl Into<String>) -> Reason {
    Reason { rule, fact: fact.into(), source, remedy: None }
}

impl Reason {
    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl Case<'_> {
    fn findings(&self) -> Result<Vec<Finding>, Undecided> {
        if let EventName::Other(name) = &self.event.name {
            let fact = match name.as_str() {
                "" => "the event is about no issue's or pull request's labels".to_owned(),
                name => format!("`{}` events change no label of an issue", shown(name)),
            };
            return Ok(vec![keep(None, reason(Rule::NoLabelChange, "event", fact))]);
        }
        match self.event.action.as_deref() {
            None => Err(Undecided { field: "action" }),
            Some("labeled") => {
                let label = self.label()?;
                let labels = self.labels()?;
                self.number()?;
                Ok(vec![self.set(label, labels)])
            }
            Some("unlabeled") => {
                let label = self.label()?;
                self.number()?;
                Ok(vec![self.taken_off(label)])
            }
            Some("opened") => {
                let labels = self.labels()?;
                self.number()?;
                Ok(self.opened(labels))
            }
            Some("transferred") => Ok(vec![keep(None, self.transferred_out())]),
            Some("edited") => self.edited(),
            Some(action) => {
                let fact = format!("`{}` changes no label", shown(action));
                Ok(vec![keep(None, reason(Rule::NoLabelChange, "/action", fact))])
            }
        }
    }

    fn paths(&self) -> &'static Paths {
        if self.event.name == EventName::PullRequest { &PULL_REQUEST } else { &ISSUE }
    }

    fn subject(&self) -> Result<&Subject, Undecided> {
        self.event.subject.as_ref().ok_or(Undecided { field: self.paths().subject })
    }

    fn number(&self) -> Result<u64, Undecided> {
        self.subject()?.number.ok_or(Undecided { field: self.paths().number })
    }

    fn labels(&self) -> Result<&[String], Undecided> {
        self.subject()?.labels.as_deref().ok_or(Undecided { field: self.paths().labels })
    }

    fn label(&self) -> Result<&str, Undecided> {
        self.event.label.as_deref().ok_or(Undecided { field: "label.name" })
    }

    /// A label was set.
    fn set(&self, label: &str, all: &[String]) -> Finding {
        let known = facts_of(self.catalogue, label);
        let allowed = if known.owner_sets {
            match self.stands_in(&known).map_or_else(|| self.may_set(label), Ok) {
                Ok(reason) => reason,
                Err(reason) => return refuse(Decision::Remove, label, reason),
            }
        } else {
            reason(Rule::FreeLabel, "configuration", free(label, &known))
        };
        match self.rival(label, &known, all) {
            Some(rival) => {
                let mut finding = refuse(Decision::Remove, label, rival);
                finding.reasons.push(allowed);
                finding
            }
            None => keep(Some(label), allowed),
        }
    }

    /// Another label of the same family that the issue carries.
    fn rival(&self, label: &str, known: &LabelFacts, all: &[String]) -> Option<Reason> {
        let family = known.family.as_ref()?;
        if known.ends_work {
            // The way out is open at any stage: what it ends is the other labels.
            return None;
        }
        let rivals: Vec<String> = all
            .iter()
            .filter(|other| other.to_lowercase() != label.to_lowercase())
            .filter(|other| facts_of(self.catalogue, other).family.as_ref() == Some(family))
            .map(|other| format!("`{}`", shown(other)))
            .collect();
        let first = rivals.first()?;
        let fact = format!(
            "`{}` excludes the other labels of the family `{}`, and there is {}",
            shown(label),
            shown(family),
            rivals.join(", "),
        );
        let remedy = format!("take {first} off, then set `{}` again", shown(label));
        Some(reason(Rule::OneOfFamily, self.paths().labels_pointer, fact).remedy(remedy))
    }

    /// A label was taken off.
    fn taken_off(&self, label: &str) -> Finding {
        let known = facts_of(self.catalogue, label);
        let name = shown(label);
        let sender = self.sender();
        if !known.owner_removes {
            let rule =
                if is_own(self.event, self.facts) { Rule::OwnEffect } else { Rule::FreeLabel };
            let fact = match rule {
                Rule::OwnEffect => format!("the guard's own account, {sender}, took `{name}` off"),
                _ => format!("anybody with access may take `{name}` off, and that starts nothing"),
            };
            let source = if rule == Rule::OwnEffect { "/sender/id" } else { "configuration" };
            return keep(Some(label), reason(rule, source, fact));
        }
        if let Some(reason) = self.stands_in(&known) {
            return keep(Some(label), reason);
        }
        match &self.standing {
            Standing::Owner(proof) => keep(Some(label), self.is_owner(*proof)),
            Standing::Agent { executor: Executor::Named } => {
                let fact = format!("{sender} is named to carry out what the owner approves");
                keep(Some(label), reason(Rule::ApprovedRequest, "configuration", fact))
            }
            _ => {
                let fact = format!("`{name}` holds work back, and {sender} is no owner");
                let remedy = format!("{} takes it off when the work may go on", self.some_owner());
                let reason = reason(Rule::ProtectedLabel, "/sender/id", fact).remedy(remedy);
                refuse(Decision::Restore, label, reason)
            }
        }
    }

    /// An issue or pull request was opened: what it carries, its opener set, be it through
    /// the template of an issue.
    fn opened(&self, labels: &[String]) -> Vec<Finding> {
        if labels.is_empty() {
            let fact = "opened without labels";
            return vec![keep(
                None,
                reason(Rule::NoLabelChange, self.paths().labels_pointer, fact),
            )];
        }
        let from = self.event.changes.transferred_from.as_ref();
        let judge = |label: &String| match from {
            Some(from) if facts_of(self.catalogue, label).owner_sets => {
                let name = shown(label);
                let from = from
                    .as_ref()
                    .map_or("another repository".to_owned(), |name| format!("`{}`", shown(name)));
                let fact = format!(
                    "`{name}` came along from {from}; who set it there, and under which rules, is not given",
                );
                let remedy = format!("{} sets it again here", self.some_owner());
                let reason = reason(Rule::TransferredIn, "/changes/old_repository", fact);
                refuse(Decision::Remove, label, reason.remedy(remedy))
            }
            _ => self.set(label, labels),
        };
        labels.iter().map(judge).collect()
    }

    fn transferred_out(&self) -> Reason {
        let to = match &self.event.changes.transferred_to {
            Some(Some(name)) => format!("`{}`", shown(name)),
            _ => "another repository".to_owned(),
        };
        let fact = format!("the issue went to {to}, whose rules hold for it now");
        reason(Rule::TransferredOut, "/changes/new_repository", fact)
    }

    /// A title or text was edited. That sets no label, but a run that was started for the
    /// old text may read the new one.
    fn edited(&self) -> Result<Vec<Finding>, Undecided> {
        let changes = &self.event.changes;
        let what = match (changes.title, changes.body) {
            (true, true) => "title and text",
            (true, false) => "title",
            (false, true) => "text",
            (false, false) => "neither title nor text",
        };
        let unchanged =
            |fact: String| Ok(vec![keep(None, reason(Rule::NoLabelChange, "/changes", fact))]);
        if !changes.title && !changes.body {
            return unchanged("the edit changes no label, and neither title nor text".to_owned());
        }
        let active: Vec<&String> = self
            .labels()?
            .iter()
            .filter(|label| facts_of(self.catalogue, label).owner_sets)
            .collect();
        let trusted = matches!(
            self.standing,
            Standing::Owner(_) | Standing::Agent { executor: Executor::Named }
        );
        if active.is_empty() || trusted || is_own(self.event, self.facts) {
            return unchanged(format!("the edit of the {what} changes no label"));
        }
        self.number()?;
        let sender = self.sender();
        let comment = |label: &&String| {
            let name = shown(label);
            let fact = format!(
                "{sender} changed the {what} while `{name}` is set: a run may read either version",
            );
            let remedy = format!(
                "read the {what} before approving what the run makes of it; take `{name}` off and set it again to run anew",
            );
            let reason = reason(Rule::ChangedWhileActive, "/changes", fact).remedy(remedy);
            refuse(Decision::Comment, label, reason)
        };
        Ok(active.iter().map(comment).collect())
    }
}

fn free(label: &str, known: &LabelFacts) -> String {
    let label = shown(label);
    match known.class {
        Some(class) => format!("`{label}` is a {} label, which starts nothing", class.as_str()),
        None => format!("`{label}` is in no catalogue, and starts nothing"),
    }
}
