//! Verdicts of gates as text.

use std::fmt::Write as _;

use countersign_report::{Styling, annotation, count, markdown_text};

use super::condition::is_in_the_way;
use super::{Gate, Move, Next, Outcome, Question, Verdict, trajectory};
use crate::Reason;
use crate::output::{styled, tree};

impl Outcome {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Refused => "refused",
            Self::Ask => "ask",
        }
    }

    const fn color(self) -> &'static str {
        match self {
            Self::Pass => "32",
            Self::Refused => "31",
            Self::Ask => "33",
        }
    }
}

impl Verdict {
    /// The verdict in one line.
    #[must_use]
    pub fn headline(&self) -> String {
        let stage = match (&self.stage, self.revise) {
            (None, _) => "a stage".to_owned(),
            (Some(stage), false) => format!("`{stage}`"),
            (Some(stage), true) => format!("the revision of `{stage}`"),
        };
        let verb = match self.gate {
            Gate::Enter => "start",
            Gate::Leave => "end",
        };
        let issue = self.issue;
        let failing = self.conditions.iter().filter(|reason| is_in_the_way(reason)).count();
        match self.outcome {
            Outcome::Pass => format!("{stage} may {verb} for issue {issue}"),
            Outcome::Refused => format!(
                "{stage} may not {verb} for issue {issue}: {failing} of {} not met",
                count(self.conditions.len(), "condition"),
            ),
            Outcome::Ask => format!("nobody can tell which stage is to {verb} for issue {issue}"),
        }
    }

    /// For people: what stands in the way with all that was looked at, the rest in a line
    /// each.
    #[must_use]
    pub fn human(&self, styling: Styling) -> String {
        let word = styled(self.outcome.as_str(), self.outcome.color(), styling);
        let mut text = format!("{word}: {}\n", self.headline());
        if let Some(question) = &self.question {
            text.push_str(&question.human());
        }
        let (bad, fine): (Vec<_>, Vec<_>) =
            self.conditions.iter().partition(|reason| is_in_the_way(reason));
        for reason in bad {
            text.push_str(&tree(reason, styling));
        }
        for reason in fine {
            text.push_str(&tree(&brief(reason), styling));
        }
        text
    }

    /// For the summary of a workflow step, and for comments.
    #[must_use]
    pub fn markdown(&self) -> String {
        let sign = match self.outcome {
            Outcome::Pass => "✅",
            Outcome::Refused => "❌",
            Outcome::Ask => "❓",
        };
        let mut text = format!("### {sign} {}\n\n", markdown_text(&self.headline()));
        if let Some(question) = &self.question {
            let _ = writeln!(text, "**{}**\n", markdown_text(&question.text));
            for (number, choice) in question.choices.iter().enumerate() {
                let (what, action) = (markdown_text(&choice.text), markdown_text(&choice.action));
                let _ = writeln!(text, "{}. {what}: {action}", number + 1);
            }
            text.push_str("\nAny other answer counts, too.\n\n");
        }
        let (bad, fine): (Vec<_>, Vec<_>) =
            self.conditions.iter().partition(|reason| is_in_the_way(reason));
        rows(&mut text, &bad);
        if !fine.is_empty() {
            let _ = writeln!(
                text,
                "<details><summary>{} met</summary>\n",
                count(fine.len(), "condition")
            );
            for reason in fine {
                let message = markdown_text(&reason.message);
                let _ = writeln!(text, "- {}: {message}", reason.rule);
            }
            text.push_str("\n</details>\n");
        }
        text
    }

    /// Workflow commands that GitHub shows as annotations.
    #[must_use]
    pub fn annotations(&self) -> String {
        let gate = match self.gate {
            Gate::Enter => "gate enter",
            Gate::Leave => "gate leave",
        };
        let mut text = String::new();
        let bad = self.conditions.iter().filter(|reason| is_in_the_way(reason));
        for reason in bad.flat_map(leaves) {
            let place = reason.place.as_ref().map(|place| (&*place.path, place.line));
            let help = reason.remedy.as_ref().map(|remedy| format!("\n{remedy}"));
            let message = format!("{}{}", reason.message, help.unwrap_or_default());
            let title = format!("{gate}: {}", reason.rule);
            let _ = writeln!(text, "{}", annotation("error", &title, place, &message));
        }
        let _ = writeln!(text, "{}: {}", self.outcome.as_str(), self.headline());
        text
    }
}

impl Question {
    fn human(&self) -> String {
        let mut text = format!("  {}\n", self.text);
        for (number, choice) in self.choices.iter().enumerate() {
            let _ = writeln!(text, "    {}. {}: {}", number + 1, choice.text, choice.action);
        }
        let _ = writeln!(text, "    or in your own words; meanwhile `{}` is to be set", self.label);
        text
    }
}

impl Next {
    /// For people.
    #[must_use]
    pub fn human(&self, styling: Styling) -> String {
        let stage = self.stage.as_deref().map_or("no stage yet".to_owned(), |it| format!("`{it}`"));
        let mut text = format!("issue {} is in {stage} of `{}`\n", self.issue, self.profile);
        for barrier in &self.barriers {
            text.push_str(&tree(barrier, styling));
        }
        let (can, cannot): (Vec<_>, Vec<_>) = self.moves.iter().partition(|one| one.possible);
        if !can.is_empty() {
            text.push_str("\nnow possible:\n");
        }
        for one in can {
            let _ = writeln!(text, "  {} ({}): {}", one.title, one.who.join(", "), one.how);
        }
        if !cannot.is_empty() {
            text.push_str("\nnot yet:\n");
        }
        let (later, cannot): (Vec<&Move>, Vec<_>) =
            cannot.into_iter().partition(|one| out_of_turn(one).is_some());
        for one in cannot {
            let _ = writeln!(text, "  {}", one.title);
            for reason in &one.reasons {
                for line in tree(&brief(reason), styling).lines() {
                    let _ = writeln!(text, "  {line}");
                }
            }
        }
        if let Some((names, reason)) = turns(&later) {
            let _ = writeln!(text, "  later: {names}");
            for line in tree(&brief(reason), styling).lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        text
    }

    /// For the summary of a workflow step, and for comments.
    #[must_use]
    pub fn markdown(&self) -> String {
        let stage = self.stage.as_deref().map_or("no stage yet".to_owned(), |it| format!("`{it}`"));
        let head = format!("issue {} is in {stage} of `{}`", self.issue, self.profile);
        let mut text = format!("### {}\n\n", markdown_text(&head));
        let barriers: Vec<&Reason> = self.barriers.iter().collect();
        rows(&mut text, &barriers);
        text.push_str("| | What | Who | How, or why not |\n|---|---|---|---|\n");
        let (later, moves): (Vec<&Move>, Vec<&Move>) =
            self.moves.iter().partition(|one| out_of_turn(one).is_some());
        for one in moves {
            let why: Vec<String> =
                one.reasons.iter().map(|reason| markdown_text(&reason.message)).collect();
            let how = if one.possible { markdown_text(&code(&one.how)) } else { why.join("<br>") };
            let sign = if one.possible { "▶" } else { "–" };
            let who = markdown_text(&one.who.join(", "));
            let _ = writeln!(text, "| {sign} | {} | {who} | {how} |", markdown_text(&one.title));
        }
        if let Some((names, reason)) = turns(&later) {
            let why = markdown_text(&reason.message);
            let _ = writeln!(text, "| – | later: {} | | {why} |", markdown_text(&names));
        }
        text
    }
}

/// Why the turn of a stage has not come. What else it will need then is no news yet.
fn out_of_turn(one: &Move) -> Option<&Reason> {
    one.reasons.iter().find(|reason| reason.rule == trajectory::RULE)
}

/// The stages whose turn has not come, and why that of the first has not.
fn turns<'m>(later: &[&'m Move]) -> Option<(String, &'m Reason)> {
    let reason = out_of_turn(later.first()?)?;
    let names: Vec<&str> = later.iter().map(|one| one.stage.as_str()).collect();
    Some((names.join(", "), reason))
}

/// A command as code; a sentence that has code in it as it is.
fn code(how: &str) -> String {
    if how.contains('`') { how.to_owned() } else { format!("`{how}`") }
}

/// The reasons that have none behind them.
fn leaves(reason: &Reason) -> Vec<&Reason> {
    // What stands behind a decision is for reading, not a place to be mended.
    let mends = |reason: &&Reason| reason.because.is_empty() || reason.remedy.is_some();
    let all = reason.walk().into_iter().map(|(_, reason)| reason);
    let mended: Vec<&Reason> = all.filter(|reason| is_in_the_way(reason)).filter(mends).collect();
    if reason.remedy.is_some() { vec![reason] } else { mended }
}

/// A table of conditions that are not met.
fn rows(text: &mut String, reasons: &[&Reason]) {
    if reasons.is_empty() {
        return;
    }
    text.push_str("| Condition | Why | What mends it |\n|---|---|---|\n");
    for reason in reasons.iter().flat_map(|reason| leaves(reason)) {
        let message = markdown_text(&reason.message);
        let place = reason.place.as_ref().map(|place| {
            format!("<br>{}", markdown_text(&format!("{}:{}", place.path, place.line)))
        });
        let remedy = reason.remedy.as_deref().map(|remedy| markdown_text(&code(remedy)));
        let (place, remedy) = (place.unwrap_or_default(), remedy.unwrap_or_default());
        let _ = writeln!(text, "| {} | {message}{place} | {remedy} |", reason.rule);
    }
    text.push('\n');
}

/// The reason in a line, with what would mend it.
fn brief(reason: &Reason) -> Reason {
    let bad = is_in_the_way(reason);
    Reason {
        facts: Vec::new(),
        because: match bad {
            true => reason.because.iter().filter(|part| is_in_the_way(part)).map(brief).collect(),
            false => Vec::new(),
        },
        ..reason.clone()
    }
}
