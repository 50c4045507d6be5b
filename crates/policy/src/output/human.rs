//! For people: a line for each reason, indented below the one that it stands behind.

use std::fmt::Write as _;
use std::time::Duration;

use countersign_report::Styling;

use crate::decision::{Decision, Verdict};
use crate::reason::{Judgement, Reason};

/// A verdict with all that led to it.
#[must_use]
pub fn verdict(verdict: &Verdict, styling: Styling) -> String {
    let (color, word) = match &verdict.decision {
        Decision::Allow => ("32", "allow"),
        Decision::NeedsApproval(_) => ("33", "needs-approval"),
        Decision::Deny => ("31", "deny"),
    };
    let mut text = format!("{}: {}\n", styled(word, color, styling), verdict.reason.message);
    if let Decision::NeedsApproval(needed) = &verdict.decision {
        let expires = match needed.expires {
            Some(end) => format!("until {end}"),
            None => format!("within {}", span(needed.expires_in)),
        };
        let _ = writeln!(
            text,
            "  by {}, {} of {} given, {expires}",
            needed.by.join(", "),
            needed.given,
            needed.quorum
        );
    }
    for reason in &verdict.reason.because {
        text.push_str(&tree(reason, styling));
    }
    if let Some(remedy) = &verdict.reason.remedy {
        let _ = writeln!(text, "  help: {remedy}");
    }
    let _ = writeln!(text, "policy {}\nrequest {}", verdict.policy, verdict.request);
    text
}

/// A reason and what stands behind it, indented by two blanks.
#[must_use]
pub fn tree(reason: &Reason, styling: Styling) -> String {
    let mut text = String::new();
    for (depth, reason) in reason.walk() {
        let indent = "  ".repeat(depth + 1);
        let color = match reason.judgement {
            Judgement::Allows | Judgement::Holds => "32",
            Judgement::NeedsApproval | Judgement::Unclear => "33",
            Judgement::Denies | Judgement::Fails => "31",
            Judgement::DoesNotApply | Judgement::Noted => "2",
        };
        let judgement = styled(reason.judgement.as_str(), color, styling);
        let _ = write!(text, "{indent}{judgement} [{}] {}", reason.rule, reason.message);
        if let Some(place) = &reason.place {
            let _ = write!(text, " ({place})");
        }
        text.push('\n');
        for fact in &reason.facts {
            let _ = writeln!(text, "{indent}  {fact}");
        }
        // The verdict's own is printed at the end.
        if let Some(remedy) = &reason.remedy {
            let _ = writeln!(text, "{indent}  help: {remedy}");
        }
    }
    text
}

pub(crate) fn styled(text: &str, color: &str, styling: Styling) -> String {
    match styling {
        Styling::Ansi => format!("\u{1b}[1;{color}m{text}\u{1b}[0m"),
        Styling::Plain => text.to_owned(),
    }
}

/// A span of time in the largest unit that divides it.
pub(crate) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "min")] {
        if seconds >= unit && seconds.is_multiple_of(unit) {
            return format!("{} {name}", seconds / unit);
        }
    }
    format!("{seconds} s")
}
