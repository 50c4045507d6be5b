//! The deliberate faults of the tree: few, known, one finding each.

/// A fault in one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A status that the catalogue does not have.
    Status,
    /// A role that the catalogue does not have.
    Role,
    /// A date that is written in another way.
    Date,
    /// A link to a document that is not there.
    Link,
    /// A section that the type needs is missing.
    Heading,
}

const ALL: [Fault; 5] = [Fault::Status, Fault::Role, Fault::Date, Fault::Link, Fault::Heading];

/// How many faults there are in a tree, of any size.
pub(super) const FAULTS: usize = 50;

/// How many of them are in front matter, where a JSON Schema sees them as well.
pub(super) const IN_FRONT_MATTER: usize = FAULTS / ALL.len() * 3;

impl Fault {
    /// The fault of document `number` of `documents`, if it has one. Faults are spread
    /// evenly, each kind equally often.
    pub(super) fn of(number: usize, documents: usize) -> Option<Self> {
        let step = (documents / FAULTS).max(1);
        let place = number / step;
        (number % step == step / 2 && place < FAULTS).then(|| ALL[place % ALL.len()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_of_any_size_has_as_many_faults() {
        for documents in [FAULTS, 999, 1000, 10_000] {
            let faults: Vec<Fault> =
                (0..documents).filter_map(|number| Fault::of(number, documents)).collect();
            assert_eq!(faults.len(), FAULTS, "{documents}");
            let seen = |fault: &&Fault| matches!(fault, Fault::Status | Fault::Role | Fault::Date);
            assert_eq!(faults.iter().filter(seen).count(), IN_FRONT_MATTER, "{documents}");
        }
    }
}
