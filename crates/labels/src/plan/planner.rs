//! From the catalogue and what was observed to a plan.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use countersign_markup::shown::excerpt;

use super::request::{check, circle};
use super::temporary::Waiting;
use super::{Note, NoteKind, Plan, PlanError, RemoteLabel, Request, Step, order, state};
use crate::catalogue::{Catalogue, Label};
use crate::name::fold;

/// Plans how the labels `observed` in a repository become those of the catalogue.
///
/// Nothing is decided by guess. Labels that neither the catalogue nor the request speaks of stay
/// as they are; two labels become one only if the catalogue says that they mean the same
/// (an alias) or the request asks for it.
///
/// # Errors
///
/// [`PlanError`] when the request contradicts itself. What cannot be done because of what is
/// observed is a note of kind [`NoteKind::Blocked`].
pub fn plan(
    catalogue: &Catalogue,
    request: &Request,
    observed: &[RemoteLabel],
) -> Result<Plan, PlanError> {
    check(catalogue, request)?;
    let mut planner = Planner {
        catalogue,
        observed: state::sorted(observed),
        by_name: BTreeMap::new(),
        notes: Vec::new(),
    };
    planner.by_name = planner.index();
    let mut moves = planner.moves(request);
    planner.block(&mut moves);
    let moves = moves;
    let (mut steps, renames) = planner.settle(&moves);
    let mut names: BTreeSet<String> = planner.observed.iter().map(|l| fold(&l.name)).collect();
    for step in &steps {
        if let Step::Merge { from, .. } = step {
            names.remove(&fold(from));
        }
    }
    for (from, _) in &renames {
        names.remove(&fold(&from.name));
    }
    names.extend(renames.iter().map(|(_, to)| fold(&to.name)));
    steps.extend(order::renames(renames));
    planner.finish(request, &moves, &names, &mut steps);
    planner.notes.sort_by(|one, other| (&one.label, &one.text).cmp(&(&other.label, &other.text)));
    Ok(Plan { steps, notes: planner.notes, observed: planner.observed })
}

/// Where a label goes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Move {
    to: String,
    why: Why,
}

/// Why a label becomes another. The order is that in which they are taken for the label that
/// the others are merged into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// An earlier run left it under a temporary name.
    Waiting,
    /// The request renames it.
    Renamed,
    /// It is an alias: its place in the catalogue's list.
    Alias(usize),
    /// The request merges it.
    Merged,
}

struct Planner<'c> {
    catalogue: &'c Catalogue,
    observed: Vec<RemoteLabel>,
    /// Place in `observed` of a folded name.
    by_name: BTreeMap<String, usize>,
    notes: Vec<Note>,
}

impl Planner<'_> {
    fn index(&self) -> BTreeMap<String, usize> {
        let mut by_name = BTreeMap::new();
        for (at, label) in self.observed.iter().enumerate() {
            by_name.entry(fold(&label.name)).or_insert(at);
        }
        by_name
    }

    fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(&fold(name))
    }

    fn note(&mut self, kind: NoteKind, label: &str, text: impl Into<String>) {
        self.notes.push(Note { label: label.to_owned(), kind, text: text.into() });
    }

    /// Where each label goes, by place in `observed`; those that stay are not named.
    fn moves(&mut self, request: &Request) -> BTreeMap<usize, Move> {
        let mut renames: BTreeMap<String, &str> =
            request.renames.iter().map(|(from, to)| (fold(from), &**to)).collect();
        let mut moves = BTreeMap::new();
        for at in 0..self.observed.len() {
            let name = self.observed[at].name.clone();
            let Some(waiting) = Waiting::parse(&name) else { continue };
            if let Some(to) = self.resume(&name, &waiting, request, &mut renames) {
                moves.insert(at, Move { to, why: Why::Waiting });
            }
        }
        for (from, to) in &request.renames {
            if !self.has(from) && !self.has(to) && renames.contains_key(&fold(from)) {
                self.note(NoteKind::Kept, from, "is not there, so it is not renamed");
            }
        }
        let merges: BTreeMap<String, &str> =
            request.merges.iter().map(|(from, into)| (fold(from), &**into)).collect();
        for (from, _) in &request.merges {
            if !self.has(from) {
                self.note(NoteKind::Kept, from, "is not there, so it is not merged");
            }
        }
        for (at, label) in self.observed.iter().enumerate() {
            let folded = fold(&label.name);
            let goes = if moves.contains_key(&at) || Waiting::parse(&label.name).is_some() {
                None
            } else if let Some(to) = renames.get(&folded) {
                Some(Move { to: (*to).to_owned(), why: Why::Renamed })
            } else if let Some(into) = merges.get(&folded) {
                let into = self.standing_for(into);
                // An alias of the label is what is already merged into it.
                (fold(&into) != folded).then_some(Move { to: into, why: Why::Merged })
            } else if self.catalogue.by_name(&folded).is_some() {
                None
            } else {
                self.catalogue.by_alias(&folded).map(|known| {
                    let is_it = |alias: &String| fold(alias) == folded;
                    let place = known.aliases.iter().position(is_it).unwrap_or_default();
                    Move { to: known.name.clone(), why: Why::Alias(place) }
                })
            };
            if let Some(goes) = goes {
                moves.insert(at, goes);
            }
        }
        self.refuse_broken_circles(request, &mut moves);
        moves
    }

    /// Takes out what belongs to a circle of names in which one is missing. Whoever ran the
    /// request again, when another label has got the name, would rename that one, too. A circle
    /// that an earlier run began has a label that waits.
    fn refuse_broken_circles(&mut self, request: &Request, moves: &mut BTreeMap<usize, Move>) {
        let mut broken = BTreeSet::new();
        for (from, _) in &request.renames {
            let Some(names) = circle(request, from) else { continue };
            let waits = self.observed.iter().any(|label| {
                Waiting::parse(&label.name)
                    .is_some_and(|waiting| names.iter().any(|name| waiting.was(name)))
            });
            if !waits && names.iter().any(|name| !self.has(name)) {
                broken.extend(names);
            }
        }
        let refused: Vec<usize> = moves
            .iter()
            .filter(|(_, goes)| goes.why != Why::Merged && broken.contains(&fold(&goes.to)))
            .map(|(&at, _)| at)
            .collect();
        for at in refused {
            let Some(goes) = moves.remove(&at) else { continue };
            let name = self.observed[at].name.clone();
            let text = format!(
                "cannot be called `{}`: names go round in a circle, and one of them is not there; \
                 leave it out",
                excerpt(&goes.to)
            );
            self.note(NoteKind::Blocked, &name, text);
        }
    }

    /// The name, or that of the label which an alias that is gone has become.
    fn standing_for(&self, name: &str) -> String {
        let now = self.catalogue.by_alias(name).filter(|_| !self.has(name));
        now.map_or_else(|| name.to_owned(), |label| label.name.clone())
    }

    /// Where a label under a temporary name goes. What an earlier run did of its request is
    /// taken out of `renames`: a circle of names has one gap, which moves as labels move.
    fn resume(
        &mut self,
        name: &str,
        waiting: &Waiting,
        request: &Request,
        renames: &mut BTreeMap<String, &str>,
    ) -> Option<String> {
        let asked =
            request.renames.iter().find(|(from, to)| waiting.was(from) && waiting.becomes(to));
        let Some((from, to)) = asked else {
            let known = self.catalogue.labels().iter().map(|label| &label.name);
            let target = known.clone().find(|known| waiting.becomes(known)).cloned();
            return match target {
                Some(to) if !self.has(&to) => Some(to),
                _ => {
                    self.note(
                        NoteKind::Blocked,
                        name,
                        "waits for a name that another label has, or that is not known here; run \
                         again what was interrupted, with the same --rename or --plan",
                    );
                    None
                }
            };
        };
        let mut circle = vec![fold(from)];
        let mut left = BTreeSet::new();
        let mut place = fold(to);
        // From the name that the label waits for, against the direction of the gap.
        while self.has(&place) && !circle.contains(&place) {
            circle.push(place.clone());
            left.insert(place.clone());
            match renames.get(&place) {
                Some(next) => place = fold(next),
                None => break,
            }
        }
        if self.has(&place) {
            self.note(
                NoteKind::Blocked,
                name,
                format!("waits for the name `{}`, which another label has", excerpt(to)),
            );
            left.clear();
        }
        // What is beyond the gap has been renamed already; names come round to the first one.
        let mut beyond = place;
        while let Some(next) = renames.get(&beyond).map(|next| fold(next)) {
            if left.contains(&beyond) {
                break;
            }
            renames.remove(&beyond);
            beyond = next;
        }
        renames.remove(&fold(from));
        Some(to.clone()).filter(|_| !self.notes.iter().any(|note| note.label == name))
    }

    /// Takes out the moves that cannot be. A label that stays after all can be in the way of
    /// another one, so it is done until nothing is left to take out.
    fn block(&mut self, moves: &mut BTreeMap<usize, Move>) {
        loop {
            let holders = self.holders(moves);
            let fault = moves
                .iter()
                .find_map(|(&at, goes)| Some((at, self.fault(at, goes, moves, &holders)?)));
            let Some((at, text)) = fault else { break };
            moves.remove(&at);
            let name = self.observed[at].name.clone();
            self.note(NoteKind::Blocked, &name, text);
        }
    }

    /// The label that has, or will have, each name that labels move to: one that stays, or else
    /// the first that moves there.
    fn holders(&self, moves: &BTreeMap<usize, Move>) -> BTreeMap<String, usize> {
        let mut holders: BTreeMap<String, usize> = BTreeMap::new();
        for (&at, goes) in moves.iter().filter(|(_, goes)| goes.why != Why::Merged) {
            let target = fold(&goes.to);
            let stays = self.by_name.get(&target).copied().filter(|at| !moves.contains_key(at));
            let holder = holders.entry(target).or_insert(stays.unwrap_or(at));
            let is_before =
                |other: &usize| moves.get(other).is_some_and(|other| goes.why < other.why);
            if is_before(holder) {
                *holder = at;
            }
        }
        holders
    }

    /// Why a move cannot be.
    fn fault(
        &self,
        at: usize,
        goes: &Move,
        moves: &BTreeMap<usize, Move>,
        holders: &BTreeMap<String, usize>,
    ) -> Option<String> {
        let target = fold(&goes.to);
        let to = excerpt(&goes.to);
        let into = match goes.why {
            Why::Merged => self.by_name.get(&target).or_else(|| holders.get(&target)),
            _ => holders.get(&target),
        };
        let Some(&into) = into else {
            return Some(format!(
                "there is no `{to}` to merge it into; to call it that, use --rename"
            ));
        };
        if into == at {
            return None;
        }
        if matches!(goes.why, Why::Renamed | Why::Waiting) {
            let place = if moves.contains_key(&into) { "another label gets" } else { "is there" };
            return Some(format!(
                "cannot be called `{to}`, which {place} already; if it was renamed before, all is \
                 well; to move its issues over, use --merge"
            ));
        }
        None
    }

    /// The merges as steps, and the renames.
    fn settle(
        &self,
        moves: &BTreeMap<usize, Move>,
    ) -> (Vec<Step>, Vec<(RemoteLabel, RemoteLabel)>) {
        let holders = self.holders(moves);
        let mut into: BTreeMap<usize, usize> = BTreeMap::new();
        let mut renames = Vec::new();
        for (&at, goes) in moves {
            let target = fold(&goes.to);
            let holder = match goes.why {
                Why::Merged => self.by_name.get(&target).or_else(|| holders.get(&target)),
                _ => holders.get(&target),
            };
            match holder {
                Some(&holder) if holder != at => {
                    into.insert(at, holder);
                }
                _ => {
                    let from = self.observed[at].clone();
                    let to = self.wanted(&from, &goes.to);
                    if from != to {
                        renames.push((from, to));
                    }
                }
            }
        }
        let mut merges: Vec<(usize, Step)> =
            into.keys().filter_map(|&at| self.merge(at, &into)).collect();
        // The far end of a chain first, so that a request that is made again finds the rest.
        merges.sort_by_key(|(distance, _)| Reverse(*distance));
        (merges.into_iter().map(|(_, step)| step).collect(), renames)
    }

    /// The merge of a label, at once into the one that all of a chain end in, and the length of
    /// that way.
    fn merge(&self, at: usize, into: &BTreeMap<usize, usize>) -> Option<(usize, Step)> {
        let mut last = at;
        let mut distance = 0;
        // Merges do not go round in a circle: `check` has seen to it.
        while let Some(next) = into.get(&last).filter(|_| distance <= into.len()) {
            last = *next;
            distance += 1;
        }
        let (from, into) = (self.observed.get(at)?, self.observed.get(last)?);
        let step = Step::Merge { from: from.name.clone(), into: into.name.clone() };
        (at != last).then_some((distance, step))
    }

    /// The label under its new name, with the looks that the catalogue gives to it.
    fn wanted(&self, from: &RemoteLabel, to: &str) -> RemoteLabel {
        match self.catalogue.by_name(to) {
            Some(label) => self.remote(label, Some(from)),
            None => RemoteLabel { name: to.to_owned(), ..from.clone() },
        }
    }

    /// A label of the catalogue as GitHub is to have it. Where the catalogue describes nothing,
    /// the description that is there stays.
    fn remote(&self, label: &Label, now: Option<&RemoteLabel>) -> RemoteLabel {
        let description = match label.summary.get(self.catalogue.language()) {
            "" => now.map(|now| now.description.clone()).unwrap_or_default(),
            summary => summary.to_owned(),
        };
        RemoteLabel { name: label.name.clone(), color: label.color.to_string(), description }
    }

    /// Updates, creations and deletions.
    fn finish(
        &mut self,
        request: &Request,
        moves: &BTreeMap<usize, Move>,
        names: &BTreeSet<String>,
        steps: &mut Vec<Step>,
    ) {
        // What a request names is wanted, also when an earlier run did its part already.
        let asked: BTreeSet<String> =
            request.renames.iter().chain(&request.merges).map(|(_, name)| fold(name)).collect();
        let mut updates = Vec::new();
        let mut deletions = Vec::new();
        let mut kept = Vec::new();
        for (at, now) in self.observed.iter().enumerate() {
            let known = self.catalogue.by_name(&now.name);
            match known.filter(|_| !moves.contains_key(&at)) {
                // Of two names that fold alike, only one can be meant.
                Some(label) if self.by_name.get(&fold(&now.name)) == Some(&at) => {
                    let to = self.remote(label, Some(now));
                    if to != *now {
                        updates.push(Step::Update { from: now.clone(), to });
                    }
                }
                Some(_) => {}
                None if known.is_some() || moves.contains_key(&at) || !request.prune => {}
                None if Waiting::parse(&now.name).is_some() => {}
                None if asked.contains(&fold(&now.name)) => {}
                None if request.in_use.contains(&now.name) => {
                    kept.push((now.name.clone(), "is in use, so it is not deleted"));
                }
                None => deletions.push(Step::Delete { label: now.clone() }),
            }
        }
        for (name, text) in kept {
            self.note(NoteKind::Kept, &name, text);
        }
        let mut creations: Vec<RemoteLabel> = self
            .catalogue
            .labels()
            .iter()
            .filter(|label| !names.contains(&fold(&label.name)))
            .map(|label| self.remote(label, None))
            .collect();
        creations.sort();
        steps.extend(updates);
        steps.extend(creations.into_iter().map(|label| Step::Create { label }));
        steps.extend(deletions);
    }
}
