//! `--changed-since`: only what differs from a revision, with real git.

use insta::assert_snapshot;

use super::harness::{Repo, altered, index};

/// A document with a finding that names it in the output.
fn bad(number: usize) -> String {
    altered(&format!("IDX-{number:04}"), "draft", "Draft")
}

/// Documents 1 to 4, all of them bad, all of them on `main`; `topic` is checked out.
fn tree() -> Repo {
    let repo = Repo::committed(&[
        (".gitignore", "*.tmp.md\n"),
        ("docs/1.md", &bad(1)),
        ("docs/2.md", &bad(2)),
        ("docs/3.md", &bad(3)),
        ("docs/4.md", &bad(4)),
    ]);
    repo.git(&["switch", "--quiet", "--create", "topic"]);
    repo
}

#[test]
fn nothing_changed_is_good_news() {
    assert_snapshot!(tree().check(&["--changed-since", "main"]), @"
    exit 0
    --- stdout
    no document was checked
    ");
}

#[test]
fn committed_staged_unstaged_and_untracked_documents_are_checked() {
    let repo = tree();
    repo.write("docs/1.md", bad(1) + "\nCommitted.\n");
    repo.commit();
    repo.write("docs/2.md", bad(2) + "\nStaged.\n");
    repo.git(&["add", "docs/2.md"]);
    repo.write("docs/3.md", bad(3) + "\nUnstaged.\n");
    repo.write("docs/5.md", bad(5));
    repo.write("docs/ignored.tmp.md", bad(6));
    assert_snapshot!(repo.concise(&["--changed-since", "main"]), @"
    exit 1
    --- stdout
    docs/1.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    docs/2.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    docs/3.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    docs/5.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    4 documents: 4 errors (4 can be fixed with `--fix`)
    ");
}

#[test]
fn what_others_changed_since_is_left_out() {
    let repo = tree();
    repo.write("docs/1.md", bad(1) + "\nMine.\n");
    repo.commit();
    repo.git(&["switch", "--quiet", "main"]);
    repo.write("docs/2.md", bad(2) + "\nTheirs.\n");
    repo.commit();
    repo.git(&["switch", "--quiet", "topic"]);
    assert_snapshot!(repo.concise(&["--changed-since", "main"]), @"
    exit 1
    --- stdout
    docs/1.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    1 document: 1 error (1 can be fixed with `--fix`)
    ");
}

#[test]
fn deleted_documents_are_left_out_and_renamed_ones_are_new() {
    let repo = tree();
    repo.git(&["rm", "--quiet", "docs/1.md"]);
    repo.remove("docs/2.md");
    repo.git(&["mv", "docs/3.md", "docs/three.md"]);
    assert_snapshot!(repo.concise(&["--changed-since", "main"]), @"
    exit 1
    --- stdout
    docs/three.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    1 document: 1 error (1 can be fixed with `--fix`)
    ");
}

#[test]
fn file_names_may_have_blanks_quotes_and_letters_of_any_alphabet() {
    let repo = tree();
    repo.write("docs/мой план.md", bad(5));
    repo.commit();
    repo.write("docs/a \"b\"\t.md", bad(6));
    assert_snapshot!(repo.concise(&["--changed-since", "HEAD~1"]), @r#"
    exit 1
    --- stdout
    docs/a "b"\t.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    docs/мой план.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    2 documents: 2 errors (2 can be fixed with `--fix`)
    "#);
}

#[test]
fn paths_narrow_what_changed() {
    let repo = tree();
    repo.write("docs/1.md", bad(1) + "\nChanged.\n");
    repo.write("docs/2.md", bad(2) + "\nChanged.\n");
    let outcome = repo.concise(&["--changed-since", "main", "docs/2.md", "docs/3.md"]);
    assert_snapshot!(outcome, @"
    exit 1
    --- stdout
    docs/2.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    1 document: 1 error (1 can be fixed with `--fix`)
    ");
    assert_snapshot!(repo.check(&["--changed-since", "main", "docs/no.md"]), @"
    exit 2
    --- stdout
    no document was checked

    --- stderr
    error: no document matches `docs/no.md`
    ");
}

#[test]
fn the_root_may_be_below_the_root_of_git() {
    let repo = tree();
    repo.write("team/countersign.yaml", "");
    repo.write("team/docs/a.md", bad(7));
    repo.commit();
    repo.write("docs/1.md", bad(1) + "\nOf no concern.\n");
    let run = repo.docset(&["check", "--format=concise", "--changed-since=main"]).inside("team");
    assert_snapshot!(run.outcome(), @"
    exit 1
    --- stdout
    docs/a.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    1 document: 1 error (1 can be fixed with `--fix`)
    ");
}

#[test]
fn a_hook_of_git_sees_what_everybody_sees() {
    let repo = tree();
    repo.write("team/countersign.yaml", "");
    repo.write("team/docs/a.md", bad(7));
    repo.commit();
    let arguments = ["check", "--format=concise", "--changed-since=main"];
    let plain = repo.docset(&arguments).inside("team").outcome();
    assert_eq!(plain.code, 1);
    // Git starts a hook with these, relative to the root of its work tree.
    for (name, value) in [("GIT_INDEX_FILE", ".git/index"), ("GIT_DIR", ".git")] {
        let hook = repo.docset(&arguments).inside("team").env(name, value).outcome();
        assert_eq!(hook, plain, "{name}");
    }
}

#[test]
fn changed_documents_are_held_against_unchanged_ones() {
    let repo = tree();
    let text = index("IDX-0001", "\n[two](2.md)\n");
    repo.write("docs/5.md", text.replace("status:", "related_adrs: [IDX-0002, IDX-0009]\nstatus:"));
    let outcome = repo.concise(&["--changed-since", "main"]);
    assert_eq!(outcome.code, 1);
    let [same_id, no_id, count] = outcome.stdout.lines().collect::<Vec<_>>()[..] else {
        panic!("two findings and their count: {outcome}");
    };
    assert!(same_id.starts_with("docs/5.md:2:9: error[duplicate-id] the id `IDX-0001` "));
    assert!(no_id.starts_with("docs/5.md:5:26: error[unknown-reference] "), "{no_id}");
    assert_eq!(count, "1 document: 2 errors");
}

#[test]
fn a_revision_that_is_none_is_named() {
    let repo = tree();
    for revision in ["nowhere", "", "HEAD:docs"] {
        let outcome = repo.check(&["--changed-since", revision]);
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""));
        let message = format!("error: git cannot compare with `{revision}`: ");
        assert!(outcome.stderr.starts_with(&message), "{}", outcome.stderr);
    }
    assert_snapshot!(repo.check(&["--changed-since", "nowhere"]), @"
    exit 2
    --- stderr
    error: git cannot compare with `nowhere`: Not a valid object name nowhere
    ");
}

#[test]
fn a_revision_that_looks_like_an_option_is_not_taken_for_one() {
    let repo = tree();
    assert_snapshot!(repo.check(&["--changed-since=--output=x"]), @"
    exit 2
    --- stderr
    error: git cannot compare with `--output=x`: Not a valid object name --output=x
    ");
    assert!(!repo.exists("x"));
    assert_eq!(repo.check(&["--changed-since=--help"]).code, 2);
}

#[test]
fn a_branch_without_a_common_ancestor_is_an_error() {
    let repo = tree();
    repo.git(&["switch", "--quiet", "--orphan", "other"]);
    repo.write("docs/1.md", bad(1));
    repo.commit();
    assert_snapshot!(repo.check(&["--changed-since", "main"]), @"
    exit 2
    --- stderr
    error: git cannot compare with `main`: no common ancestor
    ");
}

#[test]
fn a_folder_that_is_no_repository_is_an_error() {
    let repo = Repo::unmarked(&[("countersign.yaml", ""), ("docs/a.md", &bad(1))]);
    let outcome = repo.check(&["--changed-since", "main"]);
    assert_eq!((outcome.code, &*outcome.stdout), (2, ""));
    // How far git looked upwards depends on the machine.
    let message = "error: git cannot compare with `main`: not a git repository";
    assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
}

#[test]
fn a_machine_without_git_is_an_error() {
    let repo = tree();
    let run = repo.docset(&["check", "--changed-since", "main"]).env("PATH", "/nowhere");
    assert_snapshot!(run.outcome(), @"
    exit 2
    --- stderr
    error: cannot run git
      caused by: No such file or directory (os error 2)
    ");
}

#[test]
fn only_changed_documents_are_fixed() {
    let repo = tree();
    repo.write("docs/1.md", bad(1) + "\nChanged.\n");
    assert_snapshot!(repo.check(&["--fix", "--changed-since", "main"]), @"
    exit 0
    --- stdout
    1 document: nothing to report (1 fixed)
    ");
    assert!(repo.read("docs/1.md").contains("status: draft"));
    assert_eq!(repo.read("docs/2.md"), bad(2));
}
