//! `duplicate-key`: one key, two meanings.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::span::Span;
use crate::yaml::Node;
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-key",
    summary: "a key that appears twice",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/duplicate-key.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root() else { return };
    look(root, findings);
}

fn look(node: Node<'_, '_>, findings: &mut Vec<Finding>) {
    let mut seen = Seen::with_capacity(node.entries().len());
    for entry in node.entries() {
        let span = entry.key.span();
        let Some(key) = entry.key.as_str() else { continue };
        if let Some(first) = seen.insert(key, span) {
            findings.push(
                Finding::new(span, format!("the key `{}` appears twice", excerpt(key)))
                    .related(None, first, "first here")
                    .help("keep one of the two; readers disagree about which one counts"),
            );
        }
        if !entry.value.is_alias() {
            look(entry.value, findings);
        }
    }
    for item in node.items().filter(|item| !item.is_alias()) {
        look(item, findings);
    }
}

/// The keys of one mapping so far. Few are compared one by one, which is quicker than
/// hashing them.
enum Seen<'k> {
    Few(Vec<(&'k str, Span)>),
    Many(FxHashMap<&'k str, Span>),
}

impl<'k> Seen<'k> {
    const FEW: usize = 32;

    fn with_capacity(entries: usize) -> Self {
        if entries <= Self::FEW {
            Self::Few(Vec::with_capacity(entries))
        } else {
            Self::Many(FxHashMap::default())
        }
    }

    /// Where the key stood before, if it did; the new place counts from now on.
    fn insert(&mut self, key: &'k str, span: Span) -> Option<Span> {
        match self {
            Self::Many(seen) => seen.insert(key, span),
            Self::Few(seen) => match seen.iter_mut().find(|(known, _)| *known == key) {
                Some((_, place)) => Some(std::mem::replace(place, span)),
                None => {
                    seen.push((key, span));
                    None
                }
            },
        }
    }
}
