//! Reading the file and one of its sections.

use std::io;
use std::path::Path;

use countersign_files::{inside, read};
use countersign_markup::yaml::{self, Budget};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::{CONFIG_FILE, ConfigError, Located};

/// The text of a `countersign.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    path: String,
    text: String,
}

/// The sections, each of which belongs to one crate. They are here by name only, so that a
/// misspelt one is found whichever crate reads the file.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Sections {
    docs: IgnoredAny,
    labels: IgnoredAny,
    process: IgnoredAny,
    kb: IgnoredAny,
    gateway: IgnoredAny,
}

impl ConfigFile {
    /// A file with this text; `path` is for messages.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The file of the repository at `root`; an empty one if it has none.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Read`] if it is there and cannot be read, is no UTF-8, or is a link
    /// out of the repository.
    pub fn load(root: &Path) -> Result<Self, ConfigError> {
        let path = root.join(CONFIG_FILE);
        let read_error = |source| ConfigError::Read { path: path.clone(), source };
        match path.symlink_metadata() {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::new(CONFIG_FILE, ""));
            }
            Err(error) => return Err(read_error(error)),
        }
        // A link that leads out of the repository would show what is there in an error.
        let root = root.canonicalize().map_err(read_error)?;
        let real = inside(&root, CONFIG_FILE).ok_or_else(|| {
            read_error(io::Error::other("it leads nowhere, or out of the repository"))
        })?;
        let mut bytes = Vec::new();
        read(&real, &mut bytes).map_err(|error| read_error(error.into()))?;
        let text = String::from_utf8(bytes)
            .map_err(|error| read_error(io::Error::new(io::ErrorKind::InvalidData, error)))?;
        Ok(Self::new(CONFIG_FILE, text))
    }

    /// The text, without a byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.strip_prefix('\u{feff}').unwrap_or(&self.text)
    }

    /// The section `name`, the default if it is missing or empty, once `validate` accepts
    /// it; `validate` is given the way back to lines for its own errors.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use countersign_config::ConfigFile;
    ///
    /// let file = ConfigFile::new("countersign.yaml", "labels:\n  blue: x\n");
    /// let labels: BTreeMap<String, String> = file.section("labels", |labels, located| {
    ///     match BTreeMap::<String, String>::get(labels, "red") {
    ///         Some(_) => Err(located.error(&["labels", "red"], true, "no red", "use blue")),
    ///         None => Ok(()),
    ///     }
    /// })?;
    /// assert_eq!(labels["blue"], "x");
    /// # Ok::<(), countersign_config::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] for the first thing that is wrong with the file as a whole
    /// or with this section, or what `validate` says.
    pub fn section<T: DeserializeOwned + Default>(
        &self,
        name: &str,
        validate: impl FnOnce(&T, &Located<'_>) -> Result<(), ConfigError>,
    ) -> Result<T, ConfigError> {
        let text = self.text();
        let unparsed = Located { path: &self.path, text, root: None };
        let yaml = yaml::parse(text, 0, Budget::CONFIGURATION)
            .map_err(|error| unparsed.error_at(error.span, &error.to_string(), ""))?;
        let located = Located { root: yaml.root(), ..unparsed };
        let decode_error = |error: yaml::DecodeError| {
            let span = error.span.unwrap_or_default();
            located.error_at(span, &error.message, error.help.as_deref().unwrap_or_default())
        };
        let mut value = T::default();
        if let Some(root) = yaml.root().filter(|root| !root.is_null()) {
            let _: Sections = yaml::from_node(root).map_err(decode_error)?;
            let section = root.entry(name).map(|entry| entry.value);
            if let Some(node) = section.filter(|node| !node.is_null()) {
                value = yaml::from_node(node).map_err(decode_error)?;
            }
        }
        validate(&value, &located)?;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Section = BTreeMap<String, bool>;

    fn read(text: &str) -> Result<Section, String> {
        let file = ConfigFile::new(CONFIG_FILE, text);
        file.section("kb", |_: &Section, _| Ok(())).map_err(|error| error.to_string())
    }

    #[test]
    fn a_section_that_is_not_there_is_the_default() {
        for text in ["", "# nothing\n", "docs:\n", "kb:\n", "\u{feff}kb: {}\n"] {
            assert_eq!(read(text), Ok(Section::new()), "{text}");
        }
    }

    #[test]
    fn a_fault_of_another_section_is_for_its_owner_to_find() {
        assert_eq!(read("docs: 7\nkb: {on: true}\n"), Ok([("on".to_owned(), true)].into()));
    }

    #[test]
    fn a_fault_of_the_file_is_found_by_whoever_reads_it() {
        insta::assert_snapshot!(read("bk: {}").unwrap_err(), @"countersign.yaml:1:1: unknown key `bk`");
        insta::assert_snapshot!(read("a: [").unwrap_err(), @"countersign.yaml:1:4: unclosed bracket '['");
        insta::assert_snapshot!(read("- a").unwrap_err(), @"countersign.yaml:1:1: expected a mapping, found a list");
        insta::assert_snapshot!(read("kb: {a: 1}").unwrap_err(), @"countersign.yaml:1:9: expected `true` or `false`, found `1`");
    }

    #[test]
    fn a_repository_without_the_file_has_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ConfigFile::load(folder.path()).unwrap().text(), "");
    }
}
