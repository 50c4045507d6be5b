//! What of the world matters to the invariant.

use countersign_process::Effect;

use crate::Policy;
use crate::fact::{self, BLOCKED, NEED_INPUT};
use crate::request::Request;

/// Catalogue key of the label that says that an artifact is accepted.
pub(super) const APPROVED: &str = "state:approved";

/// A state of affairs, as far as it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct World {
    /// The issue waits for an answer.
    open_input: bool,
    /// The issue is held up.
    blocked: bool,
    /// Agents have changed who may do what.
    authority: bool,
    /// Agents have been let answer requests for approval.
    answers: bool,
    /// What has been brought about that never may.
    breach: Option<Breach>,
}

/// What agents may never bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Breach {
    /// A label that starts a workflow or a deployment is set, or one was started.
    Started,
    /// Something is deployed.
    Deployed,
    /// An artifact is approved.
    Approved,
    /// The issue is in another stage or profile.
    Moved,
}

impl Breach {
    /// The words for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "a label that starts a workflow or a deployment is set",
            Self::Deployed => "something is deployed",
            Self::Approved => "an artifact is approved",
            Self::Moved => "the issue is moved to another stage",
        }
    }
}

/// What a request brings about if it is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Effects {
    breach: Option<Breach>,
    open_input: Option<bool>,
    blocked: Option<bool>,
    authority: bool,
    pub(super) answers: bool,
    /// What the context says of the issue: requests that differ in it are moves in
    /// different worlds.
    seen: Option<(bool, bool)>,
}

impl Effects {
    /// Of a request.
    pub(super) fn of(policy: &Policy, request: &Request) -> Self {
        let facts = fact::Facts::new(request, policy.process(), policy.labels());
        let mut effects = Self { seen: seen(policy, request), ..Self::default() };
        let operation = policy.process().operations.get(&request.operation);
        match operation.map(|operation| operation.effect) {
            Some(Effect::Stage) => effects.breach = Some(Breach::Moved),
            Some(Effect::Run) => effects.breach = Some(Breach::Started),
            Some(Effect::Deploy) => effects.breach = Some(Breach::Deployed),
            // An answer to a request for approval is no approval of an artifact: what it is
            // worth depends on who gives it.
            Some(Effect::Approval) if request.operation == "decide_approval" => {
                effects.answers = true;
            }
            Some(Effect::Approval) => effects.breach = Some(Breach::Approved),
            // What is merged may be countersign.yaml, or an approval in front matter.
            Some(Effect::Merge | Effect::Authority) => effects.authority = true,
            Some(
                Effect::Label | Effect::Work | Effect::Record | Effect::Read | Effect::Question,
            )
            | None => {}
        }
        for label in facts.labels().into_iter().flatten() {
            let sets = label.action != Some("remove");
            let removes = label.action != Some("add");
            match (label.key.as_str(), label.class) {
                // Nobody can tell what an unknown label starts.
                (_, "trigger" | fact::UNKNOWN_CLASS) if sets => {
                    effects.breach = Some(Breach::Started);
                }
                (APPROVED, _) if sets => effects.breach = Some(Breach::Approved),
                (NEED_INPUT, _) => effects.open_input = Some(!removes),
                (BLOCKED, _) => effects.blocked = Some(!removes),
                _ => {}
            }
        }
        effects
    }

    /// Whether the world is another one afterwards, or may be.
    pub(super) fn is_something(self) -> bool {
        Self { seen: None, ..self } != Self::default()
    }
}

impl World {
    /// The worlds that agents may find.
    pub(super) fn beginnings() -> impl Iterator<Item = Self> {
        let flags = [false, true];
        flags.into_iter().flat_map(move |open_input| {
            flags.into_iter().map(move |blocked| Self { open_input, blocked, ..Self::default() })
        })
    }

    /// The world after a request was carried out.
    pub(super) fn after(self, effects: Effects) -> Self {
        Self {
            open_input: effects.open_input.unwrap_or(self.open_input),
            blocked: effects.blocked.unwrap_or(self.blocked),
            authority: self.authority || effects.authority,
            answers: self.answers || effects.answers,
            breach: self.breach.or(effects.breach),
        }
    }

    /// What was brought about that never may.
    pub(super) fn breach(self) -> Option<Breach> {
        self.breach
    }

    /// Whether agents have changed the rules, so that no rule holds them any more.
    pub(super) fn anything_goes(self) -> bool {
        self.authority
    }

    /// Whether agents have been let answer requests for approval.
    pub(super) fn answers(self) -> bool {
        self.answers
    }

    /// Whether what the request says of the issue is so, or it says nothing.
    pub(super) fn fits(self, policy: &Policy, request: &Request) -> bool {
        seen(policy, request).is_none_or(|seen| seen == (self.open_input, self.blocked))
    }
}

/// What the context says of the issue: whether it waits for an answer, whether it is held
/// up.
fn seen(policy: &Policy, request: &Request) -> Option<(bool, bool)> {
    let labels = request.context.labels.as_ref()?;
    let has = |key: &str| {
        let mut found = labels.iter().map(|name| policy.labels().classify(name));
        found.any(|found| found.label.is_some_and(|label| label.key == key))
    };
    Some((has(NEED_INPUT), has(BLOCKED)))
}
