//! Which status may follow which.

use crate::catalogue::{DocumentType, Phase, Status};

/// A step that the lifecycle does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// The document has a status that its type does not know.
    #[error("the type `{kind}` has no status `{status}`")]
    UnknownStatus {
        /// The type.
        kind: String,
        /// The status.
        status: String,
        /// The statuses that there are.
        known: Vec<String>,
    },
    /// No status of the wanted phase may follow.
    #[error("`{from}` cannot become {wanted}")]
    Illegal {
        /// The present status.
        from: String,
        /// What was wanted, as a person would say it.
        wanted: &'static str,
        /// The statuses that may follow.
        legal: Vec<String>,
    },
}

impl StepError {
    /// What may be done instead.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::UnknownStatus { known, .. } => format!("use one of {}", known.join(", ")),
            Self::Illegal { from, legal, .. } if legal.is_empty() => {
                format!("nothing may follow `{from}`, unless `docs: lifecycles:` says otherwise")
            }
            Self::Illegal { from, legal, .. } => {
                format!("`{from}` may be followed by {}", legal.join(", "))
            }
        }
    }
}

/// The status that a document of type `kind` gets on its way from `from` to `phase`:
/// the one that may follow, and of several the one called `usual`.
///
/// # Errors
///
/// [`StepError`] naming the legal ones, if there is none.
pub fn step<'c>(
    kind: &'c DocumentType,
    from: &str,
    phase: Phase,
    usual: &str,
) -> Result<&'c Status, StepError> {
    let present = known(kind, from)?;
    let next = || {
        let statuses = present.next.iter().filter_map(|name| kind.status(name));
        statuses.filter(|status| status.phase == phase)
    };
    let found = next().find(|status| status.name == usual).or_else(|| next().next());
    found.ok_or_else(|| StepError::Illegal {
        from: from.to_owned(),
        wanted: describe(phase),
        legal: present.next.clone(),
    })
}

/// The status called `name` of `kind`.
pub(super) fn known<'c>(kind: &'c DocumentType, name: &str) -> Result<&'c Status, StepError> {
    kind.status(name).ok_or_else(|| StepError::UnknownStatus {
        kind: kind.name.clone(),
        status: name.chars().take(80).collect(),
        known: kind.statuses.iter().map(|status| status.name.clone()).collect(),
    })
}

const fn describe(phase: Phase) -> &'static str {
    match phase {
        Phase::Drafting => "a draft again",
        Phase::Review => "a document in review",
        Phase::InForce => "approved",
        Phase::Rejected => "rejected",
        Phase::Replaced => "superseded",
        Phase::Retired => "abandoned",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn follows_the_lifecycle_of_the_type() {
        let catalogue = Catalogue::default();
        let to = |kind: &str, from: &str, phase| {
            step(&catalogue.types[kind], from, phase, "abandoned").map(|status| &*status.name)
        };
        assert_eq!(to("prd", "draft", Phase::Review), Ok("in-review"));
        assert_eq!(to("prd", "in-review", Phase::InForce), Ok("approved"));
        assert_eq!(to("adr", "proposed", Phase::InForce), Ok("accepted"));
        assert_eq!(to("prd", "approved", Phase::Retired), Ok("abandoned"));
        let error = to("prd", "draft", Phase::InForce).unwrap_err();
        assert_eq!(error.to_string(), "`draft` cannot become approved");
        assert_eq!(error.help(), "`draft` may be followed by in-review, abandoned");
        let error = to("prd", "abandoned", Phase::Review).unwrap_err();
        assert!(error.help().starts_with("nothing may follow `abandoned`"));
        assert!(to("prd", "proposed", Phase::Review).unwrap_err().help().contains("in-review"));
    }

    #[test]
    fn every_status_that_is_not_the_end_may_become_abandoned() {
        for kind in Catalogue::default().types.values() {
            for status in kind.statuses.iter().filter(|status| status.name != "abandoned") {
                let next = step(kind, &status.name, Phase::Retired, "abandoned").unwrap();
                assert_eq!(next.name, "abandoned");
            }
        }
    }
}
