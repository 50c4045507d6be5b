//! The map and the index say what front matter says of issues and pull requests, and
//! nothing else: a script in another language reads the documents.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::harness::Repo;

/// `Issue` or `PR`, its number, and the path of a document.
type Relation = (String, u64, String);

/// Counts relations without any code of ours.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/views/relations.py");

#[test]
fn a_small_tree() {
    let stated = compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/views"), 10);
    let other = |path: &str| (stated.iter().filter(|relation| relation.2 == path)).count();
    assert_eq!(other("docs/adr/0002-small.md"), 4);
    assert_eq!(other("docs/glossary.md"), 0);
}

#[test]
fn the_example() {
    let stated = compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/acme"), 12);
    // Counted by eye, too.
    let issue = stated.iter().filter(|(kind, number, _)| kind == "Issue" && *number == 41);
    assert_eq!((issue.count(), stated.len()), (17, 18), "{stated:?}");
}

/// A tree that somebody wrote who knew nothing of this program. It is not part of the
/// repository: `COUNTERSIGN_CORPUS` names the folder that holds it, or it stands beside
/// the checkout.
#[test]
fn a_real_tree() {
    let named = std::env::var_os("COUNTERSIGN_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let tree = named.clone().unwrap_or(beside).join("platform-docs");
    if !tree.exists() {
        // Whoever names a corpus wants it looked at.
        assert!(named.is_none(), "COUNTERSIGN_CORPUS: there is no `{}`", tree.display());
        // Not with `println!`: that is shown only when a test fails.
        let warning = format!(
            "\nNOT TESTED: relations of a real tree: there is no `{}`; COUNTERSIGN_CORPUS names \
             another folder\n",
            tree.display()
        );
        std::io::stderr().write_all(warning.as_bytes()).unwrap();
        return;
    }
    let stated = compare(&tree, 100);
    let count = format!("\n{} relations in `{}`\n", stated.len(), tree.display());
    std::io::stderr().write_all(count.as_bytes()).unwrap();
}

/// Adopts a copy of `tree` and compares; there must be `least` relations at least.
fn compare(tree: &Path, least: usize) -> BTreeSet<Relation> {
    let repo = Repo::new(&[]);
    copy(tree, tree, &repo);
    let stated = relations(&repo.path(""));
    assert!(stated.len() >= least, "only {} relations", stated.len());
    if !repo.exists("countersign.yaml") {
        let adopted = repo.docset(&["adopt"]).outcome();
        assert_eq!(adopted.code, 0, "{adopted}");
    }
    for view in ["map", "index"] {
        let written = repo.docset(&[view]).outcome();
        assert_eq!(written.code, 0, "{written}");
    }
    assert_eq!(in_map(&repo.read("docs/_index/issue_map.md")), stated);
    assert_eq!(in_index(&repo.read("docs/_index/index.md")), stated);
    let checked = repo.check(&["--format", "concise"]);
    assert_eq!(checked.code, 0, "{checked}");
    assert!(!checked.stdout.contains("_index"), "{checked}");
    stated
}

/// Copies the files below `folder`.
fn copy(root: &Path, folder: &Path, repo: &Repo) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            copy(root, &path, repo);
            continue;
        }
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        repo.write(&name, fs::read(&path).unwrap());
    }
}

/// What the script finds below `docs` in `root`.
fn relations(root: &Path) -> BTreeSet<Relation> {
    let output = Command::new("python3").arg(SCRIPT).arg(root).output();
    let Ok(output) = output else { panic!("python3 is needed, to count without our code") };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8(output.stdout).unwrap();
    let relation = |line: &str| {
        let mut parts = line.splitn(3, '\t');
        let mut part = || parts.next().unwrap().to_owned();
        (part(), part().parse().unwrap(), part())
    };
    let lines: Vec<&str> = text.lines().collect();
    let found: BTreeSet<Relation> = lines.iter().map(|line| relation(line)).collect();
    assert_eq!(found.len(), lines.len(), "the script counts something twice");
    found
}

/// The cells of the lines of tables.
fn rows(page: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = page.lines().filter(|line| line.starts_with("| ") && !line.contains("---"));
    lines.map(|line| {
        // An escaped bar is text.
        let mut cells = Vec::new();
        let (mut from, mut before) = (1, ' ');
        for (at, char) in line.char_indices().skip(1) {
            if char == '|' && before != '\\' {
                cells.push(line[from..at].trim());
                from = at + 1;
            }
            before = char;
        }
        cells
    })
}

/// The paths that a cell of a page in `docs/_index` links to.
fn targets(cell: &str) -> Vec<String> {
    let links = cell.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    links
        .map(|link| {
            let path = link.replace("%20", " ").replace("%28", "(").replace("%29", ")");
            match path.strip_prefix("../") {
                Some(path) => format!("docs/{path}"),
                None => format!("docs/_index/{path}"),
            }
        })
        .collect()
}

fn in_map(page: &str) -> BTreeSet<Relation> {
    let mut found = BTreeSet::new();
    for cells in rows(page).filter(|cells| cells[0] != "Issue/PR") {
        let (kind, number) = cells[0].split_once(' ').unwrap();
        let kind = if kind == "PR" { "PR" } else { "Issue" };
        for path in cells[1..].iter().flat_map(|cell| targets(cell)) {
            let relation = (kind.to_owned(), number.parse().unwrap(), path);
            assert!(found.insert(relation), "{cells:?}");
        }
    }
    found
}

fn in_index(page: &str) -> BTreeSet<Relation> {
    let mut found = BTreeSet::new();
    for cells in rows(page).filter(|cells| cells[0] != "Id") {
        let path = &targets(cells[0])[0];
        for (kind, numbers) in [("Issue", cells[4]), ("PR", cells[5])] {
            for number in numbers.split(", ").filter(|number| !number.is_empty()) {
                let relation = (kind.to_owned(), number.parse().unwrap(), path.clone());
                assert!(found.insert(relation), "{cells:?}");
            }
        }
    }
    found
}
