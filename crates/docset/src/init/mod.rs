//! The document side of an empty repository.
//!
//! [`plan`] says what would be created and what is there already; [`Step::write`]
//! creates one file and never replaces one.

mod files;

use std::path::Path;

pub use files::{PRE_COMMIT, PRE_COMMIT_FILE};

use crate::edit::create_atomically;
use crate::new::{NewError, stays_inside};
use crate::template::LANGUAGES;

/// One file and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// From the root, with `/`.
    pub path: &'static str,
    /// The text that it begins with.
    pub text: &'static str,
    /// Whether there is something at that path already; it is left alone.
    pub present: bool,
    /// Whether it explains a folder to people: nothing needs it, and a configuration that
    /// takes it for a document is better off without.
    pub explains: bool,
}

/// The files of a repository whose documents are written in `language`; `None` if
/// that is none of [`LANGUAGES`].
#[must_use]
pub fn plan(root: &Path, language: &str) -> Option<Vec<Step>> {
    let language = LANGUAGES.iter().position(|known| *known == language)?;
    let folder_in_use = |path: &str| {
        // A folder that has something in it needs nothing that keeps it.
        let folder = path.strip_suffix("/.gitkeep").map(|folder| root.join(folder));
        let mut entries = folder.and_then(|folder| folder.read_dir().ok());
        entries.as_mut().is_some_and(|entries| entries.next().is_some())
    };
    let steps = files::FILES.iter().map(|(path, texts)| Step {
        path,
        text: texts[language],
        present: root.join(path).symlink_metadata().is_ok() || folder_in_use(path),
        explains: path.ends_with("/README.md"),
    });
    Some(steps.collect())
}

impl Step {
    /// Creates the file, unless it is present.
    ///
    /// # Errors
    ///
    /// [`NewError::Write`], also when it has come to be there since it was planned;
    /// [`NewError::Outside`] when a symbolic link leads out of the repository.
    pub fn write(&self, root: &Path) -> Result<(), NewError> {
        if self.present {
            return Ok(());
        }
        let path = root.join(self.path);
        stays_inside(root, &path, self.path)?;
        Ok(create_atomically(&path, self.text.as_bytes())?)
    }
}
