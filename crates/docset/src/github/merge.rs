//! What somebody edited, and what a new version changed, in one text.

use rustc_hash::FxHashSet;

use crate::yaml::{Budget, Node, parse};

/// `ours` with what changed from `base` to `theirs`; `None` if both changed the same lines,
/// or if the outcome would be no YAML although the file at `path` has to be.
///
/// All three have plain line feeds.
pub(super) fn merge(path: &str, base: &str, ours: &str, theirs: &str) -> Option<String> {
    let merged = diffy::merge(base, ours, theirs).ok()?;
    // Lines that fit together may still make two keys of one name.
    let is_yaml = |text: &str| {
        let yaml = parse(text, 0, Budget::CONFIGURATION);
        yaml.is_ok_and(|yaml| yaml.root().is_some_and(has_no_key_twice))
    };
    (!path.ends_with(".yml") || is_yaml(&merged)).then_some(merged)
}

fn has_no_key_twice(node: Node<'_, '_>) -> bool {
    let mut seen = FxHashSet::default();
    node.entries().all(|entry| entry.key.as_str().is_none_or(|key| seen.insert(key)))
        && node.entries().all(|entry| entry.value.is_alias() || has_no_key_twice(entry.value))
        && node.items().all(|item| item.is_alias() || has_no_key_twice(item))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "on:\n  push:\njobs:\n  a:\n    uses: x@v1\n";

    #[test]
    fn edits_in_different_places_go_together() {
        let ours = BASE.replace("push:", "pull_request:");
        let theirs = BASE.replace("@v1", "@v2");
        let merged = merge("a.yml", BASE, &ours, &theirs).unwrap();
        assert_eq!(merged, "on:\n  pull_request:\njobs:\n  a:\n    uses: x@v2\n");
    }

    #[test]
    fn edits_in_one_place_are_for_people() {
        let ours = BASE.replace("@v1", "@main");
        let theirs = BASE.replace("@v1", "@v2");
        assert_eq!(merge("a.yml", BASE, &ours, &theirs), None);
    }

    #[test]
    fn the_same_edit_on_both_sides_is_one() {
        let both = BASE.replace("@v1", "@v2");
        assert_eq!(merge("a.yml", BASE, &both, &both), Some(both.clone()));
        let more = format!("# ours\n{both}");
        assert_eq!(merge("a.yml", BASE, &more, &both), Some(more.clone()));
    }

    #[test]
    fn what_would_be_no_workflow_is_for_people() {
        let base = "on:\n  push:\n\njobs:\n  a: {}\n\n  b: {}\n";
        let ours = "permissions: {}\non:\n  push:\n\njobs:\n  a: {}\n\n  b: {}\n";
        let theirs = "on:\n  push:\n\njobs:\n  a: {}\n\n  b: {}\npermissions: {}\n";
        assert_eq!(merge("a.yml", base, ours, theirs), None);
        assert!(merge("a.md", base, ours, theirs).is_some());
    }
}
