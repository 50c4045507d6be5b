//! `docset abandon`.

use std::collections::BTreeSet;

use super::arguments::AbandonArguments;
use super::{Console, Desk, Fault};
use crate::diagnostic::escape;
use crate::lifecycle::{self, Abandonment, Passed, Refusal};
use countersign_report::terminal::{harmless, say};

pub(in crate::command) fn run(
    arguments: &AbandonArguments,
    out: &mut Console,
) -> Result<u8, Fault> {
    let desk = Desk::open(&arguments.target)?;
    let issue = arguments.issue;
    let all = Abandonment::of_issue(&desk.records, issue, &arguments.closed);
    if all == Abandonment::default() {
        return Err(nobody(&desk, issue).into());
    }
    let mut drafts = Vec::new();
    for path in &all.documents {
        drafts.push(desk.draft(path)?);
    }
    let catalogue = desk.checker.catalogue();
    let steps = drafts.iter_mut().map(|draft| lifecycle::abandon(draft, catalogue));
    let refusals: Vec<Refusal> = steps.filter_map(Result::err).collect();
    let code = desk.finish(&drafts, &refusals, out)?;
    if !refusals.is_empty() {
        return Ok(code);
    }
    for passed in &all.passed {
        let line = describe(passed);
        if arguments.target.dry_run {
            // Standard output holds the diff and nothing else.
            say(&format!("note: {line}\n"));
        } else {
            harmless(out, &format!("{line}\n"))?;
        }
    }
    Ok(code)
}

/// Why the document stays as it is.
fn describe(Passed { path, id, status, issues }: &Passed) -> String {
    let why = match issues.as_slice() {
        [] => format!("is `{}` already", escape(status)),
        [issue] => format!("is left alone: issue {issue} needs it, too"),
        _ => format!("is left alone: issues {} need it, too", list(issues)),
    };
    format!("{}: {} {why}", escape(path), escape(id))
}

/// That the issue has no documents, and which have some.
pub(super) fn nobody(desk: &Desk, issue: u64) -> String {
    let records = desk.records.by_path.values();
    let known: BTreeSet<u64> = records.flat_map(|record| record.issues.iter().copied()).collect();
    let mut near: Vec<u64> = known.into_iter().collect();
    near.sort_by_key(|known| known.abs_diff(issue));
    near.truncate(3);
    match near.is_empty() {
        true => format!("no document names issue {issue}, or any other, in `related_issues`"),
        false => format!(
            "no document names issue {issue} in `related_issues`; the nearest that are named: {}",
            list(&near)
        ),
    }
}

pub(super) fn list(numbers: &[u64]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
