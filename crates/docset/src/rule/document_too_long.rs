//! `document-too-long`: a document with more than one purpose.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::generated;

pub(super) static RULE: Rule = Rule {
    id: "document-too-long",
    summary: "a document with more lines than its type should have",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/document-too-long.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(kind) = context.kind.filter(|_| !context.plain) else {
        return;
    };
    let text = context.text();
    let unended = !text.is_empty() && !text.ends_with('\n');
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() + usize::from(unended);
    if lines <= kind.max_lines {
        return;
    }
    // Nobody writes what is generated, and nobody could split it: the index of a large
    // repository is long.
    let lines = lines - generated::lines(text);
    if lines > kind.max_lines {
        findings.push(
            Finding::new(
                context.end_of_front_matter(),
                format!(
                    "document has {lines} lines; one of type `{}` should have at most {}",
                    kind.name, kind.max_lines
                ),
            )
            .help("split it: one document, one purpose; an `index` can hold the parts together"),
        );
    }
}
