//! Finding and reading `countersign.yaml`.

use std::io;
use std::path::{Path, PathBuf};

use super::{ConfigFile, DocsConfig};
use crate::diagnostic::escape;
use crate::span::{LineIndex, Span};
use crate::tree::{inside, read};
use crate::yaml::{self, Budget, Node, NodeKind};

/// The name of the configuration file.
pub const CONFIG_FILE: &str = "countersign.yaml";

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something in the file is wrong.
    #[error("{path}:{line}:{column}: {message}")]
    Invalid {
        /// The file, as it was named.
        path: String,
        /// Line, 1-based.
        line: usize,
        /// Column, 1-based, in characters.
        column: usize,
        /// The fact, in one line.
        message: String,
        /// What to do; may be empty.
        help: String,
    },
}

/// The root of the repository that `start` (a file or folder) belongs to: the nearest
/// folder upwards that holds `countersign.yaml` or `.git`. A repository inside another
/// is its own.
#[must_use]
pub fn find_root(start: &Path) -> Option<PathBuf> {
    let is_root =
        |folder: &&Path| [CONFIG_FILE, ".git"].iter().any(|name| folder.join(name).exists());
    start.ancestors().find(is_root).map(Path::to_owned)
}

/// A parsed file and the way back from a value to its line.
pub(crate) struct Located<'a> {
    path: &'a str,
    text: &'a str,
    root: Option<Node<'a, 'a>>,
}

impl Located<'_> {
    /// The error for the value that `route` leads to, as far as it exists; for the
    /// key itself if `at_key`.
    pub(crate) fn error(
        &self,
        route: &[&str],
        at_key: bool,
        message: &str,
        help: &str,
    ) -> ConfigError {
        let mut span = Span::at(0);
        let mut node = self.root;
        for key in route {
            let step = node.and_then(|node| match node.kind() {
                NodeKind::Sequence => {
                    let item = key.parse().ok().and_then(|at| node.items().nth(at));
                    item.map(|item| (item.span(), item))
                }
                _ => node.entry(key).map(|entry| (entry.key.span(), entry.value)),
            });
            let Some((place, next)) = step else { break };
            span = place;
            node = Some(next);
        }
        if let Some(value) = node.filter(|node| !at_key && node.kind() == NodeKind::Scalar) {
            span = value.span();
        }
        self.error_at(span, message, help)
    }

    fn error_at(&self, span: Span, message: &str, help: &str) -> ConfigError {
        let position = LineIndex::new(self.text).position(self.text, span.start);
        ConfigError::Invalid {
            path: self.path.to_owned(),
            line: position.line,
            column: position.column,
            message: escape(message),
            help: escape(help),
        }
    }
}

impl DocsConfig {
    /// Reads the configuration of the repository at `root`; the defaults if it has
    /// none.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for the first thing that is wrong with the file.
    pub fn load(root: &Path) -> Result<Self, ConfigError> {
        let path = root.join(CONFIG_FILE);
        let read_error = |source| ConfigError::Read { path: path.clone(), source };
        match path.symlink_metadata() {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(read_error(error)),
        }
        // A link that leads out of the repository would show what is there in an error.
        let root = root.canonicalize().map_err(read_error)?;
        let real = inside(&root, CONFIG_FILE).ok_or_else(|| {
            read_error(io::Error::other("it leads nowhere, or out of the repository"))
        })?;
        let mut bytes = Vec::new();
        let text = match read(&real, &mut bytes) {
            Ok(()) => String::from_utf8(bytes).map_err(|error| ConfigError::Read {
                path: path.clone(),
                source: io::Error::new(io::ErrorKind::InvalidData, error),
            })?,
            Err(error) => return Err(ConfigError::Read { path, source: error.into() }),
        };
        Self::parse(CONFIG_FILE, &text)
    }

    /// Reads the configuration from the text of a `countersign.yaml`; `path` is for
    /// messages.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] for the first thing that is wrong.
    pub fn parse(path: &str, text: &str) -> Result<Self, ConfigError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let unparsed = Located { path, text, root: None };
        let yaml = yaml::parse(text, 0, Budget::CONFIGURATION)
            .map_err(|error| unparsed.error_at(error.span, &error.to_string(), ""))?;
        let Some(root) = yaml.root().filter(|root| !root.is_null()) else {
            return Ok(Self::default());
        };
        let located = Located { path, text, root: Some(root) };
        let file: ConfigFile = yaml::from_node(root).map_err(|error| {
            let span = error.span.unwrap_or_default();
            located.error_at(span, &error.message, error.help.as_deref().unwrap_or_default())
        })?;
        crate::settings::validate(&file.docs, &located)?;
        Ok(file.docs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        match DocsConfig::parse(CONFIG_FILE, text).unwrap_err() {
            ConfigError::Invalid { line, column, message, help, .. } => {
                format!("{line}:{column}: {message} ({help})")
            }
            other => other.to_string(),
        }
    }

    #[test]
    fn the_empty_file_is_the_default() {
        assert_eq!(DocsConfig::parse(CONFIG_FILE, "# nothing\n").unwrap().include, ["docs"]);
        assert_eq!(DocsConfig::parse(CONFIG_FILE, "docs:\n  plain:\n").unwrap().include, ["docs"]);
    }

    #[test]
    fn every_fault_names_its_line_and_what_to_do() {
        insta::assert_snapshot!(error("dosc: {}"), @"1:1: unknown key `dosc` (did you mean `docs`?)");
        insta::assert_snapshot!(error("docs:\n  inclde: [a]\n"), @"2:3: unknown key `inclde` (did you mean `include`?)");
        insta::assert_snapshot!(error("docs:\n  include: docs\n"), @"2:12: expected a list, found `docs` (write `[one, two]`)");
        insta::assert_snapshot!(error("docs:\n  rules:\n    broken-lnk: off\n"), @"3:5: there is no rule `broken-lnk` (did you mean `broken-link`?)");
        insta::assert_snapshot!(error("docs:\n  rules:\n    broken-link: of\n"), @"3:18: unknown value `of` (did you mean `off`?)");
        insta::assert_snapshot!(error("docs:\n  rules:\n    malformed-id: {patterns: ['[']}\n"), @"3:31: `[` is no regular expression (unclosed character class)");
        insta::assert_snapshot!(error("docs:\n  exclude: ['a[']\n"), @"2:13: `a[` is no glob (unclosed character class; missing ']')");
        insta::assert_snapshot!(error("docs:\n  types:\n    note: {lifecycle: x}\n"), @"3:23: there is no lifecycle `x` (use one of decision, document)");
        insta::assert_snapshot!(error("docs:\n  types:\n    note: {optional: [colour]}\n"), @"3:12: there is no key `colour` (use one of approvals, created_at, doc_id, incident, issue, owner_role, pr, related_adrs, related_alerts, related_docsets, related_issues, related_prs, related_services, related_slo_docs, release, status, superseded_by, supersedes, title, type, updated_at, version, or describe it under `docs: keys:`)");
        insta::assert_snapshot!(error("docs:\n  types:\n    note: {prefixes: [ADR]}\n"), @"3:12: the types `adr` and `note` share the id prefix `ADR` (give each type a prefix of its own)");
        insta::assert_snapshot!(error("docs: {include: [a], include: [b]}"), @"1:22: the key `include` appears twice (keep one of the two)");
        insta::assert_snapshot!(error("docs: ["), @"1:7: unclosed bracket '[' ()");
    }
}
