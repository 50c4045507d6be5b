//! `duplicate-id`: one id, two documents.

use super::left_over_placeholder::is_placeholder;
use super::{Check, Rule, TreeContext, TreeFindings};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-id",
    summary: "an id that two documents share",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/duplicate-id.md"),
    options: &[],
    check: Check::Tree(check),
};

/// Places of the same id that one finding names.
const MOST: usize = 3;

fn check(context: &TreeContext<'_>, findings: &mut TreeFindings) {
    for (at, facts) in context.reported() {
        let Some(id) = &facts.id else { continue };
        let Some(same) = context.by_id.get(&*id.value).filter(|same| same.len() > 1) else {
            continue;
        };
        if is_placeholder(&id.value) {
            continue;
        }
        let mut finding = Finding::new(
            id.span,
            format!("the id `{}` belongs to {} documents", excerpt(&id.value), same.len()),
        )
        .help("give the newer one the next free id");
        for other in same.iter().filter(|other| **other != at).take(MOST) {
            let other = &context.documents[*other];
            let span = other.id.as_ref().map_or_else(Span::default, |id| id.span);
            finding = finding.related(Some(other.path.clone()), span, "also here");
        }
        findings.report(facts, finding);
    }
}
