//! From paths and globs to the documents that they stand for.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::GlobSet;
use ignore::{WalkBuilder, WalkState};

use crate::settings::{Settings, glob};

/// What to look for.
#[derive(Clone, Debug)]
pub(crate) struct Inputs<'a> {
    /// The root of the repository, absolute and free of symbolic links.
    pub(crate) root: &'a Path,
    /// Paths and globs, absolute or relative to `base`.
    pub(crate) patterns: &'a [String],
    /// What relative patterns count from.
    pub(crate) base: &'a Path,
    /// Whether `.gitignore` and its kin are obeyed.
    pub(crate) ignore_files: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// Documents by path (from the root, with `/`).
    pub(crate) documents: BTreeMap<Arc<str>, Found>,
    /// Patterns that stand for no document.
    pub(crate) unmatched: Vec<String>,
    /// Files named outright that the configuration excludes.
    pub(crate) excluded: Vec<String>,
    /// Things in the way.
    pub(crate) faults: Vec<WalkFault>,
    /// Where symbolic links inside the root lead, still to be looked at.
    links: Vec<PathBuf>,
}

/// A document on disk.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Absolute.
    pub(crate) full: PathBuf,
    /// Whether it is known to be a regular file: opening one cannot hang.
    pub(crate) is_regular: bool,
}

/// A path that could not be followed.
#[derive(Debug)]
pub(crate) struct WalkFault {
    /// From the root, with `/`.
    pub(crate) path: Arc<str>,
    pub(crate) kind: WalkFaultKind,
}

#[derive(Debug)]
pub(crate) enum WalkFaultKind {
    /// A symbolic link that leads out of the root, to the named place, as the link
    /// says it.
    LinkOutside(PathBuf),
    /// A symbolic link to a folder that the link stands in, from the root.
    LinkLoop(PathBuf),
    /// A path given by the user that is outside of the root.
    PathOutside,
    /// The system refused.
    Unreadable(io::Error),
}

/// Finds the documents that `inputs` stand for.
pub(crate) fn walk(inputs: &Inputs<'_>, settings: &Settings) -> Walk {
    let mut walk = Walk::default();
    for pattern in inputs.patterns {
        let before = (walk.documents.len(), walk.excluded.len(), walk.faults.len());
        let found = one_pattern(&mut walk, inputs, pattern, settings);
        let after = (walk.documents.len(), walk.excluded.len(), walk.faults.len());
        if !found && before == after {
            walk.unmatched.push(pattern.clone());
        }
    }
    follow(&mut walk, inputs, settings);
    walk
}

/// Whether the pattern stands for anything, found now or before.
fn one_pattern(walk: &mut Walk, inputs: &Inputs<'_>, pattern: &str, settings: &Settings) -> bool {
    let path = normalize(&inputs.base.join(pattern));
    let exists = path.symlink_metadata();
    let is_glob = exists.is_err() && pattern.contains(['*', '?', '[', '{']);
    if is_glob {
        return by_glob(walk, inputs, &path, settings);
    }
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) if exists.is_ok() => {
            let fault = WalkFault {
                path: shown(inputs.root, &path),
                kind: WalkFaultKind::Unreadable(error),
            };
            walk.faults.push(fault);
            return true;
        }
        Err(_) => return false,
    };
    let Some(relative) = relative(inputs.root, &real) else {
        let kind = match exists.is_ok_and(|metadata| metadata.is_symlink()) {
            true => WalkFaultKind::LinkOutside(target(&path, real)),
            false => WalkFaultKind::PathOutside,
        };
        walk.faults.push(WalkFault { path: shown(inputs.root, &path), kind });
        return true;
    };
    if real.is_dir() {
        return folder(walk, inputs, &real, None, settings);
    }
    if settings.exclude.is_match(&*relative) {
        walk.excluded.push(relative.to_string());
        return true;
    }
    walk.documents.insert(relative, Found { full: real, is_regular: false });
    true
}

/// Everything below the longest part of the glob that is no glob.
fn by_glob(walk: &mut Walk, inputs: &Inputs<'_>, path: &Path, settings: &Settings) -> bool {
    let fixed: PathBuf = path
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    let Ok(fixed) = fixed.canonicalize() else { return false };
    let (Some(_), Some(pattern)) = (relative(inputs.root, &fixed), relative(inputs.root, path))
    else {
        let fault = WalkFault { path: shown(inputs.root, path), kind: WalkFaultKind::PathOutside };
        walk.faults.push(fault);
        return true;
    };
    let mut globs = GlobSet::builder();
    for glob in glob(&pattern).into_iter().flatten() {
        globs.add(glob);
    }
    globs.build().is_ok_and(|globs| folder(walk, inputs, &fixed, Some(&globs), settings))
}

/// All documents below `folder` that `globs` match; whether there is any.
fn folder(
    walk: &mut Walk,
    inputs: &Inputs<'_>,
    folder: &Path,
    globs: Option<&GlobSet>,
    settings: &Settings,
) -> bool {
    let mut found = false;
    for entry in entries(inputs, folder) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let fault = unreadable(inputs.root, folder, error);
                walk.faults.extend(wanted(fault, settings));
                continue;
            }
        };
        let kind = entry.file_type();
        if kind.is_some_and(|kind| kind.is_symlink()) {
            match link(inputs.root, entry.path()) {
                Ok(real) => walk.links.push(real),
                Err(fault) => walk.faults.extend(wanted(fault, settings)),
            }
            continue;
        }
        if kind.is_some_and(|kind| kind.is_dir()) || !is_markdown(entry.path()) {
            continue;
        }
        if let Some(why) = unfit(&entry) {
            let kind = WalkFaultKind::Unreadable(io::Error::other(why));
            let fault = WalkFault { path: shown(inputs.root, entry.path()), kind };
            walk.faults.extend(wanted(fault, settings));
            found = true;
            continue;
        }
        let Some(path) = relative(inputs.root, entry.path()) else { continue };
        if settings.exclude.is_match(&*path) || globs.is_some_and(|globs| !globs.is_match(&*path)) {
            continue;
        }
        found = true;
        let document = || Found { full: entry.into_path(), is_regular: true };
        walk.documents.entry(path).or_insert_with(document);
    }
    found
}

/// Everything below `folder` that is not ignored, in no particular order. Large trees
/// are listed by all processors at once.
fn entries(inputs: &Inputs<'_>, folder: &Path) -> Vec<Result<ignore::DirEntry, ignore::Error>> {
    let found = Mutex::new(Vec::new());
    let walk = WalkBuilder::new(folder)
        .standard_filters(inputs.ignore_files)
        // What git tracks is checked, whatever another tool's file says; and what one
        // person ignores everywhere is nothing that a repository says.
        .ignore(false)
        .git_global(false)
        // A folder of documents that is no git repository may have ignore files too.
        .require_git(false)
        .hidden(true)
        .build_parallel();
    walk.run(|| {
        Box::new(|entry| {
            if let Ok(mut found) = found.lock() {
                found.push(entry);
            }
            WalkState::Continue
        })
    });
    found.into_inner().unwrap_or_default()
}

/// Why something with the name of a document is none.
fn unfit(entry: &ignore::DirEntry) -> Option<&'static str> {
    if !entry.file_type().is_some_and(|kind| kind.is_file()) {
        return Some("it is no regular file");
    }
    // Findings, baselines and annotations name documents by text.
    entry.path().to_str().is_none().then_some("its name is not UTF-8")
}

/// Looks where symbolic links inside the root lead: at a place that is not searched
/// anyway, the documents would not be found.
fn follow(walk: &mut Walk, inputs: &Inputs<'_>, settings: &Settings) {
    let mut seen = HashSet::new();
    while let Some(real) = walk.links.pop() {
        let Some(path) = relative(inputs.root, &real) else { continue };
        if !seen.insert(real.clone()) || settings.exclude.is_match(&*path) {
            continue;
        }
        if real.is_dir() {
            folder(walk, inputs, &real, None, settings);
        } else if is_markdown(&real) && real.is_file() {
            let document = || Found { full: real, is_regular: true };
            walk.documents.entry(path).or_insert_with(document);
        }
    }
}

/// The fault, unless the configuration excludes the place.
fn wanted(fault: WalkFault, settings: &Settings) -> Option<WalkFault> {
    (!settings.exclude.is_match(&*fault.path)).then_some(fault)
}

/// Where a symbolic link inside the root leads, or what is wrong with it.
fn link(root: &Path, path: &Path) -> Result<PathBuf, WalkFault> {
    let kind = match path.canonicalize() {
        Ok(real) if relative(root, &real).is_none() => {
            WalkFaultKind::LinkOutside(target(path, real))
        }
        Ok(real) if path.starts_with(&real) => WalkFaultKind::LinkLoop(below(root, &real)),
        Ok(real) => return Ok(real),
        // A link to nothing is of no concern unless it stands in the place of a document.
        Err(error) if is_markdown(path) => WalkFaultKind::Unreadable(error),
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            WalkFaultKind::LinkLoop(below(root, path))
        }
        Err(_) => return Ok(path.to_owned()),
    };
    Err(WalkFault { path: shown(root, path), kind })
}

/// What the link at `path` says; `real` if it does not say it (any more). A message
/// must be the same on every machine, or a baseline would not know it.
fn target(path: &Path, real: PathBuf) -> PathBuf {
    std::fs::read_link(path).unwrap_or(real)
}

/// `path` from the root, for a message.
fn below(root: &Path, path: &Path) -> PathBuf {
    match path.strip_prefix(root) {
        Ok(relative) if relative.as_os_str().is_empty() => PathBuf::from("."),
        Ok(relative) => relative.to_owned(),
        Err(_) => path.to_owned(),
    }
}

fn unreadable(root: &Path, folder: &Path, error: ignore::Error) -> WalkFault {
    let path = match &error {
        ignore::Error::WithPath { path, .. } => path.clone(),
        _ => folder.to_owned(),
    };
    let message = error.to_string();
    let error = error.into_io_error().unwrap_or_else(|| io::Error::other(message));
    WalkFault { path: shown(root, &path), kind: WalkFaultKind::Unreadable(error) }
}

/// Whether the name is that of a document.
pub(crate) fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
    })
}

/// `path` from `root`, with `/` between folders; `None` if it is not below it. The
/// root itself is the empty path.
pub(crate) fn relative(root: &Path, path: &Path) -> Option<Arc<str>> {
    let relative = path.strip_prefix(root).ok()?.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        return Some(relative.into());
    }
    Some(relative.replace(std::path::MAIN_SEPARATOR, "/").into())
}

fn shown(root: &Path, path: &Path) -> Arc<str> {
    relative(root, path).unwrap_or_else(|| path.to_string_lossy().into())
}

/// `path` without `.` and `..`, by its names alone.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}
