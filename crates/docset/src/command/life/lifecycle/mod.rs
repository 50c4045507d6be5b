//! The commands that decide over documents: they read, ask [`crate::lifecycle`], and
//! write.

mod abandon;
mod arguments;
mod decide;
mod digest;
mod rethink;
mod supersede;
mod verify;

pub(super) use abandon::run as abandon;
pub(super) use arguments::{
    AbandonArguments, ApproveArguments, DigestArguments, RequestChangesArguments, RethinkArguments,
    SubmitArguments, SupersedeArguments, VerifyArguments,
};
pub(super) use decide::{approve, request_changes, submit};
pub(super) use digest::run as digest;
pub(super) use rethink::run as rethink;
pub(super) use supersede::run as supersede;
pub(super) use verify::run as verify;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use crate::check::Checker;
use crate::command::{CLEAN, Console, FINDINGS, Fault, diff, root};
use crate::diagnostic::escape;
use crate::edit::{FolderLock, Rewrite, write_all};
use crate::front_matter::FrontMatter;
use crate::lifecycle::{Draft, Refusal, find};
use crate::record::{Record, Records};
use crate::tree::{inside, read, relative};
use arguments::Target;
use countersign_report::terminal::{say, stopped};

/// The documents, with nobody else of us at work on them.
struct Desk {
    checker: Checker,
    records: Records,
    /// The folder that relative paths of the user count from.
    base: PathBuf,
    dry_run: bool,
    /// `None` too where nothing can be locked: then only the look at each file before
    /// writing protects it.
    _lock: Option<FolderLock>,
}

impl Desk {
    fn open(target: &Target) -> Result<Self, Fault> {
        let (root, base) = root::of(&target.root)?;
        let checker = Checker::open(root)?;
        // Before reading: what is decided must rest on what is there.
        let lock = match target.dry_run {
            true => None,
            false => FolderLock::wait_if_possible(checker.root(), crate::command::waiting)?,
        };
        let records = records(&checker)?;
        Ok(Self { checker, records, base, dry_run: target.dry_run, _lock: lock })
    }

    /// The documents with these ids, each once.
    fn drafts(&self, ids: &[String]) -> Result<Vec<Draft>, Fault> {
        let mut drafts = Vec::new();
        let mut seen = BTreeSet::new();
        for id in ids {
            let record = self.find(id)?;
            if seen.insert(&record.path) {
                drafts.push(self.draft(&record.path)?);
            }
        }
        Ok(drafts)
    }

    /// The document with this id, or at this path from the root or from the working folder.
    fn find<'d>(&'d self, id: &'d str) -> Result<&'d Record, Fault> {
        find(&self.records, id).or_else(|unknown| {
            let real = self.base.join(id).canonicalize().ok();
            let path = real.and_then(|real| relative(self.checker.root(), &real));
            let record = path.and_then(|path| self.records.by_path.get(&*path));
            record.ok_or_else(|| unknown.into())
        })
    }

    fn draft(&self, path: &std::sync::Arc<str>) -> Result<Draft, Fault> {
        Ok(Draft::new(path.clone(), text(&self.checker, path)?))
    }

    /// Writes what changed and says so, or shows the refusals and writes nothing.
    fn finish(
        &self,
        drafts: &[Draft],
        refusals: &[Refusal],
        out: &mut Console,
    ) -> Result<u8, Fault> {
        if !refusals.is_empty() {
            out.flush()?;
            complain(refusals);
            return Ok(FINDINGS);
        }
        let changed = drafts.iter().filter(|draft| draft.is_changed());
        if self.dry_run {
            for draft in changed {
                let patch = diff::patch(&draft.path, Some(&draft.before), &draft.after);
                stopped(out, |out| write!(out, "{patch}"))?;
            }
            return Ok(CLEAN);
        }
        let mut rewrites = Vec::new();
        for draft in changed {
            let path = place(&self.checker, &draft.path)?;
            // Two names of one file, by a symbolic link, are one change.
            if rewrites.iter().any(|known: &Rewrite| known.path == path) {
                continue;
            }
            let (before, after) = (Some(draft.before.clone()), draft.after.clone());
            rewrites.push(Rewrite { path, before, after });
        }
        write_all(&rewrites)?;
        stopped(out, |out| {
            for draft in drafts {
                let (was, is) = (status(&draft.before), status(&draft.after));
                let said = match (draft.is_changed(), was == is) {
                    (false, _) => format!("is `{is}` already, nothing to change"),
                    (true, true) => format!("changed and stays `{is}`"),
                    (true, false) => format!("was `{was}`, is `{is}`"),
                };
                writeln!(out, "{}: {} {said}", escape(&draft.path), escape(&draft.id))?;
            }
            Ok(CLEAN)
        })
    }
}

/// The records of all documents, of which there must be one.
fn records(checker: &Checker) -> Result<Records, Fault> {
    let records = checker.records();
    if records.by_path.is_empty() && records.unread.is_empty() {
        let include = checker.config().include.join("`, `");
        return Err(
            format!("no document matches `{include}` in `{}`", checker.root().display()).into()
        );
    }
    Ok(records)
}

/// The real place of a document.
fn place(checker: &Checker, path: &str) -> Result<PathBuf, Fault> {
    let place = inside(checker.root(), path);
    place.ok_or_else(|| format!("`{}` went away while it was read", escape(path)).into())
}

/// The text of a document.
fn text(checker: &Checker, path: &str) -> Result<String, Fault> {
    let mut buffer = Vec::new();
    read(&place(checker, path)?, &mut buffer)
        .map_err(|error| format!("cannot read `{}`: {error}", escape(path)))?;
    let text = String::from_utf8(buffer);
    Ok(text.map_err(|error| format!("`{}` is not UTF-8: {error}", escape(path)))?)
}

fn status(text: &str) -> String {
    escape(FrontMatter::parse(text).text("status").unwrap_or_default())
}

/// Shows on standard error why nothing was written.
fn complain(refusals: &[Refusal]) {
    let mut text = String::new();
    for Refusal { path, position, message, help } in refusals {
        let (path, message) = (escape(path), escape(message));
        text.push_str(&format!("error: {path}:{}:{}: {message}\n", position.line, position.column));
        text.push_str(&format!("  help: {}\n", escape(help)));
    }
    text.push_str("nothing was written\n");
    say(&text);
}
