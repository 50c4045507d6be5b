//! Gets the description, once, from the npm registry.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use crate::build_directory::build_directory;
use crate::github::hex;

const PACKAGE: &str = "@octokit/openapi";
const VERSION: &str = "23.0.2";
/// The file in the package that describes github.com.
const FILE: &str = "api.github.com.json";
/// Its SHA-256, so that what is checked against does not change behind our back.
const DIGEST: &str = "829b4bebb19a53133289f7b0bc819f4f1118115821db2ca9f25e9ee995a7da2a";

/// The description of the API cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenApiError {
    /// A folder or file below the build directory cannot be read or written.
    #[error("cannot use `{}` for GitHub's API description", path.display())]
    Disk {
        /// What cannot be used.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `npm` cannot be started or failed.
    #[error(
        "cannot install {PACKAGE} {VERSION}: {reason}; install Node.js, or put its \
         generated/{FILE} at `{}`",
        path.display()
    )]
    Npm {
        /// What `npm` said.
        reason: String,
        /// Where the file belongs.
        path: PathBuf,
    },
    /// What was installed is not what this crate was written for.
    #[error("{PACKAGE} {VERSION} came with another {FILE}: SHA-256 {found}, expected {DIGEST}")]
    Digest {
        /// The digest of what came.
        found: String,
    },
    /// The file is no description in OpenAPI.
    #[error("`{}` is not an OpenAPI description; delete it to have it installed again", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The path of the description, which is installed if it is not there.
pub(super) fn file() -> Result<PathBuf, OpenApiError> {
    ensure(&build_directory().join("openapi"), DIGEST, npm)
}

/// The path of the description in a folder. Two processes may ask at once: one lets `install`
/// put the file into a scratch folder, the other waits. A file that is there is whole.
fn ensure(
    folder: &Path,
    digest: &str,
    install: impl FnOnce(&Path, &Path) -> Result<PathBuf, OpenApiError>,
) -> Result<PathBuf, OpenApiError> {
    let file = folder.join(format!("{VERSION}-{FILE}"));
    if file.exists() {
        return Ok(file);
    }
    let disk = |path: &Path| {
        let path = path.to_owned();
        move |source| OpenApiError::Disk { path, source }
    };
    fs::create_dir_all(folder).map_err(disk(folder))?;
    let lock = folder.join("lock");
    let locked = File::create(&lock).map_err(disk(&lock))?;
    locked.lock().map_err(disk(&lock))?;
    if file.exists() {
        return Ok(file);
    }
    let scratch = folder.join("scratch");
    // Somebody who was killed may have left it.
    if scratch.exists() {
        fs::remove_dir_all(&scratch).map_err(disk(&scratch))?;
    }
    fs::create_dir_all(&scratch).map_err(disk(&scratch))?;
    let installed = install(&scratch, &file).and_then(|installed| {
        let bytes = fs::read(&installed).map_err(disk(&installed))?;
        let found = hex(&Sha256::digest(&bytes));
        if found != digest {
            return Err(OpenApiError::Digest { found });
        }
        File::open(&installed).and_then(|it| it.sync_all()).map_err(disk(&installed))?;
        fs::rename(&installed, &file).map_err(disk(&file))
    });
    // 90 MB that nobody needs; the next installation clears them if this one cannot.
    let _ = fs::remove_dir_all(&scratch);
    installed.map(|()| file)
}

/// Installs the package into a folder and gives the path of the description in it.
fn npm(scratch: &Path, target: &Path) -> Result<PathBuf, OpenApiError> {
    #[expect(clippy::print_stderr, reason = "a test that takes long says why")]
    {
        eprintln!("installing {PACKAGE} {VERSION} with npm, to check against (29 MB, once)");
    }
    let failed = |reason: String| OpenApiError::Npm { reason, path: target.to_owned() };
    let output = Command::new("npm")
        .args(["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit"])
        .args(["--no-fund", "--loglevel=error", "--fetch-retries=2", "--fetch-timeout=60000"])
        .arg("--prefix")
        .arg(scratch)
        .arg(format!("{PACKAGE}@{VERSION}"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(format!("cannot run `npm`: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said: String = said.chars().take(2000).collect();
        return Err(failed(format!("`npm install` ended with {}: {said}", output.status)));
    }
    Ok(scratch.join("node_modules").join(PACKAGE).join("generated").join(FILE))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Writes some content as `npm` would.
    fn write(scratch: &Path, content: &[u8]) -> PathBuf {
        let path = scratch.join("some.json");
        File::create(&path).unwrap().write_all(content).unwrap();
        path
    }

    #[test]
    fn of_many_who_ask_at_once_one_installs() {
        let folder = tempfile::tempdir().unwrap();
        let digest = hex(&Sha256::digest(b"{}"));
        let installed = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let install = |scratch: &Path, _: &Path| {
                        installed.fetch_add(1, Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(50));
                        Ok(write(scratch, b"{}"))
                    };
                    let file = ensure(folder.path(), &digest, install).unwrap();
                    assert_eq!(fs::read(file).unwrap(), b"{}");
                });
            }
        });
        assert_eq!(installed.into_inner(), 1);
        assert!(!folder.path().join("scratch").exists());
    }

    #[test]
    fn what_is_not_the_expected_file_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let digest = hex(&Sha256::digest(b"{}"));
        let wrong = |scratch: &Path, _: &Path| Ok(write(scratch, b"[]"));
        let error = ensure(folder.path(), &digest, wrong).unwrap_err();
        assert!(matches!(error, OpenApiError::Digest { .. }), "{error}");
        let right = |scratch: &Path, _: &Path| Ok(write(scratch, b"{}"));
        assert!(ensure(folder.path(), &digest, right).is_ok(), "the next one may succeed");
    }
}
