//! What came of a proof.

use std::fmt;

use serde::Serialize;

use super::Breach;
use crate::decision::Verdict;
use crate::request::Request;

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Requests decided on.
    pub requests: usize,
    /// Requests among them that bring something about, alone or once approved.
    pub moves: usize,
    /// Worlds visited.
    pub worlds: usize,
    /// Moves tried in them.
    pub steps: usize,
}

/// The shortest sequence of requests by agents that breaks the invariant.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The requests, in order.
    pub steps: Vec<Step>,
    /// What the last of them brings about.
    pub breach: Breach,
}

/// A request that was carried out.
#[derive(Clone, Debug)]
pub struct Step {
    /// The request.
    pub request: Request,
    /// What the policy says of it.
    pub verdict: Verdict,
    /// Whether it was carried out whatever the policy says, because agents had changed who
    /// may do what.
    pub unchecked: bool,
}

impl fmt::Display for Counterexample {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            writeln!(formatter, "{}. {step}", at + 1)?;
        }
        write!(formatter, "=> {}", self.breach.as_str())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actor = &self.request.actor;
        let kind = format!("{:?}", actor.kind).to_lowercase();
        let verified = if actor.verified { "" } else { ", unverified" };
        let login = actor.login.as_deref().unwrap_or("nobody");
        let role = actor.role.as_deref().map(|role| format!(", role {role}")).unwrap_or_default();
        write!(formatter, "{login} ({kind}{role}{verified}): {}", self.request.operation)?;
        for (name, value) in &self.request.arguments {
            write!(formatter, " {name}={value}")?;
        }
        let context = &self.request.context;
        if let Some(stage) = &context.stage {
            write!(formatter, ", stage {stage}")?;
        }
        if let Some(profile) = &context.profile {
            write!(formatter, ", profile {profile}")?;
        }
        for (name, value) in &context.facts {
            write!(formatter, ", {name} is {value}")?;
        }
        if let Some(labels) = context.labels.as_ref().filter(|it| !it.is_empty()) {
            write!(formatter, ", on the issue: {}", labels.join(", "))?;
        }
        if self.unchecked {
            return formatter.write_str(": nothing holds agents any more");
        }
        let because = &self.verdict.reason.because;
        let rules: Vec<&str> = because.iter().map(|reason| reason.rule.as_str()).collect();
        write!(formatter, ": {} ({})", self.verdict.decision.as_str(), rules.join(", "))
    }
}
