//! The comments of a list, and the lines that they belong to.

use std::collections::BTreeMap;

use super::{Item, name};
use crate::span::Span;
use crate::yaml::{Node, NodeKind};

/// The comments of a list, each from its `#` on.
#[derive(Clone, Debug, Default)]
pub(super) struct Comments {
    /// Behind the key.
    pub(super) head: Option<String>,
    /// On lines of their own in front of an item.
    pub(super) leading: BTreeMap<String, Vec<String>>,
    /// Behind an item.
    pub(super) trailing: BTreeMap<String, String>,
    /// Those of items that are gone.
    pub(super) orphans: Vec<String>,
}

impl Comments {
    /// The comments in `span`, which is the list `value` and the rest of its lines.
    pub(super) fn of(text: &str, value: Node<'_, '_>, span: Span, items: &[Item]) -> Self {
        let mut comments = Self::default();
        let known = |item: &Option<&str>| {
            item.is_some_and(|name| items.iter().any(|item| item.name == name))
        };
        let mut leaves = Vec::new();
        for item in value.items() {
            let of_item = leaves.len();
            collect(item, &mut leaves);
            leaves[of_item..].iter_mut().for_each(|leaf| leaf.1 = name(item));
        }
        // Between two values there is nothing but punctuation and comments.
        let mut before: (usize, Option<&str>) = (span.start, None);
        let mut first = true;
        let end = (Span::at(span.end), None);
        for (leaf, item) in leaves.iter().chain([&end]) {
            let gap = Span::new(before.0, leaf.start.max(before.0));
            for (comment, same_line) in in_gap(gap.text(text).unwrap_or_default()) {
                let is_last = leaf.start == span.end && item.is_none();
                let owner = if same_line || is_last { before.1 } else { *item };
                if same_line && first {
                    comments.head = Some(comment);
                } else if !known(&owner) {
                    comments.orphans.push(comment);
                } else if same_line && before.1 != *item {
                    let owner = owner.unwrap_or_default().to_owned();
                    // A second entry of the same name is dropped; its comment is not.
                    if let Some(other) = comments.trailing.insert(owner, comment) {
                        comments.orphans.push(other);
                    }
                } else {
                    let owner = owner.unwrap_or_default().to_owned();
                    comments.leading.entry(owner).or_default().push(comment);
                }
            }
            before = (leaf.end.max(before.0), *item);
            first = false;
        }
        comments
    }
}

/// All scalars of `node`, in order.
fn collect<'y>(node: Node<'y, '_>, leaves: &mut Vec<(Span, Option<&'y str>)>) {
    match node.kind() {
        NodeKind::Null | NodeKind::Scalar => leaves.push((node.span(), None)),
        NodeKind::Sequence => node.items().for_each(|item| collect(item, leaves)),
        NodeKind::Mapping => node.entries().for_each(|entry| {
            collect(entry.key, leaves);
            collect(entry.value, leaves);
        }),
    }
}

/// The comments of a gap, and whether each is on the gap's first line.
fn in_gap(gap: &str) -> Vec<(String, bool)> {
    let lines = gap.split('\n').enumerate();
    lines
        .filter_map(|(number, line)| {
            let comment = line.get(line.find('#')?..)?.trim_end();
            Some((comment.to_owned(), number == 0))
        })
        .collect()
}
