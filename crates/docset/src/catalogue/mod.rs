//! What kinds of documents there are, and what each must say.
//!
//! The default catalogue is compiled in; `docs:` of `countersign.yaml` adds to it
//! and overrides it. [`Catalogue`] is the result: every name resolved, every
//! default filled in.

mod file;
mod schema;

use std::collections::BTreeMap;

pub(crate) use file::CatalogueFile;
pub use file::{HeadingNames, KeyConfig, KeyKind, Names, Phase, StatusConfig, Titles, TypeConfig};
#[cfg(feature = "schema")]
pub use schema::derive_configuration_schema;
pub use schema::{configuration_schema, front_matter_schema};

use crate::config::DocsConfig;

const DEFAULT: &str = include_str!("default.yaml");

/// All that rules need to know about the documents of one repository.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Who can own a document.
    pub roles: Vec<String>,
    /// Every key that front matter may have, by name.
    pub keys: BTreeMap<String, KeyConfig>,
    /// Every document type, by name.
    pub types: BTreeMap<String, DocumentType>,
    /// Names of the summary section, in every language.
    pub summary_headings: Names,
    /// Keys that every type needs unless it says otherwise.
    required: Vec<String>,
    /// Type of a prefix, for finding the type that an id speaks of.
    prefixes: BTreeMap<String, String>,
}

/// One document type, defaults filled in.
#[derive(Clone, Debug)]
pub struct DocumentType {
    /// The value of `type`.
    pub name: String,
    /// What people call it.
    pub title: Titles,
    /// Id prefixes, without the hyphen behind them.
    pub prefixes: Vec<String>,
    /// Roles that own such documents, the usual one first.
    pub owner_roles: Vec<String>,
    /// The stage that produces it; `any` if none in particular does.
    pub stage: String,
    /// Keys that must be there.
    pub required: Vec<String>,
    /// Keys that may be there.
    pub optional: Vec<String>,
    /// The statuses that it can have, sorted by name.
    pub statuses: Vec<Status>,
    /// Whether it is approved by the owner.
    pub approvals: bool,
    /// Whether it begins with a summary.
    pub summary: bool,
    /// Sections that it is worthless without.
    pub headings: Vec<HeadingNames>,
    /// More lines than this are too many.
    pub max_lines: usize,
}

/// A status and its place in the lifecycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The value of `status`.
    pub name: String,
    /// What the status means for rules.
    pub phase: Phase,
    /// Statuses that may follow it.
    pub next: Vec<String>,
}

impl DocumentType {
    /// The status called `name`.
    #[must_use]
    pub fn status(&self, name: &str) -> Option<&Status> {
        self.statuses.iter().find(|status| status.name == name)
    }

    /// Whether front matter of this type may have the key.
    #[must_use]
    pub fn allows(&self, key: &str) -> bool {
        self.required.iter().chain(&self.optional).any(|known| known == key)
    }
}

/// Why a catalogue cannot be built: a name that stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CatalogueError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The keys that lead to the offending value, below `docs:`.
    pub route: Vec<String>,
}

impl Default for Catalogue {
    fn default() -> Self {
        match Self::new(&DocsConfig::default()) {
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
    /// [`CatalogueError`] when the configuration names a key, lifecycle or status
    /// that does not exist, or gives two types the same id prefix.
    pub fn new(config: &DocsConfig) -> Result<Self, CatalogueError> {
        let mut file = CatalogueFile::parse(DEFAULT);
        file.roles.extend(config.roles.iter().cloned());
        file.keys.extend(config.keys.clone());
        file.lifecycles.extend(config.lifecycles.clone());
        for (name, phase) in &config.statuses {
            for lifecycle in file.lifecycles.values_mut() {
                lifecycle
                    .entry(name.clone())
                    .or_insert_with(|| StatusConfig { phase: *phase, next: Vec::new() });
            }
        }
        for (name, changes) in &config.types {
            let entry = file.types.entry(name.clone()).or_default();
            entry.update(changes);
        }
        let defaults = &file.defaults;
        let mut types = BTreeMap::new();
        let mut prefixes: BTreeMap<String, String> = BTreeMap::new();
        for (name, config) in &file.types {
            let kind = resolve(name, config, defaults, &file)?;
            for prefix in &kind.prefixes {
                if let Some(other) = prefixes.insert(prefix.clone(), name.clone()) {
                    return Err(CatalogueError {
                        message: format!(
                            "the types `{other}` and `{name}` share the id prefix `{prefix}`"
                        ),
                        help: "give each type a prefix of its own".to_owned(),
                        route: vec!["types".to_owned(), name.clone(), "prefixes".to_owned()],
                    });
                }
            }
            types.insert(name.clone(), kind);
        }
        Ok(Self {
            roles: file.roles,
            keys: file.keys,
            types,
            summary_headings: file.summary_headings,
            required: file.defaults.required.unwrap_or_default(),
            prefixes,
        })
    }

    /// The type that an id speaks of: the one with the longest prefix that the id
    /// begins with, so that `ALT-ALR-7` is about alerts and `ALT-7` is not.
    #[must_use]
    pub fn type_of_id(&self, id: &str) -> Option<&DocumentType> {
        let mut head = id;
        loop {
            if let Some(name) = self.prefixes.get(head) {
                return self.types.get(name);
            }
            head = &head[..head.rfind('-')?];
        }
    }

    /// The keys that every type needs unless it says otherwise.
    pub(crate) fn required_by_all(&self) -> impl Iterator<Item = &str> {
        self.required.iter().map(String::as_str)
    }

    /// Every status of every type, each once, for documents of unknown type.
    #[must_use]
    pub fn status(&self, name: &str) -> Option<&Status> {
        self.types.values().find_map(|kind| kind.status(name))
    }

    /// The names of all statuses of all types, sorted.
    #[must_use]
    pub fn status_names(&self) -> Vec<&str> {
        let statuses = self.types.values().flat_map(|kind| &kind.statuses);
        let mut names: Vec<&str> = statuses.map(|status| &*status.name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

fn resolve(
    name: &str,
    config: &TypeConfig,
    defaults: &TypeConfig,
    file: &CatalogueFile,
) -> Result<DocumentType, CatalogueError> {
    let error = |key: &str, message: String, help: String| CatalogueError {
        message,
        help,
        route: vec!["types".to_owned(), name.to_owned(), key.to_owned()],
    };
    let lifecycle_name =
        config.lifecycle.as_deref().or(defaults.lifecycle.as_deref()).unwrap_or("document");
    let lifecycle = file.lifecycles.get(lifecycle_name).ok_or_else(|| {
        let known = file.lifecycles.keys().map(String::as_str);
        error(
            "lifecycle",
            format!("there is no lifecycle `{lifecycle_name}`"),
            crate::nearest::suggestion(lifecycle_name, known),
        )
    })?;
    let mut required = defaults.required.clone().unwrap_or_default();
    let mut optional = defaults.optional.clone().unwrap_or_default();
    for (key, list) in [("required", &config.required), ("optional", &config.optional)] {
        for wanted in list.iter().flatten() {
            if !file.keys.contains_key(wanted) {
                let known = file.keys.keys().map(String::as_str);
                return Err(error(
                    key,
                    format!("there is no key `{wanted}`"),
                    format!(
                        "{}, or describe it under `docs: keys:`",
                        crate::nearest::suggestion(wanted, known)
                    ),
                ));
            }
            // Each list overrules the other one of the defaults.
            required.retain(|known| known != wanted);
            optional.retain(|known| known != wanted);
            if key == "required" { &mut required } else { &mut optional }.push(wanted.clone());
        }
    }
    let statuses: Vec<Status> = lifecycle
        .iter()
        .map(|(name, status)| Status {
            name: name.clone(),
            phase: status.phase,
            next: status.next.clone(),
        })
        .collect();
    Ok(DocumentType {
        name: name.to_owned(),
        title: config.title.clone().unwrap_or_default(),
        prefixes: config.prefixes.clone().unwrap_or_default(),
        owner_roles: config.owner_roles.clone().unwrap_or_default(),
        stage: config.stage.clone().unwrap_or_else(|| "any".to_owned()),
        required,
        optional,
        statuses,
        approvals: config.approvals.or(defaults.approvals).unwrap_or(true),
        summary: config.summary.or(defaults.summary).unwrap_or(true),
        headings: config.headings.clone().unwrap_or_default(),
        max_lines: config.max_lines.or(defaults.max_lines).unwrap_or(500),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_process_is_there() {
        let catalogue = Catalogue::default();
        assert_eq!(catalogue.types.len(), 43);
        let adr = &catalogue.types["adr"];
        assert_eq!(adr.status("accepted").unwrap().phase, Phase::InForce);
        assert!(adr.status("approved").is_none());
        assert!(adr.allows("supersedes") && !adr.allows("incident"));
        for kind in catalogue.types.values() {
            for key in kind.required.iter().chain(&kind.optional) {
                assert!(catalogue.keys.contains_key(key), "{}: {key}", kind.name);
            }
            for role in &kind.owner_roles {
                assert!(catalogue.roles.contains(role), "{}: {role}", kind.name);
            }
            for next in kind.statuses.iter().flat_map(|status| &status.next) {
                assert!(kind.status(next).is_some(), "{}: {next}", kind.name);
            }
        }
    }

    #[test]
    fn the_longest_prefix_decides() {
        let catalogue = Catalogue::default();
        let of = |id| catalogue.type_of_id(id).map(|kind| &*kind.name);
        assert_eq!(of("ALT-0001"), Some("alternatives"));
        assert_eq!(of("ALT-ALR-0001"), Some("alerts"));
        assert_eq!(of("PM-CK8S-0001"), Some("postmortem"));
        assert_eq!(of("ARC-0001"), None);
        assert_eq!(of("ALTO-0001"), None);
    }
}
