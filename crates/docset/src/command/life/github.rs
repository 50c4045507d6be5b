//! What `docset init --github` and `docset upgrade` have in common: where workflows come
//! from, and how a plan is said and carried out.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::SourceArguments;
use crate::command::{Console, Fault};
use crate::diagnostic::{escape, excerpt};
use crate::edit::{FolderLock, write_all};
use crate::github::{Action, Lock, Plan, Source, VERSION, number};
use countersign_report::terminal::harmless;

/// The root, as the system knows it.
pub(super) fn real(root: &Path) -> Result<PathBuf, Fault> {
    root.canonicalize().map_err(|error| format!("cannot read `{}`: {error}", root.display()).into())
}

/// Waits until nobody else of us works on the repository.
pub(super) fn lock(root: &Path) -> Result<FolderLock, Fault> {
    FolderLock::wait(root, crate::command::waiting)
        .map_err(|error| format!("cannot lock `{}`: {error}", root.display()).into())
}

/// The source that is asked for; what is not said is as it was installed.
pub(super) fn source(asked: &SourceArguments, lock: Option<&Lock>) -> Result<Source, Fault> {
    let present = lock.map(|lock| &lock.source);
    let repository = asked.from.as_deref().or(present.map(Source::repository));
    let Some(repository) = repository.or(Source::built_from()) else {
        return Err("this program does not know which repository it was built from; name it: \
                    `--from OWNER/countersign`"
            .into());
    };
    let reference = match (&asked.reference, present, lock) {
        (Some(reference), ..) => reference.clone(),
        (None, Some(present), Some(lock)) => next(present, lock)?,
        _ => Source::tag(),
    };
    Ok(Source::new(repository, &reference)?)
}

/// The reference that follows the installed one. One that names a version moves with this
/// program. A branch, or a tag that moves by itself, stays. A commit was chosen by somebody,
/// and so is the next one.
fn next(present: &Source, lock: &Lock) -> Result<String, Fault> {
    let installed = lock.versions().max_by_key(|version| number(version));
    if let Some(version) = installed.filter(|version| number(version) > number(VERSION)) {
        return Err(format!(
            "version {} is installed, and this is docset {VERSION}; get a later docset, or say \
             which version you want: `--ref {}`",
            excerpt(version),
            Source::tag()
        )
        .into());
    }
    if present.version().is_some() {
        return Ok(Source::tag());
    }
    if present.is_commit() && lock.versions().any(|version| version != VERSION) {
        return Err(format!(
            "workflows are pinned to the commit {}; say which one is next: `--ref HASH`",
            present.reference()
        )
        .into());
    }
    Ok(present.reference().to_owned())
}

/// Whether a plan was carried out, or only made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Yes,
    Would,
}

/// Carries a plan out, all of it or nothing.
pub(super) fn carry_out(plan: &Plan, root: &Path) -> Result<(), Fault> {
    Ok(write_all(&plan.rewrites(root))?)
}

/// A line for each file.
pub(super) fn say(plan: &Plan, done: Done, out: &mut Console) -> Result<(), Fault> {
    for step in &plan.steps {
        let word = match (step.action, done) {
            (Action::Create, Done::Yes) => "created",
            (Action::Create, Done::Would) => "would create",
            (Action::Replace, Done::Yes) => "replaced",
            (Action::Replace, Done::Would) => "would replace",
            (Action::Merge, Done::Yes) => "merged",
            (Action::Merge, Done::Would) => "would merge",
            (Action::Current, _) => "up to date",
            (Action::Edited, _) => "edited",
            (Action::Conflict, _) => "conflict",
            (Action::Deleted, _) => "deleted",
            (Action::Theirs | Action::Untouched, _) => "left alone",
            (Action::Retired, _) => "not ours now",
        };
        let mut line = format!("{word:12}  {}", escape(&step.path));
        if !step.note.is_empty() {
            line.push_str(&format!(" ({})", step.note));
        }
        line.push('\n');
        harmless(out, &line)?;
    }
    out.flush()?;
    Ok(())
}
