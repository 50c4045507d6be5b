//! `.github/countersign.lock.yaml`: what was installed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::source::{Source, SourceError};
use crate::diagnostic::excerpt;
use crate::nearest::suggestion;
use crate::template::LANGUAGES;
use crate::yaml::{Budget, double_quoted, from_node, parse};

/// Where the lock is, from the root of the repository.
pub const LOCK_FILE: &str = ".github/countersign.lock.yaml";

/// The version of its shape.
const SHAPE: u64 = 1;

const HEAD: &str = "\
# What `docset init --github` and `docset upgrade` installed, so that an upgrade can tell your edits
# from what it wrote itself. Written by them; commit it.
";

/// What was installed, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Where called workflows come from.
    pub source: Source,
    /// The language of forms and templates.
    pub language: String,
    /// By path from the root.
    pub files: BTreeMap<String, Entry>,
}

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// It was installed.
    Installed {
        /// The version whose template it is.
        version: String,
        /// The source that was filled in.
        source: Source,
        /// Of the text that was written, with plain line feeds: `sha256:` and 64 digits.
        digest: String,
    },
    /// There was one already, which is none of our business.
    Theirs,
}

/// A lock that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// There is something, but not a text that can be read.
    #[error("cannot read `{LOCK_FILE}`: {0}")]
    Unreadable(String),
    /// It is not what we write.
    #[error(
        "{LOCK_FILE}:{line}: {message}; restore it from git, or remove it and run `docset init --github` again"
    )]
    Malformed {
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// It was written by a later version.
    #[error("`{LOCK_FILE}` has version `{0}`, and this program knows version 1; get a later one")]
    Later(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLock {
    #[expect(dead_code, reason = "looked at before the rest, which may have changed with it")]
    version: u64,
    uses: String,
    language: String,
    files: Vec<RawEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    path: String,
    version: Option<String>,
    uses: Option<String>,
    digest: Option<String>,
    #[serde(default)]
    theirs: bool,
}

impl Lock {
    /// Reads the text of a lock.
    ///
    /// # Errors
    ///
    /// [`LockError`] if it is not what [`write`](Self::write) writes.
    pub fn read(text: &str) -> Result<Self, LockError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let at = |offset: usize, message: String| LockError::Malformed {
            line: 1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count(),
            message,
        };
        let yaml = parse(text, 0, Budget::CONFIGURATION)
            .map_err(|error| at(error.span.start, error.to_string()))?;
        let root = yaml.root().ok_or_else(|| at(0, "it is empty".to_owned()))?;
        match root.get("version") {
            Some(version) if version.as_integer() == Some(1) => {}
            Some(version) => {
                return Err(LockError::Later(excerpt(version.as_str().unwrap_or("?"))));
            }
            None => return Err(at(0, "`version` is missing".to_owned())),
        }
        let raw: RawLock = from_node(root)
            .map_err(|error| at(error.span.unwrap_or_default().start, error.message))?;
        let source =
            |text: &str| text.parse().map_err(|error: SourceError| at(0, error.to_string()));
        if !LANGUAGES.contains(&&*raw.language) {
            let help = suggestion(&raw.language, LANGUAGES);
            let message = format!("there is no language `{}`; {help}", excerpt(&raw.language));
            return Err(at(0, message));
        }
        let mut files = BTreeMap::new();
        for file in raw.files {
            let shown = excerpt(&file.path);
            let entry = match (file.version, file.uses, file.digest, file.theirs) {
                (Some(version), Some(uses), Some(digest), false) => {
                    Entry::Installed { version, source: source(&uses)?, digest }
                }
                (None, None, None, true) => Entry::Theirs,
                _ => {
                    let message = format!(
                        "`{shown}` needs `version`, `uses` and `digest`, or `theirs: true` alone"
                    );
                    return Err(at(0, message));
                }
            };
            if files.insert(file.path, entry).is_some() {
                return Err(at(0, format!("`{shown}` is listed twice")));
            }
        }
        Ok(Self { source: source(&raw.uses)?, language: raw.language, files })
    }

    /// The versions of what was installed.
    pub fn versions(&self) -> impl Iterator<Item = &str> {
        self.files.values().filter_map(|entry| match entry {
            Entry::Installed { version, .. } => Some(version.as_str()),
            Entry::Theirs => None,
        })
    }

    /// The text of the lock: the same bytes for the same content.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = format!(
            "{HEAD}version: {SHAPE}\nuses: {}\nlanguage: {}\nfiles:",
            double_quoted(&self.source.to_string()),
            self.language
        );
        if self.files.is_empty() {
            text.push_str(" []");
        }
        text.push('\n');
        for (path, entry) in &self.files {
            let path = double_quoted(path);
            // Writing to a string cannot fail.
            let _ = match entry {
                Entry::Installed { version, source, digest } => writeln!(
                    text,
                    "  - path: {path}\n    version: {}\n    uses: {}\n    digest: {}",
                    double_quoted(version),
                    double_quoted(&source.to_string()),
                    double_quoted(digest)
                ),
                Entry::Theirs => writeln!(text, "  - path: {path}\n    theirs: true"),
            };
        }
        text
    }
}

/// The digest of a text with plain line feeds.
pub(super) fn digest(text: &str) -> String {
    let mut digest = "sha256:".to_owned();
    for byte in Sha256::digest(text) {
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock() -> Lock {
        let source = Source::new("acme/countersign", "v0.1.0").unwrap();
        let entry = Entry::Installed {
            version: "0.1.0".to_owned(),
            source: source.clone(),
            digest: digest("x"),
        };
        let files = [("b.yml".to_owned(), entry), ("a\n\"#.md".to_owned(), Entry::Theirs)];
        Lock { source, language: "en".to_owned(), files: files.into() }
    }

    #[test]
    fn what_was_written_is_read_again() {
        let text = lock().write();
        assert_eq!(Lock::read(&text), Ok(lock()));
        assert_eq!(Lock::read(&text.replace('\n', "\r\n")), Ok(lock()));
        let empty = Lock { files: BTreeMap::new(), ..lock() };
        assert_eq!(Lock::read(&empty.write()), Ok(empty));
    }

    #[test]
    fn a_fault_names_its_line_and_what_to_do() {
        let text = lock().write();
        for (from, to, line, says) in [
            ("uses:", "use:", 4, "unknown key `use`"),
            ("language: en", "language: enn", 1, "did you mean `en`?"),
            ("theirs: true", "theirs: false", 1, "needs `version`"),
            ("acme/countersign@v0.1.0\"\nl", "acme/x@${{ y }}\"\nl", 1, "names no tag"),
            ("files:", "files: [", 1, "line"),
        ] {
            assert!(text.contains(from), "{from}");
            let error = Lock::read(&text.replacen(from, to, 1)).unwrap_err().to_string();
            if line > 1 {
                assert!(error.starts_with(&format!("{LOCK_FILE}:{line}: ")), "{error}");
            }
            assert!(error.contains(says) || says == "line", "{error}");
            assert!(error.ends_with("run `docset init --github` again"), "{error}");
        }
        let later = Lock::read(&text.replacen("version: 1", "version: 2", 1));
        assert_eq!(later, Err(LockError::Later("2".to_owned())));
    }
}
