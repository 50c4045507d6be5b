//! What the guard needs to know of a label.

use crate::catalogue::{Authority, Catalogue, Class};

/// One label on an issue, as the guard sees it.
pub(super) struct LabelFacts {
    /// What it is for, if anything is known of it.
    pub(super) class: Option<Class>,
    /// Only an owner, or who carries an owner's approval, sets it.
    pub(super) owner_sets: bool,
    /// Only an owner takes it off.
    pub(super) owner_removes: bool,
    /// The labels that it excludes.
    pub(super) family: Option<String>,
    /// It ends what the others of its family began, so it may stand beside them.
    pub(super) ends_work: bool,
}

/// The stages that are open from every other ("always available", as the specification of
/// the process says), because they end it.
const WAYS_OUT: [&str; 2] = ["abort", "rethink"];

/// The facts of the label called `name`. A name that only has the prefix of a class counts
/// as one of that class: `run:anything` is a trigger to somebody's workflow.
pub(super) fn facts_of(catalogue: &Catalogue, name: &str) -> LabelFacts {
    let found = catalogue.classify(name);
    let Some(class) = found.class else {
        return LabelFacts {
            class: None,
            owner_sets: false,
            owner_removes: false,
            family: None,
            ends_work: false,
        };
    };
    // Of a class that has a family, every label is in it.
    let like = || catalogue.labels().iter().find(|label| label.class == class);
    let family = match found.label {
        Some(label) => label.family.as_ref(),
        None => like().and_then(|label| label.family.as_ref()),
    };
    LabelFacts {
        class: Some(class),
        owner_sets: class == Class::Trigger
            || found.label.is_some_and(|label| label.set_by == Authority::Owner),
        owner_removes: found.label.is_some_and(|label| label.removed_by == Authority::Owner),
        family: family.cloned(),
        ends_work: found.stage.is_some_and(|stage| WAYS_OUT.contains(&stage)),
    }
}
