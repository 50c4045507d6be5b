//! Several files, all or none.

use std::path::{Path, PathBuf};

use super::{WriteError, create_atomically, write_atomically};

/// A file that gets a new text, or is created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// The file; a symbolic link would be replaced by a file.
    pub path: PathBuf,
    /// The text that it must still have; `None` if there must not be a file yet.
    pub before: Option<String>,
    /// The text that it gets.
    pub after: String,
}

/// Why nothing was written, or what is left of what was.
#[derive(Debug, thiserror::Error)]
pub enum RewriteError {
    /// A file changed, came or went away after it was read. Nothing was written.
    #[error("`{}` changed while it was worked on; nothing was written", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A file could not be written; all others have their old text.
    #[error("nothing was changed")]
    Undone(#[source] WriteError),
    /// A file could not be written, and not all others got their old text back.
    #[error("the new text stays in {}", list(left))]
    Left {
        /// The files that have their new text.
        left: Vec<PathBuf>,
        /// What went wrong first.
        #[source]
        source: WriteError,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    names.join(", ")
}

/// Writes all files, or none, as far as that goes: no file system replaces several
/// files in one step. What is promised instead:
///
/// * All files are as they were read before the first one is written.
/// * Each file is old or new at any moment, never torn: see [`write_atomically`].
/// * If a write fails, or a file changes while others are written, the files written
///   before it get their old text back.
/// * If the process is killed between two files, some are new and the others old. Each
///   step of [`crate::lifecycle`] leaves alone what it has done already, so running
///   the same command again finishes the work. That is why there is no journal: one
///   in the repository would be one more text to distrust.
///
/// Two processes that hold a [`FolderLock`](super::FolderLock) on the same root take
/// turns.
///
/// # Errors
///
/// [`RewriteError`], which says what the files hold.
pub fn write_all(rewrites: &[Rewrite]) -> Result<(), RewriteError> {
    write_all_with(rewrites, &mut |one| match one.before {
        Some(_) => write_atomically(&one.path, one.after.as_bytes()),
        None => create_atomically(&one.path, one.after.as_bytes()),
    })
}

/// Writes one file whole or not at all.
type Writer<'w> = dyn FnMut(&Rewrite) -> Result<(), WriteError> + 'w;

fn write_all_with(rewrites: &[Rewrite], write: &mut Writer<'_>) -> Result<(), RewriteError> {
    if let Some(changed) = rewrites.iter().find(|one| !one.is_as_read()) {
        return Err(RewriteError::Changed { path: changed.path.clone() });
    }
    for (index, one) in rewrites.iter().enumerate() {
        if one.is_done() {
            continue;
        }
        let written = match one.is_as_read() {
            true => write(one),
            false => Err(WriteError {
                path: one.path.clone(),
                source: std::io::Error::other("it changed while it was worked on"),
            }),
        };
        let Err(source) = written else { continue };
        let mut left = Vec::new();
        for done in rewrites[..index].iter().rev().filter(|done| !done.is_done()) {
            // Whoever changed it in the meantime keeps the change.
            let ours = holds(&done.path, &done.after);
            if !ours || take_back(done, write).is_err() {
                left.push(done.path.clone());
            }
        }
        left.reverse();
        return Err(match left.is_empty() {
            true => RewriteError::Undone(source),
            false => RewriteError::Left { left, source },
        });
    }
    Ok(())
}

/// Gives a file that was written its old text back, or removes it if it had none.
fn take_back(done: &Rewrite, write: &mut Writer<'_>) -> Result<(), WriteError> {
    let Rewrite { path, before, after } = done;
    match before {
        Some(before) => write(&Rewrite {
            path: path.clone(),
            before: Some(after.clone()),
            after: before.clone(),
        }),
        None => {
            std::fs::remove_file(path).map_err(|source| WriteError { path: path.clone(), source })
        }
    }
}

impl Rewrite {
    /// Whether the text is the same before and after.
    fn is_done(&self) -> bool {
        self.before.as_ref() == Some(&self.after)
    }

    /// Whether the file is as it was when it was read.
    fn is_as_read(&self) -> bool {
        match &self.before {
            Some(before) => holds(&self.path, before),
            None => std::fs::symlink_metadata(&self.path)
                .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound),
        }
    }
}

fn holds(path: &Path, text: &str) -> bool {
    std::fs::read(path).is_ok_and(|found| found == text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three(folder: &Path) -> Vec<Rewrite> {
        ["a", "b", "c"]
            .map(|name| {
                let path = folder.join(name);
                write_atomically(&path, b"old").unwrap();
                Rewrite { path, before: Some("old".to_owned()), after: format!("new {name}") }
            })
            .to_vec()
    }

    fn texts(rewrites: &[Rewrite]) -> Vec<String> {
        rewrites.iter().map(|one| std::fs::read_to_string(&one.path).unwrap()).collect()
    }

    fn write(one: &Rewrite) -> Result<(), WriteError> {
        write_atomically(&one.path, one.after.as_bytes())
    }

    fn full(path: &Path) -> WriteError {
        WriteError { path: path.to_owned(), source: std::io::ErrorKind::StorageFull.into() }
    }

    #[test]
    fn writes_all() {
        let folder = tempfile::tempdir().unwrap();
        let rewrites = three(folder.path());
        write_all(&rewrites).unwrap();
        assert_eq!(texts(&rewrites), ["new a", "new b", "new c"]);
    }

    #[test]
    fn a_file_that_changed_meanwhile_stops_all() {
        let folder = tempfile::tempdir().unwrap();
        let rewrites = three(folder.path());
        write_atomically(&rewrites[2].path, b"theirs").unwrap();
        let error = write_all(&rewrites).unwrap_err();
        assert!(matches!(error, RewriteError::Changed { path } if path == rewrites[2].path));
        assert_eq!(texts(&rewrites), ["old", "old", "theirs"]);
    }

    #[test]
    fn a_failed_write_takes_the_others_back() {
        let folder = tempfile::tempdir().unwrap();
        let rewrites = three(folder.path());
        let error = write_all_with(&rewrites, &mut |one| match one.path.ends_with("c") {
            true => Err(full(&one.path)),
            false => write(one),
        });
        assert!(matches!(error, Err(RewriteError::Undone(_))));
        assert_eq!(texts(&rewrites), ["old", "old", "old"]);
    }

    #[test]
    fn a_file_that_was_created_is_taken_back_too() {
        let folder = tempfile::tempdir().unwrap();
        let mut rewrites = three(folder.path());
        let path = folder.path().join("new");
        rewrites.insert(0, Rewrite { path: path.clone(), before: None, after: "new".to_owned() });
        let error = write_all_with(&rewrites, &mut |one| match one.path.ends_with("c") {
            true => Err(full(&one.path)),
            false => write(one),
        });
        assert!(matches!(error, Err(RewriteError::Undone(_))));
        assert!(!path.exists());
        assert_eq!(texts(&rewrites[1..]), ["old", "old", "old"]);
        write_all(&rewrites).unwrap();
        assert_eq!(texts(&rewrites), ["new", "new a", "new b", "new c"]);
        // What is there already is in the way.
        let error = write_all(&rewrites[..1]).unwrap_err();
        assert!(matches!(error, RewriteError::Changed { path: other } if other == path));
    }

    #[test]
    fn a_file_that_changes_between_two_writes_takes_the_others_back() {
        let folder = tempfile::tempdir().unwrap();
        let rewrites = three(folder.path());
        let last = rewrites[2].path.clone();
        let error = write_all_with(&rewrites, &mut |one| {
            if one.path.ends_with("a") && one.after != "old" {
                write_atomically(&last, b"theirs")?;
            }
            write(one)
        });
        assert!(matches!(error, Err(RewriteError::Undone(_))));
        assert_eq!(texts(&rewrites), ["old", "old", "theirs"]);
    }

    #[test]
    fn what_cannot_be_taken_back_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let rewrites = three(folder.path());
        let mut written = 0;
        let error = write_all_with(&rewrites, &mut |one| {
            written += 1;
            if written > 2 { Err(full(&one.path)) } else { write(one) }
        });
        let error = error.unwrap_err();
        assert!(matches!(&error, RewriteError::Left { left, .. } if left.len() == 2));
        assert!(error.to_string().starts_with("the new text stays in `"));
        assert_eq!(texts(&rewrites), ["new a", "new b", "old"]);
    }
}
