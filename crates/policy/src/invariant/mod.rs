//! What agents can never bring about by themselves, and the proof of it for a policy.
//!
//! **The invariant.** *No sequence of requests by agents alone ends with a trigger or
//! deploy label set, an artifact approved, or a stage moved.* (Specification §1, rules 3
//! and 4.)
//!
//! The proof is by exhaustion. [`space`](Space) lists the actors that are no people (and
//! those that only pretend to be), every operation, every label, every stage, and every
//! value that some rule tells apart; all requests made of them are decided on. What is
//! allowed moves a small [world](World) on: labels that hold work up come and go, agents
//! that may answer approval requests answer them, all of them together, and whoever may change rules, owners or
//! the meaning of labels, or merge a change of countersign.yaml, is taken to be able to do
//! anything from then on. All worlds that can be reached are visited, until there is no
//! new one. A world that breaks the invariant is reported with the shortest sequence of
//! requests that leads there.
//!
//! Why that is enough: a decision depends on nothing but the request and the policy. Of a
//! request it sees the actor's kind and identity, the operation, the facts that a rule
//! about the operation asks for, and the approvals. Values that no rule names are told
//! apart by none, so that one of them stands for all.

mod report;
mod space;
mod world;

use std::collections::{HashMap, VecDeque};

pub use report::{Counterexample, Proof, Step};
pub use space::{Extent, Space};
pub use world::{Breach, World};

use crate::Policy;
use crate::decision::Decision;
use crate::request::{Actor, Grant, Request};
use world::Effects;

/// A request that agents can make, and what happens if they may.
struct Move {
    /// The number of the actor.
    actor: usize,
    request: Request,
    allowed: bool,
    effects: Effects,
}

/// Proves the invariant for a policy, or finds the sequence of requests that breaks it.
///
/// # Errors
///
/// The shortest [`Counterexample`].
pub fn prove(policy: &Policy, extent: Extent) -> Result<Proof, Box<Counterexample>> {
    explore(policy, extent, |request| policy.decision(request))
}

/// As [`prove`], for decisions that are made otherwise: so that a fault in the decision
/// itself can be put in, and has to be found.
///
/// # Errors
///
/// The shortest [`Counterexample`].
pub fn explore(
    policy: &Policy,
    extent: Extent,
    decide: impl Fn(&Request) -> Decision,
) -> Result<Proof, Box<Counterexample>> {
    let space = Space::new(policy, extent);
    let mut proof = Proof::default();
    let mut moves: Vec<Move> = Vec::new();
    let mut kept: HashMap<(usize, Effects, bool), ()> = HashMap::new();
    space.each_request(&mut |actor, request| {
        proof.requests += 1;
        let allowed = match decide(request) {
            Decision::Allow => true,
            Decision::NeedsApproval(_) => false,
            Decision::Deny => return,
        };
        let effects = Effects::of(policy, request);
        // One request stands for all of the same actor that bring about the same.
        if effects.is_something() && kept.insert((actor, effects, allowed), ()).is_none() {
            moves.push(Move { actor, request: request.clone(), allowed, effects });
        }
    });
    proof.moves = moves.len();
    visit(policy, &space, &moves, &decide, proof)
}

/// Breadth first through all worlds that can be reached.
fn visit(
    policy: &Policy,
    space: &Space<'_>,
    moves: &[Move],
    decide: &impl Fn(&Request) -> Decision,
    mut proof: Proof,
) -> Result<Proof, Box<Counterexample>> {
    // Once one of them answers, all may have answered that are let: each more only adds to
    // what is possible.
    let answering: Vec<Actor> = space
        .actors()
        .enumerate()
        .filter(|(at, _)| moves.iter().any(|it| it.actor == *at && it.effects.answers))
        .map(|(_, actor)| actor.clone())
        .collect();
    // How each world was reached: from which, by which move.
    let mut reached: HashMap<World, Option<(World, Step)>> = HashMap::new();
    let mut open: VecDeque<World> = World::beginnings().collect();
    for world in &open {
        reached.insert(*world, None);
    }
    while let Some(world) = open.pop_front() {
        proof.worlds += 1;
        for candidate in moves {
            proof.steps += 1;
            let Some(step) = step(policy, &answering, world, candidate, decide) else { continue };
            let next = world.after(candidate.effects);
            if let Some(breach) = next.breach() {
                let mut steps = vec![step];
                let mut at = world;
                while let Some(Some((before, step))) = reached.get(&at) {
                    steps.push(step.clone());
                    at = *before;
                }
                steps.reverse();
                return Err(Box::new(Counterexample { steps, breach }));
            }
            if let std::collections::hash_map::Entry::Vacant(entry) = reached.entry(next) {
                entry.insert(Some((world, step)));
                open.push_back(next);
            }
        }
    }
    Ok(proof)
}

/// The move as a step from `world`, if it can be made there.
fn step(
    policy: &Policy,
    answering: &[Actor],
    world: World,
    candidate: &Move,
    decide: &impl Fn(&Request) -> Decision,
) -> Option<Step> {
    let Move { request, allowed, .. } = candidate;
    let step = |request: &Request, unchecked| {
        Some(Step { request: request.clone(), verdict: policy.decide(request), unchecked })
    };
    if world.anything_goes() {
        return step(request, true);
    }
    if !world.fits(policy, request) {
        return None;
    }
    if *allowed {
        return step(request, false);
    }
    let now = request.context.now?;
    if !world.answers() {
        return None;
    }
    let approvals = answering.iter().map(|actor| Grant {
        id: "given-by-an-agent".to_owned(),
        request: request.digest(),
        policy: policy.digest(),
        by: actor.clone(),
        at: now,
        expires: now.after(std::time::Duration::from_secs(60)),
    });
    let approvals = approvals.collect();
    let request = Request { approvals, ..request.clone() };
    if decide(&request) == Decision::Allow { step(&request, false) } else { None }
}
