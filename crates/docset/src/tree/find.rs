//! The documents of a repository for whoever reads them on their own: indexes, searches.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{GlobSet, GlobSetBuilder};

use super::walk::{is_markdown, normalize, relative};
use super::{Inputs, WalkFault, WalkFaultKind, walk};
use crate::check::Checker;
use crate::settings::glob;

/// What paths and globs stand for.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// The documents, by path.
    pub found: Vec<DocumentFile>,
    /// Paths and globs that stand for no document, as given.
    pub unmatched: Vec<String>,
    /// Files named outright that the configuration excludes.
    pub excluded: Vec<String>,
    /// What could not be looked at: paths from the root, with the reason.
    pub faults: Vec<(Arc<str>, String)>,
}

/// A document on disk.
#[derive(Clone, Debug)]
pub struct DocumentFile {
    /// From the root, with `/`.
    pub path: Arc<str>,
    /// Absolute.
    pub full: PathBuf,
    /// Whether it is known to be a regular file, which cannot hang when it is opened.
    pub is_regular: bool,
}

impl Checker {
    /// The documents that `patterns` (paths and globs, absolute or relative to `base`) stand
    /// for; all that the configuration includes if there is none. `.gitignore` is obeyed.
    #[must_use]
    pub fn find(&self, patterns: &[String], base: &Path) -> Documents {
        let inputs = match patterns {
            [] => Inputs {
                root: self.root(),
                patterns: &self.config().include,
                base: self.root(),
                ignore_files: true,
            },
            patterns => Inputs { root: self.root(), patterns, base, ignore_files: true },
        };
        let walk = walk(&inputs, self.settings());
        let found = walk.documents.into_iter().map(|(path, found)| DocumentFile {
            path,
            full: found.full,
            is_regular: found.is_regular,
        });
        Documents {
            found: found.collect(),
            unmatched: walk.unmatched,
            excluded: walk.excluded,
            faults: walk.faults.into_iter().map(reason).collect(),
        }
    }

    /// Which of `paths` (from the root, with `/`) are documents by their names, wherever the
    /// files are: in a commit, or in a tree that they are gone from.
    pub fn documents_among<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p str>,
    ) -> BTreeSet<&'p str> {
        let mut builder = GlobSetBuilder::new();
        let mut all = false;
        for pattern in &self.config().include {
            all |= matches!(pattern.trim_end_matches('/'), "." | "");
            // They were looked at when the configuration was read.
            glob(pattern).into_iter().flatten().for_each(|glob| {
                builder.add(glob);
            });
        }
        let include: GlobSet = builder.build().unwrap_or_default();
        let is_document = |path: &&str| {
            is_markdown(Path::new(path))
                && !path.split('/').any(|part| part.starts_with('.'))
                && (all || include.is_match(path))
                && !self.settings().exclude.is_match(path)
        };
        paths.into_iter().filter(is_document).collect()
    }

    /// `path` (absolute or relative to `base`) from the root, with `/`, whether it exists or
    /// not; `None` if it is outside. The root itself is the empty path.
    #[must_use]
    pub fn from_root(&self, path: &str, base: &Path) -> Option<String> {
        let full = normalize(&base.join(path));
        let relative = relative(self.root(), &full).or_else(|| {
            // The way to the root may lead through a symbolic link.
            let above = full
                .ancestors()
                .skip(1)
                .find_map(|above| above.canonicalize().ok().zip(Some(above)));
            let (real, above) = above?;
            relative(self.root(), &real.join(full.strip_prefix(above).ok()?))
        })?;
        Some(relative.to_string())
    }
}

/// What was in the way, in words.
fn reason(fault: WalkFault) -> (Arc<str>, String) {
    let reason = match fault.kind {
        WalkFaultKind::LinkOutside(target) => {
            format!("the symbolic link leads out of the repository, to `{}`", target.display())
        }
        WalkFaultKind::LinkLoop(target) => {
            format!("the symbolic link leads back to `{}`", target.display())
        }
        WalkFaultKind::PathOutside => "it is outside of the repository".to_owned(),
        WalkFaultKind::Unreadable(error) => format!("it cannot be read: {error}"),
    };
    (fault.path, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DocsConfig;

    fn checker(configuration: &str) -> (tempfile::TempDir, Checker) {
        let folder = tempfile::tempdir().unwrap();
        let config = DocsConfig::parse("countersign.yaml", configuration).unwrap();
        let checker = Checker::with_config(folder.path(), config).unwrap();
        (folder, checker)
    }

    #[test]
    fn names_alone_tell_which_files_of_a_commit_are_documents() {
        let (_folder, checker) =
            checker("docs: {include: [docs, README.md], exclude: ['docs/old/**']}");
        let paths =
            ["docs/a.md", "docs/b.txt", "docs/old/c.md", "README.md", "src/d.md", "docs/.x/e.md"];
        assert_eq!(Vec::from_iter(checker.documents_among(paths)), ["README.md", "docs/a.md"]);
        let (_folder, everywhere) = self::checker("docs: {include: ['.']}");
        assert_eq!(everywhere.documents_among(["a.md", "x/b.markdown"]).len(), 2);
    }

    #[test]
    fn a_path_that_is_gone_has_a_place_all_the_same() {
        let (_folder, checker) = checker("");
        let base = checker.root().join("docs");
        assert_eq!(checker.from_root("../gone/a.md", &base).as_deref(), Some("gone/a.md"));
        assert_eq!(checker.from_root("../..", &base), None);
    }
}
