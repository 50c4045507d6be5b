//! Documents with a life, for the tests of what decides over them.

use super::harness::{Outcome, Repo};

/// A decision that has nothing wrong with it; `keys` are more lines of front matter.
pub(super) fn decision(id: &str, status: &str, keys: &str) -> String {
    format!(
        "---\ndoc_id: {id}\ntype: adr\ntitle: Sessions\nstatus: {status}\nowner_role: SA\n\
         created_at: 2026-01-01\nupdated_at: 2026-01-02\n{keys}---\n\n# Sessions\n\n## TL;DR\n\n\
         Short.\n\n## Context\n\nWhy.\n\n## Options\n\nTwo.\n\n## Decision\n\nOne.\n\n\
         ## Consequences\n\nSome.\n"
    )
}

/// A glossary page, of a type of its own that goes through review.
pub(super) fn page(id: &str, status: &str, keys: &str) -> String {
    format!(
        "---\ndoc_id: {id}\ntype: page\ntitle: Words\nstatus: {status}\nowner_role: KM\n\
         created_at: 2026-01-01\nupdated_at: 2026-01-02\n{keys}---\n\n# Words\n\n## TL;DR\n\nShort.\n"
    )
}

/// Knows the type `page`.
pub(super) const CONFIG: (&str, &str) =
    ("countersign.yaml", "docs:\n  types:\n    page: {prefixes: [PG], owner_roles: [KM]}\n");

/// What the command, given as one line, comes to.
pub(super) fn run(repo: &Repo, line: &str) -> Outcome {
    repo.docset(&line.split(' ').collect::<Vec<_>>()).outcome()
}

/// Runs the command, which must succeed and leave nothing for `docset check`.
#[track_caller]
pub(super) fn does(repo: &Repo, line: &str) -> Outcome {
    let outcome = run(repo, line);
    assert_eq!(outcome.code, 0, "{line}: {outcome}");
    is_clean(repo);
    outcome
}

#[track_caller]
pub(super) fn is_clean(repo: &Repo) {
    let outcome = repo.concise(&[]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(outcome.stdout.ends_with(": nothing to report\n"), "{outcome}");
}
