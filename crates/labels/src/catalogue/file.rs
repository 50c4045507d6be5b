//! The shape of a catalogue as written: in `default.yaml` and under `labels:`.

use std::collections::BTreeMap;
use std::fmt;

use countersign_markup::yaml::{self, Budget};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::name::{fold, without_brackets};

/// What a label is for, and so what setting it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename = "class of labels")]
pub enum Class {
    /// Setting it starts a workflow or a deploy.
    Trigger,
    /// Where the work stands.
    State,
    /// What the work waits for.
    Need,
    /// What an issue is.
    Semantic,
    /// Which model an agent uses.
    Model,
    /// How much an agent reasons.
    Reasoning,
}

impl Class {
    /// All classes, in the order of the specification.
    pub const ALL: [Self; 6] =
        [Self::Trigger, Self::State, Self::Need, Self::Semantic, Self::Model, Self::Reasoning];

    /// The name in configuration and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::State => "state",
            Self::Need => "need",
            Self::Semantic => "semantic",
            Self::Model => "model",
            Self::Reasoning => "reasoning",
        }
    }

    /// What names of such labels begin with, brackets aside; `None` for semantic labels.
    #[must_use]
    pub const fn prefix(self) -> Option<&'static str> {
        match self {
            Self::Trigger => Some("run:"),
            Self::State => Some("state:"),
            Self::Need => Some("need:"),
            Self::Semantic => None,
            Self::Model => Some("ai-model-"),
            Self::Reasoning => Some("ai-reasoning-"),
        }
    }

    /// The class that a name speaks of by its prefix. Model and reasoning labels may stand in
    /// brackets, others may not; case does not count.
    #[must_use]
    pub fn of_prefix(name: &str) -> Option<Self> {
        let folded = fold(name);
        let bare = without_brackets(&folded);
        Self::ALL.into_iter().find(|class| {
            let name = match class {
                Self::Model | Self::Reasoning => bare,
                _ => &folded,
            };
            class.prefix().is_some_and(|prefix| name.starts_with(prefix))
        })
    }
}

/// Who may set a label, or take it off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename = "who may change a label")]
pub enum Authority {
    /// The owner, or whoever carries the owner's approval of just that.
    Owner,
    /// People with write access, and agents as far as the policy lets them.
    Policy,
}

impl Authority {
    /// The name in configuration and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Policy => "policy",
        }
    }
}

/// A language that labels are described in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case", rename = "language")]
pub enum Language {
    /// English
    #[default]
    En,
    /// Russian
    Ru,
}

/// A text in the languages of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Texts {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

impl Texts {
    /// The text in `language`, or in the other one if that is all there is.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        let (wanted, other) = match language {
            Language::En => (&self.en, &self.ru),
            Language::Ru => (&self.ru, &self.en),
        };
        if wanted.is_empty() { other } else { wanted }
    }
}

/// A label as written; what is left out comes from the label of the same key in the
/// default catalogue, or from the class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LabelConfig {
    /// The name on GitHub, at most 50 characters. Default: the key.
    pub name: Option<String>,
    /// What the label is for. Default: told by the key's prefix (`run:`, `state:`,
    /// `need:`), else `semantic`.
    pub class: Option<Class>,
    /// The stage that a trigger starts. Default: none.
    pub stage: Option<String>,
    /// Whether a trigger starts the revision of the stage. Default: false.
    pub revise: Option<bool>,
    /// The workflow that a trigger starts, without `.yml`. Default: none.
    pub starts: Option<String>,
    /// What a model or reasoning label stands for, as the agent's command takes it.
    pub value: Option<String>,
    /// Labels of one family exclude each other on an issue. Default: that of the class.
    pub family: Option<String>,
    /// Who may set it. Default: that of the class.
    pub set_by: Option<Authority>,
    /// Who may take it off. Default: that of the class.
    pub removed_by: Option<Authority>,
    /// What GitHub shows beside the label, at most 100 characters in each language.
    pub summary: Option<Texts>,
    /// What the generated page says. Default: the summary.
    pub description: Option<Texts>,
    /// How setting it is undone. Default: that of the class.
    pub undo: Option<Texts>,
    /// Colour, six hexadecimal digits. Default: that of the class.
    pub color: Option<String>,
    /// Name of the variable that holds the label's name. Default: made from the key.
    pub variable: Option<String>,
    /// Names that labels with this meaning have or had on GitHub: `labels sync` renames
    /// them, or moves their issues over. Default: none.
    pub aliases: Option<Vec<String>>,
}

impl LabelConfig {
    /// Takes over what `changes` says.
    pub(super) fn update(&mut self, changes: &Self) {
        fn take<T: Clone>(mine: &mut Option<T>, theirs: &Option<T>) {
            if theirs.is_some() {
                mine.clone_from(theirs);
            }
        }
        take(&mut self.name, &changes.name);
        take(&mut self.class, &changes.class);
        take(&mut self.stage, &changes.stage);
        take(&mut self.revise, &changes.revise);
        take(&mut self.starts, &changes.starts);
        take(&mut self.value, &changes.value);
        take(&mut self.family, &changes.family);
        take(&mut self.set_by, &changes.set_by);
        take(&mut self.removed_by, &changes.removed_by);
        if changes.summary.is_some() && changes.description.is_none() {
            // The old page would describe something else.
            self.description = None;
        }
        take(&mut self.summary, &changes.summary);
        take(&mut self.description, &changes.description);
        take(&mut self.undo, &changes.undo);
        take(&mut self.color, &changes.color);
        take(&mut self.variable, &changes.variable);
        take(&mut self.aliases, &changes.aliases);
    }
}

/// What holds for all labels of a class.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassDefaults {
    pub(super) color: String,
    #[serde(default)]
    pub(super) family: Option<String>,
    pub(super) set_by: Authority,
    pub(super) removed_by: Authority,
    pub(super) undo: Texts,
}

/// Labels by key, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, LabelConfig>"))]
pub struct Entries(pub Vec<(String, LabelConfig)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// `default.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CatalogueFile {
    pub(super) classes: BTreeMap<Class, ClassDefaults>,
    pub(super) catalogue: Entries,
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
