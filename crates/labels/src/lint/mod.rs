//! Labels in workflows: spelt out, misspelt, not listened to, compared with nothing.
//!
//! [`lint`] is a pure function from texts of workflow files and a catalogue to findings;
//! [`find`] gets the files. Places are exact: expressions are parsed inside the YAML that
//! holds them, whatever its quotes.
//!
//! Left out: whether a workflow is right otherwise, for which there are actionlint and zizmor.

mod expression;
mod find;
mod place;
mod rule;
mod workflow;

use std::sync::Arc;

use countersign_markup::span::Span;
use countersign_report::{Diagnostic, Finding, Severity, sort};

use crate::catalogue::Catalogue;
pub use find::{FOLDERS, FindError, find};
pub use rule::RULES;
use workflow::{Workflow, parse_file};

/// A file and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// From the root of the repository, with `/`.
    pub path: Arc<str>,
    /// The whole text.
    pub text: String,
}

/// Whether the files are all that there are, so that what none of them does is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All workflows of a repository.
    Whole,
    /// Some of them.
    Part,
}

/// Checks `files` against `catalogue`; the findings are sorted. Findings about no file in
/// particular (triggers that no workflow listens to) are at the start of the first file.
#[must_use]
pub fn lint(catalogue: &Catalogue, files: &[File], scope: Scope) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // Parsed first, so that workflows can borrow from the trees.
    let parsed: Vec<_> = files.iter().map(|file| (file, parse_file(&file.text))).collect();
    let mut workflows: Vec<(&File, Workflow<'_>)> = Vec::new();
    for (file, yaml) in &parsed {
        let malformed = |span: Span, message: &str| {
            Finding::new(span, message).help("GitHub runs no such file; mend it").into_diagnostic(
                Arc::clone(&file.path),
                rule::MALFORMED_WORKFLOW,
                Severity::Error,
            )
        };
        match yaml {
            Err(error) => found.push(malformed(error.span, &error.kind.to_string())),
            Ok(yaml) => match yaml.root().filter(|root| root.entries().len() > 0) {
                Some(root) => workflows.push((file, Workflow::read(&file.text, root))),
                None => {
                    found.push(malformed(Span::at(0), "a workflow is a mapping, and this is none"));
                }
            },
        }
    }
    for (file, workflow) in &workflows {
        check(file, workflow, catalogue, &mut found);
    }
    if let (Scope::Whole, Some(first)) = (scope, files.first()) {
        let named: Vec<(&str, &Workflow<'_>)> = workflows
            .iter()
            .map(|(file, workflow)| (file.path.rsplit('/').next().unwrap_or_default(), workflow))
            .collect();
        rule::unheard_trigger::check(&named, catalogue, &mut |finding| {
            let rule = &rule::unheard_trigger::RULE;
            found.push(finding.into_diagnostic(Arc::clone(&first.path), rule.id, rule.severity));
        });
    }
    sort(&mut found);
    // An anchor and its aliases are one place.
    found.dedup();
    found
}

fn check(file: &File, workflow: &Workflow<'_>, catalogue: &Catalogue, found: &mut Vec<Diagnostic>) {
    let mut push = |finding: Finding, id: &'static str, severity| {
        found.push(finding.into_diagnostic(Arc::clone(&file.path), id, severity));
    };
    for fault in &workflow.faults {
        let finding = Finding::new(fault.span, &fault.message)
            .help("GitHub refuses a workflow with such an expression; mend it");
        push(finding, rule::MALFORMED_EXPRESSION, Severity::Error);
    }
    for occurrence in &workflow.occurrences {
        rule::literal_label_name::check(occurrence, catalogue, &mut |finding| {
            let rule = &rule::literal_label_name::RULE;
            push(finding, rule.id, rule.severity);
        });
        rule::unknown_label_variable::check(occurrence, catalogue, &mut |finding| {
            let rule = &rule::unknown_label_variable::RULE;
            push(finding, rule.id, rule.severity);
        });
        rule::empty_label_comparison::check(occurrence, workflow, &mut |finding, severity| {
            push(finding, rule::empty_label_comparison::RULE.id, severity);
        });
    }
}
