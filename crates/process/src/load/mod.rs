//! From the text of a `countersign.yaml` to a [`Process`].

mod places;
mod resolve;
mod validate;

use std::path::Path;

use countersign_config::{CONFIG_FILE, ConfigError, ConfigFile};

use self::places::Places;
use self::resolve::resolve;
use crate::Process;
use crate::config::ProcessConfig;

/// The text of the default process: a `countersign.yaml` that says it all.
pub const DEFAULT: &str = include_str!("../process.yaml");
/// What it is called where something is said of it.
pub const DEFAULT_PATH: &str = "process.yaml";
/// The key of the configuration.
const SECTION: &str = "process";

impl Default for Process {
    fn default() -> Self {
        match Self::parse(CONFIG_FILE, "") {
            Ok(process) => process,
            // Compiled in, and read by every test: a fault here is never a user's.
            Err(error) => unreachable!("the default process is broken: {error}"),
        }
    }
}

impl Process {
    /// The process of the repository at `root`: the default with what `process:` of its
    /// `countersign.yaml` changes.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for the first thing that is wrong with the file.
    pub fn load(root: &Path) -> Result<Self, ConfigError> {
        Self::read(&ConfigFile::load(root)?, CONFIG_FILE)
    }

    /// The process of a repository whose `countersign.yaml` has this text; `path` is for
    /// messages.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] for the first thing that is wrong.
    pub fn parse(path: &str, text: &str) -> Result<Self, ConfigError> {
        Self::read(&ConfigFile::new(path, text), path)
    }

    fn read(file: &ConfigFile, path: &str) -> Result<Self, ConfigError> {
        let mut places = Places::default();
        let mut config: ProcessConfig =
            ConfigFile::new(DEFAULT_PATH, DEFAULT).section(SECTION, |config, located| {
                places.collect(DEFAULT_PATH, config, located);
                Ok(())
            })?;
        let mut process = None;
        let _: ProcessConfig = file.section(SECTION, |changes: &ProcessConfig, located| {
            places.collect(path, changes, located);
            config.apply(changes.clone());
            match resolve(config, &places) {
                Ok(resolved) => {
                    process = Some(resolved);
                    Ok(())
                }
                Err(defect) => {
                    let defect = places.explain(defect);
                    let route: Vec<&str> = [SECTION]
                        .into_iter()
                        .chain(defect.route.iter().map(String::as_str))
                        .collect();
                    Err(located.error(&route, false, &defect.message, &defect.help))
                }
            }
        })?;
        // `section` calls its closure once, or fails.
        process.ok_or_else(|| {
            ConfigError::in_memory(&[SECTION], "internal error: the section was not read", "")
        })
    }
}
