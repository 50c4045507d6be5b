//! `docset abandon`, and what is left when it is killed.

use std::time::Duration;

use insta::assert_snapshot;

use super::harness::Repo;
use super::life::{CONFIG, decision, does, is_clean, page, run};

fn issues(id: &str, status: &str, numbers: &str) -> String {
    page(id, status, &format!("related_issues: {numbers} # why\n"))
}

fn some() -> Repo {
    let retired = decision("ADR-0001", "deprecated", "related_issues: [12]\n");
    Repo::new(&[
        CONFIG,
        ("docs/a.md", &issues("PG-0001", "draft", "[12]")),
        ("docs/b.md", &issues("PG-0002", "in-review", "[12, 12]")),
        ("docs/c.md", &issues("PG-0003", "draft", "[12, 13]")),
        ("docs/d.md", &issues("PG-0004", "draft", "[13, 14]")),
        ("docs/e.md", &retired),
    ])
}

#[test]
fn what_only_the_issue_needs_is_abandoned() {
    let repo = some();
    repo.write("docs/b.md", repo.read("docs/b.md").replace("[12, 12]", "[12]"));
    assert_snapshot!(does(&repo, "abandon --issue 12"), @"
    exit 0
    --- stdout
    docs/a.md: PG-0001 was `draft`, is `abandoned`
    docs/b.md: PG-0002 was `in-review`, is `abandoned`
    docs/c.md: PG-0003 is left alone: issue 13 needs it, too
    docs/e.md: ADR-0001 is `deprecated` already
    ");
    assert!(repo.read("docs/a.md").contains("status: abandoned\n"));
    for (path, status) in [("c", "draft"), ("d", "draft"), ("e", "deprecated")] {
        assert!(repo.read(&format!("docs/{path}.md")).contains(&format!("status: {status}\n")));
    }
    // Once more, and with the other issue closed.
    assert_snapshot!(does(&repo, "abandon --issue 12 --closed 13"), @"
    exit 0
    --- stdout
    docs/c.md: PG-0003 was `draft`, is `abandoned`
    docs/a.md: PG-0001 is `abandoned` already
    docs/b.md: PG-0002 is `abandoned` already
    docs/e.md: ADR-0001 is `deprecated` already
    ");
    assert!(repo.read("docs/c.md").contains("status: abandoned\n"));
}

#[test]
fn an_issue_that_nobody_names_is_a_mistake() {
    assert_snapshot!(run(&some(), "abandon --issue 15"), @"
    exit 2
    --- stderr
    error: no document names issue 15 in `related_issues`; the nearest that are named: 14, 13, 12
    ");
    assert_eq!(run(&some(), "abandon --issue 0").code, 2);
}

#[test]
fn one_document_that_cannot_be_changed_stops_all() {
    let repo = some();
    repo.write("docs/b.md", repo.read("docs/b.md").replace("in-review", "waiting"));
    assert_snapshot!(run(&repo, "abandon --issue 12"), @"
    exit 1
    --- stderr
    error: docs/b.md:5:9: PG-0002: the type `page` has no status `waiting`
      help: use one of abandoned, approved, draft, in-review, obsolete, superseded
    nothing was written
    ");
    assert!(repo.read("docs/a.md").contains("status: draft\n"));
}

#[test]
fn a_dry_run_writes_nothing() {
    let repo = some();
    let outcome = run(&repo, "abandon --issue 12 --dry-run");
    assert!(outcome.code == 0 && outcome.stdout.contains("+status: abandoned\n"), "{outcome}");
    assert!(outcome.stderr.starts_with("note: docs/c.md: PG-0003 is left alone"), "{outcome}");
    assert!(repo.read("docs/a.md").contains("status: draft\n"));
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_stays_one() {
    let repo = Repo::new(&[CONFIG, ("docs/a.md", &issues("PG-0001", "draft", "[12]"))]);
    std::os::unix::fs::symlink("a.md", repo.path("docs/b.md")).unwrap();
    let outcome = run(&repo, "abandon --issue 12");
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(repo.path("docs/b.md").is_symlink());
    assert!(repo.read("docs/a.md").contains("status: abandoned\n"));
}

/// Killed at any moment, each file is old or new, and the same command ends the work.
#[test]
fn a_kill_leaves_whole_files_and_the_next_run_ends_the_work() {
    const FILES: usize = 60;
    let names: Vec<String> = (0..FILES).map(|n| format!("docs/{n:02}.md")).collect();
    let old = |n: usize| issues(&format!("PG-{:04}", n + 1), "draft", "[12]");
    let new = |n: usize| old(n).replace("status: draft", "status: abandoned");
    let repo = Repo::new(&[CONFIG]);
    let mut halves = 0;
    for round in 0..12 {
        for (n, name) in names.iter().enumerate() {
            repo.write(name, old(n));
        }
        let mut child = repo.docset(&["abandon", "--issue", "12"]).into_command().spawn().unwrap();
        // Begins to write when the first file is new; then some time later.
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        while repo.read(&names[0]) == old(0) && std::time::Instant::now() < deadline {
            std::hint::spin_loop();
        }
        std::thread::sleep(Duration::from_micros(round * 300));
        child.kill().unwrap();
        child.wait().unwrap();
        let changed = names.iter().enumerate().filter(|(n, name)| {
            let text = repo.read(name);
            assert!(text == old(*n) || text == new(*n), "torn: {text:?}");
            text == new(*n)
        });
        let changed = changed.count();
        halves += usize::from(changed > 0 && changed < FILES);
        does(&repo, "abandon --issue 12");
        assert!(names.iter().enumerate().all(|(n, name)| repo.read(name) == new(n)));
    }
    is_clean(&repo);
    assert!(halves > 0, "no kill came in the middle");
}
