//! The section `docs:` of `countersign.yaml`.

mod load;
mod rules;

use std::collections::BTreeMap;

pub use countersign_config::{CONFIG_FILE, ConfigError, find_root};
pub use rules::{Level, RuleOptions, RuleSetting};
use serde::Deserialize;

use crate::catalogue::{KeyConfig, Phase, StatusConfig, TypeConfig};

/// Documents: which files they are, their types, the rules.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DocsConfig {
    /// Folders and globs that hold the documents, from the root of the
    /// repository. Default: `[docs]`.
    pub include: Vec<String>,
    /// Globs of files that are no documents. Default: none.
    pub exclude: Vec<String>,
    /// Globs of Markdown files that need no front matter; their links and
    /// structure are still checked. Default: none.
    pub plain: Vec<String>,
    /// Language of the templates that `docset new` fills in. Default: `en`.
    pub language: String,
    /// File of known findings, which do not fail a run. Default: none.
    pub baseline: Option<String>,
    /// Roles besides those of the catalogue. Default: none.
    pub roles: Vec<String>,
    /// Statuses besides those of the catalogue, for all types, with the phase
    /// that each belongs to. Default: none.
    pub statuses: BTreeMap<String, Phase>,
    /// Lifecycles by name, besides or instead of those of the catalogue.
    pub lifecycles: BTreeMap<String, BTreeMap<String, StatusConfig>>,
    /// Keys of front matter, besides or instead of those of the catalogue.
    pub keys: BTreeMap<String, KeyConfig>,
    /// Document types, besides those of the catalogue or changing them.
    pub types: BTreeMap<String, TypeConfig>,
    /// Rules by id: a severity, or a mapping with a severity, paths and options.
    pub rules: BTreeMap<String, RuleSetting>,
}

impl Default for DocsConfig {
    fn default() -> Self {
        Self {
            include: vec!["docs".to_owned()],
            exclude: Vec::new(),
            plain: Vec::new(),
            language: "en".to_owned(),
            baseline: None,
            roles: Vec::new(),
            statuses: BTreeMap::new(),
            lifecycles: BTreeMap::new(),
            keys: BTreeMap::new(),
            types: BTreeMap::new(),
            rules: BTreeMap::new(),
        }
    }
}
