//! `docset rethink`.

use std::io::Write;
use std::sync::Arc;

use super::abandon::{list, nobody};
use super::arguments::{RethinkArguments, WhatIsShared};
use super::{CLEAN, Console, Desk, FINDINGS, Fault, complain, status};
use crate::command::diff;
use crate::command::life::docset_files::{self, Change, changes, present};
use crate::command::life::today::today;
use crate::diagnostic::escape;
use crate::docset::{
    Changed, Docset, DocsetError, Identity, Order, Process, Sources, issue_path, renew,
};
use crate::edit::{Rewrite, write_all};
use crate::lifecycle::{Draft, Passed, RethinkOrder, Rethinking, Shared, rethink};
use crate::new::{ids_on_branches, taken};
use crate::record::Subject;
use countersign_report::terminal::{say, stopped};

pub(in crate::command) fn run(
    arguments: &RethinkArguments,
    out: &mut Console,
) -> Result<u8, Fault> {
    let desk = Desk::open(&arguments.target)?;
    let issue = arguments.issue;
    if !desk.records.by_path.values().any(|record| record.issues.contains(&issue)) {
        return Err(nobody(&desk, issue).into());
    }
    let (root, catalogue) = (desk.checker.root(), desk.checker.catalogue());
    let subject = Subject::Issue(issue);
    let mut present = present(&desk.checker, &desk.records, subject, &Changed::AsListed)?;
    let process = Process::load(root)?;
    let sources = Sources { records: &desk.records, catalogue, process: &process };
    let docset = match &present.file {
        Some(text) => {
            Docset::read(text).map_err(|error| format!("`{}`: {error}", issue_path(issue)))?
        }
        None => Docset::default(),
    };
    let stages = match sources.stages_from(issue, &docset, &arguments.to) {
        Ok(stages) => stages,
        Err(error @ DocsetError::NotReached { .. }) => return Ok(too_far(&error)),
        Err(error) => return Err(error.into()),
    };
    let day = arguments.date.map_or_else(today, Ok)?;
    let order = RethinkOrder {
        issue,
        stages: &stages,
        closed: &arguments.closed,
        shared: match arguments.shared {
            WhatIsShared::Refuse => Shared::Refuse,
            WhatIsShared::Keep => Shared::Keep,
            WhatIsShared::Rethink => Shared::Rethink,
        },
        today: day,
    };
    let mut taken = taken(&desk.records, &ids_on_branches(root));
    let outcome = rethink(&order, &desk.records, catalogue, &mut taken, |path| desk.draft(path))?;
    if !outcome.refusals.is_empty() {
        complain(&outcome.refusals);
        return Ok(FINDINGS);
    }
    let mut documents = documents(&outcome);

    // The docset of the issue, as it is with these documents.
    let mut records = desk.records.clone();
    for change in &documents {
        records.put(Arc::from(change.path.as_str()), &change.after, catalogue);
    }
    for (path, text) in &mut present.pages {
        if let Some(change) = documents.iter().find(|change| *change.path == **path) {
            text.clone_from(&change.after);
        }
    }
    let renewal = Order {
        subject,
        identity: Identity { stage: Some(arguments.to.clone()), ..Identity::default() },
        changed: Changed::AsListed,
        today: day,
    };
    let renewed = renew(Sources { records: &records, ..sources }, &renewal, &present)?;
    docset_files::notes(&renewed);
    let mut files = Vec::new();
    for change in changes(&present, renewed).into_iter().filter(Change::is_change) {
        match documents.iter_mut().find(|document| document.path == change.path) {
            // A page that is both a document of the stage and a docset changes once.
            Some(document) => document.after = change.after,
            None => files.push(change),
        }
    }
    finish(&desk, &documents, &files, &outcome, out)
}

/// That the issue has not come that far.
fn too_far(error: &DocsetError) -> u8 {
    let help = match error {
        DocsetError::NotReached { legal, .. } => format!("it can go back to {}", legal.join(", ")),
        _ => String::new(),
    };
    let text = format!(
        "error: {}\n  help: {}\nnothing was written\n",
        escape(&error.to_string()),
        escape(&help)
    );
    say(&text);
    FINDINGS
}

/// What is to be written: new documents first, so that whoever is stopped in between
/// has no superseded document without its successor.
fn documents(outcome: &Rethinking) -> Vec<Change> {
    let created = outcome.created.iter().map(|draft| Change {
        path: draft.path.to_string(),
        before: None,
        after: draft.after.clone(),
    });
    let changed = outcome.changed.iter().filter(|draft| draft.is_changed()).map(|draft| Change {
        path: draft.path.to_string(),
        before: Some(draft.before.clone()),
        after: draft.after.clone(),
    });
    created.chain(changed).collect()
}

/// Writes all and says so, or prints what would change.
fn finish(
    desk: &Desk,
    documents: &[Change],
    files: &[Change],
    outcome: &Rethinking,
    out: &mut Console,
) -> Result<u8, Fault> {
    let root = desk.checker.root();
    let mut rewrites: Vec<Rewrite> = Vec::new();
    for change in documents.iter().chain(files) {
        let rewrite = change.rewrite(root)?;
        if change.before.is_none() && rewrite.path.symlink_metadata().is_ok() {
            let path = escape(&change.path);
            return Err(format!("`{path}` is in the way of a new version; move it").into());
        }
        // Two names of one file, by a symbolic link, are one change.
        if !rewrites.iter().any(|known| known.path == rewrite.path) {
            rewrites.push(rewrite);
        }
    }
    if desk.dry_run {
        stopped(out, |out| {
            for change in documents.iter().chain(files) {
                let patch = diff::patch(&change.path, change.before.as_deref(), &change.after);
                write!(out, "{patch}")?;
            }
            Ok::<(), Fault>(())
        })?;
        out.flush()?;
        let notes: String =
            outcome.passed.iter().map(|passed| format!("note: {}\n", describe(passed))).collect();
        // Standard output holds the diff and nothing else.
        say(&notes);
        return Ok(CLEAN);
    }
    write_all(&rewrites)?;
    stopped(out, |out| {
        for Draft { path, id, after, .. } in &outcome.created {
            writeln!(out, "{}: {} is new, `{}`", escape(path), escape(id), status(after))?;
        }
        for draft in outcome.changed.iter().filter(|draft| draft.is_changed()) {
            writeln!(out, "{}: {} {}", escape(&draft.path), escape(&draft.id), said(draft))?;
        }
        for passed in &outcome.passed {
            writeln!(out, "{}", describe(passed))?;
        }
        for change in files {
            writeln!(out, "wrote `{}`", escape(&change.path))?;
        }
        if documents.is_empty() && files.is_empty() {
            writeln!(out, "nothing to rethink: the issue is there already")?;
        }
        Ok(CLEAN)
    })
}

fn said(draft: &Draft) -> String {
    let (was, is) = (status(&draft.before), status(&draft.after));
    if was == is { format!("changed and stays `{is}`") } else { format!("was `{was}`, is `{is}`") }
}

/// Why a document stays as it is.
fn describe(Passed { path, id, status, issues }: &Passed) -> String {
    let why = match issues.as_slice() {
        [] => format!("stays `{}`", escape(status)),
        [issue] => format!("stays `{}`: issue {issue} needs it, too", escape(status)),
        _ => format!("stays `{}`: issues {} need it, too", escape(status), list(issues)),
    };
    format!("{}: {} {why}", escape(path), escape(id))
}
