//! Which repository and which database are meant.

use std::path::{Path, PathBuf};

use countersign_files::create_atomically;
use countersign_report::terminal::{Console, Fault};
use countersign_runner::{mask, repository_root};

use super::cli::Global;
use crate::config::KbConfig;
use crate::store::{Location, Store, StoreError, open};

/// The folder of what belongs to one working copy, in its root.
const FOLDER: &str = ".countersign";
/// The database that nobody had to name, in that folder.
const FILE: &str = "kb.db";

/// Whether the database may be made where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// It is made.
    Made,
    /// Nothing is written.
    Left,
}

/// A repository with its configuration.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) root: PathBuf,
    pub(super) config: KbConfig,
}

impl Repository {
    /// The root that was named, or the nearest one upwards of the working directory; the
    /// working directory itself where there is none: the defaults hold everywhere.
    pub(super) fn find(global: &Global) -> Result<Self, Fault> {
        let root = repository_root(global.root.as_deref())?;
        let full = root
            .canonicalize()
            .map_err(|error| format!("cannot enter `{}`: {error}", root.display()))?;
        let config = KbConfig::load(&full)?;
        Ok(Self { root: full, config })
    }

    /// Where the database is.
    pub(super) fn location(&self, global: &Global) -> Result<Location, Fault> {
        if let Some(given) = &global.db {
            return Ok(given.parse()?);
        }
        if let Some(given) = std::env::var_os("DATABASE_URL").filter(|given| !given.is_empty()) {
            let given = given.to_str().ok_or("DATABASE_URL is not UTF-8")?;
            return given.parse().map_err(|error| match error {
                StoreError::Location { given, reason } => {
                    let reason = format!("{reason} (DATABASE_URL says so)");
                    StoreError::Location { given, reason }.into()
                }
                other => other.into(),
            });
        }
        Ok(match self.config.db.as_deref().map(str::parse).transpose()? {
            Some(Location::Sqlite(path)) => Location::Sqlite(self.root.join(path)),
            Some(other) => other,
            None => Location::Sqlite(self.root.join(FOLDER).join(FILE)),
        })
    }

    /// Keeps the password of the database out of the log of a workflow.
    pub(super) fn mask(&self, global: &Global, out: &mut Console) -> Result<(), Fault> {
        for password in self.location(global)?.passwords() {
            mask(out, password)?;
        }
        Ok(())
    }

    /// Opens the database.
    pub(super) async fn store(
        &self,
        global: &Global,
        missing: Missing,
    ) -> Result<Box<dyn Store>, Fault> {
        let location = self.location(global)?;
        if let (Location::Sqlite(path), Missing::Made) = (&location, missing) {
            self.make_folder(path)?;
        }
        Ok(open(&location).await?)
    }

    /// Makes the folder of the database, and keeps our own one out of git.
    fn make_folder(&self, path: &Path) -> Result<(), Fault> {
        let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
            return Ok(());
        };
        if folder.exists() {
            return Ok(());
        }
        if folder == self.root.join(FOLDER) {
            match create_atomically(&folder.join(".gitignore"), b"*\n") {
                Err(error) if error.source.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(error.into());
                }
                _ => return Ok(()),
            }
        }
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("cannot make the folder `{}`: {error}", folder.display()))?;
        Ok(())
    }
}

/// The working directory.
pub(super) fn here() -> Result<PathBuf, Fault> {
    Ok(std::env::current_dir().map_err(|error| format!("cannot tell where this is: {error}"))?)
}
