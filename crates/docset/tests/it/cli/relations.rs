//! The map and the index say what front matter says of issues and pull requests, and
//! nothing else: the test reads the documents with code of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::harness::Repo;

/// `Issue` or `PR`, its number, and the path of a document.
type Relation = (&'static str, u64, String);

#[test]
fn a_small_tree() {
    let stated = compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/views"), 10);
    let other = |path: &str| (stated.iter().filter(|relation| relation.2 == path)).count();
    assert_eq!(other("docs/adr/0002-small.md"), 4);
    assert_eq!(other("docs/glossary.md"), 0);
}

#[test]
fn the_example() {
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/acme"), 12);
}

#[test]
fn a_real_tree() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = std::env::var_os("COUNTERSIGN_CORPUS").map_or_else(beside, PathBuf::from);
    let tree = corpus.join("platform-docs");
    if !tree.exists() {
        println!("not tested: there is no `{}`", tree.display());
        return;
    }
    let stated = compare(&tree, 100);
    println!("{} relations", stated.len());
}

/// Adopts a copy of `tree` and compares; there must be `least` relations at least.
fn compare(tree: &Path, least: usize) -> BTreeSet<Relation> {
    let repo = Repo::new(&[]);
    let mut stated = BTreeSet::new();
    copy(tree, tree, &repo, &mut stated);
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

/// Copies the files below `folder` and notes what their front matter says.
fn copy(root: &Path, folder: &Path, repo: &Repo, stated: &mut BTreeSet<Relation>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            copy(root, &path, repo, stated);
            continue;
        }
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        repo.write(&name, &text);
        if name.ends_with(".md") && name.starts_with("docs/") {
            let head = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n"));
            stated.extend(relations(head.unwrap_or_default().0, &name));
        }
    }
}

/// The numbers behind `related_issues:` and `related_prs:`, on the line or below it.
fn relations(front_matter: &str, path: &str) -> Vec<Relation> {
    let mut relations = Vec::new();
    let mut kind = "";
    for line in front_matter.lines() {
        let values = match line.split_once(':') {
            Some(("related_issues", values)) => {
                kind = "Issue";
                values
            }
            Some(("related_prs", values)) => {
                kind = "PR";
                values
            }
            None if line.trim_start().starts_with("- ") => line,
            _ => {
                kind = "";
                ""
            }
        };
        let numbers = values.split(|char: char| !char.is_ascii_digit());
        let numbers = numbers.filter_map(|digits| digits.parse().ok());
        if !kind.is_empty() {
            relations.extend(numbers.map(|number| (kind, number, path.to_owned())));
        }
    }
    relations
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
            assert!(found.insert((kind, number.parse().unwrap(), path)), "{cells:?}");
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
                let relation = (kind, number.parse().unwrap(), path.clone());
                assert!(found.insert(relation), "{cells:?}");
            }
        }
    }
    found
}
