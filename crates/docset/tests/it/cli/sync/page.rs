//! Docset pages in Markdown, which `docset sync` keeps the tables of.

use insta::assert_snapshot;

use super::{PR, document, repo, sync};
use crate::cli::harness::Repo;
use crate::templates::filled;

/// A repository with a docset page that `docset new` made, all filled in.
fn with_page(kind: &str, of: &[&str]) -> (Repo, String) {
    let repo = repo();
    let arguments = [&["new", kind, "--title", "Docs", "--date", "2026-01-02"], of].concat();
    let made = repo.docset(&arguments).outcome();
    assert_eq!(made.code, 0, "{made}");
    let path = made.stdout.trim_end().to_owned();
    let text = repo.read(&path);
    let url = if kind == "docset-pr" { "pull request" } else { "issue" };
    let url = format!("<web address of the {url}>");
    let text = text.replace("<owner/name>", "acme/other").replace(&url, "https://example.com/12");
    repo.write(&path, text);
    (repo, path)
}

#[test]
fn a_page_of_an_issue_gets_its_tables() {
    let (repo, path) = with_page("docset-issue", &["--issue", "12"]);
    let before = repo.read(&path);
    let run = repo.docset(&["sync", "issue", "12"]).env("SOURCE_DATE_EPOCH", "1767916800");
    assert_snapshot!(run.outcome(), @"
    exit 0
    --- stdout
    wrote `docs/_docset/issues/ds-issue-0001-docs.md`
    wrote `docs/_docset/issues/issue-12.yaml`
    ");
    let text = repo.read(&path);
    let (_, part) = text.split_once("up to the end mark -->\n\n").unwrap();
    let (part, _) = part.split_once("<!-- end").unwrap();
    assert_snapshot!(part, @r#"
    Profile full, stage plan.

    | Document | Title | Type | Status | Approval |
    | --- | --- | --- | --- | --- |
    | [ADR-0001](../../adr.md) | Yes: "no" | adr | proposed | open |
    | [BRF-0001](../../brief.md) | Guide | brief | draft | open |
    | [PLN-0001](../../plan.md) | Guide | delivery-plan | draft | open |

    | Required | Stage | State | Documents |
    | --- | --- | --- | --- |
    | brief | intake | draft | BRF-0001 |
    | constraints | intake | missing | |
    | personas | intake | missing | |
    | problem | intake | missing | |
    | scope | intake | missing | |
    | charter | vision | missing | |
    | risks | vision | missing | |
    | success-metrics | vision | missing | |
    | prd | prd | missing | |
    | adr | arch | draft | ADR-0001 |
    | alternatives | arch | missing | |
    | c4-container | arch | missing | |
    | c4-context | arch | missing | |
    | nfr | arch | missing | |
    | api-contract | design | missing | |
    | data-model | design | missing | |
    | design-doc | design | missing | |
    | migrations-policy | design | missing | |
    | definition-of-done | plan | missing | |
    | delivery-plan | plan | draft | PLN-0001 |
    | epic | plan | missing | |
    | roadmap | plan | missing | |
    | story | plan | missing | |

    Pull requests: 5, 7.

    Decisions: [ADR-0001](../../adr.md) (proposed).
    "#);
    assert!(text.contains("updated_at: 2026-01-09\n"), "{text}");
    // The rest is what it was, the address that somebody wrote as well.
    let rest = text.replace(part, "").replace("mark -->\n\n<!--", "mark -->\n<!--");
    assert_eq!(rest.replace("2026-01-09", "2026-01-02"), before);
    // The file lists the page with the digest that it has now, and nothing is left to do.
    let day = ("SOURCE_DATE_EPOCH", "1777916800");
    let again = repo.docset(&["sync", "issue", "12", "--check"]).env(day.0, day.1).outcome();
    assert_eq!(again.code, 0, "{again}");
    assert_eq!(repo.docset(&["sync", "issue", "12"]).env(day.0, day.1).outcome().code, 0);
    assert_eq!(repo.read(&path), text);
    // A document comes: both are stale, and both are said to be.
    repo.write("docs/more.md", document("SCP-0001", "scope", "related_issues: [12]"));
    let stale = sync(&repo, &["issue", "12", "--check"]);
    assert_eq!(stale.code, 1);
    assert_eq!(stale.stderr.matches("is stale").count(), 2, "{stale}");
    // The repository is said once, and what is written by hand there gives way.
    assert_eq!(sync(&repo, &["issue", "12", "--repo", "acme/shop"]).code, 0);
    let text = repo.read(&path);
    assert!(text.contains("  repo: acme/shop\n"), "{text}");
    assert!(text.contains("https://github.com/acme/shop/issues/12"), "{text}");
}

#[test]
fn a_page_of_a_pull_request_says_what_it_changes() {
    let (repo, path) = with_page("docset-pr", &["--pr", "5"]);
    repo.write("docs/_docset/issues/issue-12.yaml", "profile: quick-fix\nstage: plan\n");
    assert_eq!(sync(&repo, &["pr", "5"]).code, 0);
    let text = repo.read(&path);
    let (_, part) = text.split_once("up to the end mark -->\n\n").unwrap();
    assert_snapshot!(part.split_once("<!-- end").unwrap().0, @r#"
    Profile quick-fix, stage plan.

    | Document | Title | Type | Status | Approval | Changed |
    | --- | --- | --- | --- | --- | --- |
    | [ADR-0001](../../adr.md) | Yes: "no" | adr | proposed | open | |
    | [BRF-0001](../../brief.md) | Guide | brief | draft | open | |

    | Required | Stage | State | Documents |
    | --- | --- | --- | --- |
    | brief | intake | draft | BRF-0001 |
    | constraints | intake | missing | |
    | personas | intake | missing | |
    | problem | intake | missing | |
    | scope | intake | missing | |
    | definition-of-done | plan | missing | |
    | delivery-plan | plan | draft | PLN-0001 |
    | epic | plan | missing | |
    | roadmap | plan | missing | |
    | story | plan | missing | |

    Issues: 12.

    Decisions: [ADR-0001](../../adr.md) (proposed).
    "#);
    let file = repo.read(PR);
    assert!(file.contains("profile: quick-fix\nstage: plan\n"), "{file}");
    assert!(!file.contains("type: charter"), "{file}");
}

#[test]
fn a_page_without_a_place_or_with_an_approval_stays() {
    let (repo, path) = with_page("docset-issue", &["--issue", "12"]);
    let place = repo.read(&path);
    let none: String = place
        .lines()
        .filter(|line| !line.starts_with("<!--"))
        .map(|line| format!("{line}\n"))
        .collect();
    repo.write(&path, &none);
    let outcome = sync(&repo, &["issue", "12"]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(
        outcome.stderr.contains("it has no place for its documents: add the lines"),
        "{outcome}"
    );
    assert_eq!(repo.read(&path), none);
    repo.write(&path, filled(&place).replace("status: draft", "status: in-review"));
    let approve = ["approve", &path, "--by", "octavia", "--request-id", "REQ-1"];
    assert_eq!(repo.docset(&approve).outcome().code, 0);
    let approved = repo.read(&path);
    let outcome = sync(&repo, &["issue", "12"]);
    assert!(outcome.stderr.contains("it is approved, and stays what was approved"), "{outcome}");
    assert_eq!(repo.read(&path), approved);
    assert_eq!(sync(&repo, &["issue", "12", "--check"]).code, 0);
}
