//! ONNX Runtime for tests, once, from the Python Package Index.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::build_directory::build_directory;

/// The package that carries the library.
const PACKAGE: &str = "onnxruntime==1.32.0";

/// The library in the package.
const LIBRARY: &str = if cfg!(windows) {
    "onnxruntime/capi/onnxruntime.dll"
} else if cfg!(target_os = "macos") {
    "onnxruntime/capi/libonnxruntime.1.32.0.dylib"
} else {
    "onnxruntime/capi/libonnxruntime.so.1.32.0"
};

/// ONNX Runtime cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnnxRuntimeError {
    /// A folder or file below the build directory cannot be read or written.
    #[error("cannot use `{}` for ONNX Runtime", path.display())]
    Disk {
        /// What cannot be used.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `pip` cannot be started or failed.
    #[error("cannot install {PACKAGE}: {0}; install Python 3 with pip")]
    Pip(String),
}

/// The path of the library of ONNX Runtime, which is installed below the build directory if
/// it is not there. Two processes may ask at once: one installs, the other waits.
///
/// # Errors
///
/// If it is not there and cannot be installed.
pub fn onnxruntime() -> Result<PathBuf, OnnxRuntimeError> {
    ensure(&build_directory().join("tools/onnxruntime"), pip)
}

/// The path of the library in a folder. A package that is there is whole: it was renamed to
/// its place.
fn ensure(
    folder: &Path,
    install: impl FnOnce(&Path) -> Result<(), OnnxRuntimeError>,
) -> Result<PathBuf, OnnxRuntimeError> {
    let installed = folder.join(PACKAGE);
    let library = installed.join(LIBRARY);
    if library.exists() {
        return Ok(library);
    }
    fs::create_dir_all(folder).map_err(disk(folder))?;
    let lock = folder.join("lock");
    let locked = File::create(&lock).map_err(disk(&lock))?;
    locked.lock().map_err(disk(&lock))?;
    if library.exists() {
        return Ok(library);
    }
    let scratch = folder.join("scratch");
    // Somebody who was killed may have left them.
    for left in [&scratch, &installed] {
        if left.exists() {
            fs::remove_dir_all(left).map_err(disk(left))?;
        }
    }
    fs::create_dir_all(&scratch).map_err(disk(&scratch))?;
    install(&scratch)?;
    if !scratch.join(LIBRARY).exists() {
        return Err(OnnxRuntimeError::Pip(format!("there is no {LIBRARY} in it")));
    }
    fs::rename(&scratch, &installed).map_err(disk(&installed))?;
    Ok(library)
}

/// Installs the package, and nothing that it would need in Python, into a folder.
fn pip(scratch: &Path) -> Result<(), OnnxRuntimeError> {
    #[expect(clippy::print_stderr, reason = "a test that takes long says why")]
    {
        eprintln!("installing {PACKAGE} with pip, to embed with (20 MB, once)");
    }
    let output = Command::new(if cfg!(windows) { "python" } else { "python3" })
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary=:all:", "--no-compile", "--target"])
        .arg(scratch)
        .arg(PACKAGE)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| OnnxRuntimeError::Pip(format!("cannot run Python: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said: String = said.trim().chars().take(2000).collect();
        let reason = format!("`pip install` ended with {}: {said}", output.status);
        return Err(OnnxRuntimeError::Pip(reason));
    }
    Ok(())
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> OnnxRuntimeError + use<> {
    let path = path.to_owned();
    move |source| OnnxRuntimeError::Disk { path, source }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn of_many_who_want_the_runtime_at_once_one_installs() {
        let folder = tempfile::tempdir().unwrap();
        let installed = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let library = ensure(folder.path(), |scratch| {
                        installed.fetch_add(1, Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(50));
                        let library = scratch.join(LIBRARY);
                        fs::create_dir_all(library.parent().unwrap()).unwrap();
                        File::create(library).unwrap();
                        Ok(())
                    });
                    assert!(library.unwrap().exists());
                });
            }
        });
        assert_eq!(installed.into_inner(), 1);
    }

    #[test]
    fn a_package_without_the_library_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let error = ensure(folder.path(), |_| Ok(())).unwrap_err().to_string();
        assert!(error.contains("there is no onnxruntime/capi/"), "{error}");
        assert!(!folder.path().join(PACKAGE).exists());
    }
}
