//! `docset submit`, `approve`, `request-changes`, `digest`.

use insta::assert_snapshot;

use super::harness::Repo;
use super::life::{CONFIG, decision, does, page, run};

const APPROVE: &str = "approve PG-0001 --by octavia --request-id REQ-17 --date 2026-02-03";

fn one_page(status: &str, keys: &str) -> Repo {
    Repo::new(&[CONFIG, ("docs/a.md", &page("PG-0001", status, keys))])
}

#[test]
fn a_page_goes_from_draft_to_approved() {
    let repo = one_page("draft", "");
    assert_snapshot!(run(&repo, APPROVE), @"
    exit 1
    --- stderr
    error: docs/a.md:5:9: PG-0001: `draft` cannot become approved
      help: `draft` may be followed by in-review, abandoned; `docset submit PG-0001` lays it before its owner
    nothing was written
    ");
    does(&repo, "submit PG-0001");
    assert!(repo.read("docs/a.md").contains("status: in-review\n"));
    assert_snapshot!(does(&repo, APPROVE), @"
    exit 0
    --- stdout
    docs/a.md: PG-0001 was `in-review`, is `approved`
    sha256:6893029489f0cdbd6283bb9955781d6c02fcdd3ac6d594022f7f1f43c2d9d2f4  docs/a.md
    ");
    assert_snapshot!(repo.read("docs/a.md").split("\n---").next().unwrap(), @"
    ---
    doc_id: PG-0001
    type: page
    title: Words
    status: approved
    owner_role: KM
    created_at: 2026-01-01
    updated_at: 2026-01-02
    approvals:
      status: approved
      request_id: REQ-17
      approved_by: octavia
      approved_at: 2026-02-03
      digest: sha256:6893029489f0cdbd6283bb9955781d6c02fcdd3ac6d594022f7f1f43c2d9d2f4
    ");
    let outcome = does(&repo, APPROVE);
    assert_eq!(
        outcome.stdout.lines().next(),
        Some("docs/a.md: PG-0001 is `approved` already, nothing to change")
    );
}

#[test]
fn a_decision_is_approved_as_proposed() {
    let repo = Repo::new(&[("docs/a.md", &decision("ADR-0001", "proposed", ""))]);
    does(&repo, "approve ADR-0001 --by o --request-id 1");
    assert!(repo.read("docs/a.md").contains("status: accepted\n"));
    assert!(repo.read("docs/a.md").contains("  request_id: \"1\"\n"));
    let refused = run(&repo, "submit ADR-0001");
    assert_eq!(refused.code, 1, "{refused}");
}

#[test]
fn an_edit_after_the_approval_is_found_and_approved_anew() {
    let repo = one_page("in-review", "");
    does(&repo, APPROVE);
    let edited = repo.read("docs/a.md").replace("Short.", "Long.");
    repo.write("docs/a.md", &edited);
    let check = repo.concise(&[]);
    assert!(check.code == 1 && check.stdout.contains("[approval-digest-mismatch]"), "{check}");
    let verify = run(&repo, "verify");
    assert!(verify.code == 1 && verify.stdout.starts_with("stale "), "{verify}");
    let outcome = does(&repo, &APPROVE.replace("17", "18"));
    assert!(outcome.stdout.starts_with("docs/a.md: PG-0001 changed and stays `approved`\n"));
    assert!(repo.read("docs/a.md").contains("request_id: REQ-18\n"));
    assert_eq!(run(&repo, "verify").code, 0);
}

#[test]
fn comments_order_quotes_and_line_ends_stay() {
    let untidy =
        "\u{feff}---\n# who reads this?\napprovals: # of the owner\n    required: [ Owner ]\n    \
                  status: 'pending' # soon\n\"doc_id\": 'PG-0001'\ntype: page\n\n\
                  title: \"A: b\"\nstatus:   in-review  # wait\nowner_role: KM\n\
                  created_at: 2026-01-01\nupdated_at: 2026-01-01 # last\n---\n\n# A\n\n## TL;DR\n\n\
                  Text.  \nNo end of line"
            .replace('\n', "\r\n");
    let repo = Repo::new(&[CONFIG, ("docs/a.md", &untidy)]);
    assert_eq!(run(&repo, APPROVE).code, 0);
    let new = repo.read("docs/a.md");
    let digest = new.lines().find_map(|line| line.trim().strip_prefix("digest: ")).unwrap();
    let added = format!(
        "'approved' # soon\r\n    request_id: REQ-17\r\n    approved_by: octavia\r\n    \
         approved_at: 2026-02-03\r\n    digest: {digest}\r\n"
    );
    let wanted = untidy
        .replace("in-review  # wait", "approved  # wait")
        .replace("'pending' # soon\r\n", &added);
    assert_eq!(new, wanted);
    assert_eq!(run(&repo, "verify").code, 0);
    assert_eq!(repo.check(&[]).code, 0);
}

#[test]
fn braces_stay_braces() {
    let approvals = "approvals: {required: [Owner], status: pending, request_id: \"\"}\n";
    let repo = one_page("in-review", approvals);
    does(&repo, APPROVE);
    let wanted = "approvals: {required: [Owner], status: approved, request_id: \"REQ-17\", \
                  approved_by: octavia, approved_at: 2026-02-03, digest: sha256:";
    assert!(repo.read("docs/a.md").contains(wanted), "{}", repo.read("docs/a.md"));
}

#[test]
fn several_documents_are_approved_together_or_not_at_all() {
    let repo = Repo::new(&[
        CONFIG,
        ("docs/a.md", &page("PG-0001", "in-review", "")),
        ("docs/b.md", &page("PG-0002", "draft", "")),
        (
            "docs/c.md",
            &decision("ADR-0001", "proposed", "related_issues: &a [1]\nrelated_prs: *a\n"),
        ),
    ]);
    let all = "approve PG-0001 PG-0002 ADR-0001 --by octavia --request-id 1 --date 2026-02-03";
    assert_snapshot!(run(&repo, all), @"
    exit 1
    --- stderr
    error: docs/b.md:5:9: PG-0002: `draft` cannot become approved
      help: `draft` may be followed by in-review, abandoned; `docset submit PG-0002` lays it before its owner
    error: docs/c.md:5:9: ADR-0001: the front matter cannot carry a digest of the document
      help: write it as one key per line and without aliases: in any other form the digest would cover itself
    nothing was written
    ");
    assert!(repo.read("docs/a.md").contains("status: in-review\n"));
    run(&repo, "submit PG-0002");
    does(&repo, "approve PG-0001 PG-0002 PG-0001 --by octavia --request-id 1");
    assert!(repo.read("docs/b.md").contains("status: approved\n"));
}

#[test]
fn two_approvals_at_once_lose_nothing() {
    let repo = Repo::new(&[
        CONFIG,
        ("docs/a.md", &page("PG-0001", "in-review", "")),
        ("docs/b.md", &page("PG-0002", "in-review", "")),
    ]);
    for round in 0..5 {
        let lines = [
            format!("approve PG-0001 PG-0002 --by one --request-id A{round}"),
            format!("approve PG-0002 PG-0001 --by two --request-id B{round}"),
        ];
        std::thread::scope(|scope| {
            let runs = lines.each_ref().map(|line| scope.spawn(|| run(&repo, line)));
            for outcome in runs.map(|run| run.join().unwrap()) {
                assert_eq!(outcome.code, 0, "{outcome}");
            }
        });
        super::life::is_clean(&repo);
        let who = |path| repo.read(path).contains("approved_by: one");
        assert_eq!(who("docs/a.md"), who("docs/b.md"), "one of the two came last, on both");
    }
}

#[test]
fn changes_are_requested_and_the_document_comes_back() {
    let repo = one_page("in-review", "approvals:\n  status: pending\n  request_id: REQ-1\n");
    let outcome = does(&repo, "request-changes PG-0001 --by octavia");
    assert_snapshot!(outcome, @"
    exit 0
    --- stdout
    docs/a.md: PG-0001 was `in-review`, is `draft`
    octavia wants changes
    ");
    let text = repo.read("docs/a.md");
    assert!(text.contains("status: draft\n") && text.contains("  status: changes_requested\n"));
    does(&repo, "request-changes PG-0001 --by octavia --request-id REQ-2");
    assert!(repo.read("docs/a.md").contains("  request_id: REQ-2\n"));
    does(&repo, "submit PG-0001");
    assert!(repo.read("docs/a.md").contains("  status: pending\n"));
    let decision = Repo::new(&[("docs/a.md", &decision("ADR-0001", "proposed", ""))]);
    does(&decision, "request-changes ADR-0001 --by octavia");
    assert!(decision.read("docs/a.md").contains("status: proposed\n"));
    does(&decision, "approve ADR-0001 --by octavia --request-id REQ-1");
    assert_eq!(run(&decision, "request-changes ADR-0001 --by octavia").code, 1);
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let repo = one_page("draft", "");
    let before = repo.read("docs/a.md");
    assert_snapshot!(run(&repo, "submit PG-0001 --dry-run"), @"
    exit 0
    --- stdout
    --- a/docs/a.md
    +++ b/docs/a.md
    @@ -2,7 +2,7 @@
     doc_id: PG-0001
     type: page
     title: Words
    -status: draft
    +status: in-review
     owner_role: KM
     created_at: 2026-01-01
     updated_at: 2026-01-02
    ");
    assert_eq!(repo.read("docs/a.md"), before);
}

#[test]
fn wrong_arguments_name_what_is_wrong() {
    let repo = Repo::new(&[
        CONFIG,
        ("docs/a.md", &page("PG-0001", "draft", "")),
        ("docs/b.md", &page("PG-0002", "draft", "")),
        ("docs/c.md", &page("PG-0002", "draft", "")),
        ("docs/d.md", &page("PG-0003", "in-review", "")),
    ]);
    for (line, code, said) in [
        ("submit PG-001", 2, "did you mean `PG-0001`?"),
        ("submit NOTHING-LIKE-IT", 2, "there is no document `NOTHING-LIKE-IT`"),
        ("submit PG-0002", 2, "stands for two documents, `docs/b.md` and `docs/c.md`"),
        ("submit", 2, "<ID>"),
        ("approve PG-0001 --request-id 1", 2, "--by"),
        ("approve PG-0001 --by o", 2, "--request-id"),
        ("approve PG-0001 --by= --request-id 1", 2, "it is empty"),
        ("approve PG-0001 --by o --request-id 1 --date 2026-13-01", 2, "YYYY-MM-DD"),
        ("approve PG-0003 --by o --request-id 1 --date 2025-01-01", 1, "docs/d.md:7:13: PG-0003"),
    ] {
        let outcome = run(&repo, line);
        assert_eq!(outcome.code, code, "{line}: {outcome}");
        assert!(outcome.stderr.contains(said), "{line}: {outcome}");
        assert_eq!(outcome.stdout, "", "{line}");
    }
    // A path says which of the two is meant.
    assert_eq!(run(&repo, "submit docs/c.md").code, 0);
    assert!(repo.read("docs/b.md").contains("status: draft\n"));
}

#[test]
fn a_digest_is_that_of_the_approval() {
    let repo = one_page("in-review", "");
    let digest = run(&repo, "digest docs/a.md").stdout;
    does(&repo, APPROVE);
    assert_eq!(run(&repo, "digest docs/a.md").stdout, digest);
    let recorded = digest.strip_suffix("  docs/a.md\n").unwrap();
    assert!(repo.read("docs/a.md").contains(&format!("  digest: {recorded}\n")));
    assert_eq!(run(&repo, "digest docs/b.md").code, 2);
    repo.write("docs/b.md", "# No front matter\n");
    assert!(run(&repo, "digest docs/b.md").stderr.starts_with("note: `docs/b.md`: nothing is"));
}

#[test]
fn only_what_the_owner_read_is_approved() {
    let repo = one_page("in-review", "");
    let digest = run(&repo, "digest docs/a.md").stdout;
    let approve = format!("{APPROVE} --digest {}", digest.split(' ').next().unwrap());
    repo.write("docs/a.md", repo.read("docs/a.md").replace("Short.", "Long."));
    let refused = run(&repo, &approve);
    assert!(refused.code == 1 && refused.stderr.contains("not what the owner read"), "{refused}");
    repo.write("docs/a.md", repo.read("docs/a.md").replace("Long.", "Short."));
    does(&repo, &approve);
    assert_eq!(run(&repo, &format!("{APPROVE} --digest sha256:12")).code, 2);
}

#[test]
fn every_command_shows_examples() {
    let repo = Repo::new(&[]);
    for name in ["submit", "approve", "request-changes", "supersede", "abandon", "verify", "digest"]
    {
        let help = repo.docset(&[name, "--help"]).outcome();
        assert!(help.code == 0 && help.stdout.contains("Examples:\n  docset "), "{help}");
    }
}

#[test]
fn what_is_still_to_be_written_is_not_laid_before_an_owner() {
    let repo = Repo::new(&[]);
    assert_eq!(run(&repo, "new brief --title Checkout --date 2026-02-01").code, 0);
    let path = "docs/intake/brf-0001-checkout.md";
    let empty = repo.read(path);
    let outcome = run(&repo, "submit BRF-0001");
    assert_eq!(outcome.code, 1, "{outcome}");
    assert!(outcome.stderr.contains("is left over, the first of "), "{outcome}");
    assert_eq!(repo.read(path), empty);
    // Not by hand, either.
    let by_hand = empty.replace("status: draft", "status: in-review");
    repo.write(path, &by_hand);
    let approve = "approve BRF-0001 --by octavia --request-id 1 --date 2026-02-03";
    let outcome = run(&repo, approve);
    assert_eq!(outcome.code, 1, "{outcome}");
    assert_eq!(repo.read(path), by_hand);
    // Whoever does not want the rule does not get it.
    repo.write("countersign.yaml", "docs: {rules: {left-over-placeholder: warning}}\n");
    assert_eq!(run(&repo, approve).code, 0);
}

#[test]
fn documents_are_named_by_paths_from_the_working_folder_too() {
    let repo = one_page("draft", "");
    let submit =
        |name: &str, folder: &str| repo.docset(&["submit", name]).inside(folder).outcome().code;
    assert_eq!(submit("a.md", "docs"), 0);
    assert_eq!(submit("./docs/a.md", "."), 0);
    assert_eq!(submit("docs/a.md", "docs"), 0, "from the root");
    assert_eq!(submit("b.md", "docs"), 2);
    assert_eq!(submit("../../../etc/passwd", "docs"), 2);
}

#[test]
fn an_owner_has_a_name_that_can_be_seen() {
    let repo = one_page("in-review", "");
    for name in ["", " ", "\u{200b}", "\u{202e}octavia", "a\nb", "---"] {
        let by = format!("--by={name}");
        let arguments = ["approve", "PG-0001", &by, "--request-id", "1"];
        assert_eq!(repo.docset(&arguments).outcome().code, 2, "{name:?}");
    }
    assert!(repo.read("docs/a.md").contains("status: in-review\n"));
}
