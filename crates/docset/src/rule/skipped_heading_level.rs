//! `skipped-heading-level`: a level that is missing in between.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "skipped-heading-level",
    summary: "a heading two or more levels below the one before",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/skipped-heading-level.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let mut above = None;
    for heading in &context.document.outline.headings {
        if let Some(level) = above.filter(|above| heading.level > above + 1) {
            findings.push(
                Finding::new(
                    heading.text,
                    format!("heading of level {} follows one of level {level}", heading.level),
                )
                .help(format!("make it level {}, or add the level between", level + 1)),
            );
        }
        above = Some(heading.level);
    }
}
