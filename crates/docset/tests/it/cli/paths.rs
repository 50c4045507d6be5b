//! From arguments to documents.

use insta::assert_snapshot;

use super::harness::{Repo, index};

/// Documents in two folders, each with one finding, so that output shows which
/// were looked at.
fn tree() -> Repo {
    let repo = Repo::new(&[]);
    for (at, path) in ["docs/adr/one.md", "docs/adr/two.md", "docs/plan.md", "notes/x.markdown"]
        .iter()
        .enumerate()
    {
        repo.write(path, index(&format!("IDX-000{at}"), "\n[x](no.md)\n"));
    }
    repo.write("docs/picture.png", "no document");
    repo
}

#[test]
fn without_paths_everything_that_the_configuration_includes_is_checked() {
    assert_snapshot!(tree().concise(&[]), @"
    exit 1
    --- stdout
    docs/adr/one.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    docs/adr/two.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    docs/plan.md:17:1: error[broken-link] there is no `docs/no.md`
    3 documents: 3 errors
    ");
}

#[test]
fn a_folder_stands_for_all_documents_in_it() {
    assert_snapshot!(tree().concise(&["docs/adr"]), @"
    exit 1
    --- stdout
    docs/adr/one.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    docs/adr/two.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    2 documents: 2 errors
    ");
    assert_snapshot!(tree().concise(&["notes/"]), @"
    exit 1
    --- stdout
    notes/x.markdown:17:1: error[broken-link] there is no `notes/no.md`
    1 document: 1 error
    ");
}

#[test]
fn a_glob_is_expanded_by_docset_itself() {
    assert_snapshot!(tree().concise(&["docs/**/t*.md"]), @"
    exit 1
    --- stdout
    docs/adr/two.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    1 document: 1 error
    ");
    assert_snapshot!(tree().concise(&["docs/*.md"]), @"
    exit 1
    --- stdout
    docs/plan.md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error
    ");
    assert_snapshot!(tree().concise(&["{docs/adr/o*,notes}"]), @"
    exit 1
    --- stdout
    docs/adr/one.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    notes/x.markdown:17:1: error[broken-link] there is no `notes/no.md`
    2 documents: 2 errors
    ");
}

#[test]
fn files_folders_and_globs_mix_and_a_document_named_twice_is_checked_once() {
    let outcome = tree().concise(&["docs/adr/one.md", "docs/adr", "docs/p*.md", "./docs/plan.md"]);
    assert_snapshot!(outcome, @"
    exit 1
    --- stdout
    docs/adr/one.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    docs/adr/two.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    docs/plan.md:17:1: error[broken-link] there is no `docs/no.md`
    3 documents: 3 errors
    ");
}

#[test]
fn paths_count_from_the_folder_that_the_program_runs_in() {
    let repo = tree();
    let outcome =
        repo.docset(&["check", "--format=concise", "one.md", "../plan.md"]).inside("docs/adr");
    assert_snapshot!(outcome.outcome(), @"
    exit 1
    --- stdout
    docs/adr/one.md:17:1: error[broken-link] there is no `docs/adr/no.md`
    docs/plan.md:17:1: error[broken-link] there is no `docs/no.md`
    2 documents: 2 errors
    ");
    let nothing = repo.docset(&["check", "docs/adr/one.md"]).inside("docs/adr").outcome();
    assert_snapshot!(nothing, @"
    exit 2
    --- stdout
    no document was checked

    --- stderr
    error: no document matches `docs/adr/one.md`
    ");
}

#[test]
fn an_absolute_path_is_as_good_as_a_relative_one() {
    let repo = tree();
    let absolute = repo.path("docs/adr");
    assert_eq!(repo.concise(&[absolute.to_str().unwrap()]), repo.concise(&["docs/adr"]));
}

#[test]
fn a_file_name_that_looks_like_a_glob_is_a_file_name_first() {
    let repo = Repo::new(&[
        ("docs/[a].md", &index("IDX-0001", "\n[x](no.md)\n")),
        ("docs/a.md", &index("IDX-0002", "\n[x](no.md)\n")),
    ]);
    assert_snapshot!(repo.concise(&["docs/[a].md"]), @"
    exit 1
    --- stdout
    docs/[a].md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error
    ");
}

#[test]
fn ignored_and_hidden_files_are_left_out_unless_asked_for() {
    let bad = index("IDX-0001", "\n[x](no.md)\n");
    let repo = Repo::new(&[
        (".gitignore", "/docs/build/\n"),
        ("docs/.ignore", "draft-*\n"),
        ("docs/a.md", &bad),
        ("docs/build/b.md", &bad.replace("0001", "0002")),
        ("docs/draft-c.md", &bad.replace("0001", "0003")),
        ("docs/.hidden/d.md", &bad.replace("0001", "0004")),
    ]);
    assert_snapshot!(repo.concise(&[]), @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    docs/draft-c.md:17:1: error[broken-link] there is no `docs/no.md`
    2 documents: 2 errors
    ");
    assert_snapshot!(repo.concise(&["--no-ignore"]), @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    docs/build/b.md:17:1: error[broken-link] there is no `docs/build/no.md`
    docs/draft-c.md:17:1: error[broken-link] there is no `docs/no.md`
    3 documents: 3 errors
    ");
    // A file named outright is meant, ignored or not.
    assert_snapshot!(repo.concise(&["docs/build/b.md", "docs/.hidden/d.md"]), @"
    exit 1
    --- stdout
    docs/.hidden/d.md:17:1: error[broken-link] there is no `docs/.hidden/no.md`
    docs/build/b.md:17:1: error[broken-link] there is no `docs/build/no.md`
    2 documents: 2 errors
    ");
}

#[test]
fn a_run_without_a_document_fails_and_says_what_to_change() {
    let repo = Repo::new(&[("docs/readme.txt", "no Markdown")]);
    assert_snapshot!(repo.check(&[]), @"
    exit 2
    --- stdout
    no document was checked

    --- stderr
    error: no document matches `docs`
      help: `docs: include:` says where documents are, from `[ROOT]`; name paths, or change it
    ");
}

#[test]
fn every_path_and_glob_that_stands_for_nothing_is_named() {
    let outcome = tree().concise(&["docs/plan.md", "docs/no.md", "docs/z*.md", "empty"]);
    assert_snapshot!(outcome, @"
    exit 2
    --- stdout
    docs/plan.md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error

    --- stderr
    error: no document matches `docs/no.md`
    error: no document matches `docs/z*.md`
    error: no document matches `empty`
    ");
}

#[test]
fn showing_what_a_fix_would_change_does_not_hide_that_a_path_stands_for_nothing() {
    assert_snapshot!(tree().check(&["--fix", "--diff", "docs/no.md"]), @"
    exit 2
    --- stdout
    nothing to fix

    --- stderr
    error: no document matches `docs/no.md`
    ");
}

#[test]
fn an_excluded_file_that_is_named_outright_is_a_note() {
    let repo = Repo::new(&[
        ("countersign.yaml", "docs:\n  exclude: ['docs/old']\n"),
        ("docs/old/a.md", "# Nothing\n"),
        ("docs/b.md", &index("IDX-0001", "")),
    ]);
    assert_snapshot!(repo.check(&["docs/old/a.md"]), @"
    exit 0
    --- stdout
    no document was checked

    --- stderr
    note: `docs/old/a.md` is excluded by the configuration
    ");
    assert_snapshot!(repo.check(&["--quiet", "docs/old/a.md", "docs/b.md"]), @"exit 0");
    assert_snapshot!(repo.check(&["docs"]), @"
    exit 0
    --- stdout
    1 document: nothing to report
    ");
    // A folder or a glob of excluded files alone is a mistake.
    assert_snapshot!(repo.check(&["docs/old"]), @"
    exit 2
    --- stdout
    no document was checked

    --- stderr
    error: no document matches `docs/old`
    ");
}

#[test]
fn a_path_outside_of_the_root_is_a_finding_and_the_rest_is_checked() {
    let repo = tree();
    std::fs::create_dir(repo.path("../other")).unwrap();
    repo.write("../other/x.md", "# Nothing\n");
    assert_snapshot!(repo.concise(&["docs/plan.md", "../other/x.md"]), @"
    exit 2
    --- stdout
    [ABOVE]/other/x.md:1:1: error[outside-root] the path is outside of `[ROOT]`
    docs/plan.md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 2 errors
    ");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_root_and_a_loop_of_links_are_findings() {
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    repo.write("../other/x.md", "# Nothing\n");
    let link = |target: &str, at: &str| {
        std::os::unix::fs::symlink(target, repo.path(at)).unwrap();
    };
    link("../../other/x.md", "docs/out.md");
    link(".", "docs/loop");
    assert_snapshot!(repo.concise(&[]), @"
    exit 2
    --- stdout
    docs/loop:1:1: error[symlink-loop] the symbolic link leads back to `docs`
    docs/out.md:1:1: error[outside-root] the symbolic link leads out of the repository, to `../../other/x.md`
    1 document: 2 errors
    ");
}

#[test]
fn a_document_that_is_not_utf_8_does_not_stop_the_run() {
    let repo = Repo::new(&[("docs/b.md", &index("IDX-0001", "\n[x](no.md)\n"))]);
    repo.write("docs/a.md", b"---\ndoc_id: \xcf\xf0\xe8\n---\n");
    assert_snapshot!(repo.concise(&[]), @"
    exit 1
    --- stdout
    docs/a.md:2:9: error[invalid-utf8] the text is not UTF-8: byte 12 is 0xCF
    docs/b.md:17:1: error[broken-link] there is no `docs/no.md`
    2 documents: 2 errors
    ");
}

#[test]
fn references_of_checked_documents_resolve_against_documents_that_are_not() {
    let repo = Repo::new(&[
        ("docs/a.md", &index("IDX-0001", "")),
        (
            "docs/b.md",
            &index("IDX-0002", "")
                .replace("status:", "related_adrs: [IDX-0001, IDX-0009]\nstatus:"),
        ),
        ("docs/c.md", &index("IDX-0001", "")),
    ]);
    let outcome = repo.concise(&["docs/b.md"]);
    let expected = "docs/b.md:5:26: error[unknown-reference] `related_adrs` names `IDX-0009`";
    assert!(outcome.stdout.starts_with(expected), "{outcome}");
    assert!(outcome.stdout.ends_with("\n1 document: 1 error\n"), "{outcome}");
    assert_snapshot!(repo.check(&["docs/c.md"]), @"
    exit 1
    --- stdout
    error[duplicate-id]: the id `IDX-0001` belongs to 2 documents
     --> docs/c.md:2:9
      |
    2 | doc_id: IDX-0001
      |         ^^^^^^^^
      |
      = note: also here at docs/a.md:2
      = help: give the newer one the next free id

    1 document: 1 error
    ");
}
