//! `docset abandon`.

use std::collections::BTreeSet;
use std::io::Write;

use super::arguments::AbandonArguments;
use super::{Console, Desk, Fault};
use crate::diagnostic::escape;
use crate::lifecycle::{self, Abandonment, Passed, Refusal};

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
    if refusals.is_empty() && !arguments.target.dry_run {
        for Passed { path, id, status, issues } in &all.passed {
            let why = match issues.is_empty() {
                true => format!("is `{}` already", escape(status)),
                false => format!("is left alone: {} need{} it, too", list(issues), s(issues)),
            };
            writeln!(out, "{}: {} {why}", escape(path), escape(id))?;
        }
    }
    Ok(code)
}

fn nobody(desk: &Desk, issue: u64) -> String {
    let records = desk.records.by_path.values();
    let known: BTreeSet<u64> = records.flat_map(|record| record.issues.iter().copied()).collect();
    let mut near: Vec<u64> = known.into_iter().collect();
    near.sort_by_key(|known| known.abs_diff(issue));
    near.truncate(3);
    match near.is_empty() {
        true => format!("no document names issue {issue}, or any other, in `related_issues`"),
        false => format!(
            "no document names issue {issue} in `related_issues`; the nearest that are named: {}",
            near.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        ),
    }
}

fn list(issues: &[u64]) -> String {
    let numbers: Vec<String> = issues.iter().map(ToString::to_string).collect();
    let word = if issues.len() == 1 { "issue" } else { "issues" };
    format!("{word} {}", numbers.join(", "))
}

const fn s(issues: &[u64]) -> &'static str {
    if issues.len() == 1 { "s" } else { "" }
}
