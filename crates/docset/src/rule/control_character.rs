//! `control-character`: characters that a reader does not see.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity, is_unprintable};
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    id: "control-character",
    summary: "a control or text-reordering character",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/control-character.md"),
    options: &[],
    check: Check::Document(check),
};

/// More findings of this kind in one document say nothing new.
const MOST: usize = 5;

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let text = context.text();
    if !may_have_any(text.as_bytes()) {
        return;
    }
    let hostile = text
        .char_indices()
        .filter(|(_, char)| is_unprintable(*char) && !matches!(char, '\t' | '\n' | '\r'));
    for (at, char) in hostile.take(MOST) {
        let code = u32::from(char);
        findings.push(
            Finding::new(
                Span::new(at, at + char.len_utf8()),
                format!("the text has the invisible character U+{code:04X}"),
            )
            .help("remove it: what a reader sees and what a machine reads must be the same"),
        );
    }
}

/// A quick no: without such bytes there is no such character. ASCII controls are
/// single bytes, C1 controls begin with C2, the reordering ones with E2 80 or E2 81.
fn may_have_any(bytes: &[u8]) -> bool {
    let ascii = bytes.chunks(256).any(|chunk| {
        // No early exit inside, so that the compiler can look at many bytes at once.
        chunk.iter().fold(false, |any, byte| {
            any | ((*byte < b' ') & (*byte != b'\n') & (*byte != b'\r') & (*byte != b'\t'))
                | (*byte == 0x7f)
        })
    });
    ascii
        || memchr::memchr2_iter(0xc2, 0xe2, bytes).any(|at| {
            matches!(
                bytes[at..],
                [0xc2, 0x80..=0x9f, ..]
                    | [0xe2, 0x80, 0xaa..=0xae, ..]
                    | [0xe2, 0x81, 0xa6..=0xa9, ..]
            )
        })
}
