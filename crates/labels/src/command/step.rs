//! The commands that are steps of workflows, and what the inputs of their actions become.

use countersign_runner::{Command, Input, Takes, Usual};

const APPLY: Input = Input::new("apply", Takes::Flag("--apply"));
const REPOSITORY: Input =
    Input::new("repository", Takes::Words).usually(Usual::Variable("GITHUB_REPOSITORY"));

/// Beside them stand `actions/label-guard`, `actions/labels-sync`, `actions/labels-vars` and
/// `actions/workflow-lint`, with the same inputs. The token comes as `GITHUB_TOKEN`.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: &["guard"],
        inputs: &[
            APPLY,
            Input::new("approval", Takes::Value("--approval")),
            Input::new("own", Takes::Value("--own")),
        ],
    },
    Command {
        words: &["sync"],
        inputs: &[APPLY, Input::new("prune", Takes::Flag("--prune")), REPOSITORY],
    },
    Command { words: &["vars"], inputs: &[APPLY, REPOSITORY] },
    Command {
        words: &["lint-workflows"],
        inputs: &[
            Input::new("paths", Takes::Words),
            Input::new(
                "fail-on",
                Takes::OneOf(&[("error", &[]), ("warning", &["--max-warnings=0"])]),
            ),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_actions_give_what_the_commands_take() {
        let actions = ["label-guard", "labels-sync", "labels-vars", "workflow-lint"];
        assert_eq!(actions.len(), COMMANDS.len());
        for (action, command) in actions.into_iter().zip(COMMANDS) {
            let path = format!("{}/../../actions/{action}/action.yml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(command.agrees_with(&text), Ok(()), "{action}");
        }
    }
}
