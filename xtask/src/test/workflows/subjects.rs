//! What is to be checked: this repository, and repositories as `docset init --github` leaves them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::docset::Docset;
use crate::files;
use crate::gha::{self, File, Role};
use crate::process::Program;
use crate::workspace::Workspace;

/// What references in an adopter's files call this repository.
pub(crate) const OURS: &str = "acme/countersign";

/// A repository with its files, sorted by what they are.
#[derive(Debug)]
pub(super) struct Subject {
    /// For messages.
    pub(super) name: String,
    /// Its folder.
    pub(super) root: PathBuf,
    /// Where this repository is, for references to it; [`OURS`] is its name.
    pub(super) ours: PathBuf,
    pub(super) role: Role,
    pub(super) workflows: Vec<String>,
    pub(super) actions: Vec<String>,
    pub(super) forms: Vec<String>,
    /// Shell scripts that stand alone.
    pub(super) scripts: Vec<String>,
    /// The checkers to ask; all if there is none.
    pub(super) checkers: Option<Vec<&'static str>>,
}

impl Subject {
    /// The files of a repository at `root`.
    ///
    /// # Errors
    ///
    /// If its folders cannot be read.
    pub(super) fn of(name: &str, root: &Path, ours: &Path, role: Role) -> Result<Self> {
        let below = |folder: &str, wanted: &dyn Fn(&str) -> bool| -> Result<Vec<String>> {
            let path = root.join(folder);
            if !path.is_dir() {
                return Ok(Vec::new());
            }
            let found = gha::files_below(&path, wanted)?;
            Ok(found.into_iter().map(|file| format!("{folder}/{file}")).collect())
        };
        let yaml = |file: &str| [".yml", ".yaml"].iter().any(|extension| file.ends_with(extension));
        let in_folder = |file: &str| yaml(file) && !file.contains('/');
        let mut workflows = below(".github/workflows", &in_folder)?;
        workflows.extend(below("reusable-workflows", &in_folder)?);
        Ok(Self {
            name: name.to_owned(),
            root: root.to_owned(),
            ours: ours.to_owned(),
            role,
            workflows,
            actions: below("actions", &|file| {
                file.ends_with("/action.yml") || file.ends_with("/action.yaml")
            })?,
            forms: below(".github/ISSUE_TEMPLATE", &|file| yaml(file) && file != "config.yml")?,
            scripts: below("actions", &|file| file.ends_with(".sh"))?,
            checkers: None,
        })
    }

    /// How many files it has.
    pub(super) const fn count(&self) -> usize {
        self.workflows.len() + self.actions.len() + self.forms.len() + self.scripts.len()
    }

    /// Whether a checker is to be asked.
    pub(super) fn asks(&self, checker: &str) -> bool {
        self.checkers.as_ref().is_none_or(|checkers| checkers.contains(&checker))
    }

    /// The question for the scripts of `xtask/gha`.
    pub(super) fn job(&self) -> gha::Job {
        let paths = self.workflows.iter().chain(&self.actions);
        gha::Job {
            root: self.root.clone(),
            known: BTreeMap::from([(OURS.to_owned(), self.ours.clone())]),
            calls: matches!(self.role, Role::Wrapper).then(|| self.ours.clone()),
            files: paths.map(|path| File { path: path.clone(), role: self.role }).collect(),
            tools: self.checkers.clone(),
        }
    }
}

/// This repository, and an adopter's in each language.
///
/// # Errors
///
/// If `docset` does not write an adopter's.
pub(super) fn all(workspace: &Workspace) -> Result<Vec<Subject>> {
    let root = workspace.root();
    let mut subjects = vec![Subject::of("this repository", root, root, Role::Ours)?];
    ensure!(!subjects[0].actions.is_empty(), "there is no action");
    let docset = Docset::build(workspace)?;
    for language in ["en", "ru"] {
        let folder = workspace.target(&format!("tmp/workflows/adopter-{language}"));
        adopter(&docset, &folder, language)?;
        let name = format!("an adopter ({language})");
        let subject = Subject::of(&name, &folder, root, Role::Wrapper)?;
        ensure!(!subject.workflows.is_empty(), "docset installs no workflow");
        ensure!(!subject.forms.is_empty(), "docset installs no form");
        subjects.push(subject);
    }
    Ok(subjects)
}

/// An empty repository with what `docset init --github` puts into it.
fn adopter(docset: &Docset, folder: &Path, language: &str) -> Result<()> {
    files::make_empty_folder(folder)?;
    Program::new("git", folder).args(["init", "--quiet"]).run()?;
    let arguments =
        ["init", "--github", "--root", ".", "--lang", language, "--from", OURS, "--ref", "v0.1.0"];
    docset.run(folder, &arguments)?.expect_code(0)
}
