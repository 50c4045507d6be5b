//! The conditions about documents: needed and approved, produced and valid.

use std::collections::BTreeSet;

use countersign_docset::catalogue::Phase;
use countersign_docset::docset::{self, State as Progress, issue_path, pr_path};
use countersign_docset::lifecycle;
use countersign_docset::record::{Record, Standing};
use countersign_process::{Process, Quantity, Stage};

use super::condition::{Look as _, fails, group, holds};
use super::facts::{DocsetFile, Facts, Rules};
use super::remedy::command;
use super::shown;
use crate::{Judgement, Reason};

/// A type that must be approved, and the stage that it comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Need<'p> {
    /// The stage.
    pub(super) stage: &'p str,
    /// The type.
    pub(super) kind: &'p str,
}

/// The types that a stage needs on this profile, in the order of the process, each once.
pub(super) fn needs<'p>(
    stage: &'p Stage,
    profile: &str,
    process: &'p Process,
    facts: &Facts,
) -> Vec<Need<'p>> {
    let goes_through = |stage: &str| {
        process.profiles.get(profile).is_some_and(|stages| stages.iter().any(|own| own == stage))
    };
    let mut needs: Vec<Need<'p>> = Vec::new();
    let mut push = |stage: &'p str, kind: &'p str| {
        if !needs.iter().any(|need| need.kind == kind) {
            needs.push(Need { stage, kind });
        }
    };
    for package in &stage.needs.packages {
        let Some(from) = package.iter().find(|stage| goes_through(stage)) else { continue };
        let Some((name, from)) = process.stages.get_key_value(from) else { continue };
        from.produces.indispensable().for_each(|kind| push(name, kind));
        for (kind, fact) in &from.produces.conditional {
            if facts.given.contains(fact) {
                push(name, kind);
            }
        }
    }
    // Who produces a type, if anybody on the way does.
    let producer = |kind: &str| {
        process.in_order().find(|(_, stage)| stage.produces.has(kind)).map(|(name, _)| name)
    };
    for kind in &stage.needs.documents {
        push(producer(kind).unwrap_or("any"), kind);
    }
    for kind in &stage.needs.if_produced {
        let mut on_the_way = process.in_order().filter(|(name, _)| goes_through(name));
        if let Some((name, _)) = on_the_way.find(|(_, stage)| stage.produces.has(kind)) {
            push(name, kind);
        }
    }
    needs
}

/// That all needed documents are approved, and unchanged since.
pub(super) fn needed(facts: &Facts, rules: Rules<'_>, stage: &Stage, profile: &str) -> Vec<Reason> {
    approved(facts, rules, needs(stage, profile, rules.process, facts))
}

/// That everything is approved that these stages must produce.
pub(super) fn packages<'p>(
    facts: &Facts,
    rules: Rules<'p>,
    stages: impl Iterator<Item = &'p str>,
) -> Vec<Reason> {
    let stages = stages.filter_map(|name| rules.process.stages.get_key_value(name));
    let needs = stages.flat_map(|(stage, definition)| {
        definition.produces.indispensable().map(|kind| Need { stage, kind })
    });
    approved(facts, rules, needs.collect())
}

/// That all documents of these types are approved, and unchanged since.
fn approved(facts: &Facts, rules: Rules<'_>, needs: Vec<Need<'_>>) -> Vec<Reason> {
    let needs = needs.into_iter().filter(|need| is_approved(need.kind, rules));
    let needs: Vec<Need<'_>> = needs.collect();
    let missing: Vec<&Need<'_>> =
        needs.iter().filter(|need| counted(facts, need.kind).next().is_none()).collect();
    let conditions = needs.iter().map(|need| {
        let documents: Vec<(&Record, Progress)> = counted(facts, need.kind).collect();
        if documents.is_empty() {
            return absent(facts, need, &missing);
        }
        let parts: Vec<Reason> =
            documents.iter().map(|(record, progress)| standing(record, *progress, rules)).collect();
        match <[Reason; 1]>::try_from(parts) {
            Ok([only]) => only,
            Err(parts) => {
                let message = format!("{} documents of type `{}`", parts.len(), need.kind);
                group("needed-artifact", message, parts)
            }
        }
    });
    conditions.collect()
}

/// Whether owners approve documents of the type. What is generated from others, such as a
/// map or a docset, is as good as these.
pub(crate) fn is_approved(kind: &str, rules: Rules<'_>) -> bool {
    !matches!(kind, "docset-issue" | "docset-pr")
        && rules.types.types.get(kind).is_none_or(|kind| kind.approvals)
}

/// The documents of the issue of a type that count, with how far each is.
fn counted<'f>(facts: &'f Facts, kind: &'f str) -> impl Iterator<Item = (&'f Record, Progress)> {
    facts.of_kind(kind).filter_map(|record| Some((record, docset::state(record)?)))
}

/// That a needed document is not there.
fn absent(facts: &Facts, need: &Need<'_>, missing: &[&Need<'_>]) -> Reason {
    let issue = facts.issue.to_string();
    let of_stage = missing.iter().filter(|other| other.stage == need.stage).count();
    let new = if of_stage > 1 && need.stage != "any" {
        command(&["docset", "new", "package", need.stage, "--issue", &issue, "--title", "TITLE"])
    } else {
        command(&["docset", "new", need.kind, "--issue", &issue, "--title", "TITLE"])
    };
    let gone = facts.of_kind(need.kind).count();
    let message = match gone {
        0 => format!("no `{}` names issue {issue}", need.kind),
        _ => format!("no `{}` of issue {issue} counts: superseded, rejected or retired", need.kind),
    };
    fails("needed-artifact", message)
        .saw("type", need.kind)
        .saw("stage", need.stage)
        .saw("state", Progress::Missing.as_str())
        .remedy(new)
}

/// How far one document is.
fn standing(record: &Record, progress: Progress, rules: Rules<'_>) -> Reason {
    let id = shown(name(record));
    let word = word(record);
    let approve = approve(record);
    let condition = |state, message: String| {
        Reason::new("needed-artifact", state, message)
            .in_file(&record.path)
            .saw("type", shown(&record.kind))
            .saw("state", progress.as_str())
    };
    match progress {
        Progress::Approved => {
            condition(Judgement::Holds, format!("`{id}` is approved and unchanged"))
                .saw("digest", record.digest.to_string())
        }
        Progress::InReview => {
            condition(Judgement::Fails, format!("`{id}` waits for its owner")).remedy(approve)
        }
        Progress::Draft => {
            let remedy = match is_submitted(record, rules) {
                true => command(&["docset", "submit", &word]),
                false => approve,
            };
            condition(Judgement::Fails, format!("`{id}` is a draft")).remedy(remedy)
        }
        Progress::Stale | Progress::Missing => {
            let judgement = record.judgement();
            let message = match judgement.standing {
                Standing::Stale => format!("`{id}` changed after it was approved"),
                _ => format!(
                    "the approval of `{id}` does not count: {}",
                    judgement.reasons.join(", ")
                ),
            };
            let recorded = record.approval.digest.map_or("none".to_owned(), |it| it.to_string());
            condition(Judgement::Fails, message)
                .saw("approved digest", recorded)
                .saw("present digest", record.digest.to_string())
                .remedy(format!("an owner reads it again: `{approve}`"))
        }
    }
}

/// Whether the document goes into a review before it is approved. A decision does not: it
/// is proposed, and then accepted.
pub(super) fn is_submitted(record: &Record, rules: Rules<'_>) -> bool {
    rules.types.types.get(&record.kind).is_none_or(|kind| {
        lifecycle::step(kind, &record.status, Phase::Review, "in-review").is_ok()
    })
}

/// The command with which an owner approves the document.
pub(crate) fn approve(record: &Record) -> String {
    command(&["docset", "approve", &word(record), "--by", "OWNER", "--request-id", "ID"])
}

/// The id, or the path where there is none.
pub(crate) fn name(record: &Record) -> &str {
    if record.id.is_empty() { &record.path } else { &record.id }
}

/// What a command is given for the document.
pub(crate) fn word(record: &Record) -> String {
    // An id that begins with a hyphen would be an option.
    match name(record) {
        id if id.starts_with('-') => format!("./{}", record.path),
        id => id.to_owned(),
    }
}

/// That everything is there that the stage produces, valid and listed in the docset.
pub(super) fn produced(facts: &Facts, rules: Rules<'_>, name: &str, stage: &Stage) -> Vec<Reason> {
    let issue = facts.issue.to_string();
    let mut conditions = Vec::new();
    for product in stage.produces.documents() {
        let documents: Vec<(&Record, Progress)> = counted(facts, product.kind).collect();
        let wanted = match product.quantity {
            Quantity::Required | Quantity::OneOrMore => true,
            Quantity::If(fact) => facts.given.contains(fact),
            Quantity::Optional => false,
        };
        if product.kind == "docset-pr" {
            conditions.push(docset_of_pull_request(facts));
            continue;
        }
        for (record, _) in &documents {
            conditions.push(present(record, facts));
        }
        if !documents.is_empty() || !wanted {
            continue;
        }
        let generated = rules.types.types.get(product.kind).is_some_and(|kind| !kind.approvals);
        let new = match product.kind {
            "issue-map" => "docset map".to_owned(),
            kind => command(&["docset", "new", kind, "--issue", &issue, "--title", "TITLE"]),
        };
        if generated && facts.records.by_path.values().any(|record| record.kind == product.kind) {
            continue;
        }
        let message = format!("no `{}` of `{name}` names issue {issue}", product.kind);
        conditions.push(
            fails("produced-artifact", message)
                .saw("type", product.kind)
                .saw("state", Progress::Missing.as_str())
                .remedy(new),
        );
    }
    conditions
}

/// That the work has a docset file of its pull request.
fn docset_of_pull_request(facts: &Facts) -> Reason {
    const RULE: &str = "produced-artifact";
    match facts.pull_requests.keys().next() {
        Some(number) => {
            let message =
                format!("the docset of pull request {number} names issue {}", facts.issue);
            holds(RULE, message).in_file(pr_path(*number))
        }
        None => {
            let message = format!("no docset file of a pull request names issue {}", facts.issue);
            fails(RULE, message)
                .saw("type", "docset-pr")
                .saw("state", Progress::Missing.as_str())
                .remedy("docset sync pr NUMBER --changed-since origin/main")
        }
    }
}

/// The most errors of one document that are listed; `docset check` has them all.
const MOST_FAULTS: usize = 5;

/// That a produced document is valid, and listed as it is.
fn present(record: &Record, facts: &Facts) -> Reason {
    let id = shown(name(record));
    let faults = facts.faults.get(&record.path).map_or(&[][..], Vec::as_slice);
    let valid = if faults.is_empty() {
        holds("valid-artifact", format!("`docset check` has nothing against `{id}`"))
            .in_file(&record.path)
    } else {
        let parts = faults.iter().take(MOST_FAULTS).map(|fault| {
            fails("valid-artifact", format!("{}: {}", fault.rule, fault.message))
                .in_line(&record.path, fault.line)
                .remedy(command(&["docset", "explain", &fault.rule]))
        });
        let condition = group(
            "valid-artifact",
            format!("`docset check` finds {} in `{id}`", count(faults.len(), "error")),
            parts.collect(),
        );
        condition.in_file(&record.path).remedy(command(&["docset", "check", &record.path]))
    };
    let message = match (&valid.judgement, listed(record, facts)) {
        (_, listed) if listed.judgement != Judgement::Holds => {
            return group("produced-artifact", format!("`{id}` is there"), vec![valid, listed]);
        }
        (Judgement::Holds, _) => format!("`{id}` is there, valid, and in the docset"),
        _ => format!("`{id}` is there, and in the docset"),
    };
    group("produced-artifact", message, vec![valid, listed(record, facts)])
}

/// That the docset file lists the document as it is.
fn listed(record: &Record, facts: &Facts) -> Reason {
    const RULE: &str = "listed-in-docset";
    let id = shown(name(record));
    let path = issue_path(facts.issue);
    let sync = command(&["docset", "sync", "issue", &facts.issue.to_string()]);
    let docset = match &facts.docset {
        DocsetFile::Read(docset) => docset,
        DocsetFile::Missing => {
            let message = format!("issue {} has no docset file", facts.issue);
            return fails(RULE, message).in_file(path).remedy(sync);
        }
        DocsetFile::Unreadable(why) => {
            let message = format!("the docset file cannot be read: {}", shown(why));
            return fails(RULE, message).in_file(path).remedy(format!("mend it, then `{sync}`"));
        }
    };
    let Some(line) = docset.documents.iter().find(|listed| *listed.path == *record.path) else {
        let message = format!("the docset file does not list `{id}`");
        return fails(RULE, message).in_file(path).remedy(sync);
    };
    let present = record.digest.to_string();
    if line.digest != present || line.status != record.status {
        let message = format!("the docset file is behind `{id}`");
        return fails(RULE, message)
            .in_file(path)
            .saw("listed digest", shown(&line.digest))
            .saw("present digest", present)
            .saw("listed status", shown(&line.status))
            .saw("present status", shown(&record.status))
            .remedy(sync);
    }
    holds(RULE, format!("the docset file lists `{id}` as it is")).in_file(path)
}

/// That the docset file lists nothing that is gone or is about something else.
pub(super) fn listed_documents_exist(facts: &Facts) -> Option<Reason> {
    let docset = facts.docset()?;
    let own: BTreeSet<&str> = facts.documents().map(|record| &*record.path).collect();
    let gone: Vec<&str> = docset
        .documents
        .iter()
        .map(|listed| listed.path.as_str())
        .filter(|path| !own.contains(path))
        .collect();
    let sync = command(&["docset", "sync", "issue", &facts.issue.to_string()]);
    if gone.is_empty() {
        return None;
    }
    let parts = gone.iter().map(|path| {
        let path = shown(path);
        let message = format!("`{path}` is gone, or says nothing of issue {}", facts.issue);
        fails("docset-is-current", message).remedy(sync.clone())
    });
    let condition = group(
        "docset-is-current",
        format!("the docset file lists {} that do not belong to it", count(gone.len(), "document")),
        parts.collect(),
    );
    Some(condition.in_file(issue_path(facts.issue)))
}

pub(super) fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
