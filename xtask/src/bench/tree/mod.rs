//! The tree that is measured: documents of all types in two languages, made up from
//! parts, the same in every run.

mod body;
mod fault;
mod front_matter;
mod kind;
mod plan;
mod prose;
mod random;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use self::front_matter::FrontMatter;
use self::plan::{Plan, Planned};
use self::random::Random;
use super::megabytes;
use crate::files;
use crate::process::Program;

/// Any number; another one gives another tree.
const SEED: u64 = 2026;

/// Shortest and longest body, in bytes.
const BODY: (usize, usize) = (3_600, 15_400);

/// The configuration of the tree. Documents in `docs/` with the default catalogue.
const CONFIGURATION: &str = "docs:\n  include: [docs]\n";

/// A tree on the disk.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) folder: PathBuf,
    /// How many documents there are.
    pub(super) documents: usize,
    /// Their size together.
    pub(super) bytes: usize,
    /// Every number from 1 to this is an issue that some document is about.
    pub(super) issues: usize,
    /// How many documents are approved.
    pub(super) approved: usize,
    /// How many documents are about each issue, from the first on.
    about: Vec<usize>,
    /// The path of some document, from the folder.
    pub(super) some_document: String,
}

impl Tree {
    /// How many findings a check must have.
    pub(super) const FAULTS: usize = fault::FAULTS;

    /// How many of them are in front matter.
    pub(super) const FAULTS_IN_FRONT_MATTER: usize = fault::IN_FRONT_MATTER;

    /// Writes a tree of `documents` documents to `folder`, as a git repository with
    /// one commit.
    pub(super) fn create(folder: &Path, documents: usize) -> Result<Self> {
        println!("  writing a tree of {documents} documents");
        files::make_empty_folder(folder)?;
        files::write(&folder.join("countersign.yaml"), CONFIGURATION)?;
        let plan = Plan::new(documents, &mut Random::new(SEED));
        let (mut bytes, mut approved, mut about) = (0, 0, vec![0; plan.issues]);
        for (number, planned) in plan.documents.iter().enumerate() {
            let text = document(&plan, planned, number);
            bytes += text.len();
            approved += usize::from(text.contains("\n  digest: sha256:"));
            planned.issues.iter().for_each(|issue| about[issue - 1] += 1);
            files::write(&folder.join(planned.path()), &text)?;
        }
        let sound = plan.documents.iter().rev().find(|planned| planned.fault.is_none());
        let some_document = sound.context("the tree has no sound document")?.path();
        commit(folder)?;
        let (folder, issues) = (folder.to_owned(), plan.issues);
        Ok(Self { folder, documents, bytes, issues, approved, about, some_document })
    }

    /// How many documents name `issue`, a number from 1 on.
    pub(super) fn documents_about(&self, issue: usize) -> usize {
        self.about.get(issue - 1).copied().unwrap_or_default()
    }

    /// Number and size, in a few words.
    pub(super) fn describe(&self) -> String {
        format!("{} documents of {:.0} MB together", self.documents, megabytes(self.bytes))
    }

    /// The names of all types, which are the folders below `docs/`.
    pub(super) fn types() -> impl Iterator<Item = &'static str> {
        kind::KINDS.iter().map(|kind| kind.name)
    }
}

/// The whole text of one document. Each has random numbers of its own, so that a
/// change in one does not change those behind it.
fn document(plan: &Plan, planned: &Planned, number: usize) -> String {
    let number = u64::try_from(number).unwrap_or_default();
    let mut random = Random::new(SEED ^ (number << 20));
    let prose = planned.language.prose();
    let title = *random.pick(prose.titles);
    let title = prose.fill(title, &mut random);
    let bytes = random.between(BODY.0, BODY.1);
    let front = FrontMatter::new(plan, planned, &title, &mut random);
    front.with_body(&body::write(plan, planned, &title, bytes, &mut random))
}

fn commit(folder: &Path) -> Result<()> {
    let settings =
        ["-c", "gc.auto=0", "-c", "user.name=Writer", "-c", "user.email=writer@example.com"];
    let commit = ["commit", "--quiet", "--no-verify", "--message", "Documents"];
    for arguments in [&["init", "--quiet"][..], &["add", "--all"], &commit, &["status", "--short"]]
    {
        Program::new("git", folder).args(settings).args(arguments).capture()?.expect_code(0)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_the_same_in_every_run() {
        let text = || {
            let plan = Plan::new(100, &mut Random::new(SEED));
            document(&plan, &plan.documents[7], 7)
        };
        assert_eq!(text(), text());
        assert!(text().starts_with("---\ndoc_id: "));
    }

    #[test]
    fn documents_are_within_their_limits() {
        let plan = Plan::new(500, &mut Random::new(SEED));
        let mut bytes = 0;
        for (number, planned) in plan.documents.iter().enumerate() {
            let text = document(&plan, planned, number);
            let lines = text.lines().count();
            assert!(lines <= planned.kind().lines, "{}: {lines} lines", planned.id());
            bytes += text.len();
        }
        let mean = bytes / plan.documents.len();
        assert!((9_000..11_500).contains(&mean), "{mean} bytes a document");
    }
}
