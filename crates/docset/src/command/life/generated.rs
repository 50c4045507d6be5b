//! What all generated files have in common: reading the tree, comparing, writing.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::check::Checker;
use crate::command::{CLEAN, Console, FINDINGS, Fault, diff, root};
use crate::diagnostic::escape;
use crate::edit::{FolderLock, write_atomically};
use crate::output::count;
use crate::record::Records;
use crate::tree::{normalize, relative};
use countersign_report::terminal::{harmless, say, stopped};
use countersign_runner::RootArguments;

/// A repository whose documents go into a file.
pub(super) struct Source {
    pub(super) checker: Checker,
    base: PathBuf,
}

/// A file to be generated.
pub(super) struct Target {
    /// From the root, with `/`.
    pub(super) path: String,
    full: PathBuf,
    /// What it holds; `None` if it is not there.
    pub(super) present: Option<String>,
}

impl Source {
    pub(super) fn open(arguments: &RootArguments) -> Result<Self, Fault> {
        let (root, base) = root::of(arguments)?;
        Ok(Self { checker: Checker::open(root)?, base })
    }

    /// Waits until nobody else of us works on the repository. `new`, the steps of a
    /// lifecycle and all that generates files take this one lock.
    pub(super) fn lock(&self) -> Result<FolderLock, Fault> {
        let root = self.checker.root();
        FolderLock::wait(root, crate::command::waiting)
            .map_err(|error| format!("cannot lock `{}`: {error}", root.display()).into())
    }

    /// All documents; what cannot be read is said on standard error.
    pub(super) fn records(&self) -> Result<Records, Fault> {
        let records = self.checker.records();
        if records.by_path.is_empty() {
            return Err(format!(
                "no document with front matter below `{}`",
                self.checker.root().display()
            )
            .into());
        }
        if !records.unread.is_empty() {
            let count = count(records.unread.len(), "document");
            let text = format!("note: {count} left out; `docset check` says why\n");
            say(&text);
        }
        Ok(records)
    }

    /// A path of the user, from the root.
    pub(super) fn inside_root(&self, path: &Path) -> Result<String, Fault> {
        let full = normalize(&self.base.join(path));
        // What does not exist yet has a folder above it that does.
        let real = full.ancestors().find_map(|above| {
            let rest = full.strip_prefix(above).ok()?;
            Some(above.canonicalize().ok()?.join(rest))
        });
        // Joining nothing leaves a slash at the end.
        let real = normalize(&real.unwrap_or(full));
        let root = self.checker.root();
        let relative = relative(root, &real)
            .ok_or_else(|| format!("`{}` is outside of `{}`", path.display(), root.display()))?;
        Ok(relative.to_string())
    }

    /// The file that the user names, else the usual one.
    pub(super) fn target(&self, named: Option<&Path>, usual: &str) -> Result<Target, Fault> {
        let path = match named {
            Some(path) => self.inside_root(path)?,
            None => self.inside_root(&self.checker.root().join(usual))?,
        };
        if path.split('/').any(|part| part == ".git") {
            return Err(format!("`{}` belongs to git: name another file", escape(&path)).into());
        }
        let full = self.checker.root().join(&path);
        let present = read(&full)?;
        Ok(Target { path, full, present })
    }
}

fn read(path: &Path) -> Result<Option<String>, Fault> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot read `{}`: {error}", path.display()).into()),
    }
}

impl Target {
    /// Fails if there is a file that `command` did not write: what it holds would be lost.
    /// `beginnings` are those of what the command writes.
    pub(super) fn is_ours(&self, command: &str, beginnings: &[&str]) -> Result<(), Fault> {
        let present = self.present.as_deref().unwrap_or_default();
        // Git may have checked it out with other line ends.
        let start: String = present.chars().take(1024).filter(|char| *char != '\r').collect();
        let ours = |beginning: &&str| start.starts_with(*beginning);
        if present.trim().is_empty() || beginnings.iter().any(ours) {
            return Ok(());
        }
        Err(format!(
            "`{}` is there, and `{command}` did not write it: remove it, or name another file",
            escape(&self.path)
        )
        .into())
    }

    /// Puts `text` into the file, or, for a check, says whether it is there.
    pub(super) fn put(&self, text: &str, check: bool, out: &mut Console) -> Result<u8, Fault> {
        let shown = escape(&self.path);
        if self.present.as_deref() == Some(text) {
            harmless(out, &format!("`{shown}` is up to date\n"))?;
            return Ok(CLEAN);
        }
        if !check {
            write_atomically(&self.full, text.as_bytes())?;
            harmless(out, &format!("wrote `{shown}`\n"))?;
            return Ok(CLEAN);
        }
        let patch = diff::patch(&self.path, self.present.as_deref(), text);
        stopped(out, |out| write!(out, "{patch}"))?;
        out.flush()?;
        let state = if self.present.is_some() { "is stale" } else { "is not there" };
        let text = format!("error: `{shown}` {state}; run the command without `--check`\n");
        say(&text);
        Ok(FINDINGS)
    }
}
