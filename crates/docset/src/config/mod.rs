//! `countersign.yaml`: the key `docs:`, and where the file is found.
//!
//! The other keys of the file (`labels:`, `process:`, `kb:`, `gateway:`) belong to
//! other crates; here they are only known by name, so that a misspelt one is found.

mod load;
mod rules;

use std::collections::BTreeMap;

pub(crate) use load::Located;
pub use load::{CONFIG_FILE, ConfigError, find_root};
pub use rules::{Level, RuleOptions, RuleSetting};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::catalogue::{KeyConfig, Phase, StatusConfig, TypeConfig};

/// The whole of `countersign.yaml`, as far as documents are concerned.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ConfigFile {
    /// Documents: which files they are, their types, the rules.
    pub(crate) docs: DocsConfig,
    /// The label catalogue (read by `labels`).
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    labels: IgnoredAny,
    /// Stages, gates and roles (read by `policy`).
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    process: IgnoredAny,
    /// The knowledge base (read by `kb`).
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    kb: IgnoredAny,
    /// The gateway (read by `gateway`).
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    gateway: IgnoredAny,
}

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
