//! Processes that are killed at any moment: what they leave is whole, and the next run
//! ends the work. `abandon` has a test of its own.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use countersign_docset::Checker;

use super::harness::Repo;
use super::life::{CONFIG, is_clean, page, run};

const ISSUE: &str = "docs/_docset/issues/issue-12.yaml";

/// All files but what a killed process may leave beside a document, by path.
fn files(root: &Path) -> BTreeMap<String, String> {
    fn below(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                below(root, &path, files);
            } else if !name.to_str().unwrap().starts_with(".countersign-") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    below(root, root, &mut files);
    files
}

/// Puts the files back as they were.
fn restore(repo: &Repo, wanted: &BTreeMap<String, String>) {
    for path in files(&repo.path("")).keys().filter(|path| !wanted.contains_key(*path)) {
        repo.remove(path);
    }
    for (path, text) in wanted {
        repo.write(path, text);
    }
}

/// Kills runs of `line` at random moments of the time that it takes. Calls `look` with
/// the files after each kill, and again with those after a run that was left alone,
/// which must always be the same.
fn kill_at_random(repo: &Repo, line: &str, rounds: u32, look: impl Fn(&BTreeMap<String, String>)) {
    let root = repo.path("");
    let before = files(&root);
    let arguments: Vec<&str> = line.split(' ').collect();
    let began = Instant::now();
    assert_eq!(run(repo, line).code, 0, "{line}");
    let whole = began.elapsed();
    let after = files(&root);
    assert_ne!(before, after, "{line} changes nothing");
    let (mut halves, mut seen) = (0, 0);
    let random = RandomState::new();
    for round in 0..rounds {
        restore(repo, &before);
        let part = random.hash_one(round) % 1000;
        let mut command = repo.docset(&arguments).into_command();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Most of the time goes into reading: every other kill waits for the first
        // write, so that it comes in the middle of writing.
        let began = Instant::now();
        if round % 2 == 1 {
            while files(&root) == before && began.elapsed() < Duration::from_secs(20) {
                std::hint::spin_loop();
            }
            std::thread::sleep(Duration::from_micros(part * 20));
        } else {
            std::thread::sleep(whole.mul_f64(part as f64 / 1000.0));
        }
        let _ = child.kill();
        child.wait().unwrap();
        let left = files(&root);
        for (path, text) in &left {
            let whole = before.get(path) == Some(text) || after.get(path) == Some(text);
            assert!(whole, "round {round}: `{path}` is torn: {text:?}");
        }
        for path in before.keys() {
            assert!(left.contains_key(path), "round {round}: `{path}` is lost");
        }
        seen += usize::from(left != before);
        halves += usize::from(left != before && left != after);
        look(&left);
        assert_eq!(run(repo, line).code, 0, "round {round}: {line}");
        assert_eq!(files(&root), after, "round {round}");
    }
    look(&after);
    assert!(seen > 0, "no kill came after a write");
    // One file alone is never half written, and between two there is hardly time.
    let many = after.iter().filter(|(path, text)| before.get(*path) != Some(text)).count() > 2;
    assert!(halves > 0 || !many, "no kill came in the middle");
}

fn pages(config: &str, count: usize, status: &str) -> Repo {
    let pages: Vec<(String, String)> = (1..=count)
        .map(|n| {
            let text = page(&format!("PG-{n:04}"), status, "related_issues: [12] # why\n");
            (format!("docs/pg-{n:04}-words.md"), text)
        })
        .collect();
    let mut files: Vec<(&str, &str)> = vec![("countersign.yaml", config)];
    files.extend(pages.iter().map(|(path, text)| (&**path, &**text)));
    Repo::new(&files)
}

#[test]
fn a_killed_return_has_no_second_version_and_no_lost_document() {
    let config = CONFIG.1.replace("prefixes", "stage: vision, prefixes");
    let repo = pages(&config, 12, "in-review");
    let ids: Vec<String> = (1..=12).map(|n| format!("PG-{n:04}")).collect();
    let approve =
        format!("approve {} --by octavia --request-id REQ-1 --date 2026-02-03", ids.join(" "));
    assert_eq!(run(&repo, &approve).code, 0);
    assert_eq!(run(&repo, "sync issue 12").code, 0);
    let line = "rethink --issue 12 --to vision --date 2026-02-04";
    kill_at_random(&repo, line, 24, |files| {
        // Who is superseded has a successor, and nobody has two.
        for (path, text) in files {
            let successor = text.split_once("superseded_by: [").map(|(_, rest)| &rest[..7]);
            if let Some(successor) = successor {
                let id = format!("doc_id: {successor}\n");
                let count = files.values().filter(|text| text.contains(&id)).count();
                assert_eq!(count, 1, "{path}: {successor}");
            }
            let id = text.lines().nth(1).unwrap_or_default().replace("doc_id: ", "");
            let claims = format!("supersedes: [{id}]\n");
            assert!(files.values().filter(|text| text.contains(&claims)).count() < 2, "{path}");
        }
    });
    is_clean(&repo);
    let records = Checker::open(repo.path("")).unwrap().records();
    assert_eq!(records.by_path.len(), 24);
    let docset = repo.read(ISSUE);
    for id in records.by_path.values().map(|record| &record.id) {
        assert_eq!(docset.matches(&format!("  - {{id: {id}, path:")).count(), 1, "{docset}");
    }
}

#[test]
fn a_killed_sync_leaves_whole_files_with_every_entry_once() {
    let repo = pages(CONFIG.1, 12, "draft");
    let made = run(&repo, "new docset-issue --title Docs --issue 12 --date 2026-01-02");
    let docset_page = made.stdout.trim_end().to_owned();
    repo.write(ISSUE, "# Ours.\nnotes: [kept]\n");
    kill_at_random(&repo, "sync issue 12", 24, |files| {
        let docset = &files[ISSUE];
        assert!(docset.starts_with("# Ours.\nnotes: [kept]\n"), "{docset}");
        let entries = docset.matches("  - {id: PG-").count();
        assert!(entries == 0 || entries == 12, "{docset}");
        let rows = files[&docset_page].matches("| [PG-").count();
        assert!(rows == 0 || rows == 12, "{rows}");
    });
    assert_eq!(run(&repo, "sync issue 12 --check").code, 0);
}

#[test]
fn a_killed_approval_counts_or_is_not_there() {
    let repo = pages(CONFIG.1, 12, "in-review");
    let ids: Vec<String> = (1..=12).map(|n| format!("PG-{n:04}")).collect();
    let line =
        format!("approve {} --by octavia --request-id REQ-1 --date 2026-02-03", ids.join(" "));
    kill_at_random(&repo, &line, 16, |_| {
        let verified = run(&repo, "verify");
        assert_eq!(verified.code, 0, "{verified}");
    });
    is_clean(&repo);
}
