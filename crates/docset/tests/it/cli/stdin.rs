//! A text that is not saved yet.

use insta::assert_snapshot;

use super::harness::{Repo, altered, index};

fn tree() -> Repo {
    Repo::new(&[("docs/a.md", &index("IDX-0001", "")), ("docs/b.md", &index("IDX-0002", ""))])
}

#[test]
fn the_text_stands_in_for_the_saved_document_among_all_others() {
    let repo = tree();
    let text = index("IDX-0002", "\n[x](no.md)\n");
    let run = repo.docset(&["check", "--stdin-filename", "docs/a.md", "-"]).stdin(text);
    assert_snapshot!(run.outcome(), @"
    exit 1
    --- stdout
    error[duplicate-id]: the id `IDX-0002` belongs to 2 documents
     --> docs/a.md:2:9
      |
    2 | doc_id: IDX-0002
      |         ^^^^^^^^
      |
      = note: also here at docs/b.md:2
      = help: give the newer one the next free id

    error[broken-link]: there is no `docs/no.md`
      --> docs/a.md:17:1
       |
    17 | [x](no.md)
       | ^^^^^^^^^^
       |
       = help: mend the path, or remove the link

    1 document: 2 errors
    ");
    assert_eq!(repo.read("docs/a.md"), index("IDX-0001", ""), "nothing was written");
}

#[test]
fn the_file_need_not_exist_and_the_dash_may_be_left_out() {
    let repo = tree();
    let run = repo.docset(&["check", "--stdin-filename", "new.md"]).inside("docs");
    assert_snapshot!(run.stdin(index("IDX-0003", "\n[x](a.md)\n")).outcome(), @"
    exit 0
    --- stdout
    1 document: nothing to report
    ");
}

#[test]
fn fixing_prints_the_fixed_text_and_nothing_else() {
    let repo = tree();
    let arguments = ["check", "--fix", "--stdin-filename", "docs/a.md", "-"];
    let run = repo.docset(&arguments).stdin(altered("IDX-0001", "draft", "Draft"));
    let outcome = run.outcome();
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    assert_eq!(outcome.stdout, index("IDX-0001", ""));
    assert_eq!(repo.read("docs/a.md"), index("IDX-0001", ""), "nothing was written");
}

#[test]
fn a_text_that_cannot_be_fixed_comes_back_as_it_was_and_fails() {
    let repo = tree();
    let text = index("IDX-0001", "\n[x](no.md)\n").replace('\n', "\r\n");
    let arguments = ["check", "--fix", "--stdin-filename", "docs/a.md", "-"];
    let outcome = repo.docset(&arguments).stdin(&*text).outcome();
    assert_eq!((outcome.code, outcome.stdout), (1, text));
}

#[test]
fn fixing_a_text_respects_the_baseline() {
    let repo = tree();
    let text = index("IDX-0001", "\n[x](no.md)\n");
    repo.write("docs/a.md", &text);
    assert_eq!(repo.check(&["--write-baseline"]).code, 0);
    repo.write("countersign.yaml", "docs: {baseline: docset-baseline.json}\n");
    let arguments = ["check", "--fix", "--stdin-filename", "docs/a.md", "-"];
    let outcome = repo.docset(&arguments).stdin(&*text).outcome();
    assert_eq!((outcome.code, outcome.stdout), (0, text));
}

#[test]
fn a_difference_can_be_shown_instead() {
    let repo = tree();
    let arguments = ["check", "--fix", "--diff", "--stdin-filename", "docs/a.md", "-"];
    let run = repo.docset(&arguments).stdin(altered("IDX-0001", "draft", "Draft"));
    assert_snapshot!(run.outcome(), @"
    exit 1
    --- stdout
    --- a/docs/a.md
    +++ b/docs/a.md
    @@ -2,7 +2,7 @@
     doc_id: IDX-0001
     type: index
     title: Guide
    -status: Draft
    +status: draft
     owner_role: KM
     created_at: 2026-01-01
     updated_at: 2026-01-02
    ");
}

#[test]
fn what_standard_input_cannot_be_combined_with_is_refused() {
    let repo = tree();
    assert_snapshot!(repo.check(&["-"]), @"
    exit 2
    --- stderr
    error: standard input needs a name: add `--stdin-filename docs/a.md`
    ");
    assert_snapshot!(repo.check(&["--stdin-filename", "docs/a.md", "docs/b.md"]), @"
    exit 2
    --- stderr
    error: standard input is checked alone: name no other path
    ");
    assert_snapshot!(repo.check(&["--stdin-filename", "docs/a.md", "--write-baseline"]), @"
    exit 2
    --- stderr
    error: `--changed-since` and `--write-baseline` need saved documents
    ");
    assert_snapshot!(repo.check(&["--stdin-filename", "docs/a.md", "--changed-since=x"]), @"
    exit 2
    --- stderr
    error: `--changed-since` and `--write-baseline` need saved documents
    ");
}

#[test]
fn a_name_outside_of_the_root_is_refused() {
    let repo = tree();
    let run = repo.docset(&["check", "--root", ".", "--stdin-filename", "../a.md", "-"]);
    assert_snapshot!(run.outcome(), @"
    exit 2
    --- stderr
    error: `[ABOVE]/a.md` is outside of `[ROOT]`
    ");
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    let run = tree();
    let run = run.docset(&["check", "--stdin-filename", "docs/a.md", "-"]).stdin(*b"---\n\xff");
    assert_snapshot!(run.outcome(), @"
    exit 2
    --- stderr
    error: standard input is not UTF-8: invalid utf-8 sequence of 1 bytes from index 4
    ");
}
