//! Where documents come from: the work tree, or a commit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign_docset::docset::{ISSUES, PULL_REQUESTS};
use countersign_docset::tree::{Deleted, GitError};
use countersign_docset::{CheckError, Checker};
use countersign_files::{read, read_regular};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use sha2::{Digest as _, Sha256};

use super::git::{Commit, Objects};
use super::plan::Scope;
use super::problem::Problem;

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Paths and globs; empty for what the configuration includes.
    pub paths: Vec<String>,
    /// What relative paths count from; the root if empty.
    pub base: PathBuf,
    /// Only what differs from the merge base with this git revision.
    pub changed_since: Option<String>,
    /// The commit to read, instead of the work tree.
    pub commit: Option<Commit>,
}

/// The documents that were found, with what tells whether they changed.
#[derive(Debug)]
pub struct Look {
    /// The SHA-256 of each file, as 64 hexadecimal digits, by path.
    pub hashes: BTreeMap<Arc<str>, String>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Files and folders that are there, and that nobody could look into.
    pub unreadable: BTreeSet<Arc<str>>,
    /// Paths that stand for no document: as given, and from the root.
    pub unmatched: Vec<(String, String)>,
    /// Where documents were looked for.
    pub scope: Scope,
    pub(super) places: BTreeMap<Arc<str>, Place>,
}

/// Where a document can be read.
#[derive(Clone, Debug)]
pub(super) enum Place {
    File { full: PathBuf, is_regular: bool },
    Object(String),
}

/// Reads documents where they were found.
#[derive(Debug)]
pub(super) struct Reader(Option<Objects>);

impl Reader {
    pub(super) fn open(root: &Path, selection: &Selection) -> Result<Self, GitError> {
        Ok(Self(selection.commit.as_ref().map(|_| Objects::open(root)).transpose()?))
    }

    pub(super) fn read(&mut self, place: &Place, buffer: &mut Vec<u8>) -> Result<(), String> {
        match (place, &mut self.0) {
            (Place::File { full, is_regular: true }, _) => {
                read_regular(full, buffer).map_err(|error| error.to_string())
            }
            (Place::File { full, .. }, _) => read(full, buffer).map_err(|error| error.to_string()),
            (Place::Object(object), Some(objects)) => {
                *buffer = objects.read(object)?;
                Ok(())
            }
            (Place::Object(object), None) => Err(format!("nothing can read the object {object}")),
        }
    }
}

/// Finds the documents that `selection` stands for and hashes them.
///
/// # Errors
///
/// If git cannot say what changed, or what a commit has.
pub fn look(checker: &Checker, selection: &Selection) -> Result<Look, CheckError> {
    let root = checker.root();
    let base = match selection.base.as_os_str().is_empty() {
        true => root,
        false => &selection.base,
    };
    let changed = match (&selection.changed_since, &selection.commit) {
        (None, _) => None,
        (Some(revision), None) => Some(checker.changed_since(revision, Deleted::Included)?),
        (Some(revision), Some(commit)) => Some(commit.changed_since(root, revision)?),
    };
    let mut look = Look {
        hashes: BTreeMap::new(),
        problems: Vec::new(),
        unreadable: BTreeSet::new(),
        unmatched: Vec::new(),
        scope: scope(checker, &selection.paths, base),
        places: BTreeMap::new(),
    };
    match &selection.commit {
        None => in_work_tree(checker, selection, base, &mut look),
        Some(commit) => in_commit(checker, selection, base, commit, &mut look)?,
    }
    if let Some(changed) = changed {
        look.places.retain(|path, _| changed.contains(&**path));
        look.unmatched.clear();
        let changed = changed.into_iter().filter(|path| look.scope.covers(path)).collect();
        look.scope = Scope::Only(changed);
    }
    hash(root, selection, &mut look)?;
    Ok(look)
}

/// What is looked through for `patterns`.
fn scope(checker: &Checker, patterns: &[String], base: &Path) -> Scope {
    if patterns.is_empty() {
        return Scope::Everything;
    }
    let mut paths = Vec::new();
    let mut globs = GlobSetBuilder::new();
    for pattern in patterns {
        let Some(path) = checker.from_root(pattern, base) else { continue };
        let is_glob = pattern.contains(['*', '?', '[', '{']) && !base.join(pattern).exists();
        match GlobBuilder::new(&path).literal_separator(true).build() {
            Ok(glob) if is_glob => {
                globs.add(glob);
            }
            _ => paths.push(path),
        }
    }
    Scope::Below { paths, globs: globs.build().unwrap_or_else(|_| GlobSet::empty()) }
}

fn in_work_tree(checker: &Checker, selection: &Selection, base: &Path, look: &mut Look) {
    let documents = checker.find(&selection.paths, base);
    for file in documents.found {
        let place = Place::File { full: file.full, is_regular: file.is_regular };
        look.places.insert(file.path, place);
    }
    for (path, reason) in documents.faults {
        // What leads out of the repository is none of its documents.
        look.problems.push(Problem::of_file(&path, reason));
        look.unreadable.insert(path);
    }
    for path in documents.excluded {
        look.problems.push(Problem::of_file(&path, "the configuration excludes it".to_owned()));
    }
    for folder in [ISSUES, PULL_REQUESTS] {
        for entry in std::fs::read_dir(checker.root().join(folder)).into_iter().flatten().flatten()
        {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let path = format!("{folder}/{name}");
            if is_docset_file(&path) && look.scope.covers(&path) {
                let place = Place::File { full: entry.path(), is_regular: false };
                look.places.insert(path.into(), place);
            }
        }
    }
    for given in documents.unmatched {
        let path = checker.from_root(&given, base).unwrap_or_else(|| given.clone());
        let has_some = look.places.keys().any(|found| super::plan::is_below(found, &path));
        if !has_some {
            look.unmatched.push((given, path));
        }
    }
}

fn in_commit(
    checker: &Checker,
    selection: &Selection,
    base: &Path,
    commit: &Commit,
    look: &mut Look,
) -> Result<(), GitError> {
    let files = commit.files(checker.root())?;
    let documents = checker.documents_among(files.iter().map(|file| file.path.as_str()));
    for file in &files {
        let path = file.path.as_str();
        if (documents.contains(path) || is_docset_file(path)) && look.scope.covers(path) {
            look.places.insert(path.into(), Place::Object(file.object.clone()));
        }
    }
    for given in &selection.paths {
        let Some(path) = checker.from_root(given, base) else {
            let reason = "it is outside of the repository".to_owned();
            look.problems.push(Problem::of_file(given, reason));
            continue;
        };
        let own = scope(checker, std::slice::from_ref(given), base);
        if !look.places.keys().any(|found| own.covers(found)) {
            look.unmatched.push((given.clone(), path));
        }
    }
    Ok(())
}

/// Whether the path is that of a docset file, which is YAML and no document itself.
pub(super) fn is_docset_file(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    [ISSUES, PULL_REQUESTS].contains(&folder) && name.ends_with(".yaml") && !name.starts_with('.')
}

/// Files that a thread takes at once.
const FEW: usize = 32;

fn hash(root: &Path, selection: &Selection, look: &mut Look) -> Result<(), GitError> {
    let places: Vec<_> = look.places.iter().collect();
    let one = |reader: &mut Reader, buffer: &mut Vec<u8>, place: &Place| {
        reader.read(place, buffer).map(|()| hex(&Sha256::digest(&*buffer)))
    };
    let mut results = Vec::with_capacity(places.len());
    if selection.commit.is_some() {
        let (mut reader, mut buffer) = (Reader::open(root, selection)?, Vec::new());
        for (path, place) in &places {
            results.push((Arc::clone(path), one(&mut reader, &mut buffer, place)));
        }
    } else {
        let next = AtomicUsize::new(0);
        let work = || {
            let (mut reader, mut buffer, mut own) = (Reader(None), Vec::new(), Vec::new());
            loop {
                let from = next.fetch_add(FEW, Ordering::Relaxed);
                let Some(some) = places.get(from..).filter(|some| !some.is_empty()) else {
                    return own;
                };
                for (path, place) in &some[..some.len().min(FEW)] {
                    own.push((Arc::clone(path), one(&mut reader, &mut buffer, place)));
                }
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.clamp(1, places.len().div_ceil(FEW).max(1));
        std::thread::scope(|scope| {
            // As many as there are to be had: whoever is there does the work.
            let other = |_| std::thread::Builder::new().spawn_scoped(scope, work).ok();
            let others: Vec<_> = (1..threads).map_while(other).collect();
            results.extend(work());
            for other in others {
                match other.join() {
                    Ok(own) => results.extend(own),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }
    for (path, result) in results {
        match result {
            Ok(hash) => drop(look.hashes.insert(path, hash)),
            Err(reason) => {
                look.problems.push(Problem::of_file(&path, format!("it cannot be read: {reason}")));
                look.unreadable.insert(path);
            }
        }
    }
    look.problems.sort();
    Ok(())
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
