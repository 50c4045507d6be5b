//! Which repository is meant.

use insta::assert_snapshot;

use super::harness::{Repo, index};

/// A document whose path in the output shows the root.
fn bad() -> String {
    index("IDX-0001", "\n[x](no.md)\n")
}

#[test]
fn the_nearest_configuration_upwards_of_the_first_path_is_the_root() {
    let repo = Repo::new(&[("countersign.yaml", ""), ("team/docs/a.md", &bad())]);
    assert_snapshot!(repo.concise(&["team/docs/a.md"]), @"
    exit 1
    --- stdout
    team/docs/a.md:17:1: error[broken-link] there is no `team/docs/no.md`
    1 document: 1 error
    ");
    repo.write("team/countersign.yaml", "docs: {}\n");
    assert_snapshot!(repo.concise(&["team/docs/a.md"]), @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error
    ");
    let inside = repo.docset(&["check", "--format=concise"]).inside("team/docs").outcome();
    assert_snapshot!(inside, @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error
    ");
}

#[test]
fn without_a_configuration_the_root_is_where_git_is() {
    let repo = Repo::new(&[("docs/adr/a.md", &bad())]);
    let outcome = repo.docset(&["check", "--format=concise"]).inside("docs/adr").outcome();
    assert_snapshot!(outcome, @"
    exit 1
    --- stdout
    docs/adr/a.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    1 document: 1 error
    ");
}

#[test]
fn without_either_a_folder_called_docs_stands_in_the_root() {
    let repo = Repo::unmarked(&[("docs/a.md", &bad())]);
    let from_inside = repo.docset(&["check", "--format=concise"]).inside("docs").outcome();
    let named = repo.path("docs");
    let run = repo.docset(&["check", "--format=concise", named.to_str().unwrap()]);
    let from_elsewhere = run.inside("../home").outcome();
    assert_snapshot!(from_inside, @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error
    ");
    assert_eq!(from_inside, from_elsewhere);
}

#[test]
fn without_any_of_them_the_working_folder_is_the_root() {
    let repo = Repo::unmarked(&[("guides/deep/a.md", &bad())]);
    assert_snapshot!(repo.concise(&["guides/deep/a.md"]), @"
    exit 1
    --- stdout
    guides/deep/a.md:17:1: error[broken-link] there is no `guides/deep/no.md`
    1 document: 1 error
    ");
    // A path elsewhere belongs to the folder that it is in.
    let named = repo.path("guides/deep/a.md");
    let run = repo.docset(&["check", "--format=concise", named.to_str().unwrap()]);
    assert_snapshot!(run.inside("../home").outcome(), @"
    exit 1
    --- stdout
    a.md:17:1: error[broken-link] there is no `no.md`
    1 document: 1 error
    ");
}

#[test]
fn the_root_can_be_named() {
    let repo = Repo::new(&[("countersign.yaml", ""), ("team/docs/a.md", &bad())]);
    assert_snapshot!(repo.concise(&["--root", "team"]), @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error
    ");
    // Relative paths still count from the working folder.
    assert_snapshot!(repo.concise(&["--root", "team", "team/docs/a.md"]), @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error
    ");
}

#[test]
fn a_root_that_is_none_is_named() {
    let repo = Repo::new(&[("docs/a.md", &bad())]);
    assert_snapshot!(repo.check(&["--root", "nowhere"]), @"
    exit 2
    --- stderr
    error: `nowhere` is no folder; name the root of a repository
    ");
    assert_snapshot!(repo.check(&["--root", "docs/a.md"]), @"
    exit 2
    --- stderr
    error: `docs/a.md` is no folder; name the root of a repository
    ");
}
