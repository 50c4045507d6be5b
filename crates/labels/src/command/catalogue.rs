//! The catalogue that counts in a repository.

use countersign_report::terminal::Fault;
use countersign_runner::RootArguments;

use crate::catalogue::Catalogue;
use crate::config::LabelsConfig;

/// The catalogue under the configuration of that root.
pub(super) fn load(arguments: &RootArguments) -> Result<Catalogue, Fault> {
    let config = LabelsConfig::load(&arguments.find()?)?;
    // Reading the section has built it once: it is sound.
    Ok(Catalogue::new(&config)?)
}
