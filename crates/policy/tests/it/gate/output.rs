//! The formats, also for hostile documents.

use countersign_docset::new::What;

use crate::repository::{Repository, owner};

const HOSTILE: &str = "BRF-1`<img src=x>@octavia|\\n::error::x";

fn hostile() -> Repository {
    let repository = Repository::new();
    let paths = repository.create(What::Package("intake".to_owned()), 12);
    let text = repository.read(&paths[0]);
    repository.write(&paths[0], &text.replacen("BRF-0001", &format!("\"{HOSTILE}\""), 1));
    repository.sync(12, Some("intake"));
    repository
}

fn enter(repository: &Repository, format: &str) -> String {
    let event = repository.event(12, &["run:vision"], "run:vision", &owner());
    let outcome = repository.policy(&[
        "gate", "enter", "--stage", "vision", "--issue", "12", "--event", &event, "--format",
        format,
    ]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    outcome.stdout
}

#[test]
fn the_markdown_shows_hostile_text_as_text() {
    let text = enter(&hostile(), "markdown");
    assert!(!text.contains("<img") && !text.contains("@octavia"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn annotations_cannot_be_forged() {
    let text = enter(&hostile(), "github");
    assert_eq!(text.matches("\n::error").count() + 1, text.matches("::error title=").count());
    insta::assert_snapshot!(text);
}

#[test]
fn a_command_that_mends_something_is_no_other_command() {
    let text = enter(&hostile(), "human");
    let quoted = "docset submit 'BRF-1`<img src=x>@octavia|::error::x'";
    assert!(text.contains(quoted), "{text}");
}
