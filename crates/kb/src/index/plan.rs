//! What has to be done to a store so that it says what the documents say.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use globset::GlobSet;

use super::Recipe;
use crate::store::DocumentState;

/// What was looked for.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Every document there is: what was not found is gone.
    Everything,
    /// These files and folders, and what globs stand for.
    Below {
        /// From the root, with `/`; the root itself is empty.
        paths: Vec<String>,
        /// Of paths from the root.
        globs: GlobSet,
    },
    /// These files, and nothing else.
    Only(BTreeSet<String>),
}

impl Scope {
    /// Whether a document would have been found at `path`, had it been there.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Below { paths, globs } => {
                paths.iter().any(|folder| is_below(path, folder)) || globs.is_match(path)
            }
            Self::Only(paths) => paths.contains(path),
        }
    }
}

/// Whether `path` is `folder` or in it.
pub(super) fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A document that is the same at another path: byte for byte, and read by the same rules or by
/// such as do for it where it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// Where it is now.
    pub to: Arc<str>,
    /// Where the store has it.
    pub from: String,
    /// Whether other tokens cut it now, so that its chunks may be others: those of an estimate,
    /// or of a new model.
    pub is_recut: bool,
}

/// What has to be done: paths, each list in order and none in two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Documents that the store does not have.
    pub added: Vec<Arc<str>>,
    /// Documents that the store has at a path where they are no longer.
    pub moved: Vec<Move>,
    /// Documents that changed, or are read by other rules now.
    pub changed: Vec<Arc<str>>,
    /// Documents that are as they were.
    pub unchanged: Vec<Arc<str>>,
    /// Documents that are gone.
    pub removed: Vec<String>,
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.moved.is_empty()
            && self.changed.is_empty()
            && self.removed.is_empty()
    }
}

/// Compares what a store has with what was `found`: hashes by path. `unreadable` are paths
/// of files and folders that are there but could not be read; what is known of them stays.
#[must_use]
pub fn plan(
    known: &[DocumentState],
    found: &BTreeMap<Arc<str>, String>,
    unreadable: &BTreeSet<Arc<str>>,
    scope: &Scope,
    recipe: &Recipe,
) -> Plan {
    let by_path: BTreeMap<&str, &DocumentState> =
        known.iter().map(|state| (state.path.as_str(), state)).collect();
    let mut plan = Plan::default();
    for (path, hash) in found {
        let list = match by_path.get(&**path) {
            None => &mut plan.added,
            Some(state) if state.hash == *hash && recipe.accepts(&state.recipe) => {
                &mut plan.unchanged
            }
            Some(_) => &mut plan.changed,
        };
        list.push(Arc::clone(path));
    }
    let is_gone = |path: &&str| {
        scope.covers(path)
            && !found.contains_key(*path)
            && !unreadable.iter().any(|unreadable| is_below(path, unreadable))
    };
    let gone = by_path.keys().copied().filter(is_gone);
    // By content, the first path last, so that it is the first to be taken.
    let mut movable: HashMap<&str, Vec<&DocumentState>> = HashMap::new();
    let mut gone: BTreeSet<&str> = gone.collect();
    for path in gone.iter().rev() {
        if let Some(state) = by_path.get(path).filter(|state| recipe.accepts(&state.recipe)) {
            movable.entry(state.hash.as_str()).or_default().push(state);
        }
    }
    let recipe = recipe.to_string();
    let (moved, added) = (&mut plan.moved, std::mem::take(&mut plan.added));
    plan.added = added
        .into_iter()
        .filter(|to| {
            let from = found.get(to).and_then(|hash| movable.get_mut(hash.as_str())?.pop());
            if let Some(from) = from {
                gone.remove(from.path.as_str());
                moved.push(Move {
                    to: Arc::clone(to),
                    from: from.path.clone(),
                    is_recut: from.recipe != recipe,
                });
            }
            from.is_none()
        })
        .collect();
    plan.removed = gone.into_iter().map(str::to_owned).collect();
    plan
}

#[cfg(test)]
mod tests {
    use countersign_docset::catalogue::Catalogue;
    use countersign_docset::docset::Process;

    use super::*;
    use crate::chunk::Settings;
    use crate::embed::{Distance, ModelDescription};

    fn recipe() -> Recipe {
        Recipe::new(Settings::default(), &Catalogue::default(), &Process::default(), None)
    }

    fn known(documents: &[(&str, &str)]) -> Vec<DocumentState> {
        let state = |(path, hash): &(&str, &str)| DocumentState {
            path: (*path).to_owned(),
            hash: (*hash).to_owned(),
            recipe: recipe().to_string(),
        };
        documents.iter().map(state).collect()
    }

    fn found(documents: &[(&str, &str)]) -> BTreeMap<Arc<str>, String> {
        documents.iter().map(|(path, hash)| (Arc::from(*path), (*hash).to_owned())).collect()
    }

    fn planned(scope: &Scope, unreadable: &[&str]) -> String {
        let known = known(&[
            ("docs/a.md", "1"),
            ("docs/b.md", "1"),
            ("docs/x/c.md", "1"),
            ("docsy.md", "1"),
        ]);
        let found = found(&[("docs/a.md", "1"), ("docs/b.md", "2"), ("docs/new.md", "9")]);
        let unreadable = unreadable.iter().map(|path| Arc::from(*path)).collect();
        let plan = plan(&known, &found, &unreadable, scope, &recipe());
        assert_eq!(plan.added, [Arc::from("docs/new.md")]);
        assert_eq!(plan.changed, [Arc::from("docs/b.md")]);
        assert_eq!(plan.unchanged, [Arc::from("docs/a.md")]);
        plan.removed.join(" ")
    }

    #[test]
    fn what_was_not_found_is_gone_only_where_it_was_looked_for() {
        assert_eq!(planned(&Scope::Everything, &[]), "docs/x/c.md docsy.md");
        let below =
            |path: &str| Scope::Below { paths: vec![path.to_owned()], globs: GlobSet::empty() };
        assert_eq!(planned(&below("docs"), &[]), "docs/x/c.md");
        assert_eq!(planned(&below(""), &[]), "docs/x/c.md docsy.md");
        assert_eq!(planned(&Scope::Only(["docsy.md".to_owned()].into()), &[]), "docsy.md");
    }

    #[test]
    fn what_could_not_be_read_is_not_gone() {
        assert_eq!(planned(&Scope::Everything, &["docs/x"]), "docsy.md");
        assert_eq!(planned(&Scope::Everything, &["docs/x/c.md"]), "docsy.md");
    }

    #[test]
    fn what_is_at_another_path_has_moved_unless_it_is_still_there() {
        let known = known(&[("a.md", "1"), ("b.md", "1"), ("c.md", "2"), ("d.md", "3")]);
        let found = found(&[
            ("c.md", "2"),
            ("copy.md", "2"),
            ("x/a.md", "1"),
            ("x/b.md", "1"),
            ("x/c.md", "1"),
            ("x/d.md", "4"),
        ]);
        let plan =
            |recipe: &Recipe| plan(&known, &found, &BTreeSet::new(), &Scope::Everything, recipe);
        let own = plan(&recipe());
        let moved: Vec<_> = own.moved.iter().map(|one| (one.from.as_str(), &*one.to)).collect();
        assert_eq!(moved, [("a.md", "x/a.md"), ("b.md", "x/b.md")]);
        assert_eq!(own.added, ["copy.md", "x/c.md", "x/d.md"].map(Arc::from));
        assert_eq!(own.removed, ["d.md"]);
        // By other rules it is cut anew.
        let settings = Settings::new(100, 0, 3).unwrap();
        let other = Recipe::new(settings, &Catalogue::default(), &Process::default(), None);
        assert_eq!((plan(&other).moved.len(), plan(&other).removed.len()), (0, 3));
    }

    #[test]
    fn without_a_model_what_one_has_cut_moves_too_and_is_cut_anew() {
        let model = ModelDescription {
            name: "a/b".to_owned(),
            digest: "11".to_owned(),
            dimensions: 3,
            max_tokens: 512,
            distance: Distance::Cosine,
        };
        let of = |model: Option<&ModelDescription>| {
            Recipe::new(Settings::default(), &Catalogue::default(), &Process::default(), model)
        };
        let moved = |known_by: &Recipe, now: &Recipe| {
            let mut known = known(&[("a.md", "1")]);
            known[0].recipe = known_by.to_string();
            let plan =
                plan(&known, &found(&[("b.md", "1")]), &BTreeSet::new(), &Scope::Everything, now);
            plan.moved.iter().map(|one| one.is_recut).collect::<Vec<_>>()
        };
        let (by_model, estimate) = (of(Some(&model)), of(None));
        assert_eq!(moved(&by_model, &estimate), [true]);
        assert_eq!(moved(&by_model, &by_model), [false]);
        assert_eq!(moved(&estimate, &estimate), [false]);
        assert!(moved(&estimate, &by_model).is_empty());
    }

    #[test]
    fn other_rules_change_every_document() {
        let states = known(&[("a.md", "1")]);
        let other = Recipe::new(
            Settings::new(100, 0, 3).unwrap(),
            &Catalogue::default(),
            &Process::default(),
            None,
        );
        let plan =
            plan(&states, &found(&[("a.md", "1")]), &BTreeSet::new(), &Scope::Everything, &other);
        assert_eq!(plan.changed, [Arc::from("a.md")]);
    }
}
