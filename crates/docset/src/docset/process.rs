//! The process, as far as documents are concerned: which stages an issue goes through, and
//! which documents come out of each.

use std::path::Path;

use countersign_config::ConfigError;
use countersign_process::{Process as Definition, UnknownName};

use super::DocsetError;
use crate::catalogue::{Catalogue, DocumentType};

/// The profile of an issue that says nothing else, unless the process names another.
pub const DEFAULT_PROFILE: &str = "full";

/// The stages and what comes out of them: the definition of `process:`, and the types of
/// the adopter's own that name a stage in `docs:` and that the definition does not name.
#[derive(Clone, Debug, Default)]
pub struct Process {
    definition: Definition,
}

impl From<Definition> for Process {
    fn from(definition: Definition) -> Self {
        Self { definition }
    }
}

impl Process {
    /// The process of the repository at `root`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for the first thing that is wrong with `process:` of its
    /// `countersign.yaml`.
    pub fn load(root: &Path) -> Result<Self, ConfigError> {
        Ok(Self { definition: Definition::load(root)? })
    }

    /// The definition.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The profile of an issue that says nothing else.
    #[must_use]
    pub fn default_profile(&self) -> &str {
        &self.definition.default_profile
    }

    /// The stages of a profile.
    ///
    /// # Errors
    ///
    /// [`DocsetError::UnknownProfile`] with the profiles that there are.
    pub fn stages(&self, profile: &str) -> Result<&[String], DocsetError> {
        Ok(self.definition.stages_of(profile)?)
    }

    /// The stages of a profile up to `stage`, that one included.
    ///
    /// # Errors
    ///
    /// [`DocsetError::UnknownStage`] with the stages of the profile.
    pub fn stages_up_to(&self, profile: &str, stage: &str) -> Result<&[String], DocsetError> {
        Ok(self.definition.stages_up_to(profile, stage)?)
    }

    /// The types without which `stage` cannot end, whatever happened, by name.
    pub fn needed<'c>(
        &'c self,
        stage: &'c str,
        catalogue: &'c Catalogue,
    ) -> impl Iterator<Item = &'c DocumentType> {
        let needs = move |kind: &&DocumentType| match self.definition.stages.get(stage) {
            Some(known) if self.is_named(kind) => {
                known.produces.indispensable().any(|name| name == kind.name)
            }
            _ => kind.stage == stage,
        };
        catalogue.types.values().filter(needs)
    }

    /// The types that a new package of `stage` has a document of, by name: all that come
    /// out of it, but not what only some event makes necessary.
    pub fn package<'c>(
        &'c self,
        stage: &'c str,
        catalogue: &'c Catalogue,
    ) -> impl Iterator<Item = &'c DocumentType> {
        let belongs = move |kind: &&DocumentType| match self.definition.stages.get(stage) {
            Some(known) if self.is_named(kind) => {
                let produces = &known.produces;
                let mut names =
                    produces.indispensable().chain(produces.optional.iter().map(String::as_str));
                names.any(|name| name == kind.name)
            }
            _ => kind.stage == stage,
        };
        catalogue.types.values().filter(belongs)
    }

    /// The stage that documents of the type belong to: the first that they can come out of,
    /// else what the type itself says.
    #[must_use]
    pub fn home<'p>(&'p self, kind: &'p DocumentType) -> &'p str {
        self.definition.producers(&kind.name).next().unwrap_or(&kind.stage)
    }

    /// Whether some stage of the definition names the type: then `stage:` of the catalogue
    /// does not count.
    fn is_named(&self, kind: &DocumentType) -> bool {
        self.definition.stages.values().any(|stage| stage.produces.has(&kind.name))
    }
}

impl From<UnknownName> for DocsetError {
    fn from(error: UnknownName) -> Self {
        match error {
            UnknownName::Profile { name, help } => Self::UnknownProfile { name, help },
            UnknownName::StageOfProfile { name, profile, help } => {
                Self::UnknownStage { name, profile, help }
            }
            other => Self::Process(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<'c>(kinds: impl Iterator<Item = &'c DocumentType>) -> Vec<&'c str> {
        kinds.map(|kind| kind.name.as_str()).collect()
    }

    #[test]
    fn the_definition_and_the_catalogue_speak_of_the_same_types_and_stages() {
        let (process, catalogue) = (Process::default(), Catalogue::default());
        for kind in catalogue.types.values().filter(|kind| kind.stage != "any") {
            assert_eq!(process.home(kind), kind.stage, "{}", kind.name);
        }
        for (name, stage) in &process.definition.stages {
            for product in stage.produces.documents() {
                assert!(catalogue.types.contains_key(product.kind), "{name}: {}", product.kind);
            }
        }
    }

    #[test]
    fn a_stage_needs_what_it_cannot_end_without() {
        // Stories are begun with the requirements, and must be there with the plan.
        let (process, catalogue) = (Process::default(), Catalogue::default());
        assert_eq!(names(process.needed("prd", &catalogue)), ["prd"]);
        assert_eq!(names(process.package("prd", &catalogue)), ["prd", "story"]);
        assert_eq!(names(process.needed("postdeploy", &catalogue)), ["postdeploy-review"]);
        assert_eq!(
            names(process.needed("plan", &catalogue)),
            ["definition-of-done", "delivery-plan", "epic", "roadmap", "story"]
        );
    }

    #[test]
    fn stages_and_types_of_a_teams_own_count() {
        let text = "process:
  stages:
    legal: {roles: [PM], start: {label: run:legal, workflow: wf_legal}, produces: {required: [prd]}}
  profiles: {bank: [intake, legal]}
docs:
  types: {opinion: {title: {en: Opinion, ru: Мнение}, prefixes: [OPN], owner_roles: [PM], stage: legal}}
";
        let process = Process::from(Definition::parse("countersign.yaml", text).unwrap());
        let config = crate::config::DocsConfig::parse("countersign.yaml", text).unwrap();
        let catalogue = Catalogue::new(&config).unwrap();
        assert_eq!(process.stages("bank").unwrap(), ["intake", "legal"]);
        assert_eq!(names(process.needed("legal", &catalogue)), ["opinion", "prd"]);
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
