//! Several writers on one repository: they take turns, whatever they are.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use countersign_docset::Checker;
use countersign_docset::edit::FolderLock;
use countersign_docset::record::Subject;
use countersign_docset::view::is_about;

use super::harness::Repo;
use super::life::{CONFIG, is_clean, page, run};

const ISSUE: &str = "docs/_docset/issues/issue-12.yaml";

fn repo() -> Repo {
    let pages: Vec<(String, String)> = (1..=8)
        .map(|n| {
            let text = page(&format!("PG-{n:04}"), "in-review", "related_issues: [12]\n");
            (format!("docs/{n}.md"), text)
        })
        .collect();
    let mut files: Vec<(&str, &str)> = vec![CONFIG];
    files.extend(pages.iter().map(|(path, text)| (&**path, &**text)));
    Repo::new(&files)
}

fn start(repo: &Repo, line: &str) -> Child {
    let arguments: Vec<&str> = line.split(' ').collect();
    let mut command = repo.docset(&arguments).into_command();
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

#[track_caller]
fn ends(child: Child, line: &str) {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line}: {said}");
}

/// Every command that changes what is there.
const WRITERS: [&str; 13] = [
    "sync issue 12",
    "sync pr 5",
    "new adr --title Tokens --issue 12",
    "submit PG-0001",
    "approve PG-0002 --by octavia --request-id REQ-1",
    "request-changes PG-0003 --by octavia",
    "supersede PG-0009 PG-0004",
    "abandon --issue 13",
    "rethink --issue 12 --to intake",
    "map",
    "index",
    "report",
    "check --fix docs/1.md",
];

#[test]
fn whoever_writes_waits_for_whoever_writes() {
    let repo = repo();
    let over = "supersedes: []\nrelated_issues: [14]\n";
    let approved = "approvals:\n  status: approved\n  request_id: R\n  approved_by: o\n  \
                    approved_at: 2026-01-03\n";
    repo.write("docs/9.md", page("PG-0009", "approved", &format!("{over}{approved}")));
    repo.write("docs/10.md", page("PG-0010", "draft", "related_issues: [13]\n"));
    let held = FolderLock::wait(&repo.path(""), || {}).unwrap();
    let mut children: Vec<(Child, &str)> =
        WRITERS.iter().map(|line| (start(&repo, line), *line)).collect();
    // What only looks does not wait, and takes as long as they would.
    for line in ["verify", "sync issue 12 --check", "map --check", "abandon --issue 13 --dry-run"] {
        assert_ne!(run(&repo, line).code, 2, "{line}");
    }
    std::thread::sleep(Duration::from_millis(200));
    for (child, line) in &mut children {
        assert!(child.try_wait().unwrap().is_none(), "`{line}` did not wait");
    }
    assert!(!repo.exists("docs/_docset") && !repo.exists("docs/_index"));
    drop(held);
    for (child, line) in children {
        ends(child, line);
    }
}

#[test]
fn entries_of_two_writers_are_all_there_once() {
    for round in 0..4 {
        let repo = repo();
        let mut lines: Vec<String> = (1..=8)
            .map(|n| {
                format!("approve PG-{n:04} --by octavia --request-id REQ-{n} --date 2026-02-03")
            })
            .collect();
        lines.extend((0..4).map(|n| format!("new adr --title Number-{n} --issue 12")));
        lines.extend(
            ["sync issue 12 --stage arch", "sync issue 12 --profile full", "sync pr 5"]
                .map(str::to_owned),
        );
        lines.extend(["map", "index"].map(str::to_owned));
        let turn = round * 5 % lines.len();
        lines.rotate_left(turn);
        let children: Vec<Child> = lines.iter().map(|line| start(&repo, line)).collect();
        let deadline = Instant::now() + Duration::from_secs(120);
        for (child, line) in children.into_iter().zip(&lines) {
            ends(child, line);
            assert!(Instant::now() < deadline, "they wait for each other");
        }
        for line in ["sync issue 12", "map", "index"] {
            assert_eq!(run(&repo, line).code, 0, "{line}");
        }
        let docset = repo.read(ISSUE);
        let records = Checker::open(repo.path("")).unwrap().records();
        let related = records.by_path.values().filter(|one| is_about(one, Subject::Issue(12)));
        let ids: BTreeSet<&str> = related.map(|record| &*record.id).collect();
        assert_eq!(ids.len(), 12, "eight pages, four decisions: {ids:?}");
        for id in ids {
            assert_eq!(docset.matches(&format!("  - {{id: {id}, path:")).count(), 1, "{docset}");
        }
        assert_eq!(docset.matches("status: approved, digest").count(), 8, "{docset}");
        assert!(docset.contains("stage: arch\n"), "{docset}");
        let checked = run(&repo, "verify");
        assert!(checked.stdout.ends_with("8 approved\n"), "{checked}");
    }
}

#[test]
fn two_returns_at_once_make_one_new_version() {
    let repo = repo();
    let text = page("PG-0001", "in-review", "related_issues: [12]\n");
    repo.write("countersign.yaml", CONFIG.1.replace("prefixes", "stage: vision, prefixes"));
    repo.write("docs/1.md", text);
    let approve = "approve PG-0001 --by octavia --request-id REQ-1 --date 2026-02-03";
    assert_eq!(run(&repo, approve).code, 0);
    let line = "rethink --issue 12 --to vision --date 2026-02-04";
    let children: Vec<Child> = (0..6).map(|_| start(&repo, line)).collect();
    for child in children {
        ends(child, line);
    }
    let records = Checker::open(repo.path("")).unwrap().records();
    assert_eq!(records.by_path.len(), 9);
    assert_eq!(records.by_path["docs/1.md"].superseded_by, ["PG-0009"]);
    is_clean(&repo);
}
