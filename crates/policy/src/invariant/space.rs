//! All requests that agents can make, one for each that a policy can tell apart.

use std::collections::{BTreeMap, BTreeSet};

use countersign_labels::Class;
use countersign_process::{Condition, Effect, Instant, Value};
use serde_json::{Value as Json, json};

use super::world::APPROVED;
use crate::Policy;
use crate::fact::{BLOCKED, NEED_INPUT};
use crate::request::{Actor, ActorKind, Context, Permission, Request};

/// How much of the space to walk through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every actor, operation, label, stage and fact.
    Whole,
    /// Stages and facts only where a rule about the operation asks for them, and labels of
    /// the same class that no rule names only once. The same decisions, much quicker.
    Relevant,
}

/// The requests that agents can make under a policy.
#[derive(Debug)]
pub struct Space<'p> {
    policy: &'p Policy,
    extent: Extent,
    actors: Vec<Actor>,
}

impl<'p> Space<'p> {
    /// The space of a policy.
    #[must_use]
    pub fn new(policy: &'p Policy, extent: Extent) -> Self {
        Self { policy, extent, actors: actors(policy) }
    }

    /// The actors, each known by its place: agents of every role and of none, workflows,
    /// apps that are called like an owner, and accounts that only say that they are people.
    pub fn actors(&self) -> impl Iterator<Item = &Actor> {
        self.actors.iter()
    }

    /// Calls `visit` with every request and the number of its actor.
    pub fn each_request(&self, visit: &mut dyn FnMut(usize, &Request)) {
        let process = self.policy.process();
        for operation in process.operations.keys() {
            let asked = Asked::about(self.policy, operation, self.extent);
            for (at, actor) in self.actors.iter().enumerate() {
                for arguments in &asked.arguments {
                    let mut request = Request {
                        actor: actor.clone(),
                        operation: operation.clone(),
                        arguments: arguments.clone(),
                        context: Context::default(),
                        approvals: Vec::new(),
                    };
                    for context in &asked.contexts {
                        request.context.clone_from(context);
                        visit(at, &request);
                    }
                }
            }
        }
    }
}

fn actors(policy: &Policy) -> Vec<Actor> {
    let process = policy.process();
    let agent = |login: &str, role: Option<&str>| Actor {
        kind: ActorKind::Agent,
        login: Some(login.to_owned()),
        role: role.map(str::to_owned),
        session: Some("S-1".to_owned()),
        verified: true,
        ..Actor::default()
    };
    let mut actors: Vec<Actor> = Vec::new();
    for (name, role) in &process.roles {
        // An agent may say that it has a role of people; it stays an agent.
        let login = if role.human { "agent-that-claims-a-role" } else { "agent" };
        actors.push(agent(login, Some(name)));
    }
    actors.push(agent("agent", None));
    actors.push(agent("agent", Some("no-such-role")));
    actors.push(Actor { session: None, ..agent("an-app[bot]", None) });
    let workflow = Actor { kind: ActorKind::Workflow, ..agent("github-actions[bot]", None) };
    actors.push(Actor { session: None, ..workflow.clone() });
    // Whoever matters to the policy by name, and machines that bear that name.
    let owners = process.owners.iter();
    let delegates = process.delegations.iter().map(|delegation| &delegation.to);
    let names: BTreeSet<_> = owners.chain(delegates).take(8).collect();
    for account in names {
        let named = |actor: Actor| Actor {
            login: Some(account.login.clone()),
            id: account.id,
            permission: Some(Permission::Admin),
            ..actor
        };
        actors.push(named(Actor { session: None, ..agent("", None) }));
        actors.push(named(workflow.clone()));
        // An agent with a person's token, and somebody whom nobody has verified.
        actors.push(named(Actor { kind: ActorKind::Human, ..agent("", None) }));
        let role =
            process.roles.iter().find(|(_, role)| !role.human).map(|(name, _)| name.as_str());
        let human = ActorKind::Human;
        actors.push(named(Actor { kind: human, session: None, ..agent("", role) }));
        let nobody = Actor { kind: human, session: None, verified: false, ..agent("", None) };
        actors.push(named(nobody.clone()));
        actors.push(named(Actor { kind: ActorKind::Unknown, verified: true, ..nobody }));
    }
    actors.push(Actor::default());
    actors
}

/// What of a request about one operation can make a difference.
struct Asked {
    arguments: Vec<BTreeMap<String, Json>>,
    contexts: Vec<Context>,
}

impl Asked {
    fn about(policy: &Policy, operation: &str, extent: Extent) -> Self {
        let process = policy.process();
        let rules: Vec<_> =
            policy.rules_about(operation).iter().filter_map(|id| process.rules.get(id)).collect();
        let conditions = || rules.iter().flat_map(|rule| rule.when.iter().chain(&rule.unless));
        let whole = extent == Extent::Whole;
        let asks =
            |names: &[&str]| whole || conditions().any(|(name, _)| names.contains(&name.as_str()));

        let mut stages = vec![None];
        if asks(&["issue.stage", "role_in_stage"]) {
            stages.extend(process.stages.keys().cloned().map(Some));
            stages.push(Some("no-such-stage".to_owned()));
        }
        let mut profiles = vec![None];
        if asks(&["issue.profile"])
            && (!whole || conditions().any(|(name, _)| name == "issue.profile"))
        {
            profiles.extend(process.profiles.keys().cloned().map(Some));
        }
        let mut labels = vec![None];
        if asks(&["issue.open_input", "issue.blocked"]) {
            let all: [&[&str]; 4] = [&[], &[NEED_INPUT, BLOCKED], &[NEED_INPUT], &[BLOCKED]];
            // Where nothing asks for them, they are only there to be seen not to matter.
            let asked = conditions()
                .any(|(name, _)| ["issue.open_input", "issue.blocked"].contains(&name.as_str()));
            for on in &all[..if asked { 4 } else { 2 }] {
                labels.push(Some(on.iter().map(|key| name_of(policy, key)).collect()));
            }
        }
        let facts = combinations(named(conditions(), "context."));
        let mut contexts = Vec::new();
        for stage in &stages {
            for profile in &profiles {
                for labels in &labels {
                    for now in times(policy, extent) {
                        for facts in &facts {
                            contexts.push(Context {
                                now,
                                stage: stage.clone(),
                                profile: profile.clone(),
                                labels: labels.clone(),
                                facts: facts.clone(),
                                ..Context::default()
                            });
                        }
                    }
                }
            }
        }

        let others = combinations(named(conditions(), "arguments."));
        let mut arguments = Vec::new();
        for carried in carried(policy, operation, extent) {
            for other in &others {
                let mut all = carried.clone();
                for (name, value) in other {
                    all.entry(name.clone()).or_insert_with(|| json!(value));
                }
                arguments.push(all);
            }
        }
        Self { arguments, contexts }
    }
}

/// What a label of the catalogue is called on GitHub.
fn name_of(policy: &Policy, key: &str) -> String {
    policy.labels().by_key(key).map_or_else(|| key.to_owned(), |label| label.name.clone())
}

/// A time before everything, and another: none in the whole space, else the end of each
/// delegation.
fn times(policy: &Policy, extent: Extent) -> Vec<Option<Instant>> {
    let start = Some(Instant::from_unix(0));
    if extent == Extent::Whole {
        return vec![start, None];
    }
    let delegations = policy.process().delegations.iter().map(|delegation| delegation.until);
    let ends: BTreeSet<Instant> = delegations.collect();
    std::iter::once(start).chain(ends.into_iter().map(Some)).collect()
}

/// The values of each named fact that rules tell apart, and one that they do not.
fn named<'c>(
    conditions: impl Iterator<Item = (&'c String, &'c Condition)>,
    prefix: &str,
) -> BTreeMap<String, Vec<Value>> {
    let mut values: BTreeMap<String, BTreeSet<Value>> = BTreeMap::new();
    for (name, condition) in conditions {
        let Some(name) = name.strip_prefix(prefix) else { continue };
        let values = values.entry(name.to_owned()).or_default();
        values.insert(Value::Text("something-else".to_owned()));
        match condition {
            Condition::OneOf(named) => values.extend(named.iter().cloned()),
            Condition::Range(range) => {
                for bound in [range.at_least, range.at_most].into_iter().flatten() {
                    let around = [bound.saturating_sub(1), bound, bound.saturating_add(1)];
                    values.extend(around.map(Value::Number));
                }
            }
            Condition::Given(_) => {}
        }
    }
    values.into_iter().map(|(name, values)| (name, values.into_iter().collect())).collect()
}

/// All ways to give values to the facts, each of which may also not be given.
fn combinations(facts: BTreeMap<String, Vec<Value>>) -> Vec<BTreeMap<String, Value>> {
    let mut all = vec![BTreeMap::new()];
    for (name, values) in facts {
        let mut more = Vec::new();
        for given in &all {
            for value in &values {
                let mut given: BTreeMap<String, Value> = given.clone();
                given.insert(name.clone(), value.clone());
                more.push(given);
            }
        }
        all.extend(more);
    }
    all
}

/// The labels that a request may carry, with what it does to them.
fn carried(policy: &Policy, operation: &str, extent: Extent) -> Vec<BTreeMap<String, Json>> {
    let catalogue = policy.labels();
    let operations = &policy.process().operations;
    let is_label = operations.get(operation).is_some_and(|it| it.effect == Effect::Label);
    let mut names: Vec<String> = Vec::new();
    let mut seen: Vec<Class> = Vec::new();
    // Those that rules name, and those that make a difference to the world.
    let named: BTreeSet<&str> =
        policy.named_labels().chain([BLOCKED, NEED_INPUT, APPROVED]).collect();
    for label in catalogue.labels() {
        let first = !seen.contains(&label.class);
        let told_apart = named.contains(label.key.as_str());
        if first || told_apart || (extent == Extent::Whole && is_label) {
            seen.push(label.class);
            names.push(label.name.clone());
        }
    }
    // A trigger that the catalogue does not have, one in other case, and a label of which
    // nothing is known.
    names.extend(["run:no-such-stage", "RUN:DEV", "nobody-knows"].map(str::to_owned));
    let mut all = vec![BTreeMap::new()];
    let actions: &[Option<&str>] =
        if is_label { &[None, Some("add"), Some("remove"), Some("ADD")] } else { &[None] };
    let argument = if is_label { "label" } else { "labels" };
    for action in actions {
        let with = |label: Json| {
            let mut arguments = BTreeMap::from([(argument.to_owned(), label)]);
            arguments.extend(action.map(|action| ("action".to_owned(), json!(action))));
            arguments
        };
        all.extend(names.iter().map(|name| with(json!(name))));
        // A trigger behind a harmless label, and what is no label at all.
        let harmless = catalogue.labels().iter().find(|label| label.class == Class::Semantic);
        let harmless = harmless.map_or("bug", |label| &label.name);
        all.push(with(json!([harmless, "run:dev"])));
        all.push(with(json!({ "name": "run:dev" })));
    }
    if is_label {
        for argument in ["add_labels", "remove_labels"] {
            all.push(BTreeMap::from([(argument.to_owned(), json!(["run:dev"]))]));
        }
    }
    all
}
