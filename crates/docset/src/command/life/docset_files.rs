//! The files of one docset, read for [`crate::docset::renew`] and written after it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::check::Checker;
use crate::command::Fault;
use crate::diagnostic::escape;
use crate::docset::{Changed, Docset, Present, Renewed, issue_path, issues_of, path_of};
use crate::edit::Rewrite;
use crate::new::stays_inside;
use crate::record::{Records, Subject};
use crate::tree::{inside, read};
use countersign_report::terminal::say;

/// The files of the docset of `subject`, which changes what `changed` says.
pub(super) fn present(
    checker: &Checker,
    records: &Records,
    subject: Subject,
    changed: &Changed,
) -> Result<Present, Fault> {
    let root = checker.root();
    let mut present = Present { file: text(root, &path_of(subject))?, ..Present::default() };
    for record in records.by_path.values().filter(|record| record.subject == Some(subject)) {
        if let Some(text) = text(root, &record.path)? {
            present.pages.push((Arc::clone(&record.path), text));
        }
    }
    if let Subject::PullRequest(number) = subject {
        // One that cannot be read is refused later, with the reason.
        let known = present.file.as_deref().and_then(|text| Docset::read(text).ok());
        for issue in issues_of(records, number, changed, &known.unwrap_or_default()) {
            let path = issue_path(issue);
            if let Some(text) = text(root, &path)? {
                let docset = Docset::read(&text);
                let docset = docset.map_err(|error| format!("`{path}`: {error}"))?;
                present.issues.insert(issue, docset);
            }
        }
    }
    Ok(present)
}

/// The text of a file below the root; `None` if there is none.
fn text(root: &Path, path: &str) -> Result<Option<String>, Fault> {
    let failed = |error: &dyn std::fmt::Display| {
        Fault::from(format!("cannot read `{}`: {error}", escape(path)))
    };
    match root.join(path).symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(&error)),
        Ok(_) => {}
    }
    let mut buffer = Vec::new();
    let full = inside(root, path).ok_or_else(|| failed(&"it leads out of the repository"))?;
    read(&full, &mut buffer).map_err(|error| failed(&error))?;
    String::from_utf8(buffer).map(Some).map_err(|error| failed(&error))
}

/// A file that was brought up to date, for showing and for writing.
#[derive(Debug)]
pub(super) struct Change {
    /// From the root, with `/`.
    pub(super) path: String,
    pub(super) before: Option<String>,
    pub(super) after: String,
}

impl Change {
    pub(super) fn is_change(&self) -> bool {
        self.before.as_ref() != Some(&self.after)
    }

    /// What is to be written, and where.
    pub(super) fn rewrite(&self, root: &Path) -> Result<Rewrite, Fault> {
        let path = place(root, &self.path)?;
        Ok(Rewrite { path, before: self.before.clone(), after: self.after.clone() })
    }
}

/// All files of the docset, the pages first: whoever is stopped in between finds the
/// docset file old, and renews it with the next run.
pub(super) fn changes(present: &Present, renewed: Renewed) -> Vec<Change> {
    let mut changes: Vec<Change> = renewed
        .pages
        .into_iter()
        .map(|(path, after)| {
            let before = present.pages.iter().find(|(known, _)| *known == path);
            Change { before: before.map(|(_, text)| text.clone()), after, path: path.to_string() }
        })
        .collect();
    let (path, after) = renewed.file;
    changes.push(Change { path, before: present.file.clone(), after });
    changes
}

/// Says on standard error which pages stay as they are.
pub(super) fn notes(renewed: &Renewed) {
    for (path, why) in &renewed.left {
        let note = format!("note: `{}` is left alone: {why}\n", escape(path));
        say(&note);
    }
}

/// The real place of a file, which need not exist yet.
fn place(root: &Path, path: &str) -> Result<PathBuf, Fault> {
    let full = root.join(path);
    stays_inside(root, &full, path)?;
    match full.canonicalize() {
        Ok(real) => Ok(real),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(full),
        Err(error) => Err(format!("cannot read `{}`: {error}", escape(path)).into()),
    }
}
