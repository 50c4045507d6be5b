//! The commands that are steps of workflows, what the inputs of their actions become, and
//! what the runner is told.

use std::io::Write as _;
use std::path::Path;

use countersign_report::terminal::{Console, Fault};
use countersign_runner::{Command, Input, Step, Takes, Usual};

use crate::audit::Audit;
use crate::gate::{Outcome, Verdict};

const STAGE: Input = Input::new("stage", Takes::Value("--stage"));
const LEAVE: &[Input] = &[
    STAGE.usually(Usual::Required),
    Input::new("base", Takes::Value("--changed-since")).usually(Usual::Base),
];

/// Beside them stand `actions/stage-gate` and `actions/doc-audit`, with the same inputs.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: &["gate"],
        inputs: &[
            Input::new("direction", Takes::Subcommand(&[("enter", &[STAGE]), ("leave", LEAVE)]))
                .usually(Usual::Required),
            Input::new("issue", Takes::Value("--issue")).usually(Usual::Issue),
            Input::new("pull-request", Takes::Value("--pr")).usually(Usual::PullRequest),
            Input::new("facts", Takes::Values("--fact")),
            Input::given("--event", Usual::EventFile),
        ],
    },
    Command {
        words: &["audit"],
        inputs: &[
            Input::new("pull-request", Takes::Value("--pr")).usually(Usual::PullRequest),
            Input::new("base", Takes::Value("--changed-since")).usually(Usual::Base),
        ],
    },
];

/// Tells the runner what a gate says.
pub(super) fn tell_gate(
    step: &mut Step,
    verdict: &Verdict,
    root: &Path,
    out: &mut Console,
) -> Result<(), Fault> {
    step.summary.markdown(&verdict.markdown());
    out.write_all(step.annotations(&verdict.annotations(), root).as_bytes())?;
    let decision = match verdict.outcome {
        Outcome::Pass => "allowed",
        Outcome::Refused => "refused",
        Outcome::Ask => "question",
    };
    step.output("decision", decision)?;
    let revise = if verdict.revise { ":revise" } else { "" };
    let stage = verdict.stage.as_ref().map(|stage| format!("{stage}{revise}"));
    step.output("stage", stage.unwrap_or_default())?;
    step.list("reasons", &verdict.unmet())?;
    Ok(())
}

/// Tells the runner what an audit found.
pub(super) fn tell_audit(
    step: &mut Step,
    audit: &Audit,
    root: &Path,
    out: &mut Console,
) -> Result<(), Fault> {
    step.summary.markdown(&audit.markdown());
    step.summary.paragraph("What the code does is for the auditor to say: no program has read it.");
    out.write_all(step.annotations(&audit.annotations(), root).as_bytes())?;
    step.output("result", if audit.is_clean() { "clean" } else { "findings" })?;
    step.output("findings", audit.findings.len())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_actions_give_what_the_commands_take() {
        let actions = ["stage-gate", "doc-audit"];
        assert_eq!(actions.len(), COMMANDS.len());
        for (action, command) in actions.into_iter().zip(COMMANDS) {
            let path = format!("{}/../../actions/{action}/action.yml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(command.agrees_with(&text), Ok(()), "{action}");
        }
    }
}
