//! In which order labels can be renamed.

use std::collections::BTreeMap;

use super::temporary::{self, Waiting};
use super::{RemoteLabel, Step};
use crate::name::fold;

/// The renames as steps, each at a time when its new name is free. No two have the same label
/// or the same new name. Circles come last: once one is closed, nothing must be left that would
/// have the same request made again.
pub(super) fn renames(mut wanted: Vec<(RemoteLabel, RemoteLabel)>) -> Vec<Step> {
    wanted.sort();
    let by_old_name: BTreeMap<String, usize> =
        wanted.iter().enumerate().map(|(at, (from, _))| (fold(&from.name), at)).collect();
    // The rename that must come before this one: that of the label that has the name.
    let before = |at: usize| -> Option<usize> {
        let (_, to) = wanted.get(at)?;
        by_old_name.get(&fold(&to.name)).copied().filter(|other| *other != at)
    };
    let mut steps = Vec::new();
    let mut circles = Vec::new();
    let mut done = vec![false; wanted.len()];
    for first in 0..wanted.len() {
        let mut chain = Vec::new();
        let mut next = Some(first);
        let mut circle = false;
        while let Some(at) = next.filter(|at| !done[*at]) {
            if at == first && !chain.is_empty() {
                circle = true;
                break;
            }
            chain.push(at);
            next = before(at);
        }
        let mut last = None;
        let waits = |at: &usize| Waiting::parse(&wanted[*at].0.name).is_some();
        let closes_one = circle || chain.iter().any(waits);
        let steps = if closes_one { &mut circles } else { &mut steps };
        if circle {
            let (from, to) = &wanted[first];
            let waiting =
                RemoteLabel { name: temporary::name(&from.name, &to.name), ..from.clone() };
            steps.push(Step::Rename { from: from.clone(), to: waiting.clone() });
            last = Some(Step::Rename { from: waiting, to: to.clone() });
        }
        for at in chain.into_iter().rev() {
            done[at] = true;
            let (from, to) = &wanted[at];
            if at != first || last.is_none() {
                steps.push(Step::Rename { from: from.clone(), to: to.clone() });
            }
        }
        steps.extend(last);
    }
    steps.append(&mut circles);
    steps
}
