//! The section `labels:` of `countersign.yaml`.

use std::path::Path;

use countersign_config::{ConfigError, ConfigFile};
use serde::Deserialize;

use crate::catalogue::{Catalogue, Entries, Language};
use crate::guard::GuardSettings;

/// The name of the section.
pub const SECTION: &str = "labels";

/// Labels: what they are called, what they mean, how they look.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LabelsConfig {
    /// Language of the descriptions that GitHub shows. Default: `en`.
    pub language: Language,
    /// Labels by key, besides those of the default catalogue or changing them.
    pub catalogue: Entries,
    /// Keys of labels of the default catalogue that are not wanted. Default: none.
    pub without: Vec<String>,
    /// Who may set the labels that are the owner's.
    pub guard: GuardSettings,
}

impl LabelsConfig {
    /// Reads the section from the repository at `root`; the defaults if it has none.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for the first thing that is wrong with the file or the section.
    pub fn load(root: &Path) -> Result<Self, ConfigError> {
        Self::read(&ConfigFile::load(root)?)
    }

    /// Reads the section from a file.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] for the first thing that is wrong.
    pub fn read(file: &ConfigFile) -> Result<Self, ConfigError> {
        file.section(SECTION, |config: &Self, located| {
            if let Err(fault) = config.guard.validate() {
                let route = [SECTION, "guard", &fault.route[0], &fault.route[1]];
                return Err(located.error(&route, false, &fault.message, fault.help));
            }
            let Err(error) = Catalogue::new(config) else { return Ok(()) };
            let mut route = vec![SECTION];
            route.extend(error.route.iter().map(String::as_str));
            Err(located.error(&route, false, &error.message, &error.help))
        })
    }
}
