//! By which rules a document is read and cut.

use std::fmt::Write as _;

use countersign_docset::catalogue::{Catalogue, Phase};
use countersign_docset::docset::Process;
use sha2::{Digest as _, Sha256};

use crate::chunk::Settings;
use crate::embed::ModelDescription;
use crate::terms;

/// What this crate itself reads of a document. Counts up when the same file would be kept
/// otherwise.
const VERSION: u32 = 1;

/// By which rules a document is read and cut: kept with it, so that it is read again when
/// they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    rules: String,
    tokens: Option<String>,
}

/// What precedes the tokenizer in a recipe.
const TOKENS: &str = " tokens=";

impl Recipe {
    /// The recipe for documents that are cut by these settings with the tokenizer of
    /// `model`, or by estimate.
    #[must_use]
    pub fn new(
        settings: Settings,
        catalogue: &Catalogue,
        process: &Process,
        model: Option<&ModelDescription>,
    ) -> Self {
        let rules = format!(
            "v{VERSION} chunks={}/{}/{} terms={} types={}",
            settings.max_tokens(),
            settings.overlap_tokens(),
            settings.heading_level(),
            terms::VERSION,
            types(catalogue, process),
        );
        let tokens = model.map(|model| {
            let digest: String = model.digest.chars().take(12).collect();
            format!("{}@{digest}", model.name)
        });
        Self { rules, tokens }
    }

    /// Whether a document that was read by `recipe` is as this one would have it.
    ///
    /// Where there is no model, any tokenizer will do: an estimate is no reason to cut anew
    /// what a model had cut, and so to lose its vectors.
    #[must_use]
    pub fn accepts(&self, recipe: &str) -> bool {
        match (&self.tokens, recipe.split_once(TOKENS)) {
            (Some(own), Some((rules, tokens))) => rules == self.rules && tokens == own,
            (None, Some((rules, _))) => rules == self.rules,
            (_, None) => false,
        }
    }

    /// The same for documents that another model has cut: what may wait until a new model
    /// is in use.
    #[must_use]
    pub fn with_any_tokens(&self) -> Self {
        Self { rules: self.rules.clone(), tokens: None }
    }
}

impl std::fmt::Display for Recipe {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tokens = self.tokens.as_deref().unwrap_or("estimate");
        write!(formatter, "{}{TOKENS}{tokens}", self.rules)
    }
}

/// What the configuration makes of a type and a status, in 16 hexadecimal digits.
fn types(catalogue: &Catalogue, process: &Process) -> String {
    let mut hasher = Sha256::new();
    for kind in catalogue.types.values() {
        hasher.update([0]);
        hasher.update(&kind.name);
        for stage in stages(process, catalogue, &kind.name) {
            hasher.update([1]);
            hasher.update(stage);
        }
        for status in &kind.statuses {
            hasher.update([2]);
            hasher.update(&status.name);
            hasher.update([3]);
            hasher.update(phase(Some(status.phase)));
        }
    }
    let digest = hasher.finalize();
    digest.iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The stages of the process that documents of a type come out of, in order: what the
/// process says, else the stage that the catalogue names.
pub(super) fn stages<'s>(
    process: &'s Process,
    catalogue: &'s Catalogue,
    kind: &str,
) -> Vec<&'s str> {
    let mut stages: Vec<&str> = process.definition().producers(kind).collect();
    if stages.is_empty() {
        let own = catalogue.types.get(kind).map(|kind| kind.stage.as_str());
        stages.extend(own.filter(|stage| *stage != "any"));
    }
    stages
}

/// The word that a store keeps for a phase; empty for none.
pub(super) const fn phase(phase: Option<Phase>) -> &'static str {
    match phase {
        Some(Phase::Drafting) => "drafting",
        Some(Phase::Review) => "review",
        Some(Phase::InForce) => "in-force",
        Some(Phase::Rejected) => "rejected",
        Some(Phase::Replaced) => "replaced",
        Some(Phase::Retired) => "retired",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::Distance;

    fn recipe(settings: Settings, digest: Option<&str>) -> Recipe {
        let model = digest.map(|digest| ModelDescription {
            name: "a/b".to_owned(),
            digest: digest.to_owned(),
            dimensions: 3,
            max_tokens: 512,
            distance: Distance::Cosine,
        });
        Recipe::new(settings, &Catalogue::default(), &Process::default(), model.as_ref())
    }

    #[test]
    fn a_document_is_read_again_when_a_rule_changes() {
        let own = recipe(Settings::default(), Some("11"));
        assert!(own.accepts(&own.to_string()));
        let smaller = recipe(Settings::new(100, 0, 3).unwrap(), Some("11"));
        assert!(!own.accepts(&smaller.to_string()));
        assert!(!own.accepts(&recipe(Settings::default(), Some("22")).to_string()));
        assert!(!own.accepts(""));
    }

    #[test]
    fn an_estimate_takes_what_a_model_has_cut_and_no_model_takes_an_estimate() {
        let (model, estimate) =
            (recipe(Settings::default(), Some("11")), recipe(Settings::default(), None));
        assert!(estimate.accepts(&model.to_string()));
        assert!(!model.accepts(&estimate.to_string()));
        assert!(model.with_any_tokens().accepts(&estimate.to_string()));
    }
}
