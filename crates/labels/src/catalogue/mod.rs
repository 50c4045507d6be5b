//! Which labels there are, and what each means.
//!
//! The default catalogue is compiled in; `labels:` of `countersign.yaml` adds to it and changes
//! it. [`Catalogue`] is the result: every default filled in, every name checked against what
//! GitHub takes, every variable named.

mod check;
mod file;
mod resolve;
#[cfg(feature = "schema")]
mod schema;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use check::CatalogueError;
pub use file::{Authority, Class, Entries, LabelConfig, Language, Texts};
#[cfg(feature = "schema")]
pub use schema::section_schema;

use crate::color::Color;
use crate::config::LabelsConfig;
use crate::name::fold;

const DEFAULT: &str = include_str!("default.yaml");

/// One label, defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What it is known by, whatever it is called on GitHub; never changes.
    pub key: String,
    /// The name on GitHub.
    pub name: String,
    /// What it is for.
    pub class: Class,
    /// The stage that a trigger starts.
    pub stage: Option<String>,
    /// Whether a trigger starts the revision of the stage.
    pub revise: bool,
    /// The workflow that a trigger starts, without `.yml`.
    pub starts: Option<String>,
    /// What a model or reasoning label stands for, as the agent's command takes it.
    pub value: Option<String>,
    /// Labels of one family exclude each other on an issue; `None` for labels that go with
    /// all others.
    pub family: Option<String>,
    /// Who may set it.
    pub set_by: Authority,
    /// Who may take it off.
    pub removed_by: Authority,
    /// What GitHub shows beside it.
    pub summary: Texts,
    /// What the generated page says.
    pub description: Texts,
    /// How setting it is undone.
    pub undo: Texts,
    /// Its colour.
    pub color: Color,
    /// The variable that holds its name.
    pub variable: String,
    /// Other names that labels with this meaning have or had on GitHub.
    pub aliases: Vec<String>,
}

/// The labels of one repository or organisation.
#[derive(Clone, Debug)]
pub struct Catalogue {
    labels: Vec<Label>,
    /// Language of the descriptions on GitHub.
    language: Language,
    /// Place in `labels` of a folded name.
    by_name: BTreeMap<String, usize>,
    /// Place in `labels` of a key.
    by_key: BTreeMap<String, usize>,
    /// Place in `labels` of a folded alias.
    by_alias: BTreeMap<String, usize>,
}

impl Default for Catalogue {
    fn default() -> Self {
        match Self::new(&LabelsConfig::default()) {
            Ok(catalogue) => catalogue,
            // The compiled-in file is the same for everybody and read by every test.
            Err(error) => unreachable!("the default catalogue is broken: {error}"),
        }
    }
}

impl Catalogue {
    /// The default catalogue with the adopter's changes.
    ///
    /// # Errors
    ///
    /// [`CatalogueError`] when the configuration names a label that is not there, two labels
    /// share a name or a variable, or GitHub would refuse a name, a description or a colour.
    pub fn new(config: &LabelsConfig) -> Result<Self, CatalogueError> {
        let labels = resolve::labels(config, DEFAULT)?;
        check::check(&labels, config)?;
        let places = |of: fn(&Label) -> &str| {
            labels.iter().enumerate().map(|(at, label)| (of(label).to_owned(), at)).collect()
        };
        let by_name: BTreeMap<String, usize> =
            labels.iter().enumerate().map(|(at, label)| (fold(&label.name), at)).collect();
        let mut by_alias = BTreeMap::new();
        for (at, label) in labels.iter().enumerate() {
            for alias in label.aliases.iter().map(|alias| fold(alias)) {
                by_alias.insert(alias, at);
            }
        }
        let by_key = places(|label| &label.key);
        Ok(Self { by_name, by_key, by_alias, language: config.language, labels })
    }

    /// All labels: those of the default catalogue in its order, then the adopter's in theirs.
    #[must_use]
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The language of the descriptions on GitHub.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The label of this key.
    #[must_use]
    pub fn by_key(&self, key: &str) -> Option<&Label> {
        self.labels.get(*self.by_key.get(key)?)
    }

    /// The label of this name on GitHub; case does not count.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Label> {
        self.labels.get(*self.by_name.get(&fold(name))?)
    }

    /// The label that has this among its aliases; case does not count.
    #[must_use]
    pub fn by_alias(&self, name: &str) -> Option<&Label> {
        self.labels.get(*self.by_alias.get(&fold(name))?)
    }

    /// The label whose name this variable holds; case does not count, as for GitHub.
    #[must_use]
    pub fn by_variable(&self, variable: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.variable.eq_ignore_ascii_case(variable))
    }

    /// The labels of a family, which exclude each other on an issue.
    pub fn family<'c>(&'c self, family: &'c str) -> impl Iterator<Item = &'c Label> {
        self.labels.iter().filter(move |label| label.family.as_deref() == Some(family))
    }

    /// The trigger of a stage, or of its revision.
    #[must_use]
    pub fn trigger(&self, stage: &str, revise: bool) -> Option<&Label> {
        self.labels.iter().find(|label| {
            label.class == Class::Trigger
                && label.stage.as_deref() == Some(stage)
                && label.revise == revise
        })
    }
}
