//! `byte-order-mark`: invisible bytes in front of the text.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Applicability, Finding, Severity};
use crate::edit::Edit;
use crate::front_matter::bom_len;
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    id: "byte-order-mark",
    summary: "a byte order mark before the text",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/byte-order-mark.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let length = bom_len(context.text());
    if length > 0 {
        let mark = Span::new(0, length);
        findings.push(
            Finding::new(mark, "a byte order mark stands before the text")
                .help("save the document as UTF-8 without a byte order mark")
                .fix(Applicability::Safe, "remove the mark", vec![Edit::delete(mark)]),
        );
    }
}
