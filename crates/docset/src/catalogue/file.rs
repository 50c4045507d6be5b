//! The shape of a catalogue as written: in `default.yaml` and under `docs:`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::yaml::{self, Budget};

/// What a status means for rules, whatever a team calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename = "phase")]
pub enum Phase {
    /// Being written.
    Drafting,
    /// Waiting for the owner.
    Review,
    /// Approved: it counts.
    InForce,
    /// Refused by the owner.
    Rejected,
    /// Another document took its place.
    Replaced,
    /// It no longer counts, and nothing took its place.
    Retired,
}

/// What a key of front matter may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename = "kind of key")]
pub enum KeyKind {
    /// One text.
    Text,
    /// One positive whole number.
    Number,
    /// A list of positive whole numbers.
    Numbers,
    /// A list of texts.
    Texts,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// The document's own id.
    Id,
    /// A document type of the catalogue.
    Type,
    /// A status of the type's lifecycle.
    Status,
    /// A role of the catalogue.
    Role,
    /// `sha256:` and 64 hexadecimal digits.
    Digest,
    /// The id or path of one document.
    Reference,
    /// One id or path, or a list of them.
    References,
    /// Named values.
    Mapping,
    /// Anything.
    Any,
}

/// A key of front matter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyConfig {
    /// What the key may hold.
    pub kind: KeyKind,
    /// What the key is for, shown by editors.
    #[serde(default)]
    pub title: String,
    /// The only texts allowed; empty for any.
    #[serde(default)]
    pub values: Vec<String>,
    /// The keys inside, if `kind` is `mapping`.
    #[serde(default)]
    pub keys: BTreeMap<String, KeyConfig>,
}

/// A status of a lifecycle.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StatusConfig {
    /// What the status means for rules.
    pub phase: Phase,
    /// Statuses that may follow it.
    #[serde(default)]
    pub next: Vec<String>,
}

/// A title in the languages of the templates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Titles {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

/// One name, or several that mean the same.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(from = "OneOrMany")]
#[cfg_attr(feature = "schema", schemars(with = "OneOrMany"))]
pub struct OneOf(pub Vec<String>);

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a name or a list of names")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for OneOf {
    fn from(names: OneOrMany) -> Self {
        match names {
            OneOrMany::One(name) => Self(vec![name]),
            OneOrMany::Many(names) => Self(names),
        }
    }
}

/// Names of one thing, by language.
pub type Names = BTreeMap<String, OneOf>;

/// A required section: its names by language (`en`, `ru`, or any other code). A
/// document has the section if a heading carries any of them.
pub type HeadingNames = Names;

/// A document type as written; what is left out is taken from the defaults, or
/// from the type of the same name in the default catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TypeConfig {
    /// What people call it, by language.
    pub title: Option<Titles>,
    /// Id prefixes, without the hyphen behind them.
    pub prefixes: Option<Vec<String>>,
    /// Roles that own such documents, the usual one first.
    pub owner_roles: Option<Vec<String>>,
    /// The stage that produces it.
    pub stage: Option<String>,
    /// The lifecycle that its status follows.
    pub lifecycle: Option<String>,
    /// Keys that must be there, added to the defaults.
    pub required: Option<Vec<String>>,
    /// Keys that may be there, added to the defaults; a key named here is no
    /// longer required.
    pub optional: Option<Vec<String>>,
    /// Whether it is approved by the owner.
    pub approvals: Option<bool>,
    /// Whether it begins with a summary.
    pub summary: Option<bool>,
    /// Sections that it is worthless without.
    pub headings: Option<Vec<HeadingNames>>,
    /// More lines than this are too many.
    pub max_lines: Option<usize>,
}

impl TypeConfig {
    /// Takes over what `changes` says.
    pub(super) fn update(&mut self, changes: &Self) {
        fn take<T: Clone>(mine: &mut Option<T>, theirs: &Option<T>) {
            if theirs.is_some() {
                mine.clone_from(theirs);
            }
        }
        take(&mut self.title, &changes.title);
        take(&mut self.prefixes, &changes.prefixes);
        take(&mut self.owner_roles, &changes.owner_roles);
        take(&mut self.stage, &changes.stage);
        take(&mut self.lifecycle, &changes.lifecycle);
        take(&mut self.approvals, &changes.approvals);
        take(&mut self.summary, &changes.summary);
        take(&mut self.headings, &changes.headings);
        take(&mut self.max_lines, &changes.max_lines);

        /// A key is in one of the two lists; the later word counts.
        fn add(mine: &mut Option<Vec<String>>, other: &mut Option<Vec<String>>, keys: &[String]) {
            if let Some(other) = other {
                other.retain(|key| !keys.contains(key));
            }
            mine.get_or_insert_default().extend(keys.iter().cloned());
        }
        if let Some(keys) = &changes.required {
            add(&mut self.required, &mut self.optional, keys);
        }
        if let Some(keys) = &changes.optional {
            add(&mut self.optional, &mut self.required, keys);
        }
    }
}

/// `default.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CatalogueFile {
    pub(super) roles: Vec<String>,
    pub(super) keys: BTreeMap<String, KeyConfig>,
    pub(super) lifecycles: BTreeMap<String, BTreeMap<String, StatusConfig>>,
    pub(super) defaults: TypeConfig,
    pub(super) summary_headings: Names,
    pub(super) types: BTreeMap<String, TypeConfig>,
}

impl CatalogueFile {
    /// Reads the compiled-in catalogue.
    pub(super) fn parse(text: &str) -> Self {
        // Compiled in, and read by every test: a fault here is never a user's.
        let parsed = match yaml::parse(text, 0, Budget::CONFIGURATION) {
            Ok(parsed) => parsed,
            Err(error) => unreachable!("the default catalogue is no YAML: {error:?}"),
        };
        match parsed.root().map(yaml::from_node) {
            Some(Ok(file)) => file,
            other => unreachable!("the default catalogue is malformed: {other:?}"),
        }
    }
}
