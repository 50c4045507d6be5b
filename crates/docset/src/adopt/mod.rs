//! From an existing tree to a configuration and a baseline: green today, stricter
//! tomorrow.
//!
//! What documents have in common (types, prefixes, statuses, roles, keys) becomes
//! configuration; what is probably a mistake (a name one letter away from a known
//! one, a link to nowhere) stays a finding and goes into the baseline.

mod render;
mod survey;

use std::path::{Path, PathBuf};

use crate::baseline::Baseline;
use crate::check::{CheckError, Checker, Report, Request};
use crate::config::{CONFIG_FILE, DocsConfig};
pub use survey::Survey;

/// The name of the baseline file that [`adopt`] proposes.
pub const BASELINE_FILE: &str = "docset-baseline.json";

/// A proposal: nothing is written.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// The text of `countersign.yaml`.
    pub config: String,
    /// The findings that remain under it.
    pub baseline: Baseline,
    /// What was found in the tree.
    pub survey: Survey,
    /// What a check with the new configuration finds.
    pub report: Report,
    /// The root that both files belong into.
    pub root: PathBuf,
}

/// Surveys the documents at `paths` (folders, files or globs below `root`) and
/// proposes a configuration and a baseline under which a check passes.
///
/// # Errors
///
/// [`CheckError`] if the root cannot be read, or — which would be a fault of ours —
/// if the proposed configuration is refused.
pub fn adopt(root: &Path, paths: &[String]) -> Result<Adoption, CheckError> {
    let survey = Survey::of(root, paths)?;
    let config = render::configuration(&survey);
    let parsed = DocsConfig::parse(CONFIG_FILE, &config)?;
    let checker = Checker::with_config(root, parsed)?;
    let report = checker.check(&Request::default())?;
    let baseline = Baseline::new(&report.diagnostics);
    Ok(Adoption { config, baseline, survey, report, root: checker.root().to_owned() })
}
