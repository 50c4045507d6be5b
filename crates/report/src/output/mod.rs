//! Findings for readers: people, editors, GitHub, code scanning.
//!
//! Every format shows the same findings in the same order, and the same bytes on
//! every run.

mod concise;
mod github;
#[cfg(feature = "terminal")]
mod human;
mod json;
mod markdown;
mod place;
mod sarif;

use std::io::{self, Write};

pub use github::annotation;
pub use markdown::text as markdown_text;
use place::{Place, places};
use serde::Serialize;

use crate::Sources;
use crate::diagnostic::{Diagnostic, Severity};

/// The shape that findings are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "terminal", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Format {
    /// Source excerpts with carets and help, for people
    #[cfg(feature = "terminal")]
    Human,
    /// One finding per line: `path:line:column: severity[rule] message`
    Concise,
    /// One JSON object, for programs
    Json,
    /// Workflow commands that GitHub shows as annotations
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// A table, for step summaries
    Markdown,
}

/// Whether colours and bold type are used, where a format has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styling {
    /// ANSI escape sequences.
    Ansi,
    /// Text alone.
    Plain,
}

/// What a run comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Documents looked at.
    pub documents: usize,
    /// Findings that fail the run.
    pub errors: usize,
    /// Findings that may.
    pub warnings: usize,
    /// Findings that never do.
    pub notes: usize,
    /// Findings that the baseline knows, not shown.
    pub known: usize,
    /// Findings that the baseline knows and that are there no more.
    pub gone: usize,
    /// Findings that were fixed in this run.
    pub fixed: usize,
    /// Findings shown that `--fix` would fix.
    pub fixable: usize,
}

impl Summary {
    /// Counts `diagnostics`, found in `documents` documents.
    #[must_use]
    pub fn new(documents: usize, diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| {
            diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
        };
        let fixable = |diagnostic: &&Diagnostic| {
            let fix = diagnostic.fix.as_ref();
            fix.is_some_and(|fix| fix.applicability == crate::diagnostic::Applicability::Safe)
        };
        Self {
            documents,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            fixable: diagnostics.iter().filter(fixable).count(),
            ..Self::default()
        }
    }
}

/// The program that found something.
#[derive(Clone, Copy, Debug)]
pub struct Tool<'a> {
    /// Its name: `docset`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its command that looks for findings: `check`.
    pub command: &'static str,
    /// What one thing that it looks at is called: `document`.
    pub subject: &'static str,
    /// Its rules, by id.
    pub rules: &'a [RuleDescriptor],
}

/// What is known of a rule without running it.
#[derive(Clone, Copy, Debug)]
pub struct RuleDescriptor {
    /// The permanent id.
    pub id: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// How bad its findings are unless the configuration says otherwise.
    pub severity: Severity,
    /// Its page, in Markdown.
    pub page: &'static str,
}

/// Findings and what they come to.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    /// Who found them.
    pub tool: Tool<'a>,
    /// The findings, sorted.
    pub diagnostics: &'a [Diagnostic],
    /// What they come to.
    pub summary: &'a Summary,
    /// The texts that they point into.
    pub sources: &'a Sources,
}

impl Output<'_> {
    /// Writes the findings in `format`.
    ///
    /// # Errors
    ///
    /// What `out` says when it cannot be written to.
    pub fn write(&self, format: Format, styling: Styling, out: &mut dyn Write) -> io::Result<()> {
        match format {
            #[cfg(feature = "terminal")]
            Format::Human => human::write(self, styling, out),
            Format::Concise => concise::write(self, styling, out),
            Format::Json => json::write(self, out),
            Format::Github => github::write(self, out),
            Format::Sarif => sarif::write(self, out),
            Format::Markdown => markdown::write(self, out),
        }
    }

    /// The findings in `format`, without colours.
    ///
    /// # Errors
    ///
    /// As for [`Output::write`]: a source that cannot be read.
    pub fn text(&self, format: Format) -> io::Result<String> {
        let mut text = Vec::new();
        self.write(format, Styling::Plain, &mut text)?;
        String::from_utf8(text).map_err(io::Error::other)
    }
}

/// `1 error`, `2 errors`.
#[must_use]
pub fn count(number: usize, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

/// The closing line of a run: `12 documents: 1 error, 2 warnings (3 known findings)`.
fn closing_line(output: &Output<'_>) -> String {
    let Output { tool, summary, .. } = output;
    if **summary == Summary::default() {
        // That there was nothing to report would sound as if it had been looked for.
        return format!("no {} was checked", tool.subject);
    }
    let mut parts: Vec<String> =
        [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| count(number, word))
            .collect();
    if parts.is_empty() {
        parts.push("nothing to report".to_owned());
    }
    let mut line = format!("{}: {}", count(summary.documents, tool.subject), parts.join(", "));
    let asides: Vec<String> = [
        (summary.fixed, "fixed"),
        (summary.known, "known and not shown"),
        (summary.gone, "known and gone"),
        (summary.fixable, "can be fixed with `--fix`"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{number} {what}"))
    .collect();
    if !asides.is_empty() {
        line.push_str(&format!(" ({})", asides.join(", ")));
    }
    line
}
