//! `docset supersede`.

use insta::assert_snapshot;

use super::harness::Repo;
use super::life::{decision, does, run};

fn two(old: &str, new: &str, keys: &str) -> Repo {
    let approvals = "approvals:\n  status: approved\n  request_id: R\n  approved_by: o\n  \
                     approved_at: 2026-01-02\n";
    let keys_of = |status: &str| if status == "accepted" { approvals } else { "" };
    Repo::new(&[
        ("docs/a.md", &decision("ADR-0001", old, keys_of(old))),
        ("docs/b.md", &decision("ADR-0002", new, &format!("{keys}{}", keys_of(new)))),
    ])
}

#[test]
fn both_sides_say_it() {
    let repo = two("accepted", "proposed", "supersedes: # what\nrelated_issues: [1]\n");
    run(&repo, "approve ADR-0001 --by o --request-id R");
    assert_snapshot!(does(&repo, "supersede ADR-0001 ADR-0002"), @"
    exit 0
    --- stdout
    docs/a.md: ADR-0001 was `accepted`, is `superseded`
    docs/b.md: ADR-0002 changed and stays `proposed`
    ");
    assert!(repo.read("docs/a.md").contains("status: superseded\n"));
    assert!(repo.read("docs/a.md").contains("superseded_by: [ADR-0002]\n"));
    assert!(repo.read("docs/b.md").contains("supersedes: [ADR-0001] # what\n"));
    let (a, b) = (repo.read("docs/a.md"), repo.read("docs/b.md"));
    does(&repo, "supersede ADR-0001 ADR-0002");
    assert_eq!((repo.read("docs/a.md"), repo.read("docs/b.md")), (a, b));
    does(&repo, "approve ADR-0002 --by o --request-id R2");
    assert_eq!(run(&repo, "verify").code, 0);
}

#[test]
fn one_document_can_take_the_place_of_two() {
    let repo = two("proposed", "proposed", "");
    repo.write("docs/c.md", decision("ADR-0003", "proposed", ""));
    does(&repo, "approve ADR-0001 ADR-0002 --by o --request-id R");
    does(&repo, "supersede ADR-0001 ADR-0003");
    does(&repo, "supersede ADR-0002 ADR-0003");
    assert!(repo.read("docs/c.md").contains("supersedes: [ADR-0001, ADR-0002]\n"));
}

#[test]
fn what_would_contradict_itself_is_refused() {
    for (old, new, keys, line, said) in [
        (
            "proposed",
            "proposed",
            "",
            "supersede ADR-0001 ADR-0002",
            "accepted, rejected, abandoned",
        ),
        ("accepted", "rejected", "", "supersede ADR-0001 ADR-0002", "docs/b.md:5:9"),
        ("accepted", "proposed", "", "supersede ADR-0001 ADR-0001", "cannot supersede itself"),
        ("accepted", "accepted", "", "supersede ADR-0001 ADR-0002", "approve it again"),
        (
            "accepted",
            "accepted",
            "supersedes: [ADR-0001]\n",
            "supersede ADR-0002 ADR-0001",
            "`ADR-0002` supersedes `ADR-0001` already",
        ),
    ] {
        let repo = two(old, new, keys);
        let before = (repo.read("docs/a.md"), repo.read("docs/b.md"));
        let outcome = run(&repo, line);
        assert_eq!(outcome.code, 1, "{line}: {outcome}");
        assert!(outcome.stderr.contains(said), "{line}: {outcome}");
        assert!(outcome.stderr.ends_with("nothing was written\n"), "{outcome}");
        assert_eq!((repo.read("docs/a.md"), repo.read("docs/b.md")), before);
    }
    let unknown = run(&two("accepted", "proposed", ""), "supersede ADR-0001 ADR-002");
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("did you mean `ADR-0002`?"), "{unknown}");
}

#[test]
fn an_approved_successor_must_name_the_old_one_before_it_is_approved() {
    let repo = two("proposed", "proposed", "supersedes: [ADR-0001]\n");
    for id in ["ADR-0001", "ADR-0002"] {
        run(&repo, &format!("approve {id} --by o --request-id R"));
    }
    does(&repo, "supersede ADR-0001 ADR-0002");
    let verify = run(&repo, "verify");
    assert!(verify.code == 0 && verify.stdout.contains("1 approved"), "{verify}");
}

#[test]
fn a_dry_run_shows_both_files() {
    let repo = two("accepted", "proposed", "");
    let before = (repo.read("docs/a.md"), repo.read("docs/b.md"));
    assert_snapshot!(run(&repo, "supersede ADR-0001 ADR-0002 --dry-run"), @"
    exit 0
    --- stdout
    --- a/docs/a.md
    +++ b/docs/a.md
    @@ -2,10 +2,11 @@
     doc_id: ADR-0001
     type: adr
     title: Sessions
    -status: accepted
    +status: superseded
     owner_role: SA
     created_at: 2026-01-01
     updated_at: 2026-01-02
    +superseded_by: [ADR-0002]
     approvals:
       status: approved
       request_id: R
    --- a/docs/b.md
    +++ b/docs/b.md
    @@ -6,6 +6,7 @@
     owner_role: SA
     created_at: 2026-01-01
     updated_at: 2026-01-02
    +supersedes: [ADR-0001]
     ---

     # Sessions
    ");
    assert_eq!((repo.read("docs/a.md"), repo.read("docs/b.md")), before);
}
