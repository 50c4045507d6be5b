//! `supersedes-cycle`: documents that replace each other.

use super::{Check, Rule, TreeContext, TreeFindings};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::span::Span;
use crate::tree::Facts;

pub(super) static RULE: Rule = Rule {
    id: "supersedes-cycle",
    summary: "documents that supersede each other in a circle",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/supersedes-cycle.md"),
    options: &[],
    check: Check::Tree(check),
};

fn check(context: &TreeContext<'_>, findings: &mut TreeFindings) {
    let mut state = vec![State::Unseen; context.documents.len()];
    for start in 0..context.documents.len() {
        walk(context, start, &mut state, findings);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Unseen,
    OnPath,
    Done,
}

/// Depth first, with a stack of our own: a chain can be as long as the tree.
fn walk(context: &TreeContext<'_>, start: usize, state: &mut [State], findings: &mut TreeFindings) {
    if state[start] != State::Unseen {
        return;
    }
    state[start] = State::OnPath;
    let mut path = vec![(start, replaced_by(context, start).into_iter())];
    while let Some((at, next)) = path.last_mut() {
        match next.next() {
            Some(next) if state[next] == State::OnPath => {
                let from = path.iter().position(|(at, _)| *at == next).unwrap_or_default();
                let circle: Vec<usize> = path[from..].iter().map(|(at, _)| *at).collect();
                report(context, &circle, findings);
            }
            Some(next) if state[next] == State::Unseen => {
                state[next] = State::OnPath;
                path.push((next, replaced_by(context, next).into_iter()));
            }
            Some(_) => {}
            None => {
                state[*at] = State::Done;
                path.pop();
            }
        }
    }
}

/// The documents that the one at `at` replaces.
fn replaced_by(context: &TreeContext<'_>, at: usize) -> Vec<usize> {
    let places = context.documents[at].supersedes().filter_map(|to| context.by_id.get(&*to.value));
    places.flatten().copied().collect()
}

/// One finding per circle, at its first document that is looked at.
fn report(context: &TreeContext<'_>, circle: &[usize], findings: &mut TreeFindings) {
    let mut members: Vec<&Facts> = circle.iter().map(|at| &context.documents[*at]).collect();
    let Some(first) = members
        .iter()
        .enumerate()
        .filter(|(_, facts)| facts.reported)
        .min_by_key(|(_, facts)| &facts.path)
        .map(|(at, _)| at)
    else {
        return;
    };
    members.rotate_left(first);
    let facts = members[0];
    let names = members.iter().chain([&facts]).filter_map(|facts| facts.id.as_ref());
    let names: Vec<String> = names.map(|id| excerpt(&id.value)).collect();
    // The step of the circle, not any other document that this one replaces.
    let next = members.get(1).unwrap_or(&facts).id.as_ref().map(|id| &id.value);
    let step = facts.supersedes().find(|to| Some(&to.value) == next);
    let place = step.map_or_else(Span::default, |to| to.span);
    findings.report(
        facts,
        Finding::new(place, format!("documents supersede each other: {}", names.join(" → ")))
            .help("the newest document supersedes the others; remove the step back"),
    );
}
