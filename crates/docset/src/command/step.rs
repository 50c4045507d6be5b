//! The commands that are steps of workflows, and what the inputs of their actions become.

use countersign_runner::{Command, Input, Takes, Usual};

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
