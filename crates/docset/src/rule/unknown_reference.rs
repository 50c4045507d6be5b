//! `unknown-reference`: a reference to a document that is not there.

use super::left_over_placeholder::is_placeholder;
use super::{Check, Rule, TreeContext, TreeFindings};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::nearest::nearest;
use crate::tree::{Facts, Reference, parent, resolve};

pub(super) static RULE: Rule = Rule {
    id: "unknown-reference",
    summary: "a reference to a document that does not exist",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unknown-reference.md"),
    options: &[],
    check: Check::Tree(check),
};

/// Looking for a near id costs a comparison with every id; past so many findings
/// the reader has other worries.
const SUGGESTIONS: usize = 20;

fn check(context: &TreeContext<'_>, findings: &mut TreeFindings) {
    let mut suggestions = 0;
    for (_, facts) in context.reported() {
        for Reference { key, to } in &facts.references {
            if context.by_id.contains_key(&*to.value)
                || is_placeholder(&to.value)
                || is_path(context, facts, &to.value)
            {
                continue;
            }
            let finding = Finding::new(
                to.span,
                format!("`{key}` names `{}`, but there is no such document", excerpt(&to.value)),
            );
            let near = (suggestions < SUGGESTIONS).then(|| near_id(context, &to.value)).flatten();
            suggestions += 1;
            findings.report(
                facts,
                match near {
                    Some(id) => finding.help(format!("did you mean `{id}`?")),
                    None => finding.help("name the `doc_id` or the path of a document"),
                },
            );
        }
    }
}

/// The id that was probably meant. Ids that differ in their number are neighbours, not
/// misspellings of each other.
fn near_id<'c>(context: &TreeContext<'c>, value: &str) -> Option<&'c str> {
    let number = |id: &str| id.rsplit('-').next().and_then(|digits| digits.parse::<u64>().ok());
    let ids = context.by_id.keys().copied().filter(|id| number(id) == number(value));
    let mut ids: Vec<&str> = ids.collect();
    // The map has no order of its own, and the output must.
    ids.sort_unstable();
    nearest(value, ids)
}

/// Whether the value is the path of a file, from the root or from the document.
fn is_path(context: &TreeContext<'_>, facts: &Facts, value: &str) -> bool {
    let value = value.split('#').next().unwrap_or_default();
    let looks_like_one = value.contains('/') || value.contains('.');
    looks_like_one
        && [resolve("", value), resolve(parent(&facts.path), value)]
            .into_iter()
            .flatten()
            .any(|path| context.files.exists(&path))
}
