//! What another policy would have decided about what happened.

mod event;
mod record;

use serde::Serialize;

pub use event::request_of_event;
pub use record::{RecordError, Recorded, records};

use crate::Policy;
use crate::decision::{Decision, NeededApproval, Verdict};
use crate::request::Request;
use crate::show::Table;

/// What a replay came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Simulation {
    /// The digest of the policy in force.
    pub before: String,
    /// The digest of the other one.
    pub after: String,
    /// Requests decided on under both.
    pub requests: usize,
    /// Records that are no requests, by name.
    pub skipped: Vec<String>,
    /// Requests that are decided otherwise, in the order of the records.
    pub changes: Vec<Change>,
}

/// A request that is decided otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where it was recorded.
    pub record: String,
    /// Who asked.
    pub actor: String,
    /// For what.
    pub operation: String,
    /// The decision of the policy in force.
    pub before: Outcome,
    /// The decision of the other one.
    pub after: Outcome,
}

/// A decision in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// `allow`, `needs-approval`, `deny`.
    pub decision: &'static str,
    /// The approval that is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<NeededApproval>,
    /// The rules that counted, the strictest first, each with its place.
    pub rules: Vec<String>,
}

/// Decides on everything under both policies. An approval that was given under the policy
/// in force counts as given under the other.
#[must_use]
pub fn simulate(before: &Policy, after: &Policy, records: &[Recorded]) -> Simulation {
    let mut simulation = Simulation {
        before: before.digest().to_string(),
        after: after.digest().to_string(),
        requests: 0,
        skipped: Vec::new(),
        changes: Vec::new(),
    };
    for record in records {
        let Some(request) = &record.request else {
            simulation.skipped.push(record.name.clone());
            continue;
        };
        simulation.requests += 1;
        let [old, new] = [outcome(before, before, request), outcome(before, after, request)];
        if (old.decision, &old.approval) != (new.decision, &new.approval) {
            let actor = &request.actor;
            let login = actor.login.as_deref().unwrap_or("somebody");
            let role = actor.role.as_ref().map(|role| format!(" ({role})")).unwrap_or_default();
            let shown = countersign_markup::shown::excerpt;
            simulation.changes.push(Change {
                record: record.name.clone(),
                actor: shown(&format!("{login}{role}")),
                operation: shown(&request.operation),
                before: old,
                after: new,
            });
        }
    }
    simulation
}

fn outcome(in_force: &Policy, policy: &Policy, request: &Request) -> Outcome {
    let mut request = request.clone();
    for grant in &mut request.approvals {
        if grant.policy == in_force.digest() {
            grant.policy = policy.digest();
        }
    }
    let Verdict { decision, reason, .. } = policy.decide(&request);
    let rules = reason.because.iter().map(|reason| match &reason.place {
        Some(place) => format!("{} ({place})", reason.rule),
        None => reason.rule.clone(),
    });
    Outcome {
        decision: decision.as_str(),
        rules: rules.collect(),
        approval: match decision {
            Decision::NeedsApproval(needed) => Some(needed),
            Decision::Allow | Decision::Deny => None,
        },
    }
}

impl Simulation {
    /// The changes as a table.
    #[must_use]
    pub fn table(&self) -> Table {
        let row = |change: &Change| {
            let cell = |outcome: &Outcome| {
                let approval = outcome.approval.as_ref().map(|needed| {
                    let by = needed.by.join(", ");
                    format!(
                        " ({} of {by}, {})",
                        needed.quorum,
                        crate::output::span(needed.expires_in)
                    )
                });
                format!("{}{}", outcome.decision, approval.unwrap_or_default())
            };
            vec![
                change.record.clone(),
                change.actor.clone(),
                change.operation.clone(),
                cell(&change.before),
                cell(&change.after),
                change
                    .after
                    .rules
                    .first()
                    .cloned()
                    .unwrap_or_else(|| "no rule allows it".to_owned()),
            ]
        };
        Table {
            heading: vec!["Record", "Actor", "Operation", "Before", "After", "Because"],
            rows: self.changes.iter().map(row).collect(),
        }
    }

    /// The closing line.
    #[must_use]
    pub fn summary(&self) -> String {
        let count = countersign_report::count;
        let mut line = match self.changes.len() {
            0 => format!("{}: nothing changes", count(self.requests, "request")),
            changes => format!("{}: {changes} decided otherwise", count(self.requests, "request")),
        };
        if !self.skipped.is_empty() {
            line.push_str(&format!(
                " ({} asking for nothing)",
                count(self.skipped.len(), "record")
            ));
        }
        line
    }
}
