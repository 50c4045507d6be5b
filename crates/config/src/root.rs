//! Where the configuration is.

use std::path::{Path, PathBuf};

/// The name of the configuration file.
pub const CONFIG_FILE: &str = "countersign.yaml";

/// The root of the repository that `start` (a file or folder) belongs to: the nearest
/// folder upwards that holds `countersign.yaml` or `.git`. A repository inside another
/// is its own.
#[must_use]
pub fn find_root(start: &Path) -> Option<PathBuf> {
    let is_root =
        |folder: &&Path| [CONFIG_FILE, ".git"].iter().any(|name| folder.join(name).exists());
    start.ancestors().find(is_root).map(Path::to_owned)
}
