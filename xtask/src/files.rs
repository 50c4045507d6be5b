//! Writing, copying and removing files.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Writes `text` to `path`, making its folder if need be.
///
/// # Errors
///
/// If the file system refuses.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let temporary = path.with_extension("xtask-tmp");
    #[expect(clippy::disallowed_methods, reason = "the file takes its name only when it is whole")]
    fs::write(&temporary, text)
        .and_then(|()| fs::rename(&temporary, path))
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// Reads a text.
///
/// # Errors
///
/// If there is no such file or it is no text.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Makes a folder and those above it.
///
/// # Errors
///
/// If the file system refuses.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot make `{}`", path.display()))
}

/// Makes a folder that is certainly empty.
///
/// # Errors
///
/// If the file system refuses.
pub(crate) fn make_empty_folder(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove `{}`", path.display()))
        }
        _ => make_folder(path),
    }
}

/// Copies the file `from` to `to`, making its folder if need be.
///
/// # Errors
///
/// If the file system refuses.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        make_folder(folder)?;
    }
    fs::copy(from, to)
        .with_context(|| format!("cannot copy `{}` to `{}`", from.display(), to.display()))?;
    Ok(())
}

/// Copies the folder `from` and all below it to `to`.
///
/// # Errors
///
/// If the file system refuses.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let entries =
        fs::read_dir(from).with_context(|| format!("cannot read `{}`", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            copy(&entry.path(), &target)?;
        }
    }
    Ok(())
}
