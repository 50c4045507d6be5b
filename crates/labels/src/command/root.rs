//! Which repository's configuration counts.

use std::path::{Path, PathBuf};

use countersign_config::find_root;
use countersign_report::terminal::Fault;

use crate::catalogue::Catalogue;
use crate::config::LabelsConfig;

/// The root that is named, or the nearest folder upwards of the working folder that holds
/// `countersign.yaml` or `.git`, or the working folder.
pub(super) fn root(named: Option<&Path>) -> std::io::Result<PathBuf> {
    let here = std::env::current_dir()?;
    Ok(match named {
        Some(named) => here.join(named),
        None => find_root(&here).unwrap_or(here),
    })
}

/// The catalogue under that root's configuration.
pub(super) fn catalogue(named: Option<&Path>) -> Result<Catalogue, Fault> {
    let config = LabelsConfig::load(&root(named)?)?;
    // Reading the section has built it once: it is sound.
    Ok(Catalogue::new(&config)?)
}
