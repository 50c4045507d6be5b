//! The texts that findings point into.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use countersign_files::{ReadError, inside, read};

/// Where the text of a document comes from: files below a root, some of them
/// replaced by a text in memory (standard input, an editor's buffer).
#[derive(Clone, Debug)]
pub struct Sources {
    root: PathBuf,
    overlay: BTreeMap<String, String>,
}

impl Sources {
    /// The files below `root`, which must be absolute and free of symbolic links
    /// ([`Path::canonicalize`]).
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), overlay: BTreeMap::new() }
    }

    /// Puts `text` in the place of the file at `path` (from the root, with `/`).
    pub fn set(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.overlay.insert(path.into(), text.into());
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The text that stands in for the file at `path`.
    #[must_use]
    pub fn overlaid(&self, path: &str) -> Option<&str> {
        self.overlay.get(path).map(String::as_str)
    }

    /// The paths that have a text of their own.
    pub fn overlaid_paths(&self) -> impl Iterator<Item = &str> {
        self.overlay.keys().map(String::as_str)
    }

    /// The text of the document at `path`, or `None` if it cannot be read (any
    /// more).
    #[must_use]
    pub fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        if let Some(text) = self.overlaid(path) {
            return Some(Cow::Borrowed(text));
        }
        let mut buffer = Vec::new();
        match read(&inside(&self.root, path)?, &mut buffer) {
            Ok(()) => {
                Some(Cow::Owned(String::from_utf8(buffer).unwrap_or_else(|error| {
                    String::from_utf8_lossy(error.as_bytes()).into_owned()
                })))
            }
            Err(ReadError::Io(_) | ReadError::NotAFile | ReadError::TooLarge(_)) => None,
        }
    }
}
