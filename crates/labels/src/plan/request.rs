//! What is asked for besides the catalogue, and whether it makes sense.

use std::collections::{BTreeMap, BTreeSet};

use countersign_markup::shown::excerpt;

use crate::catalogue::Catalogue;
use crate::name::{self, fold};

/// What is asked for besides the catalogue.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Labels to rename, once: the name now and the new one.
    pub renames: Vec<(String, String)>,
    /// Labels to merge, once: the one that goes away and the one that stays.
    pub merges: Vec<(String, String)>,
    /// Whether to delete labels that the catalogue does not have.
    pub prune: bool,
    /// Names of labels known to be in use, which are not deleted. Whatever is not named here is
    /// looked up again when it comes to the deletion.
    pub in_use: BTreeSet<String>,
}

/// Why there can be no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A new name that GitHub would refuse.
    #[error("`{}` cannot become `{}`: the new name {fault}", excerpt(from), excerpt(to))]
    BadName {
        /// The label.
        from: String,
        /// The new name.
        to: String,
        /// What is wrong with it.
        fault: name::NameFault,
    },
    /// One label is to become two things.
    #[error(
        "`{}` is to be renamed or merged twice; a label can only become one other",
        excerpt(from)
    )]
    TwiceFrom {
        /// The label.
        from: String,
    },
    /// Two labels are to have one name.
    #[error(
        "two labels are to be called `{}`; rename one and merge the other into it",
        excerpt(to)
    )]
    TwiceTo {
        /// The name.
        to: String,
    },
    /// A label that the catalogue wants is to go away, and none takes its place.
    #[error(
        "`{}` is a label of the catalogue and would come back; change `labels: catalogue: {key}: \
         name:` in countersign.yaml instead",
        excerpt(from)
    )]
    Wanted {
        /// The label.
        from: String,
        /// Its key.
        key: String,
    },
    /// A label is to have a name that the catalogue replaces by another.
    #[error("`{}` is another name of `{}`; rename or merge to that one", excerpt(to), excerpt(of))]
    Alias {
        /// The new name.
        to: String,
        /// The label that it is an alias of.
        of: String,
    },
    /// A name is given to one label and taken from another, and names do not go round in a
    /// circle: whoever ran the request again could not tell one label from the other.
    #[error(
        "`{}` is to be called `{}`, and `{}` is to be called `{}`; rename the second one first, in a \
         run of its own",
        excerpt(from),
        excerpt(to),
        excerpt(to),
        excerpt(next)
    )]
    Chain {
        /// The label that gets the name.
        from: String,
        /// The name.
        to: String,
        /// What the label that has it is to be called.
        next: String,
    },
    /// Names go round in more than one circle. When one is closed, nothing tells whoever runs the
    /// request again that it is.
    #[error(
        "names go round in two circles, at `{}` and at `{}`; do one in a run of its own",
        excerpt(one),
        excerpt(other)
    )]
    TwoCircles {
        /// A label of the one circle.
        one: String,
        /// A label of the other.
        other: String,
    },
    /// A label is to be renamed to what it is called, or merged into itself, perhaps by way of
    /// others.
    #[error("`{}` cannot become itself", excerpt(from))]
    Itself {
        /// The label.
        from: String,
    },
}

/// Looks whether the request contradicts itself or the catalogue.
pub(super) fn check(catalogue: &Catalogue, request: &Request) -> Result<(), PlanError> {
    let mut sources = BTreeSet::new();
    let mut targets = BTreeSet::new();
    for (from, _) in request.renames.iter().chain(&request.merges) {
        if !sources.insert(fold(from)) {
            return Err(PlanError::TwiceFrom { from: from.clone() });
        }
    }
    for (from, to) in &request.renames {
        if let Some(fault) = name::fault(to) {
            return Err(PlanError::BadName { from: from.clone(), to: to.clone(), fault });
        }
        if from == to {
            return Err(PlanError::Itself { from: from.clone() });
        }
        if let Some(label) = catalogue.by_alias(to) {
            return Err(PlanError::Alias { to: to.clone(), of: label.name.clone() });
        }
        if !targets.insert(fold(to)) {
            return Err(PlanError::TwiceTo { to: to.clone() });
        }
    }
    for (from, to) in &request.renames {
        if let Some(next) = renamed_to(request, to)
            && circle(request, from).is_none()
        {
            let next = next.to_owned();
            return Err(PlanError::Chain { from: from.clone(), to: to.clone(), next });
        }
    }
    let mut circles = request.renames.iter().filter_map(|(from, _)| circle(request, from));
    if let Some(one) = circles.next()
        && let Some(other) = circles.find(|other| !other.contains(&one[0]))
    {
        return Err(PlanError::TwoCircles { one: one[0].clone(), other: other[0].clone() });
    }
    for (from, _) in &request.merges {
        if targets.contains(&fold(from)) {
            return Err(PlanError::TwiceFrom { from: from.clone() });
        }
    }
    let merged = request.merges.iter().map(|(from, _)| (from, false));
    let renamed = request.renames.iter().map(|(from, _)| (from, targets.contains(&fold(from))));
    for (from, is_replaced) in merged.chain(renamed) {
        if let Some(label) = catalogue.by_name(from).filter(|_| !is_replaced) {
            return Err(PlanError::Wanted { from: from.clone(), key: label.key.clone() });
        }
    }
    // An alias goes on to its label.
    let end =
        |name: &str| catalogue.by_alias(name).map_or_else(|| fold(name), |label| fold(&label.name));
    let next: BTreeMap<String, String> = request
        .merges
        .iter()
        .flat_map(|(from, into)| [(fold(from), end(into)), (end(from), end(into))])
        .collect();
    for (from, _) in &request.merges {
        let start = end(from);
        let mut place = next.get(&start);
        let mut steps = 0;
        while let Some(name) = place.filter(|_| steps <= next.len()) {
            if *name == start {
                return Err(PlanError::Itself { from: from.clone() });
            }
            place = next.get(name);
            steps += 1;
        }
    }
    Ok(())
}

/// What the label called `name` is to be called.
fn renamed_to<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let asked = request.renames.iter().find(|(from, _)| fold(from) == fold(name));
    asked.map(|(_, to)| &**to)
}

/// The names that go round in a circle, folded, from `name` on; `None` if they do not come back
/// to it, or if it is alone: another way to write one name is no circle.
pub(super) fn circle(request: &Request, name: &str) -> Option<Vec<String>> {
    let first = fold(name);
    let mut names = vec![first.clone()];
    let mut place = fold(renamed_to(request, name)?);
    while place != first {
        if names.len() > request.renames.len() {
            return None;
        }
        names.push(place.clone());
        place = fold(renamed_to(request, &place)?);
    }
    (names.len() > 1).then_some(names)
}
