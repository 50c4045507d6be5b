//! `docset init`: the document side of an empty repository.

use super::harness::Repo;

const CREATED: [&str; 7] = [
    "countersign.yaml",
    "docs/_docset/README.md",
    "docs/_docset/issues/.gitkeep",
    "docs/_docset/prs/.gitkeep",
    "docs/_index/README.md",
    "docs/templates/README.md",
    ".pre-commit-config.yaml",
];

/// A line per file.
fn lines(word: &str) -> String {
    CREATED.iter().map(|path| format!("{word:12}  {path}\n")).collect()
}

#[test]
fn an_empty_repository_gets_what_it_needs() {
    for language in ["en", "ru"] {
        let repo = Repo::new(&[]);
        let outcome = repo.docset(&["init", "--lang", language]).outcome();
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
        let next = "\nNext: docset new brief --title \"…\" --issue 1\n";
        assert_eq!(outcome.stdout, lines("created") + next);
        assert!(CREATED.iter().all(|path| repo.exists(path)));
        assert!(repo.read("countersign.yaml").contains(&format!("language: {language}")));
        let outcome = repo.check(&[]);
        assert_eq!(outcome.code, 0, "{outcome}");
        // The language holds for what is created later.
        let outcome = repo.docset(&["new", "brief", "--title", "X"]).outcome();
        assert_eq!(outcome.stdout, "docs/intake/brf-0001-x.md\n", "{outcome}");
        assert_eq!(repo.read("docs/intake/brf-0001-x.md").contains("## Цель"), language == "ru");
    }
}

#[test]
fn templates_are_not_checked() {
    let repo = Repo::new(&[("docs/templates/adr.md", "---\ndoc_id: {{ id }}\n---\n\n<what>\n")]);
    repo.docset(&["init"]).outcome();
    let outcome = repo.check(&[]);
    assert_eq!(outcome.code, 0, "{outcome}");
}

#[test]
fn what_is_there_is_left_alone() {
    let repo = Repo::new(&[]);
    repo.docset(&["init"]).outcome();
    repo.write("docs/_index/README.md", "Ours.\n");
    let before: Vec<String> = CREATED.iter().map(|path| repo.read(path)).collect();
    let outcome = repo.docset(&["init", "--lang", "ru"]).outcome();
    assert_eq!((outcome.code, outcome.stdout), (0, lines("left alone")));
    let after: Vec<String> = CREATED.iter().map(|path| repo.read(path)).collect();
    assert_eq!(before, after);
}

#[test]
fn a_folder_in_use_needs_no_keeper() {
    let repo = Repo::new(&[("docs/_docset/issues/issue-1.yaml", "")]);
    repo.docset(&["init"]).outcome();
    assert!(!repo.exists("docs/_docset/issues/.gitkeep"));
    assert!(repo.exists("docs/_docset/prs/.gitkeep"));
}

#[test]
fn a_dry_run_creates_nothing() {
    let repo = Repo::new(&[]);
    let outcome = repo.docset(&["init", "--dry-run"]).outcome();
    assert_eq!((outcome.code, outcome.stdout), (0, lines("would create")));
    assert!(!CREATED.iter().any(|path| repo.exists(path)) && !repo.exists("docs"));
}

#[test]
fn what_cannot_be_changed_is_to_be_added_by_hand() {
    let hooks = "repos:\n  - repo: local\n    hooks: []\n";
    let repo = Repo::new(&[("countersign.yaml", "docs: {}\n"), (".pre-commit-config.yaml", hooks)]);
    let outcome = repo.docset(&["init"]).outcome();
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(
        outcome
            .stdout
            .contains("Add to `.pre-commit-config.yaml`, below `repos:`:\n\n  - repo: local\n")
    );
    let addition = "docs:\n  exclude: [docs/templates]\n  plain: [\"**/README.md\"]\n";
    assert!(outcome.stdout.contains(addition), "{outcome}");
    assert_eq!(repo.read(".pre-commit-config.yaml"), hooks);
    // With it, the rest is created, and passes.
    repo.write("countersign.yaml", addition);
    let outcome = repo.docset(&["init"]).outcome();
    assert!(!outcome.stdout.contains("Not created"), "{outcome}");
    assert!(CREATED.iter().all(|path| repo.exists(path)), "{outcome}");
    assert_eq!(repo.check(&[]).code, 0);
}

#[test]
fn what_is_created_passes_under_every_configuration() {
    const NAMED: &str = "Not created, for `countersign.yaml` has them checked like documents: ";
    let document = "docs/_index/README.md";
    let configurations = [
        ("docs: {}\n", false),
        ("docs: {include: [docs]}\n", false),
        ("docs: {include: ['**/*.md']}\n", false),
        ("docs: {include: [.]}\n", false),
        ("process: {owners: [octavia]}\n", false),
        (
            "docs: {plain: ['docs/_index/*.md', 'docs/_docset/*.md'], exclude: [docs/templates]}\n",
            true,
        ),
    ];
    for (configuration, wanted) in configurations {
        let repo = Repo::new(&[("countersign.yaml", configuration), ("documents/a.txt", "")]);
        let dry = repo.docset(&["init", "--github", "--from", "acme/countersign", "--dry-run"]);
        let would = dry.outcome().stdout.replace("would create", "created     ");
        let outcome = repo.docset(&["init", "--github", "--from", "acme/countersign"]).outcome();
        assert_eq!(outcome.code, 0, "{configuration}{outcome}");
        assert_eq!(repo.exists(document), wanted, "{configuration}{outcome}");
        assert_eq!(outcome.stdout.contains(NAMED), !wanted, "{configuration}{outcome}");
        assert!(outcome.stdout.starts_with(&would), "{would}{outcome}");
        // That there is nothing to check is a fault of its own.
        repo.docset(&["new", "brief", "--title", "X"]).outcome();
        let checked = repo.check(&["--format", "concise"]);
        let mut faults = checked.stdout.lines().filter(|line| line.contains(": error["));
        assert!(faults.all(|line| line.contains("placeholder")), "{configuration}{checked}");
    }
}

#[test]
fn an_unknown_language_is_refused() {
    let repo = Repo::new(&[]);
    let outcome = repo.docset(&["init", "--lang", "rus"]).outcome();
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("did you mean `ru`?"), "{outcome}");
}

#[test]
fn a_broken_configuration_is_said_first() {
    let repo = Repo::new(&[("countersign.yaml", "docs: {langage: en}\n")]);
    let outcome = repo.docset(&["init"]).outcome();
    assert_eq!((outcome.code, &*outcome.stdout), (2, ""));
    assert!(outcome.stderr.contains("did you mean `language`?"), "{outcome}");
    assert!(!repo.exists("docs"));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside() {
    let repo = Repo::new(&[]);
    std::fs::create_dir(repo.path("../elsewhere")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", repo.path("docs")).unwrap();
    let outcome = repo.docset(&["init"]).outcome();
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("leads out of the repository"), "{outcome}");
    assert_eq!(std::fs::read_dir(repo.path("../elsewhere")).unwrap().count(), 0);
}
