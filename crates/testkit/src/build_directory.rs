//! Where cargo builds, and with it where tests keep what they install.

use std::path::{Path, PathBuf};

/// Where cargo builds: the folder that it marked as a cache, above this program; if there is
/// none, as with documentation tests, where it builds by default.
pub(crate) fn build_directory() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let marked = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    marked.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        Path::to_path_buf,
    )
}
