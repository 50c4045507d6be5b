//! `docset verify`.

use insta::assert_snapshot;
use serde_json::Value;

use super::harness::Repo;
use super::life::{CONFIG, decision, page, run};

fn block(keys: &str) -> String {
    format!("approvals:\n  status: approved\n{keys}")
}

const WHO: &str = "  request_id: REQ-1\n  approved_by: octavia\n  approved_at: 2026-01-03\n";

/// One document of each kind.
fn all_kinds() -> Repo {
    let repo = Repo::new(&[
        CONFIG,
        ("docs/approved.md", &page("PG-0001", "in-review", "")),
        ("docs/stale.md", &page("PG-0002", "in-review", "")),
        ("docs/unbound.md", &page("PG-0003", "approved", &block(WHO))),
        ("docs/nobody.md", &page("PG-0004", "approved", &block("  approved_by: octavia\n"))),
        (
            "docs/no-digest.md",
            &page("PG-0005", "approved", &block(&format!("{WHO}  digest: yes\n"))),
        ),
        ("docs/no-block.md", &page("PG-0006", "approved", "")),
        ("docs/draft.md", &page("PG-0007", "in-review", "")),
        ("docs/waiting.md", &page("PG-0008", "in-review", "approvals:\n  status: pending\n")),
        ("docs/over.md", &decision("ADR-0001", "deprecated", &block(""))),
        ("docs/plain.md", "# No front matter\n"),
    ]);
    let approve =
        "approve PG-0001 PG-0002 PG-0007 --by octavia --request-id REQ-1 --date 2026-02-03";
    assert_eq!(run(&repo, approve).code, 0);
    repo.write("docs/stale.md", repo.read("docs/stale.md") + "More.\n");
    let draft = repo.read("docs/draft.md").replace("\nstatus: approved", "\nstatus: draft");
    repo.write("docs/draft.md", draft);
    repo
}

#[test]
fn every_approval_is_listed_with_what_it_comes_to() {
    assert_snapshot!(run(&all_kinds(), "verify"), @"
    exit 1
    --- stdout
    forged    docs/draft.md:14:11: PG-0007: the approval is `approved`, but status is `draft`
    forged    docs/no-block.md:5:9: PG-0006: status is `approved`, but no approval is recorded
    forged    docs/no-digest.md:14:11: PG-0005: `digest` is no digest
    forged    docs/nobody.md:10:11: PG-0004: there is no `request_id`; there is no `approved_at`
    stale     docs/stale.md:14:11: PG-0002: the document changed after it was approved
              approved sha256:3b8073f30fa53dbcae2a2aa82503dd45b384408fa336b72b392e4e71381cd3d6
              now      sha256:5936b986a499f798f423001b87eb618ce701e7493a98d8e5a68d9c9ab656eef4
    unbound   docs/unbound.md:10:11: PG-0003: there is no `digest` of what was approved
    approved  docs/approved.md:14:11: PG-0001: by octavia on 2026-02-03, request REQ-1
    unread    docs/plain.md: it has no front matter that can be read
    10 documents: 1 approved, 1 unbound, 1 stale, 4 forged, 1 unread
    ");
}

#[test]
fn programs_read_the_same() {
    let outcome = run(&all_kinds(), "verify --format json");
    assert_eq!((outcome.code, &*outcome.stderr), (1, ""));
    let value: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((&value["version"], &value["documents"]), (&1.into(), &9.into()));
    assert_eq!(value["unread"][0]["path"], "docs/plain.md");
    let approvals = value["approvals"].as_array().unwrap();
    let states: Vec<&str> = approvals.iter().map(|one| one["state"].as_str().unwrap()).collect();
    let wanted = ["forged", "forged", "forged", "forged", "stale", "unbound", "approved"];
    assert_eq!(states, wanted);
    let stale = &approvals[4];
    assert_eq!((&stale["path"], &stale["line"]), (&"docs/stale.md".into(), &14.into()));
    assert_ne!(stale["recorded"], stale["digest"]);
    let keys: Vec<&str> = stale.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "path",
            "line",
            "column",
            "doc_id",
            "type",
            "status",
            "state",
            "reasons",
            "request_id",
            "approved_by",
            "approved_at",
            "recorded",
            "digest"
        ]
    );
}

#[test]
fn approvals_that_count_are_no_finding() {
    let repo = Repo::new(&[CONFIG, ("docs/a.md", &page("PG-0001", "in-review", ""))]);
    assert_snapshot!(run(&repo, "verify"), @"
    exit 0
    --- stdout
    1 document: no approval
    ");
    run(&repo, "approve PG-0001 --by octavia --request-id REQ-1 --date 2026-02-03");
    assert_snapshot!(run(&repo, "verify"), @"
    exit 0
    --- stdout
    approved  docs/a.md:14:11: PG-0001: by octavia on 2026-02-03, request REQ-1
    1 document: 1 approved
    ");
}

#[test]
fn what_was_never_looked_at_is_not_verified() {
    let outcome = run(&Repo::new(&[]), "verify");
    assert_eq!(outcome.code, 2, "{outcome}");
    assert!(outcome.stderr.contains("no document matches `docs"), "{outcome}");
}

#[test]
fn an_approval_that_two_readers_read_differently_is_forged() {
    let repo = Repo::new(&[CONFIG, ("docs/a.md", &page("PG-0001", "in-review", ""))]);
    run(&repo, "approve PG-0001 --by octavia --request-id REQ-1 --date 2026-02-03");
    let approved = repo.read("docs/a.md");
    let end = approved.find("---\n\n# Words").unwrap();
    for (change, why) in [
        ("status: draft\n", "the key `status` appears twice"),
        ("\"st\\u0061tus\": draft\n", "the key `status` appears twice"),
        ("approvals: {status: pending}\n", "the key `approvals` appears twice"),
        ("  status: pending\n", "the key `approvals.status` appears twice"),
        ("  approved_by: mallory\n", "the key `approvals.approved_by` appears twice"),
    ] {
        // The digest leaves these lines out, so that it still matches.
        let mut text = approved.clone();
        text.insert_str(end, change);
        repo.write("docs/a.md", text);
        let outcome = run(&repo, "verify");
        assert_eq!(outcome.code, 1, "{change}: {outcome}");
        assert!(outcome.stdout.contains(&format!("PG-0001: {why}\n")), "{change}: {outcome}");
    }
}

#[test]
fn an_approval_by_nobody_or_on_no_day_is_forged() {
    let repo = Repo::new(&[CONFIG, ("docs/a.md", &page("PG-0001", "in-review", ""))]);
    run(&repo, "approve PG-0001 --by octavia --request-id REQ-1 --date 2026-02-03");
    let approved = repo.read("docs/a.md");
    for (from, to, why) in [
        ("approved_by: octavia", "approved_by: \"\\u200b\"", "there is no `approved_by`"),
        ("request_id: REQ-1", "request_id: \"-\"", "there is no `request_id`"),
        ("2026-02-03", "banana", "`approved_at` is `banana`, which is no day"),
        ("2026-02-03", "2025-02-03", "approved on 2025-02-03, before it was created on 2026-01-01"),
    ] {
        assert!(approved.contains(from), "{from}");
        repo.write("docs/a.md", approved.replace(from, to));
        let outcome = run(&repo, "verify");
        assert_eq!(outcome.code, 1, "{to}: {outcome}");
        assert!(outcome.stdout.contains(&format!("PG-0001: {why}\n")), "{to}: {outcome}");
    }
    repo.write("docs/a.md", approved.replace("2026-02-03", "2026-02-03T10:00:00Z"));
    assert_eq!(run(&repo, "verify").code, 0, "a time of day is no contradiction");
}
