//! The checkers, each as its users run it.

use std::path::PathBuf;

use anyhow::Result;

use super::subjects::Subject;
use crate::gha::Gha;
use crate::process::{Finished, Program};
use crate::tools::{self, Python};
use crate::workspace::Workspace;

/// All of them, installed.
#[derive(Debug)]
pub(super) struct Checkers {
    python: Python,
    gha: Gha,
}

impl Checkers {
    /// # Errors
    ///
    /// If something cannot be installed.
    pub(super) fn prepare(workspace: &Workspace) -> Result<Self> {
        let python = tools::python(workspace)?;
        let gha = Gha::prepare(workspace, &python)?;
        Ok(Self { python, gha })
    }

    /// What they have to say about each repository, as lines that name the checker, the file
    /// and the line.
    ///
    /// # Errors
    ///
    /// If one cannot be run.
    pub(super) fn check(&self, subjects: &[Subject]) -> Result<Vec<Vec<String>>> {
        let jobs: Vec<_> = subjects.iter().map(Subject::job).collect();
        let mut all = Vec::new();
        for (subject, found) in subjects.iter().zip(self.gha.check(&jobs)?) {
            let mut complaints: Vec<String> = found
                .iter()
                .map(|it| {
                    format!("{}: {}:{}: {}: {}", it.tool, it.path, it.line, it.severity, it.message)
                })
                .collect();
            if subject.asks("zizmor") {
                complaints.extend(self.zizmor(subject)?);
            }
            if subject.asks("schema") {
                complaints.extend(self.schemas(subject)?);
            }
            if subject.asks("shellcheck") {
                complaints.extend(self.shellcheck(subject)?);
            }
            all.push(complaints);
        }
        Ok(all)
    }

    /// Faults of security. A file that it cannot read is one, too.
    fn zizmor(&self, subject: &Subject) -> Result<Vec<String>> {
        // It would leave out whatever lies elsewhere than GitHub looks, so each file is named.
        let files: Vec<_> = subject.workflows.iter().chain(&subject.actions).collect();
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let configuration = [".github/zizmor.yml", "zizmor.yml"]
            .into_iter()
            .find(|file| subject.root.join(file).is_file());
        let mut program = self.program("zizmor", subject).args([
            "--offline",
            "--pedantic",
            "--strict-collection",
            "--no-progress",
            "--quiet",
            "--color=never",
        ]);
        if let Some(file) = configuration {
            program = program.args(["--config", file]);
        }
        Ok(complaint("zizmor", &program.args(files).capture()?).into_iter().collect())
    }

    /// The schemas that editors use.
    fn schemas(&self, subject: &Subject) -> Result<Vec<String>> {
        let mut complaints = Vec::new();
        for (schema, files) in [
            ("vendor.github-workflows", &subject.workflows),
            ("vendor.github-actions", &subject.actions),
            ("vendor.github-issue-forms", &subject.forms),
        ] {
            if files.is_empty() {
                continue;
            }
            let program = self.program("check-jsonschema", subject);
            let program = program.args(["--builtin-schema", schema]).args(files);
            complaints.extend(complaint("schema", &program.capture()?));
        }
        Ok(complaints)
    }

    /// Shell scripts that stand alone; those in workflows are looked at with them.
    fn shellcheck(&self, subject: &Subject) -> Result<Vec<String>> {
        if subject.scripts.is_empty() {
            return Ok(Vec::new());
        }
        let program = self.program("shellcheck", subject).args(["--norc", "--format", "gcc"]);
        let finished = program.args(&subject.scripts).capture()?;
        Ok(complaint("shellcheck", &finished).into_iter().collect())
    }

    fn program(&self, name: &str, subject: &Subject) -> Program {
        let path: PathBuf = self.python.program(name);
        Program::new(path, &subject.root)
    }
}

/// All that it printed, if it did not end well.
fn complaint(name: &str, finished: &Finished) -> Option<String> {
    let failed = finished.code != Some(0);
    failed.then(|| format!("{name}: {}", finished.output().trim()))
}
