//! Whether two trees say the same but for one key.

use crate::yaml::{Node, NodeKind};

/// Whether `after` is `before` but for what `route` leads to: every other key has the
/// same value, in the same order. What is missing on the way counts as empty.
pub(super) fn but_for(
    before: Option<Node<'_, '_>>,
    after: Option<Node<'_, '_>>,
    route: &[&str],
) -> bool {
    let Some((key, rest)) = route.split_first() else { return true };
    let Some(after) = after.filter(|node| node.kind() == NodeKind::Mapping) else { return false };
    // An empty value (`approvals:`) may become a mapping.
    let before = before.filter(|node| !node.is_null());
    if before.is_some_and(|node| node.kind() != NodeKind::Mapping) {
        return false;
    }
    let is_key = |node: Node<'_, '_>| node.as_str() == Some(key);
    let mut ours = before.into_iter().flat_map(Node::entries).filter(|entry| !is_key(entry.key));
    let mut theirs = after.entries().filter(|entry| !is_key(entry.key));
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => break,
            (Some(one), Some(other))
                if same(one.key, other.key) && same(one.value, other.value) => {}
            _ => return false,
        }
    }
    but_for(before.and_then(|node| node.get(key)), after.get(key), rest)
}

/// Whether two values say the same, in the same notation.
pub(super) fn same(one: Node<'_, '_>, other: Node<'_, '_>) -> bool {
    let entries_agree = || {
        one.entries().len() == other.entries().len()
            && one
                .entries()
                .zip(other.entries())
                .all(|(one, other)| same(one.key, other.key) && same(one.value, other.value))
    };
    one.kind() == other.kind()
        && one.as_str() == other.as_str()
        && one.is_quoted() == other.is_quoted()
        && one.is_flow() == other.is_flow()
        && one.items().len() == other.items().len()
        && one.items().zip(other.items()).all(|(one, other)| same(one, other))
        && entries_agree()
}
