//! `docset rethink`: an issue goes back, and what was approved gets a new version.

use insta::assert_snapshot;

use super::harness::{Outcome, Repo, index};
use super::life::{does, is_clean, run};

const DOCSET: &str = "docs/_docset/issues/issue-12.yaml";
const WHO: &str = "  request_id: REQ-1\n  approved_by: octavia\n  approved_at: 2026-01-03\n";

/// A document of issue 12 unless `keys` say otherwise.
fn document(id: &str, kind: &str, status: &str, keys: &str) -> String {
    let keys = if keys.contains("related_issues") {
        keys.to_owned()
    } else {
        format!("related_issues: [12]\n{keys}")
    };
    index(id, "")
        .replace("type: index", &format!("type: {kind}"))
        .replace("status: draft", &format!("status: {status}"))
        .replace("updated_at: 2026-01-02\n", &format!("updated_at: 2026-01-02\n{keys}"))
}

/// With the rules about sections off: what is tested here is front matter.
const CONFIG: (&str, &str) =
    ("countersign.yaml", "docs:\n  rules:\n    missing-heading: off\n    missing-key: off\n");

/// An issue in the stage prd. The owner approved what the vision needs.
fn some() -> Repo {
    let charter = document("CHR-0001", "charter", "in-review", "version: 3\nsupersedes: []\n");
    let repo = Repo::new(&[
        CONFIG,
        ("docs/intake/brief.md", &document("BRF-0001", "brief", "in-review", "")),
        ("docs/vision/charter.md", &charter.replace("title: Guide", "title: Pay at once # why")),
        ("docs/vision/risks.md", &document("RSK-0001", "risks", "draft", "")),
        (
            "docs/prd/prd.md",
            &document("PRD-0001", "prd", "in-review", "approvals: {status: pending}\n"),
        ),
        ("docs/prd/other.md", &document("PRD-0002", "prd", "in-review", "related_issues: [13]\n")),
        ("docs/index.md", &index("IDX-0011", "")),
    ]);
    let approve =
        "approve BRF-0001 CHR-0001 PRD-0002 --by octavia --request-id REQ-1 --date 2026-02-03";
    assert_eq!(run(&repo, approve).code, 0);
    assert_eq!(run(&repo, "sync issue 12").code, 0);
    repo
}

fn rethink(repo: &Repo, line: &str) -> Outcome {
    run(repo, &format!("rethink --issue 12 --date 2026-03-04 {line}"))
}

#[test]
fn what_is_in_force_gets_a_new_version() {
    let repo = some();
    let before = repo.read("docs/vision/charter.md");
    assert_snapshot!(rethink(&repo, "--to vision"), @"
    exit 0
    --- stdout
    docs/vision/chr-0002-pay-at-once.md: CHR-0002 is new, `draft`
    docs/vision/charter.md: CHR-0001 was `approved`, is `superseded`
    docs/prd/prd.md: PRD-0001 was `in-review`, is `draft`
    docs/vision/risks.md: RSK-0001 stays `draft`
    wrote `docs/_docset/issues/issue-12.yaml`
    ");
    is_clean(&repo);
    assert_snapshot!(repo.read("docs/vision/chr-0002-pay-at-once.md"), @r#"
    ---
    doc_id: CHR-0002
    type: charter
    title: Pay at once # why
    status: draft
    owner_role: KM
    created_at: 2026-03-04
    updated_at: 2026-03-04
    related_issues: [12]
    version: 4
    supersedes: [CHR-0001]
    approvals:
      status: pending
      request_id: ""
    ---

    # Guide

    ## TL;DR

    Short.
    "#);
    let old = before
        .replace("status: approved\nowner", "status: superseded\nowner")
        .replace("supersedes: []\n", "supersedes: []\nsuperseded_by: [CHR-0002]\n");
    assert_eq!(repo.read("docs/vision/charter.md"), old);
    assert!(repo.read("docs/prd/prd.md").contains("status: draft\n"));
    assert!(repo.read("docs/intake/brief.md").contains("status: approved\n"));
    let docset = repo.read(DOCSET);
    assert!(docset.contains("stage: vision\n"), "{docset}");
    for line in [
        "{type: charter, stage: vision, state: draft, documents: [CHR-0002]}",
        "{type: brief, stage: intake, state: approved, documents: [BRF-0001]}",
        "{id: CHR-0001, path: docs/vision/charter.md, type: charter, status: superseded,",
    ] {
        assert_eq!(docset.matches(line).count(), 1, "{line}\n{docset}");
    }
    assert_eq!(run(&repo, "sync issue 12 --check").code, 0);
}

#[test]
fn a_second_run_changes_nothing() {
    let repo = some();
    rethink(&repo, "--to vision");
    let charter = repo.read("docs/vision/chr-0002-pay-at-once.md");
    let docset = repo.read(DOCSET);
    assert_snapshot!(rethink(&repo, "--to vision"), @"
    exit 0
    --- stdout
    docs/vision/chr-0002-pay-at-once.md: CHR-0002 stays `draft`
    docs/prd/prd.md: PRD-0001 stays `draft`
    docs/vision/risks.md: RSK-0001 stays `draft`
    nothing to rethink: the issue is there already
    ");
    assert_eq!(repo.read("docs/vision/chr-0002-pay-at-once.md"), charter);
    assert_eq!(repo.read(DOCSET), docset);
    assert!(!repo.exists("docs/vision/chr-0003-pay-at-once.md"));
}

#[test]
fn a_dry_run_prints_the_changes_and_writes_nothing() {
    let repo = some();
    let docset = repo.read(DOCSET);
    let outcome = rethink(&repo, "--to vision --dry-run");
    assert_eq!(outcome.code, 0, "{outcome}");
    for line in [
        "--- /dev/null\n+++ b/docs/vision/chr-0002-pay-at-once.md",
        "+supersedes: [CHR-0001]",
        "+superseded_by: [CHR-0002]",
        "--- a/docs/prd/prd.md",
        "-stage: prd\n+stage: vision",
    ] {
        assert!(outcome.stdout.contains(line), "{line}\n{outcome}");
    }
    assert_eq!(outcome.stderr, "note: docs/vision/risks.md: RSK-0001 stays `draft`\n");
    assert_eq!(repo.read(DOCSET), docset);
    assert!(!repo.exists("docs/vision/chr-0002-pay-at-once.md"));
    assert!(repo.read("docs/prd/prd.md").contains("status: in-review\n"));
}

#[test]
fn a_stage_that_was_never_reached_is_refused() {
    let repo = some();
    assert_snapshot!(rethink(&repo, "--to arch"), @"
    exit 1
    --- stderr
    error: issue 12 is in the stage `prd`, and `arch` comes after it
      help: it can go back to intake, vision, prd
    nothing was written
    ");
    assert_snapshot!(rethink(&repo, "--to visoin"), @"
    exit 2
    --- stderr
    error: the profile `full` has no stage `visoin`; did you mean `vision`?
    ");
    assert_snapshot!(run(&repo, "rethink --issue 14 --to vision"), @"
    exit 2
    --- stderr
    error: no document names issue 14 in `related_issues`; the nearest that are named: 13, 12
    ");
    // Without a docset file the documents say how far the issue has come.
    repo.remove(DOCSET);
    assert_eq!(rethink(&repo, "--to arch").code, 1);
    assert_eq!(rethink(&repo, "--to vision").code, 0);
    assert!(repo.read(DOCSET).contains("stage: vision\n"));
}

#[test]
fn what_other_issues_need_is_for_somebody_to_decide() {
    let shared = || {
        let repo = some();
        let charter = document("CHR-0001", "charter", "in-review", "related_issues: [12, 13]\n");
        repo.write("docs/vision/charter.md", charter);
        let approve = "approve CHR-0001 --by octavia --request-id REQ-2 --date 2026-02-03";
        assert_eq!(run(&repo, approve).code, 0);
        repo
    };
    let repo = shared();
    assert_snapshot!(rethink(&repo, "--to vision"), @"
    exit 1
    --- stderr
    error: docs/vision/charter.md:9:17: CHR-0001: issue 13 needs it, too
      help: `--shared keep` leaves it in force, `--shared rethink` makes a new version for all, and `--closed 13` says that nothing is needed there any more
    nothing was written
    ");
    assert!(repo.read("docs/prd/prd.md").contains("status: in-review\n"), "nothing is written");
    assert_snapshot!(rethink(&repo, "--to vision --shared keep"), @"
    exit 0
    --- stdout
    docs/prd/prd.md: PRD-0001 was `in-review`, is `draft`
    docs/vision/charter.md: CHR-0001 stays `approved`: issue 13 needs it, too
    docs/vision/risks.md: RSK-0001 stays `draft`
    wrote `docs/_docset/issues/issue-12.yaml`
    ");
    assert!(repo.read("docs/vision/charter.md").contains("status: approved\n"));
    for how in ["--shared rethink", "--closed 13"] {
        let repo = shared();
        assert_eq!(rethink(&repo, &format!("--to vision {how}")).code, 0);
        let new = repo.read("docs/vision/chr-0002-guide.md");
        assert!(new.contains("related_issues: [12, 13]\n"), "{new}");
        is_clean(&repo);
    }
}

#[test]
fn one_document_that_cannot_take_the_step_stops_all() {
    let repo = some();
    for (path, from, to) in [
        ("docs/vision/charter.md", "status: approved\nowner", "status: sure\nowner"),
        ("docs/vision/charter.md", "type: charter", "type: chart"),
        ("docs/vision/charter.md", "supersedes: []", "superseded_by: CHR-0009"),
        ("docs/vision/charter.md", "version: 3", "version: &v 3\nrelated_prs: *v"),
    ] {
        let text = repo.read(path);
        repo.write(path, text.replace(from, to));
        let outcome = rethink(&repo, "--to vision");
        assert_eq!(outcome.code, 1, "{to}: {outcome}");
        assert!(outcome.stderr.starts_with("error: docs/vision/charter.md:"), "{outcome}");
        assert!(outcome.stderr.ends_with("nothing was written\n"), "{outcome}");
        assert!(repo.read("docs/prd/prd.md").contains("status: in-review\n"));
        repo.write(path, text);
    }
    // Something that is no document has the name of the new version.
    std::fs::create_dir(repo.path("docs/vision/chr-0002-pay-at-once.md")).unwrap();
    let outcome = rethink(&repo, "--to vision");
    assert_eq!(outcome.code, 2, "{outcome}");
    assert!(repo.read("docs/vision/charter.md").contains("status: approved\n"));
}

#[test]
fn a_draft_that_takes_the_place_already_is_the_new_version() {
    let repo = some();
    let draft = document("CHR-0007", "charter", "in-review", "supersedes: CHR-0001\n");
    repo.write("docs/vision/next.md", &draft);
    assert_snapshot!(rethink(&repo, "--to vision"), @"
    exit 0
    --- stdout
    docs/vision/charter.md: CHR-0001 was `approved`, is `superseded`
    docs/prd/prd.md: PRD-0001 was `in-review`, is `draft`
    docs/vision/next.md: CHR-0007 was `in-review`, is `draft`
    docs/vision/risks.md: RSK-0001 stays `draft`
    wrote `docs/_docset/issues/issue-12.yaml`
    ");
    is_clean(&repo);
    assert!(repo.read("docs/vision/charter.md").contains("superseded_by: [CHR-0007]\n"));
    assert!(!repo.exists("docs/vision/chr-0008-pay-at-once.md"));
    // One may take the place of two.
    let repo = some();
    repo.write("docs/vision/risks.md", document("RSK-0001", "risks", "in-review", ""));
    let approve = "approve RSK-0001 --by octavia --request-id REQ-2 --date 2026-02-03";
    assert_eq!(run(&repo, approve).code, 0);
    repo.write("docs/vision/next.md", draft.replace("CHR-0001", "[CHR-0001, RSK-0001]"));
    assert_eq!(rethink(&repo, "--to vision").code, 0);
    is_clean(&repo);
    assert!(repo.read("docs/vision/risks.md").contains("superseded_by: [CHR-0007]\n"));
    assert!(repo.read("docs/vision/next.md").contains("status: draft\n"));
    // Two of them are for somebody to decide.
    let repo = some();
    repo.write("docs/vision/next.md", &draft);
    repo.write("docs/vision/after.md", draft.replace("CHR-0007", "CHR-0008"));
    let outcome = rethink(&repo, "--to vision");
    assert_eq!(outcome.code, 1, "{outcome}");
    assert!(
        outcome.stderr.contains("`CHR-0008` and `CHR-0007` claim to take its place"),
        "{outcome}"
    );
}

#[test]
fn decisions_become_proposals_again() {
    let repo = Repo::new(&[
        CONFIG,
        ("docs/arch/adr-003-x.md", &{ document("ADR-003", "adr", "proposed", "") }),
    ]);
    let approve = "approve ADR-003 --by octavia --request-id REQ-1 --date 2026-02-03";
    assert_eq!(run(&repo, approve).code, 0);
    assert_eq!(rethink(&repo, "--to arch").code, 0);
    let new = repo.read("docs/arch/adr-004-x.md");
    assert!(new.contains("status: proposed\n") && new.contains("supersedes: [ADR-003]\n"), "{new}");
    assert!(!new.contains(WHO.lines().next().unwrap()), "{new}");
    does(&repo, "approve ADR-004 --by octavia --request-id REQ-2 --date 2026-03-05");
}

#[test]
fn an_id_that_is_a_path_leads_nowhere() {
    for id in ["../../CHR-0001", "x/../CHR-0001", ".git/CHR-0001", "\"CHR\\e[31m-0001\""] {
        let approved = document("CHR-0001", "charter", "approved", "").replace("CHR-0001", id);
        let repo = Repo::new(&[CONFIG, ("docs/a.md", &approved)]);
        let outcome = rethink(&repo, "--to vision");
        assert_eq!(outcome.code, 1, "{id}: {outcome}");
        assert!(outcome.stderr.contains("no file can be named after the id"), "{id}: {outcome}");
        assert_eq!(repo.read("docs/a.md"), approved);
        assert_eq!(std::fs::read_dir(repo.path("docs")).unwrap().count(), 1);
    }
}

#[test]
fn two_documents_with_one_id_are_for_somebody_to_tell_apart() {
    let one = document("CHR-0001", "charter", "approved", "");
    let repo = Repo::new(&[CONFIG, ("docs/a.md", &one), ("docs/b.md", &one)]);
    let outcome = rethink(&repo, "--to vision");
    assert_eq!(outcome.code, 1, "{outcome}");
    assert!(outcome.stderr.contains("CHR-0001: `docs/b.md` has the same id"), "{outcome}");
    assert_eq!((repo.read("docs/a.md"), repo.read("docs/b.md")), (one.clone(), one));
    assert!(!repo.exists(DOCSET));
}
