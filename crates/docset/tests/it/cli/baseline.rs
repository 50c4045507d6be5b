//! Known findings.

use insta::assert_snapshot;

use super::harness::{Repo, index};

/// A tree with one finding, known in a baseline that the configuration names.
fn known() -> Repo {
    let repo = Repo::new(&[
        ("docs/a.md", &index("IDX-0001", "\n[x](no.md)\n")),
        ("docs/b.md", &index("IDX-0002", "")),
    ]);
    assert_eq!(repo.check(&["--write-baseline"]).code, 0);
    repo.write("countersign.yaml", "docs:\n  baseline: docset-baseline.json\n");
    repo
}

#[test]
fn a_baseline_is_a_file_with_a_line_for_each_finding() {
    let repo =
        Repo::new(&[("docs/a.md", &index("IDX-0001", "\n[x](no.md)\n[y](no.md)\n[z](ne.md)\n"))]);
    assert_snapshot!(repo.check(&["--write-baseline"]), @"
    exit 0
    --- stdout
    wrote 3 known findings to `docset-baseline.json`
    add `baseline: docset-baseline.json` under `docs:` in countersign.yaml to use it always
    ");
    assert_snapshot!(repo.read("docset-baseline.json"), @r#"
    {
      "version": 1,
      "findings": [
        {"path":"docs/a.md","rule":"broken-link","message":"there is no `docs/ne.md`"},
        {"path":"docs/a.md","rule":"broken-link","message":"there is no `docs/no.md`","count":2}
      ]
    }
    "#);
}

#[test]
fn known_findings_pass_and_can_be_shown() {
    let repo = known();
    assert_snapshot!(repo.check(&[]), @"
    exit 0
    --- stdout
    2 documents: nothing to report (1 known and not shown)
    ");
    assert_snapshot!(repo.concise(&["--no-baseline"]), @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    2 documents: 1 error
    ");
}

#[test]
fn a_known_finding_stays_known_when_lines_move() {
    let repo = known();
    repo.write("docs/a.md", index("IDX-0001", "\nA new paragraph.\n\n[x](no.md)\n"));
    assert_eq!(repo.check(&[]).code, 0);
}

#[test]
fn new_findings_fail() {
    let repo = known();
    repo.write("docs/b.md", index("IDX-0002", "\n[x](no.md)\n"));
    assert_snapshot!(repo.concise(&[]), @"
    exit 1
    --- stdout
    docs/b.md:17:1: error[broken-link] there is no `docs/no.md`
    2 documents: 1 error (1 known and not shown)
    ");
}

#[test]
fn a_finding_that_is_there_more_often_than_it_is_known_fails_once() {
    let repo = known();
    repo.write("docs/a.md", index("IDX-0001", "\n[x](no.md)\n\n[y](no.md)\n"));
    assert_snapshot!(repo.concise(&[]), @"
    exit 1
    --- stdout
    docs/a.md:19:1: error[broken-link] there is no `docs/no.md`
    2 documents: 1 error (1 known and not shown)
    ");
    assert_eq!(repo.check(&["--write-baseline"]).code, 0);
    assert_eq!(repo.check(&[]).code, 0);
    // One of two is mended: the other is still known.
    repo.write("docs/a.md", index("IDX-0001", "\n[y](no.md)\n"));
    assert_snapshot!(repo.check(&[]), @"
    exit 0
    --- stdout
    2 documents: nothing to report (1 known and not shown, 1 known and gone)
    gone: docs/a.md: [broken-link] there is no `docs/no.md`
    write the baseline anew with `docset check --write-baseline`
    ");
}

#[test]
fn findings_that_are_gone_are_reported() {
    let repo = known();
    repo.write("docs/a.md", index("IDX-0001", ""));
    assert_snapshot!(repo.check(&[]), @"
    exit 0
    --- stdout
    2 documents: nothing to report (1 known and gone)
    gone: docs/a.md: [broken-link] there is no `docs/no.md`
    write the baseline anew with `docset check --write-baseline`
    ");
    repo.remove("docs/a.md");
    assert_snapshot!(repo.check(&[]), @"
    exit 0
    --- stdout
    1 document: nothing to report (1 known and gone)
    gone: docs/a.md: [broken-link] there is no `docs/no.md`
    write the baseline anew with `docset check --write-baseline`
    ");
}

#[test]
fn a_run_over_some_documents_says_nothing_of_the_others() {
    let repo = known();
    repo.write("docs/a.md", index("IDX-0001", ""));
    assert_snapshot!(repo.check(&["docs/b.md"]), @"
    exit 0
    --- stdout
    1 document: nothing to report
    ");
    assert_snapshot!(repo.check(&["docs/a.md"]), @"
    exit 0
    --- stdout
    1 document: nothing to report (1 known and gone)
    gone: docs/a.md: [broken-link] there is no `docs/no.md`
    write the baseline anew with `docset check --write-baseline`
    ");
}

#[test]
fn a_baseline_named_on_the_command_line_comes_before_that_of_the_configuration() {
    let repo = known();
    repo.write("empty.json", "{\"version\": 1, \"findings\": []}");
    assert_eq!(repo.check(&["--baseline", "empty.json"]).code, 1);
    assert_eq!(repo.check(&["--baseline", "new.json", "--write-baseline"]).code, 0);
    assert_eq!(repo.read("new.json"), repo.read("docset-baseline.json"));
}

#[test]
fn a_baseline_is_never_written_from_less_than_all_documents() {
    let repo = known();
    let before = repo.read("docset-baseline.json");
    assert_snapshot!(repo.check(&["--write-baseline", "docs/a.md"]), @"
    exit 2
    --- stderr
    error: a baseline is written from a check of all documents: name no path, and leave out `--changed-since`
    ");
    repo.write("countersign.yaml", "docs: {include: [nowhere], baseline: docset-baseline.json}\n");
    assert_snapshot!(repo.check(&["--write-baseline"]), @"
    exit 2
    --- stderr
    error: no document matches `nowhere`
      help: `docs: include:` says where documents are, from `[ROOT]`; name paths, or change it
    ");
    assert_eq!(repo.read("docset-baseline.json"), before);
}

#[test]
fn a_baseline_that_cannot_be_used_fails_the_run() {
    let repo = known();
    assert_snapshot!(repo.check(&["--baseline", "missing.json"]), @"
    exit 2
    --- stderr
    error: cannot read the baseline `missing.json`
      caused by: No such file or directory (os error 2)
    ");
    repo.write("bad.json", "{");
    assert_snapshot!(repo.check(&["--baseline", "bad.json"]), @"
    exit 2
    --- stderr
    error: `bad.json` is no baseline file: write it anew with `--write-baseline`
      caused by: EOF while parsing an object at line 1 column 1
    ");
    repo.write("bad.json", "{\"version\": 9, \"findings\": []}");
    assert_snapshot!(repo.check(&["--baseline", "bad.json"]), @"
    exit 2
    --- stderr
    error: `bad.json` is a baseline of version 9; this docset reads version 1
    ");
    let line = r#"{"path": "docs/a.md", "rule": "x", "message": "y", "count": 99999999999}"#;
    repo.write("bad.json", format!("{{\"version\": 1, \"findings\": [{line}]}}"));
    assert_snapshot!(repo.check(&["--baseline", "bad.json"]), @"
    exit 2
    --- stderr
    error: `bad.json` is no baseline file: write it anew with `--write-baseline`
      caused by: invalid value: integer `99999999999`, expected u32 at line 1 column 99
    ");
}

#[test]
fn warnings_fail_only_past_the_number_that_is_allowed() {
    let body = "\n# Second\n\nText.\n\n# Third\n\nText.\n";
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", body))]);
    assert_snapshot!(repo.concise(&[]), @"
    exit 0
    --- stdout
    docs/a.md:17:3: warning[more-than-one-title] document has a second title
    docs/a.md:21:3: warning[more-than-one-title] document has a second title
    1 document: 2 warnings
    ");
    assert_eq!(repo.check(&["--max-warnings", "2"]).code, 0);
    assert_eq!(repo.check(&["--max-warnings", "1"]).code, 1);
    // Known warnings do not count.
    assert_eq!(repo.check(&["--write-baseline"]).code, 0);
    let known = ["--max-warnings", "0", "--baseline", "docset-baseline.json"];
    assert_eq!(repo.check(&known).code, 0);
}
