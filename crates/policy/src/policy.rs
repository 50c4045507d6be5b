//! The policy of one repository.

use std::collections::BTreeMap;
use std::path::Path;

use countersign_config::{CONFIG_FILE, ConfigError, ConfigFile};
use countersign_labels::{Catalogue, LabelsConfig};
use countersign_markup::shown::excerpt;
use countersign_process::{Condition, Process, Value};
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde::de::IgnoredAny;

use crate::digest::Digest;

/// The process of a repository with its labels: all that decisions rest on.
#[derive(Clone, Debug)]
pub struct Policy {
    process: Process,
    labels: Catalogue,
    digest: Digest,
    /// The ids of the rules about each operation.
    by_operation: FxHashMap<String, Vec<String>>,
}

/// Why there is no policy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl Default for Policy {
    fn default() -> Self {
        Self::new(Process::default(), Catalogue::default())
    }
}

impl Policy {
    /// The policy of a process and the labels that it speaks of.
    #[must_use]
    pub fn new(process: Process, labels: Catalogue) -> Self {
        let digest = digest(&process, &labels);
        let mut by_operation: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for (id, rule) in &process.rules {
            for operation in &rule.operations {
                by_operation.entry(operation.clone()).or_default().push(id.clone());
            }
        }
        Self { process, labels, digest, by_operation }
    }

    /// The policy of the repository at `root`.
    ///
    /// # Errors
    ///
    /// [`LoadError`] for the first thing that is wrong with its `countersign.yaml`.
    pub fn load(root: &Path) -> Result<Self, LoadError> {
        let file = ConfigFile::load(root)?;
        Self::parse(CONFIG_FILE, file.text())
    }

    /// The policy of a repository whose `countersign.yaml` has this text; `path` is for
    /// messages.
    ///
    /// # Errors
    ///
    /// [`LoadError`] for the first thing that is wrong.
    pub fn parse(path: &str, text: &str) -> Result<Self, LoadError> {
        let process = Process::parse(path, text)?;
        let file = ConfigFile::new(path, text);
        let labels = LabelsConfig::read(&file)?;
        no_agent_decides(&process, &labels, &file)?;
        let labels = Catalogue::new(&labels).map_err(|error| {
            // `read` has looked at it already.
            ConfigError::in_memory(&["labels"], &error.message, &error.help)
        })?;
        Ok(Self::new(process, labels))
    }

    /// The process.
    #[must_use]
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// The labels.
    #[must_use]
    pub fn labels(&self) -> &Catalogue {
        &self.labels
    }

    /// The digest of all that decisions rest on: the resolved process, and what every name
    /// of a label means. Comments, order and spelling of the file do not count.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The catalogue keys of the labels that rules name.
    pub(crate) fn named_labels(&self) -> impl Iterator<Item = &str> {
        let rules = self.process.rules.values();
        let conditions = rules.flat_map(|rule| rule.when.iter().chain(&rule.unless));
        let named = conditions.filter(|(fact, _)| *fact == "label.name");
        named
            .filter_map(|(_, condition)| match condition {
                Condition::OneOf(values) => Some(values),
                Condition::Given(_) | Condition::Range(_) => None,
            })
            .flatten()
            .filter_map(|value| match value {
                Value::Text(key) => Some(key.as_str()),
                Value::Flag(_) | Value::Number(_) => None,
            })
    }

    /// The ids of the rules about an operation, sorted.
    pub(crate) fn rules_about(&self, operation: &str) -> &[String] {
        self.by_operation.get(operation).map_or(&[], Vec::as_slice)
    }
}

/// That no account that programs use (`labels: guard: agents`) is an owner or a delegate. To
/// GitHub such an account is a person's.
fn no_agent_decides(
    process: &Process,
    labels: &LabelsConfig,
    file: &ConfigFile,
) -> Result<(), ConfigError> {
    let owners = process.owners.iter().enumerate().map(|it| ("owners", it));
    let delegates = process.delegations.iter().map(|delegation| &delegation.to).enumerate();
    for (list, (at, account)) in owners.chain(delegates.map(|it| ("delegations", it))) {
        let is_agent = labels.guard.agents.iter().any(|agent| {
            agent.login.eq_ignore_ascii_case(&account.login)
                || (agent.id.is_some() && agent.id == account.id)
        });
        if is_agent {
            let at = at.to_string();
            let message =
                format!("`{}` is an agent by `labels: guard: agents`", excerpt(&account.login));
            let help = "an agent can be neither owner nor delegate; name it in one of the two";
            // Read once more only for the way back to the line.
            file.section("process", |_: &IgnoredAny, located| {
                Err(located.error(&["process", list, &at], false, &message, help))
            })?;
        }
    }
    Ok(())
}

fn digest(process: &Process, labels: &Catalogue) -> Digest {
    #[derive(Serialize)]
    struct Definition<'p> {
        process: &'p Process,
        labels: BTreeMap<&'p str, LabelMeaning<'p>>,
    }
    #[derive(Serialize)]
    struct LabelMeaning<'p> {
        name: &'p str,
        class: &'static str,
        aliases: &'p [String],
    }
    let labels = labels.labels().iter().map(|label| {
        let class = label.class.as_str();
        let meaning = LabelMeaning { name: &label.name, class, aliases: &label.aliases };
        (label.key.as_str(), meaning)
    });
    match Digest::of_json(&Definition { process, labels: labels.collect() }) {
        Ok(digest) => digest,
        // Texts, numbers and mappings with texts for keys are JSON.
        Err(error) => unreachable!("a policy is no JSON: {error}"),
    }
}
