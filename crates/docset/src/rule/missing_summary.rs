//! `missing-summary`: a document that must be read to the end to know what it says.

use super::missing_heading::has_heading;
use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "missing-summary",
    summary: "a document without a summary",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/missing-summary.md"),
    options: &["names"],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let (Some(kind), Some(_)) = (context.kind, context.root()) else { return };
    if !kind.summary {
        return;
    }
    let defaults = context.catalogue().summary_headings.values().flat_map(|names| &names.0);
    let names: Vec<&str> = defaults.chain(&context.options().names).map(String::as_str).collect();
    if has_heading(context, &names) {
        return;
    }
    findings.push(
        Finding::new(
            context
                .document
                .outline
                .headings
                .first()
                .map_or(context.end_of_front_matter(), |heading| heading.text),
            "document has no summary",
        )
        .help("begin with a section `## TL;DR`: what it says, in a few lines"),
    );
}
