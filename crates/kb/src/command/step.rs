//! The commands that are steps of workflows, and what the inputs of their actions become.

use countersign_runner::{Command, Input, Takes, Usual};

const DATABASE: Input = Input::new("database-url", Takes::Value("--db"));

/// Beside them stand `actions/kb-index` and `actions/kb-search`, with the same inputs.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: &["index"],
        inputs: &[
            Input::new("paths", Takes::Words),
            DATABASE,
            Input::new("changed-since", Takes::Value("--changed-since")),
            Input::new("commit", Takes::Value("--commit")).usually(Usual::Variable("GITHUB_SHA")),
            Input::new("model", Takes::Value("--model")),
            Input::new("no-embeddings", Takes::Flag("--no-embeddings")),
        ],
    },
    Command {
        words: &["search"],
        inputs: &[
            Input::new("query", Takes::Words).usually(Usual::Required),
            DATABASE,
            Input::new(
                "filters",
                Takes::Options(&["issue", "pr", "docset", "type", "status", "path", "stage"]),
            ),
            Input::new("limit", Takes::Value("--limit")),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_actions_give_what_the_commands_take() {
        let actions = ["kb-index", "kb-search"];
        assert_eq!(actions.len(), COMMANDS.len());
        for (action, command) in actions.into_iter().zip(COMMANDS) {
            let path = format!("{}/../../actions/{action}/action.yml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(command.agrees_with(&text), Ok(()), "{action}");
        }
    }
}
