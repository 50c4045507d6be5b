//! The commands that are steps of workflows, and what the inputs of their actions become.

#[cfg(feature = "lifecycle")]
use countersign_runner::Usual;
use countersign_runner::{Command, Input, Takes};

/// Beside them stand `actions/docset-check` and `actions/docset-sync`, with the same inputs.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: &["check"],
        inputs: &[
            Input::new("paths", Takes::Words),
            Input::new("changed-since", Takes::Value("--changed-since")),
            Input::new(
                "fail-on",
                Takes::OneOf(&[("error", &[]), ("warning", &["--max-warnings=0"])]),
            ),
        ],
    },
    #[cfg(feature = "lifecycle")]
    Command {
        words: &["sync"],
        inputs: &[
            // The word of the subcommand comes before its options.
            Input::new(
                "mode",
                Takes::OneOf(&[
                    ("check", &["all", "--check"]),
                    ("write", &["all"]),
                    ("commit", &["all", "--commit"]),
                ]),
            )
            .usually(Usual::Text("check")),
            Input::new("issue", Takes::Value("--issue")).usually(Usual::Issue),
            Input::new("pull-request", Takes::Value("--pr")).usually(Usual::PullRequest),
            Input::new("what", Takes::Value("--what")),
            Input::new("changed-since", Takes::Value("--changed-since")),
            Input::new("push", Takes::Flag("--push")),
        ],
    },
];

#[cfg(all(test, feature = "lifecycle"))]
mod tests {
    use super::*;

    #[test]
    fn the_actions_give_what_the_commands_take() {
        let actions = ["docset-check", "docset-sync"];
        assert_eq!(actions.len(), COMMANDS.len());
        for (action, command) in actions.into_iter().zip(COMMANDS) {
            let path = format!("{}/../../actions/{action}/action.yml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(command.agrees_with(&text), Ok(()), "{action}");
        }
    }
}
