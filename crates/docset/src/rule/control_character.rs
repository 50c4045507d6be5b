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
    let mut before = ' ';
    let hostile = text.char_indices().filter(|(at, char)| {
        let hostile = match *char {
            '\t' | '\n' => false,
            // Alone it ends a line for YAML and for nobody else.
            '\r' => !text[at + 1..].starts_with('\n'),
            // Flags of regions are a black flag and invisible letters (UTS 51, annex C).
            '\u{e0020}'..='\u{e007f}' if is_flag_part(before) => false,
            char => is_unprintable(char),
        };
        before = *char;
        hostile
    });
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

/// Whether an invisible letter behind `char` belongs to the flag of a region.
const fn is_flag_part(char: char) -> bool {
    matches!(char, '\u{1f3f4}' | '\u{e0020}'..='\u{e007e}')
}

/// A quick no: without such bytes there is no such character. ASCII controls are
/// single bytes, C1 controls begin with C2, the reordering ones with E2 80 or E2 81, the
/// invisible letters with F3 A0.
fn may_have_any(bytes: &[u8]) -> bool {
    let ascii = bytes.chunks(256).any(|chunk| {
        // No early exit inside, so that the compiler can look at many bytes at once.
        chunk.iter().fold(false, |any, byte| {
            any | ((*byte < b' ') & (*byte != b'\n') & (*byte != b'\r') & (*byte != b'\t'))
                | (*byte == 0x7f)
        })
    });
    let lone = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    ascii
        || memchr::memchr_iter(b'\r', bytes).any(lone)
        || memchr::memchr3_iter(0xc2, 0xe2, 0xf3, bytes).any(|at| {
            matches!(
                bytes[at..],
                [0xc2, 0x80..=0x9f, ..]
                    | [0xe2, 0x80, 0xa8..=0xae, ..]
                    | [0xe2, 0x81, 0xa6..=0xa9, ..]
                    | [0xf3, 0xa0, 0x80..=0x81, ..]
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_no_is_right() {
        for char in
            ['\0', '\u{1b}', '\u{7f}', '\u{85}', '\u{202e}', '\u{2028}', '\u{2069}', '\u{e0041}']
        {
            assert!(is_unprintable(char));
            assert!(may_have_any(format!("text {char} text").as_bytes()), "{char:?}");
        }
        assert!(may_have_any(b"a\rb") && !may_have_any(b"a\r\n\tb"));
        assert!(!may_have_any("« — » ™ Ёж 🙂".as_bytes()));
    }
}
