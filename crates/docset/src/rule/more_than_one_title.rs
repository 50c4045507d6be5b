//! `more-than-one-title`: two documents in one file.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "more-than-one-title",
    summary: "a second top-level heading",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/more-than-one-title.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let titles = context.document.outline.headings.iter().filter(|heading| heading.level == 1);
    let mut titles = titles.map(|heading| heading.text);
    let Some(first) = titles.next() else { return };
    for title in titles {
        findings.push(
            Finding::new(title, "document has a second title")
                .related(None, first, "the first one")
                .help("make it a `##` section, or move it into a document of its own"),
        );
    }
}
