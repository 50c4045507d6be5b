//! Profiles and their stages.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::DocsetError;
use crate::nearest::suggestion;
use crate::yaml::{self, Budget};

/// The profile of an issue that says nothing else.
pub const DEFAULT_PROFILE: &str = "full";

/// The profiles, and what each stage needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// Stages in order, by profile.
    pub profiles: BTreeMap<String, Vec<String>>,
    /// Types that a stage can do without.
    pub optional: Vec<String>,
}

impl Default for Process {
    fn default() -> Self {
        // Compiled in, and read by every test: a fault here is never a user's.
        let text = include_str!("process.yaml");
        let parsed = match yaml::parse(text, 0, Budget::CONFIGURATION) {
            Ok(parsed) => parsed,
            Err(error) => unreachable!("the default process is no YAML: {error:?}"),
        };
        match parsed.root().map(yaml::from_node) {
            Some(Ok(process)) => process,
            other => unreachable!("the default process is malformed: {other:?}"),
        }
    }
}

impl Process {
    /// The stages of a profile.
    ///
    /// # Errors
    ///
    /// [`DocsetError::UnknownProfile`] with the profiles that there are.
    pub fn stages(&self, profile: &str) -> Result<&[String], DocsetError> {
        match self.profiles.get(profile) {
            Some(stages) => Ok(stages),
            None => Err(DocsetError::UnknownProfile {
                name: profile.to_owned(),
                help: suggestion(profile, self.profiles.keys().map(String::as_str)),
            }),
        }
    }

    /// The stages of a profile up to `stage`, that one included.
    ///
    /// # Errors
    ///
    /// [`DocsetError::UnknownStage`] with the stages of the profile.
    pub fn stages_up_to(&self, profile: &str, stage: &str) -> Result<&[String], DocsetError> {
        let stages = self.stages(profile)?;
        match stages.iter().position(|known| known == stage) {
            Some(at) => Ok(&stages[..=at]),
            None => Err(DocsetError::UnknownStage {
                name: stage.to_owned(),
                profile: profile.to_owned(),
                help: suggestion(stage, stages.iter().map(String::as_str)),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn profiles_and_catalogue_speak_of_the_same_stages() {
        let (process, catalogue) = (Process::default(), Catalogue::default());
        let full = process.stages(DEFAULT_PROFILE).unwrap();
        for kind in catalogue.types.values().filter(|kind| kind.stage != "any") {
            assert!(full.contains(&kind.stage), "{}", kind.name);
        }
        for stages in process.profiles.values() {
            assert!(stages.iter().all(|stage| full.contains(stage)));
        }
        assert!(process.optional.iter().all(|name| catalogue.types.contains_key(name)));
    }

    #[test]
    fn a_misspelt_name_is_told_apart() {
        let process = Process::default();
        let error = process.stages("featre").unwrap_err().to_string();
        assert_eq!(error, "there is no profile `featre`; did you mean `feature`?");
        let error = process.stages_up_to("quick-fix", "prd").unwrap_err().to_string();
        assert!(error.contains("the profile `quick-fix` has no stage `prd`"), "{error}");
    }
}
