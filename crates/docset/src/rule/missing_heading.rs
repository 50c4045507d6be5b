//! `missing-heading`: a section that the type is worthless without.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "missing-heading",
    summary: "a section that the type needs",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/missing-heading.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let (Some(kind), Some(_)) = (context.kind, context.root()) else { return };
    let mut language = None;
    for wanted in &kind.headings {
        let names: Vec<&str> =
            wanted.values().flat_map(|names| &names.0).map(String::as_str).collect();
        if has_heading(context, &names) {
            continue;
        }
        let language = *language.get_or_insert_with(|| language_of(context));
        let shown = wanted.get(language).or_else(|| wanted.get("en"));
        let Some(shown) =
            shown.or_else(|| wanted.values().next()).and_then(|names| names.0.first())
        else {
            continue;
        };
        let place = context.document.outline.headings.first();
        findings.push(
            Finding::new(
                place.map_or(context.end_of_front_matter(), |heading| heading.text),
                format!("a document of type `{}` needs a section `{shown}`", kind.name),
            )
            .help(format!("add `## {shown}`")),
        );
    }
}

/// Whether the document has a heading with one of `names`.
///
/// A heading counts if the name stands at its beginning or behind a `/`, `(` or
/// `:`, case and numbering ignored: `2. Consequences (trade-offs)`, `Последствия
/// (Consequences)`, `Goals / non-goals`.
pub(super) fn has_heading(context: &DocumentContext<'_>, names: &[&str]) -> bool {
    let text = context.text();
    context.document.outline.headings.iter().any(|heading| {
        let raw = heading.text.text(text).unwrap_or_default();
        raw.split(['/', '(', ':']).chain([raw]).any(|part| {
            let part = part.trim_start_matches(|char: char| {
                char.is_ascii_digit() || char.is_ascii_punctuation() || char.is_whitespace()
            });
            names.iter().any(|name| begins_with(part, name))
        })
    })
}

/// Whether `text` begins with the words of `name`, case ignored.
fn begins_with(text: &str, name: &str) -> bool {
    let mut text = text.chars();
    for expected in name.chars() {
        let found = text.next();
        let same = found.is_some_and(|found| {
            // Letters of another script cannot be the same in lower case.
            found == expected
                || (found.is_ascii() == expected.is_ascii()
                    && found.to_lowercase().eq(expected.to_lowercase()))
        });
        if !same {
            return false;
        }
    }
    text.next().is_none_or(|next| !next.is_alphanumeric())
}

/// `ru` for a body mostly in Cyrillic letters, else `en`.
fn language_of(context: &DocumentContext<'_>) -> &'static str {
    /// Enough to tell, and bounded.
    const ENOUGH: usize = 2000;
    let body = &context.text()[context.document.body().start..];
    let letters = body.chars().filter(|char| char.is_alphabetic()).take(ENOUGH);
    let balance =
        letters.map(|char| if matches!(char, '\u{400}'..='\u{4ff}') { 1 } else { -1 }).sum::<i32>();
    if balance > 0 { "ru" } else { "en" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_at_the_beginning_of_a_word() {
        assert!(begins_with("Контекст и цель", "контекст"));
        assert!(begins_with("Goals", "goals"));
        assert!(!begins_with("Decisions", "Decision"));
        assert!(!begins_with("Goal", "Goals"));
    }
}
