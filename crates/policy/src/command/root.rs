//! Which repository is meant.

use std::path::{Path, PathBuf};

use countersign_config::find_root;
use countersign_report::terminal::Fault;

/// The root that was named, or the nearest one upwards of the working directory; the
/// working directory itself where there is none: the defaults hold everywhere.
pub(super) fn root(named: Option<&Path>) -> Result<PathBuf, Fault> {
    if let Some(root) = named {
        if !root.is_dir() {
            return Err(format!(
                "`{}` is no folder; name the root of a repository",
                root.display()
            )
            .into());
        }
        return Ok(root.to_owned());
    }
    let here =
        std::env::current_dir().map_err(|error| format!("cannot tell where this is: {error}"))?;
    Ok(find_root(&here).unwrap_or(here))
}
