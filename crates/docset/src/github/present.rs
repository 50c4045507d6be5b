//! What is there: read with bounds, following no link.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use super::lock::{LOCK_FILE, Lock, LockError};
use super::template::Template;
use crate::edit::WriteError;
use crate::new::{NewError, stays_inside};

/// Longer files are nothing that we wrote, and not worth comparing.
const MOST_BYTES: usize = 256 << 10;
/// The same in lines: comparing takes time that grows with their square.
const MOST_LINES: usize = 5_000;

/// What there is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Missing,
    /// A text.
    Text(String),
    /// Something that is not touched, and what it is.
    Other(&'static str),
}

/// What there is at the paths of all templates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// By path of the template.
    pub files: BTreeMap<&'static str, Content>,
    /// By path of a template, where the repository has the same thing in another place.
    pub elsewhere: BTreeMap<&'static str, &'static str>,
}

/// Reads what there is at the paths of `templates` in the repository at `root`.
///
/// # Errors
///
/// [`NewError::Outside`] if a symbolic link on the way leads out of the repository,
/// [`NewError::Write`] if the system refuses to say what is there.
pub fn present(root: &Path, templates: &[Template]) -> Result<Present, NewError> {
    let mut present = Present::default();
    for template in templates {
        stays_inside(root, &root.join(template.path), template.path)?;
        present.files.insert(template.path, content(&root.join(template.path))?);
        let exists = |path: &&&str| root.join(path).symlink_metadata().is_ok();
        if let Some(path) = template.elsewhere.iter().find(exists) {
            present.elsewhere.insert(template.path, path);
        }
    }
    Ok(present)
}

fn content(path: &Path) -> Result<Content, NewError> {
    let failed = |source| WriteError { path: path.to_owned(), source };
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => return Ok(Content::Other("a symbolic link")),
        Ok(metadata) if metadata.is_dir() => return Ok(Content::Other("a folder")),
        Ok(metadata) if metadata.len() > MOST_BYTES as u64 => return Ok(TOO_LONG),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Content::Missing),
        Err(error) => return Err(failed(error).into()),
    }
    let mut bytes = Vec::new();
    match countersign_files::read(path, &mut bytes) {
        Ok(()) => {}
        Err(countersign_files::ReadError::Io(error)) => return Err(failed(error).into()),
        Err(_) => return Ok(Content::Other("no regular file")),
    }
    let Ok(text) = String::from_utf8(bytes) else { return Ok(Content::Other("not UTF-8")) };
    // It may have grown since it was measured.
    let too_long = text.len() > MOST_BYTES || text.lines().nth(MOST_LINES).is_some();
    Ok(if too_long { TOO_LONG } else { Content::Text(text) })
}

const TOO_LONG: Content = Content::Other("too long to be compared");

/// The lock of the repository at `root` and its text; `None` if there is none.
///
/// # Errors
///
/// [`LockError`] if it is not what [`Lock::write`] writes.
pub fn read_lock(root: &Path) -> Result<Option<(Lock, String)>, LockError> {
    stays_inside(root, &root.join(LOCK_FILE), LOCK_FILE)
        .map_err(|error| LockError::Unreadable(error.to_string()))?;
    match content(&root.join(LOCK_FILE)) {
        Ok(Content::Missing) => Ok(None),
        Ok(Content::Text(text)) => Ok(Some((Lock::read(&text)?, text))),
        Ok(Content::Other(what)) => Err(LockError::Unreadable(what.to_owned())),
        Err(NewError::Write(error)) => Err(LockError::Unreadable(error.source.to_string())),
        Err(error) => Err(LockError::Unreadable(error.to_string())),
    }
}
