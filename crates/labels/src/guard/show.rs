//! A verdict for people: on a terminal, and as a comment on the issue.

use std::fmt::Write as _;

use countersign_markup::shown::excerpt;

use super::verdict::{Decision, Finding, Verdict};

/// The verdict as lines of plain text, the decision first.
#[must_use]
pub fn human(verdict: &Verdict) -> String {
    let mut text = format!("{}: {}", verdict.decision.as_str(), verdict.event);
    if let (Some(kind), Some(number)) = (verdict.place.kind, verdict.place.number) {
        let _ = write!(text, " of {} {number}", kind.describe());
        if let Some(repository) = &verdict.place.repository {
            let _ = write!(text, " in {}", shown(repository));
        }
    }
    text.push('\n');
    for finding in &verdict.findings {
        if let Some(label) = &finding.label {
            let _ = writeln!(text, "  `{}`: {}", shown(label), finding.decision.as_str());
        }
        for reason in &finding.reasons {
            let _ = writeln!(text, "    {} [{}]", reason.fact, reason.rule.id());
            let _ = writeln!(text, "      from: {}", reason.source);
            if let Some(remedy) = &reason.remedy {
                let _ = writeln!(text, "      help: {remedy}");
            }
        }
    }
    text
}

/// The verdict in Markdown, for the summary of a workflow's step.
#[must_use]
pub fn markdown(verdict: &Verdict) -> String {
    let mut text = format!("### Labels guard: {}\n", verdict.decision.as_str());
    for finding in &verdict.findings {
        text.push('\n');
        if let Some(label) = &finding.label {
            let _ = writeln!(text, "**`{}`: {}**\n", shown(label), finding.decision.as_str());
        }
        reasons(finding, &mut text);
    }
    text
}

/// The reasons as a list.
fn reasons(finding: &Finding, text: &mut String) {
    for reason in &finding.reasons {
        let _ = writeln!(text, "- {} (`{}`)", reason.fact, reason.rule.id());
        if let Some(remedy) = &reason.remedy {
            let _ = writeln!(text, "  **What to do:** {remedy}");
        }
    }
}

/// The comment about one finding, in Markdown, `marker` on its first line.
pub(super) fn comment(verdict: &Verdict, finding: &Finding, marker: &str) -> String {
    let label = format!("`{}`", shown(finding.label.as_deref().unwrap_or_default()));
    let headline = match finding.decision {
        Decision::Remove => format!("The label {label} was taken off; nothing is to start."),
        Decision::Restore => format!("The label {label} was set again."),
        Decision::Comment | Decision::Keep => format!("Look again before relying on {label}."),
    };
    let mut text = format!("{marker}\n**{headline}**\n\n");
    reasons(finding, &mut text);
    let _ = writeln!(text, "\n<sub>labels guard, event `{}`</sub>", verdict.event);
    text
}

/// Text of an event or a record, to stand between backticks, where Markdown, HTML, mentions
/// and references are dead: escaped, cut, and without a backtick that would end that.
pub(super) fn shown(text: &str) -> String {
    excerpt(text).replace('`', "\\u{60}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_stays_in_its_quotes() {
        assert_eq!(shown("a` <img> @team `\u{202e}"), "a\\u{60} <img> @team \\u{60}\\u{202e}");
    }
}
