//! How the variables on GitHub differ from the catalogue, both ways.

use std::collections::BTreeMap;

use crate::catalogue::Catalogue;

/// A variable as GitHub has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteVariable {
    /// The name, in capitals.
    pub name: String,
    /// The value: the name of a label.
    pub value: String,
}

/// What differs, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Variables of labels that are not there.
    pub missing: Vec<RemoteVariable>,
    /// Variables that hold another name than the label's: the name, what it holds, what it is to
    /// hold.
    pub different: Vec<(String, String, String)>,
    /// Variables that look like those of labels (`…_LABEL`), while no label has them.
    pub stray: Vec<RemoteVariable>,
}

impl Drift {
    /// Whether GitHub has what the catalogue says. Stray variables are none of its.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.different.is_empty()
    }
}

/// Compares the variables of a repository or organisation with the catalogue. GitHub keeps names
/// in capitals and compares them so; values count letter by letter.
#[must_use]
pub fn drift(catalogue: &Catalogue, observed: &[RemoteVariable]) -> Drift {
    let mut there: BTreeMap<String, &RemoteVariable> =
        observed.iter().map(|variable| (variable.name.to_ascii_uppercase(), variable)).collect();
    let mut drift = Drift::default();
    for label in catalogue.labels() {
        match there.remove(&label.variable) {
            None => drift
                .missing
                .push(RemoteVariable { name: label.variable.clone(), value: label.name.clone() }),
            Some(variable) if variable.value != label.name => drift.different.push((
                label.variable.clone(),
                variable.value.clone(),
                label.name.clone(),
            )),
            Some(_) => {}
        }
    }
    drift.missing.sort_by(|one, other| one.name.cmp(&other.name));
    drift.different.sort();
    let strays = there.into_iter().filter(|(name, _)| name.ends_with("_LABEL"));
    drift.stray = strays.map(|(_, variable)| variable.clone()).collect();
    drift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_found_both_ways() {
        let catalogue = Catalogue::default();
        assert_eq!(drift(&catalogue, &[]).missing.len(), catalogue.labels().len());
        let mut observed: Vec<RemoteVariable> = catalogue
            .labels()
            .iter()
            .map(|label| RemoteVariable {
                name: label.variable.to_lowercase(),
                value: label.name.clone(),
            })
            .collect();
        assert_eq!(drift(&catalogue, &observed), Drift::default());
        observed[0].value = "Run:Intake".to_owned();
        observed.remove(1);
        for name in ["OLD_LABEL", "REGISTRY"] {
            observed.push(RemoteVariable { name: name.to_owned(), value: "x".to_owned() });
        }
        let found = drift(&catalogue, &observed);
        assert!(!found.is_empty());
        let names = |variables: &[RemoteVariable]| -> Vec<String> {
            variables.iter().map(|variable| variable.name.clone()).collect()
        };
        assert_eq!(names(&found.missing), ["RUN_INTAKE_REVISE_LABEL"]);
        assert_eq!(names(&found.stray), ["OLD_LABEL"]);
        let different = ("RUN_INTAKE_LABEL", "Run:Intake", "run:intake");
        let (name, from, to) = &found.different[0];
        assert_eq!((&**name, &**from, &**to), different);
    }
}
