//! `unclosed-code-fence`: a fence that swallows the rest.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "unclosed-code-fence",
    summary: "a fenced code block that is never closed",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unclosed-code-fence.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    if let Some(fence) = context.document.outline.unclosed_fence {
        findings.push(
            Finding::new(fence, "code block is not closed")
                .label("opened here; all that follows is code")
                .help("add a closing line with the same fence"),
        );
    }
}
