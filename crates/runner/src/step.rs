//! A step from its beginning to its end.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use countersign_markup::shown::escape;
use countersign_report::{annotation, causes};
use serde::Serialize;

use crate::annotation::folder;
use crate::{Annotations, LARGEST_SUMMARY, Outputs, Sign, StepError, Summary, Variables};

const OUTPUT: &str = "GITHUB_OUTPUT";
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// What a step says to the runner, until it is said with [`Step::finish`].
#[derive(Debug)]
pub struct Step {
    output_file: PathBuf,
    /// Older runners have none.
    summary_file: Option<PathBuf>,
    workspace: Option<PathBuf>,
    outputs: Outputs,
    /// What a person is told.
    pub summary: Summary,
}

impl Step {
    /// A step of the runner that `variables` tell of.
    ///
    /// # Errors
    ///
    /// [`StepError::NoRunner`] if they tell of none.
    pub fn open(variables: &Variables) -> Result<Self, StepError> {
        let output = variables.get(OUTPUT)?.ok_or(StepError::NoRunner { variable: OUTPUT })?;
        Ok(Self {
            output_file: output.into(),
            summary_file: variables.get(SUMMARY)?.map(Into::into),
            workspace: variables.get("GITHUB_WORKSPACE")?.map(Into::into),
            outputs: Outputs::default(),
            summary: Summary::default(),
        })
    }

    /// Gives an output.
    ///
    /// # Errors
    ///
    /// As for [`Outputs::set`].
    #[expect(clippy::needless_pass_by_value, reason = "a number or a word, as it comes")]
    pub fn output(&mut self, name: &str, value: impl ToString) -> Result<(), StepError> {
        self.outputs.set(name, value.to_string())
    }

    /// Gives an output as a JSON list; the summary says what has no room in it.
    ///
    /// # Errors
    ///
    /// As for [`Outputs::set_list`].
    pub fn list(&mut self, name: &str, items: &[impl Serialize]) -> Result<(), StepError> {
        let left_out = self.outputs.set_list(name, items)?;
        if left_out > 0 {
            let of = items.len();
            self.summary.paragraph(&format!(
                "The output `{name}` lacks {left_out} of {of}: GitHub has no room for more."
            ));
        }
        Ok(())
    }

    /// Annotations few enough to be shown, from `commands` in GitHub's format about files
    /// below `root`. The summary says how many are missing.
    #[must_use]
    pub fn annotations(&mut self, commands: &str, root: &Path) -> String {
        let folder = self.workspace.as_deref().map(|workspace| folder(workspace, root));
        let annotations = Annotations::of(commands, &folder.unwrap_or_default());
        if annotations.left_out > 0 {
            self.summary.paragraph(&format!(
                "{} more are not shown beside the code, where GitHub shows ten of each kind.",
                annotations.left_out
            ));
        }
        annotations.text
    }

    /// Writes outputs and summary to the end of the runner's files.
    ///
    /// # Errors
    ///
    /// [`StepError::Write`] if one cannot be written to.
    pub fn finish(self) -> Result<(), StepError> {
        append(OUTPUT, &self.output_file, |_| self.outputs.to_text())?;
        write_summary(self.summary_file.as_deref(), &self.summary)
    }
}

fn write_summary(file: Option<&Path>, summary: &Summary) -> Result<(), StepError> {
    let Some(file) = file.filter(|_| !summary.is_empty()) else { return Ok(()) };
    append(SUMMARY, file, |present| summary.to_text(LARGEST_SUMMARY.saturating_sub(present)))
}

/// Adds to the end of a file, in one piece, what `text` makes of its present length.
fn append(
    variable: &'static str,
    path: &Path,
    text: impl FnOnce(usize) -> String,
) -> Result<(), StepError> {
    let open = || -> io::Result<(File, usize)> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let present = file.metadata()?.len();
        Ok((file, usize::try_from(present).unwrap_or(usize::MAX)))
    };
    open()
        .and_then(|(mut file, present)| file.write_all(text(present).as_bytes()))
        .map_err(|source| StepError::Write { variable, path: path.to_owned(), source })
}

/// Shows a fault that ended the program `title` where people look: as an annotation, which
/// is returned for standard output, and in the summary, if there is one. Nobody hearing of it
/// does not make the run a success: the exit code says it too.
#[must_use]
pub fn fault(
    title: &str,
    error: &(dyn Error + 'static),
    help: Option<&str>,
    variables: &Variables,
) -> String {
    // Usage, which follows behind an empty line, is for a terminal.
    let said = causes(error);
    let said: Vec<&str> = said.iter().filter_map(|text| text.split("\n\n").next()).collect();
    let message = said.join(": ");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let mut summary = Summary::default();
    summary.heading(Sign::Bad, &format!("{title} could not do its job"));
    summary.paragraph(message);
    if let Some(help) = help {
        summary.paragraph(&format!("What to do: {help}"));
    }
    let file = variables.get(SUMMARY).ok().flatten().map(Path::new);
    let _ = write_summary(file, &summary);
    let help = help.map(|help| format!("\n{}", escape(help))).unwrap_or_default();
    annotation("error", title, None, &format!("{}{help}", escape(message))) + "\n"
}
