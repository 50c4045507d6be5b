//! `docset report`: one page that stands alone.

use super::harness::{Repo, altered, index};

const REPORT: &str = "docs/_index/report.html";

fn tree() -> Repo {
    let hostile = r#""</title><script>alert(1)</script> \" onload='x' & \u202e""#;
    let brief = |keys: &str| {
        let text = index("BRF-0001", "").replace("type: index", "type: brief");
        let text = text.replace("status: draft", "status: approved");
        text.replace("owner_role: KM", &format!("owner_role: PM\nrelated_issues: [12]\n{keys}"))
    };
    let digest = format!("  digest: sha256:{}", "ab".repeat(32));
    let approvals = "approvals:\n  status: approved\n  request_id: APR-1\n  approved_by: <ann>\n  \
                     approved_at: 2026-02-03\n";
    Repo::new(&[
        ("docs/a.md", &altered("IDX-0011", "title: Guide", &format!("title: {hostile}"))),
        ("docs/b (1).md", &brief(&format!("{approvals}{digest}"))),
        ("docs/c.md", &brief(approvals.trim_end()).replace("BRF-0001", "BRF-0002")),
        ("docs/e.md", &brief("version: 1").replace("BRF-0001", "BRF-0003")),
        (
            "docs/d.md",
            &altered("IDX-0012", "owner_role: KM", "owner_role: KM\nsupersedes: IDX-0011"),
        ),
    ])
}

#[test]
fn what_documents_say_stays_text() {
    let repo = tree();
    let outcome = repo.docset(&["report"]).outcome();
    assert_eq!(outcome.code, 0, "{outcome}");
    let page = repo.read(REPORT);
    let shown =
        "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot; onload=&#39;x&#39; &amp;";
    assert!(page.contains(&format!("<td>{shown}</td>")), "{page}");
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(!page.contains('\u{202e}'));
}

#[test]
fn the_page_needs_no_network() {
    let repo = tree();
    assert_eq!(repo.docset(&["report"]).outcome().code, 0);
    let page = repo.read(REPORT);
    for outside in ["http:", "https:", "src=", "@import", "url(", "unsafe-inline", "style="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn approvals_and_the_matrix_are_there() {
    let repo = tree();
    assert_eq!(repo.docset(&["report"]).outcome().code, 0);
    let page = repo.read(REPORT);
    let brief = "<a href=\"../b%20%281%29.md\" title=\"Guide\">BRF-0001</a>";
    let stale = "<span class=\"badge stale\">stale</span>";
    let row = format!(
        "<th scope=\"row\">Issue 12</th><td data-stage=\"intake\"><ul><li>{brief} {stale}</li>"
    );
    assert!(page.contains(&row), "{page}");
    let unbound = "<span class=\"badge unbound\">unbound</span></td><td>&lt;ann&gt;, ";
    assert!(page.contains(unbound), "{page}");
    assert!(page.contains("<path class=\"supersedes\""));
}

#[test]
fn approvals_that_do_not_count_come_first_and_say_why() {
    let repo = tree();
    assert_eq!(repo.docset(&["report"]).outcome().code, 0);
    let page = repo.read(REPORT);
    let (_, section) = page.split_once("<section id=\"attention\"").unwrap();
    let (section, rest) = section.split_once("</section>").unwrap();
    assert!(rest.contains("<section id=\"issues\""));
    let items: Vec<String> = section
        .split("<li ")
        .skip(1)
        .map(|item| {
            let texts = item.split('<').filter_map(|part| part.split('>').nth(1)).map(str::trim);
            texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" | ")
        })
        .collect();
    insta::assert_snapshot!(items.join("\n"), @r"
    stale | BRF-0001 | Guide | the document changed after it was approved (&lt;ann&gt;, 2026-02-03)
    unbound | BRF-0002 | Guide | there is no `digest` of what was approved (&lt;ann&gt;, 2026-02-03)
    forged | BRF-0003 | Guide | status is `approved`, but no approval is recorded
    ");
    for document in ["docs/b (1).md", "docs/c.md", "docs/e.md"] {
        repo.remove(document);
    }
    assert_eq!(repo.docset(&["report"]).outcome().code, 0);
    assert!(!repo.read(REPORT).contains("id=\"attention\""));
}

#[test]
fn a_stale_report_fails_the_check() {
    let repo = tree();
    assert_eq!(repo.docset(&["report", "--output", "r.html"]).outcome().code, 0);
    let check = ["report", "--output", "r.html", "--check"];
    assert_eq!(repo.docset(&check).outcome().code, 0);
    assert!(repo.read("r.html").contains("href=\"docs/c.md\""));
    repo.remove("docs/c.md");
    let outcome = repo.docset(&check).outcome();
    assert_eq!(outcome.code, 1, "{outcome}");
}

#[test]
fn a_tree_too_large_for_a_picture_has_none() {
    let repo = tree();
    for number in 100..520 {
        let text = altered("IDX-0013", "owner_role: KM", "owner_role: KM\nrelated_issues: [1]");
        repo.write(&format!("docs/m/{number}.md"), text);
    }
    assert_eq!(repo.docset(&["report"]).outcome().code, 0);
    let page = repo.read(REPORT);
    assert!(!page.contains("<svg") && page.contains("docset graph"));
}

#[test]
fn what_the_report_did_not_write_is_not_overwritten() {
    let repo = tree();
    let configuration = "docs: {include: [docs]}\n";
    repo.write("countersign.yaml", configuration);
    repo.write("mine.html", "<!doctype html>\n<html lang=\"en\">\n<head>\n<title>Mine</title>\n");
    for path in ["docs/a.md", "countersign.yaml", "mine.html"] {
        let before = repo.read(path);
        for command in ["report", "graph"] {
            let outcome = repo.docset(&[command, "--output", path]).outcome();
            assert_eq!(outcome.code, 2, "{outcome}");
            assert!(outcome.stderr.contains("did not write it"), "{outcome}");
        }
        assert_eq!(repo.read(path), before);
    }
    for command in ["map", "index", "report", "graph"] {
        let outcome = repo.docset(&[command, "--output", ".git/new"]).outcome();
        assert_eq!(outcome.code, 2, "{outcome}");
        assert!(!repo.exists(".git/new"));
    }
    // An earlier report is, with whatever line ends it was checked out.
    assert_eq!(repo.docset(&["report"]).outcome().code, 0);
    repo.write(REPORT, repo.read(REPORT).replace('\n', "\r\n"));
    assert_eq!(repo.docset(&["report"]).outcome().code, 0);
    assert!(!repo.read(REPORT).contains('\r'));
}
