//! `empty-section`: a heading over nothing.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity, excerpt};

pub(super) static RULE: Rule = Rule {
    id: "empty-section",
    summary: "a section without content",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/empty-section.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let text = context.text();
    let headings = &context.document.outline.headings;
    for (at, heading) in headings.iter().enumerate() {
        let next = headings.get(at + 1);
        // A heading over sub-sections has them for content.
        if heading.level == 1 || next.is_some_and(|next| next.level > heading.level) {
            continue;
        }
        let start = line_end(text, heading.text.end);
        let end = next.map_or(text.len(), |next| line_start(text, next.text.start));
        let between = text.get(start..end).unwrap_or_default();
        let title = heading.text.text(text).unwrap_or_default();
        // Lines over a `---` are a heading by accident: front matter that was not
        // recognized as such, which is a finding of its own.
        if is_empty(between) && !title.contains('\n') {
            findings.push(
                Finding::new(heading.text, format!("the section `{}` is empty", excerpt(title)))
                    .help("fill it, say why there is nothing to say, or remove it"),
            );
        }
    }
}

/// Whether nothing but blanks and the underline of a heading is there.
fn is_empty(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'-'))
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at)
}
