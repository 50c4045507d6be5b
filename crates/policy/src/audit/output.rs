//! Audits as text.

use std::fmt::Write as _;

use countersign_process::Severity;
use countersign_report::{Styling, annotation, count, markdown_text};

use super::{Audit, Finding};
use crate::output::styled;

impl Audit {
    /// The audit in one line.
    #[must_use]
    pub fn headline(&self) -> String {
        let parts = [Severity::Blocker, Severity::Major, Severity::Minor]
            .map(|severity| format!("{} {}", self.count(severity), severity.as_str()));
        format!(
            "pull request {}: {} ({}) over {}",
            self.pull_request,
            count(self.findings.len(), "finding"),
            parts.join(", "),
            count(self.changed_files, "changed file"),
        )
    }

    /// For people.
    #[must_use]
    pub fn human(&self, styling: Styling) -> String {
        let mut text = String::new();
        for finding in &self.findings {
            let color = match finding.severity {
                Severity::Blocker => "31",
                Severity::Major => "33",
                Severity::Minor => "36",
            };
            let severity = styled(finding.severity.as_str(), color, styling);
            let reason = &finding.reason;
            let _ = writeln!(text, "{severity}[{}]: {}", reason.rule, reason.message);
            if let Some(place) = &reason.place {
                let _ = writeln!(text, "  --> {}:{}", place.path, place.line);
            }
            if let Some(remedy) = &reason.remedy {
                let _ = writeln!(text, "  help: {remedy}");
            }
        }
        let _ = writeln!(text, "{}", self.headline());
        text.push_str("what the code does is for the auditor to say: no program has read it\n");
        text
    }

    /// For a comment.
    #[must_use]
    pub fn markdown(&self) -> String {
        let sign = if self.is_clean() { "✅" } else { "❌" };
        let mut text = format!("### {sign} Audit of {}\n\n", markdown_text(&self.headline()));
        if !self.findings.is_empty() {
            text.push_str("| Severity | Where | What | What to do |\n|---|---|---|---|\n");
        }
        for finding in &self.findings {
            let [place, what, remedy] = cells(finding);
            let _ =
                writeln!(text, "| {} | {place} | {what} | {remedy} |", finding.severity.as_str());
        }
        text
    }

    /// Workflow commands that GitHub shows as annotations.
    #[must_use]
    pub fn annotations(&self) -> String {
        let mut text = String::new();
        for finding in &self.findings {
            let command = match finding.severity {
                Severity::Blocker => "error",
                Severity::Major => "warning",
                Severity::Minor => "notice",
            };
            let reason = &finding.reason;
            let place = reason.place.as_ref().map(|place| (&*place.path, place.line));
            let help = reason.remedy.as_ref().map(|remedy| format!("\n{remedy}"));
            let message = format!("{}{}", reason.message, help.unwrap_or_default());
            let title = format!("policy audit: {}", reason.rule);
            let _ = writeln!(text, "{}", annotation(command, &title, place, &message));
        }
        let _ = writeln!(text, "{}", self.headline());
        text
    }
}

/// Place, fact and remedy of a finding, each as a cell of a table.
pub(super) fn cells(finding: &Finding) -> [String; 3] {
    let reason = &finding.reason;
    let place = reason.place.as_ref();
    let place = place.map(|place| markdown_text(&format!("{}:{}", place.path, place.line)));
    let remedy = reason.remedy.as_deref().map(|remedy| match remedy.contains('`') {
        true => markdown_text(remedy),
        false => markdown_text(&format!("`{remedy}`")),
    });
    [place.unwrap_or_default(), markdown_text(&reason.message), remedy.unwrap_or_default()]
}
