//! No sequence of requests by agents alone ends with a trigger or deploy label set, an
//! artifact approved, or a stage moved.

use countersign_policy::invariant::{Extent, Proof, prove};
use countersign_policy::{Decision, Policy};

use crate::decide::policy;

#[test]
fn the_default_policy_holds_agents_over_the_whole_space() {
    for policy in [Policy::default(), policy("")] {
        let proof = prove(&policy, Extent::Whole).unwrap_or_else(|found| panic!("{found}"));
        assert_premises(&policy, proof);
    }
}

/// That the proof is one of something.
fn assert_premises(policy: &Policy, proof: Proof) {
    let process = policy.process();
    let least = process.operations.len() * process.roles.len() * process.stages.len() * 4;
    assert!(proof.requests > least, "{proof:?} is fewer than {least} requests");
    assert!(proof.moves > 0 && proof.worlds >= 4, "{proof:?}: agents can do nothing at all");
}

#[test]
fn the_quick_proof_comes_to_the_same() {
    let quick = prove(&policy(""), Extent::Relevant).unwrap_or_else(|found| panic!("{found}"));
    println!("{quick:?}");
    assert!(quick.moves > 0);
}

/// The policy broken on purpose, and the sequence that is found.
fn broken(change: &str) -> String {
    let policy = policy(change);
    match prove(&policy, Extent::Relevant) {
        Ok(proof) => panic!("nothing was found in {proof:?} for\n{change}"),
        Err(found) => found.to_string(),
    }
}

#[test]
fn every_hole_is_found_and_shown_as_a_sequence() {
    insta::assert_snapshot!(broken("  rules: {starting-labels: ~}\n"), @"");
}
