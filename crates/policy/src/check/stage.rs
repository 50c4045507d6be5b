//! Stages: what leads to each, and whether what it needs is there by then.

use std::collections::BTreeSet;

use countersign_docset::catalogue::Catalogue;
use countersign_markup::nearest::suggestion;
use countersign_process::{Process, Stage};
use globset::GlobBuilder;

use super::Found;

pub(super) fn check(process: &Process, types: &Catalogue, found: &mut Vec<Found>) {
    let reachable = reachable(process);
    for (name, stage) in process.in_order() {
        if !reachable.contains(name) {
            found.push(Found {
                rule: "unreachable-stage",
                place: Some(stage.place.clone()),
                message: format!("nothing leads to the stage `{name}`"),
                help: "put it into a profile, name it in `next:` of a stage, or let it follow any with `from_any: true`".to_owned(),
            });
        }
        unknown_types(name, stage, types, found);
    }
    for profile in process.profiles.keys() {
        unproduced(process, profile, found);
    }
    paths(process, found);
    // A type of the adopter's own that says where it comes from.
    for kind in types.types.values() {
        if kind.stage != "any" && !process.stages.contains_key(&kind.stage) {
            found.push(Found {
                rule: "unproduced-artifact",
                place: None,
                message: format!(
                    "documents of the type `{}` come from a stage `{}` that there is not",
                    kind.name, kind.stage
                ),
                help: format!(
                    "`docs: types: {}: stage:` names a stage; {}",
                    kind.name,
                    suggestion(&kind.stage, process.stages.keys().map(String::as_str))
                ),
            });
        }
    }
}

/// The stages that some issue can come to.
fn reachable(process: &Process) -> BTreeSet<&str> {
    let of_profiles = process.profiles.values().flatten().map(String::as_str);
    let any = process.stages.iter().filter(|(_, stage)| stage.from_any);
    let mut open: Vec<&str> = of_profiles.chain(any.map(|(name, _)| name.as_str())).collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        if reached.insert(name) {
            let next = process.stages.get(name).map(|stage| stage.next.as_slice());
            open.extend(next.unwrap_or_default().iter().map(String::as_str));
        }
    }
    reached
}

fn unknown_types(name: &str, stage: &Stage, types: &Catalogue, found: &mut Vec<Found>) {
    let needed = stage.needs.documents.iter().chain(&stage.needs.if_produced).map(String::as_str);
    let produced = stage.produces.documents().map(|product| product.kind);
    let named: BTreeSet<&str> = needed.chain(produced).collect();
    for kind in named.into_iter().filter(|kind| !types.types.contains_key(*kind)) {
        found.push(Found {
            rule: "unknown-type",
            place: Some(stage.place.clone()),
            message: format!("the stage `{name}` speaks of a type `{kind}` that there is not"),
            help: format!(
                "{}; a type of your own is described under `docs: types:`",
                suggestion(kind, types.types.keys().map(String::as_str))
            ),
        });
    }
}

fn unproduced(process: &Process, profile: &str, found: &mut Vec<Found>) {
    let stages = process.profiles.get(profile).map(Vec::as_slice).unwrap_or_default();
    for (at, name) in stages.iter().enumerate() {
        let Some(stage) = process.stages.get(name) else { continue };
        let before = &stages[..at];
        let mut report = |message: String, help: String| {
            found.push(Found {
                rule: "unproduced-artifact",
                place: Some(stage.place.clone()),
                message,
                help,
            });
        };
        for package in &stage.needs.packages {
            let counted = package.iter().find(|other| stages.contains(other));
            if counted.is_none_or(|counted| !before.contains(counted)) {
                let wanted = package.join("` or `");
                report(
                    format!(
                        "in the profile `{profile}`, `{name}` needs what `{wanted}` produces, and none of them comes before it"
                    ),
                    format!(
                        "add a stage that comes before it to `needs: packages:` of `{name}`, or to the profile"
                    ),
                );
            }
        }
        let early = |kind: &String| {
            before.iter().any(|other| {
                process.stages.get(other).is_some_and(|other| other.produces.has(kind))
            })
        };
        for kind in stage.needs.documents.iter().filter(|kind| !early(kind)) {
            report(
                format!(
                    "in the profile `{profile}`, `{name}` needs an approved `{kind}`, and no stage before it produces one"
                ),
                format!(
                    "let an earlier stage produce it, or move it to `if_produced:` of `{name}`"
                ),
            );
        }
    }
    for (name, stage) in &process.stages {
        let nowhere = stage.needs.if_produced.iter();
        let nowhere = nowhere.filter(|kind| process.producers(kind).next().is_none());
        if profile == process.default_profile {
            found.extend(nowhere.map(|kind| Found {
                rule: "unproduced-artifact",
                place: Some(stage.place.clone()),
                message: format!(
                    "`{name}` needs `{kind}` if it is produced, and no stage ever does"
                ),
                help: "let a stage produce it, or leave it out".to_owned(),
            }));
        }
    }
}

fn paths(process: &Process, found: &mut Vec<Found>) {
    for (name, globs) in &process.paths {
        for glob in globs {
            if let Err(error) = GlobBuilder::new(glob).literal_separator(true).build() {
                found.push(Found {
                    rule: "malformed-path",
                    place: None,
                    message: format!("`{glob}` in `paths: {name}:` is no glob: {}", error.kind()),
                    help: "write globs such as `docs/**`".to_owned(),
                });
            }
        }
    }
}
