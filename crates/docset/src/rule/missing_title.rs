//! `missing-title`: a body without a name.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "missing-title",
    summary: "a body without a top-level heading",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/missing-title.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let outline = &context.document.outline;
    if context.plain || outline.headings.iter().any(|heading| heading.level == 1) {
        return;
    }
    // Without front matter there is a worse finding already.
    if context.root().is_some() {
        findings.push(
            Finding::new(context.end_of_front_matter(), "document has no title")
                .label("no `# Title` follows")
                .help("begin the body with `# ` and the title"),
        );
    }
}
