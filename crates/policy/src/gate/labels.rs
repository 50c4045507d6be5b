//! The conditions about labels, and about who set them.

use crate::decision::Decision;
use crate::fact::{BLOCKED, NEED_INPUT};
use crate::request::{Actor, ActorKind, Context, Request};

use super::condition::{Look as _, fails, holds, unclear};
use super::event::SenderKind;
use super::facts::{Facts, Rules};
use super::question::{Choice, Question};
use super::shown;
use crate::{Judgement, Reason};

/// The operation that sets a label (specification §7.2).
const SET_LABEL: &str = "github_request_label";

/// A trigger label of the issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trigger {
    /// Its name on GitHub.
    pub(super) name: String,
    /// The stage that it starts, and whether as a revision; `None` if no stage has it.
    pub(super) starts: Option<(String, bool)>,
}

/// The trigger labels of the issue, in the order of the stages, then by name.
pub(super) fn triggers(labels: &[String], rules: Rules<'_>) -> Vec<Trigger> {
    let mut triggers: Vec<(usize, Trigger)> = labels
        .iter()
        .filter_map(|name| {
            let found = rules.labels.classify(name);
            if !found.is_trigger() {
                return None;
            }
            let key = found.label.map_or(name.as_str(), |label| &label.key);
            let starts = rules.process.started_by(key).map(|(stage, step, _)| {
                (stage.to_owned(), step == countersign_process::Step::Revise)
            });
            let stage = starts.as_ref().map(|(stage, _)| stage.as_str());
            let at = stage.and_then(|stage| rules.process.position(stage)).unwrap_or(usize::MAX);
            Some((at, Trigger { name: name.clone(), starts }))
        })
        .collect();
    triggers.sort_by(|(one, a), (other, b)| (one, &a.name).cmp(&(other, &b.name)));
    triggers.dedup_by(|(_, a), (_, b)| a == b);
    triggers.into_iter().map(|(_, trigger)| trigger).collect()
}

/// The name on GitHub of the label with this key.
pub(super) fn name_of<'a>(key: &'a str, rules: Rules<'a>) -> &'a str {
    rules.labels.by_key(key).map_or(key, |label| &label.name)
}

/// That there is exactly one trigger label; the question if there are several.
pub(super) fn one_trigger(
    facts: &Facts,
    rules: Rules<'_>,
    wanted: Option<&str>,
) -> (Reason, Option<Question>) {
    const RULE: &str = "one-trigger-label";
    let Some(labels) = &facts.labels else {
        let condition =
            fails(RULE, "the labels of the issue are not known").saw_nothing("labels").remedy(
                "give the event with `--event FILE`, or each label of the issue with \
                 `--label NAME`",
            );
        return (condition, None);
    };
    let triggers = triggers(labels, rules);
    let names: Vec<String> = triggers.iter().map(|trigger| shown(&trigger.name)).collect();
    let list = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    match &triggers[..] {
        [] => {
            let label = wanted.map_or("run:…", |label| name_of(label, rules));
            let message = "no label of the issue starts a stage";
            let condition = fails(RULE, message)
                .saw("trigger labels", list)
                .remedy(format!("an owner sets `{label}` on issue {}", facts.issue));
            (condition, None)
        }
        [one] => {
            let message = format!("`{}` is the only label that starts a stage", shown(&one.name));
            (holds(RULE, message).saw("trigger labels", list), None)
        }
        many => {
            let message = format!("{} labels of the issue start a stage", many.len());
            let condition = unclear(RULE, message)
                .saw("trigger labels", list)
                .remedy("an owner says which one is meant, and removes the others");
            let choices = many.iter().map(|trigger| {
                let name = shown(&trigger.name);
                let text = match &trigger.starts {
                    Some((stage, false)) => format!("start {stage}"),
                    Some((stage, true)) => format!("revise {stage}"),
                    None => format!("what `{name}` starts"),
                };
                Choice { text, action: format!("keep `{name}`, and remove the other ones") }
            });
            let last = Choice {
                text: "none of them".to_owned(),
                action: "remove every label that starts a stage".to_owned(),
            };
            let question = Question::new(
                format!("which stage is meant for issue {}?", facts.issue),
                choices.collect(),
                last,
                name_of(NEED_INPUT, rules),
            );
            (condition, Some(question))
        }
    }
}

/// That whoever set the trigger label may do so.
pub(super) fn allowed_sender(facts: &Facts, rules: Rules<'_>, trigger: &str) -> Reason {
    const RULE: &str = "allowed-sender";
    let set_by_owner = format!("an owner sets `{}`, or approves a request for it", shown(trigger));
    let Some(sender) = &facts.sender else {
        return fails(RULE, "nobody knows who set the label")
            .saw_nothing("sender")
            .remedy("give the event that set it, `labeled` or `opened`, with `--event FILE`");
    };
    let login = shown(&sender.login);
    let condition = |state, message: String| {
        let id = sender.id.map_or("not given".to_owned(), |id| id.to_string());
        Reason::new(RULE, state, message)
            .saw("sender", login.clone())
            .saw("sender id", id)
            .saw("sender type", sender.kind.as_str())
    };
    if let Some(set) = facts.label_set.as_deref().filter(|set| !same(set, trigger, rules)) {
        let message =
            format!("the event is about `{}`, not about `{}`", shown(set), shown(trigger));
        return condition(Judgement::Fails, message)
            .saw("label of the event", shown(set))
            .remedy(format!("start the gate on the event that set `{}`", shown(trigger)));
    }
    if rules.process.owners.is_empty() {
        return condition(Judgement::Fails, "nobody is an owner of this repository".to_owned())
            .remedy("name the owners under `process: owners:` in countersign.yaml");
    }
    if let (Some(request), SenderKind::Bot) = (&facts.approved, sender.kind) {
        return approved(request, facts, rules, trigger);
    }
    let kind = match sender.kind {
        SenderKind::User => ActorKind::Human,
        SenderKind::Bot => ActorKind::Agent,
        SenderKind::Other => ActorKind::Unknown,
    };
    // GitHub itself says who caused an event.
    let actor = Actor {
        kind,
        login: Some(sender.login.clone()),
        id: sender.id,
        verified: true,
        ..Actor::default()
    };
    let request = Request {
        actor,
        operation: SET_LABEL.to_owned(),
        arguments: [
            ("issue", facts.issue.into()),
            ("label", trigger.into()),
            ("action", "add".into()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect(),
        context: Context { now: facts.now, issue: Some(facts.issue), ..Context::default() },
        approvals: Vec::new(),
    };
    let verdict = rules.policy.decide(&request);
    let name = shown(trigger);
    if verdict.decision == Decision::Allow {
        return condition(Judgement::Holds, format!("`{login}` may set `{name}`"))
            .because(verdict.reason.because);
    }
    condition(Judgement::Fails, format!("`{login}` may not set `{name}`"))
        .remedy(set_by_owner)
        .because(verdict.reason.because)
}

/// That an owner approved the request that the label was set for.
fn approved(request: &Request, facts: &Facts, rules: Rules<'_>, trigger: &str) -> Reason {
    const RULE: &str = "allowed-sender";
    let name = shown(trigger);
    let argument = |name: &str| request.arguments.get(name);
    let label = argument("label").and_then(serde_json::Value::as_str).unwrap_or_default();
    let issue = argument("issue").and_then(serde_json::Value::as_u64).or(request.context.issue);
    let adds = argument("action").and_then(serde_json::Value::as_str) == Some("add");
    if request.operation != SET_LABEL || !adds || !same(label, trigger, rules) {
        return fails(RULE, format!("the approved request is not to set `{name}`"))
            .saw("operation", shown(&request.operation))
            .saw("label", shown(label))
            .remedy(format!("an owner approves a request to set `{name}`"));
    }
    if issue != Some(facts.issue) {
        let about = issue.map_or("not given".to_owned(), |issue| issue.to_string());
        return fails(RULE, "the approved request is about another issue")
            .saw("issue of the request", about)
            .remedy(format!("an owner approves a request about issue {}", facts.issue));
    }
    // An approval ages; the recorded request says what time it was then.
    let mut request = request.clone();
    request.context.now = facts.now;
    let verdict = rules.policy.decide(&request);
    if verdict.decision == Decision::Allow {
        return holds(RULE, format!("an owner approved that `{name}` is set"))
            .because(verdict.reason.because);
    }
    fails(RULE, format!("no approval counts for setting `{name}`"))
        .remedy(format!("an owner approves the request once more, or sets `{name}`"))
        .because(verdict.reason.because)
}

/// Whether two names are those of one label.
fn same(one: &str, other: &str, rules: Rules<'_>) -> bool {
    let key = |name: &str| rules.labels.classify(name).label.map(|label| label.key.clone());
    one.eq_ignore_ascii_case(other) || key(one).is_some_and(|one| key(other) == Some(one))
}

/// That nothing holds the issue up.
pub(super) fn barriers(facts: &Facts, rules: Rules<'_>) -> Vec<Reason> {
    let one = |rule, key: &'static str, fine: &str, bad: &str, remedy: &str| {
        let name = name_of(key, rules);
        let Some(labels) = &facts.labels else {
            let message = format!("nobody knows whether the issue has `{name}`");
            return fails(rule, message)
                .saw_nothing("labels")
                .remedy("give the event with `--event FILE`");
        };
        let has = labels
            .iter()
            .any(|label| rules.labels.classify(label).label.is_some_and(|label| label.key == key));
        if has {
            fails(rule, format!("{bad}: it has `{name}`"))
                .saw("label", name)
                .remedy(format!("{remedy}, and removes `{name}`"))
        } else {
            holds(rule, fine)
        }
    };
    vec![
        one(
            "not-blocked",
            BLOCKED,
            "the issue is not blocked",
            "the issue is blocked",
            "an owner settles what it waits for",
        ),
        one(
            "no-open-question",
            NEED_INPUT,
            "no question is open",
            "a question is open",
            "an owner answers it",
        ),
    ]
}
