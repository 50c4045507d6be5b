//! Findings that are known and do not fail a run.
//!
//! The file names each finding by rule, path and message, without a line number,
//! so that it stays true when lines move; it is sorted, one finding per line, so
//! that it merges. Findings that are the same by that measure are counted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::edit::{WriteError, write_atomically};
use crate::tree::read;

/// Version of the file's shape.
const VERSION: u32 = 1;

/// The findings that a baseline file knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    findings: BTreeMap<Known, usize>,
}

/// What makes two findings the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Known {
    /// The document, from the root.
    pub path: String,
    /// Id of the rule.
    pub rule: String,
    /// The message.
    pub message: String,
}

/// The file.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Line>,
}

#[derive(Deserialize, Serialize)]
struct Line {
    #[serde(flatten)]
    known: Known,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: u32,
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_one(count: &u32) -> bool {
    *count == 1
}

/// A baseline file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// The file cannot be read.
    #[error("cannot read the baseline `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is no baseline.
    #[error("`{}` is no baseline file: write it anew with `--write-baseline`", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The file was written by a later version.
    #[error("`{}` is a baseline of version {version}; this docset reads version {VERSION}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version that it says.
        version: u32,
    },
    /// The file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Findings after a baseline was laid over them.
#[derive(Clone, Debug, Default)]
pub struct Sifted {
    /// Findings that the baseline does not know.
    pub new: Vec<Diagnostic>,
    /// How many it knows.
    pub known: usize,
    /// Findings that it knows and that are there no more, with how many are gone.
    pub gone: Vec<(Known, usize)>,
}

impl Known {
    fn of(diagnostic: &Diagnostic) -> Self {
        Self {
            path: diagnostic.path.to_string(),
            rule: diagnostic.rule.to_owned(),
            message: diagnostic.message.clone(),
        }
    }
}

impl Baseline {
    /// A baseline that knows `diagnostics`, except that a document could not be read:
    /// nothing is known of what was not looked at.
    #[must_use]
    pub fn new(diagnostics: &[Diagnostic]) -> Self {
        let mut findings = BTreeMap::new();
        for diagnostic in diagnostics.iter().filter(|one| !crate::rule::is_unread(one.rule)) {
            *findings.entry(Known::of(diagnostic)).or_default() += 1;
        }
        Self { findings }
    }

    /// How many findings it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.findings.values().sum()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    ///
    /// [`BaselineError`] if the file cannot be read or is no baseline.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let mut bytes = Vec::new();
        read(path, &mut bytes)
            .map_err(|error| BaselineError::Read { path: path.to_owned(), source: error.into() })?;
        let file: File = serde_json::from_slice(&bytes)
            .map_err(|source| BaselineError::Parse { path: path.to_owned(), source })?;
        if file.version != VERSION {
            return Err(BaselineError::Version { path: path.to_owned(), version: file.version });
        }
        let mut findings = BTreeMap::new();
        for line in file.findings {
            let count: &mut usize = findings.entry(line.known).or_default();
            // A file may say any number; a sum that is too large must not be a panic.
            *count = count.saturating_add(usize::try_from(line.count).unwrap_or(usize::MAX));
        }
        Ok(Self { findings })
    }

    /// Writes a baseline file, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`BaselineError::Write`] if it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), BaselineError> {
        Ok(write_atomically(path, self.render().as_bytes())?)
    }

    /// The content of the file: one finding per line, so that two branches that
    /// remove different findings merge.
    #[must_use]
    pub fn render(&self) -> String {
        let lines: Vec<String> = self
            .findings
            .iter()
            .map(|(known, count)| {
                let count = u32::try_from(*count).unwrap_or(u32::MAX);
                let line = Line { known: known.clone(), count };
                // Three texts and a number are always JSON.
                format!("    {}", serde_json::to_string(&line).unwrap_or_default())
            })
            .collect();
        let body = match lines.as_slice() {
            [] => "[]".to_owned(),
            lines => format!("[\n{}\n  ]", lines.join(",\n")),
        };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": {body}\n}}\n")
    }

    /// Takes the known findings out of `diagnostics`. Where more are found than are
    /// known, the first ones count as known. Only what `checked` says was looked at
    /// can be gone.
    #[must_use]
    pub fn sift(&self, diagnostics: Vec<Diagnostic>, checked: impl Fn(&str) -> bool) -> Sifted {
        let mut left = self.findings.clone();
        let mut sifted = Sifted::default();
        for diagnostic in diagnostics {
            match left.get_mut(&Known::of(&diagnostic)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    sifted.known += 1;
                }
                _ => sifted.new.push(diagnostic),
            }
        }
        let gone = left.into_iter().filter(|(known, count)| *count > 0 && checked(&known.path));
        sifted.gone.extend(gone);
        sifted
    }
}
