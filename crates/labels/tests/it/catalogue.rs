//! `labels list`, `show`, `docs`, `classify`.

use std::path::PathBuf;

use crate::program;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(configuration: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let path = folder.path("countersign.yaml");
        countersign_files::write_atomically(&path, configuration.as_bytes()).unwrap();
        folder
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn run(&self, arguments: &[&str]) -> String {
        program::run(self.0.path(), &[], arguments)
    }
}

#[test]
fn the_list_is_a_table() {
    let text = Folder::new("").run(&["list", "--class", "need"]);
    insta::assert_snapshot!(text, @"");
    let all = Folder::new("").run(&["list", "--language", "ru"]);
    assert_eq!(all.lines().count(), 1 + 45);
    assert!(all.contains("Старт «идея/проект»"));
    let json = Folder::new("").run(&["list", "--format", "json"]);
    let labels: serde_json::Value =
        serde_json::from_str(json.strip_prefix("exit 0\n").unwrap()).unwrap();
    assert_eq!(labels.as_array().unwrap().len(), 45);
}

#[test]
fn one_label_is_shown_with_what_it_starts_and_how_it_is_undone() {
    let folder = Folder::new("labels: {catalogue: {run:dev: {name: 'Start dev'}}}");
    insta::assert_snapshot!(folder.run(&["show", "RUN_DEV_LABEL"]), @"");
    insta::assert_snapshot!(folder.run(&["show", "ai-high", "--format", "json"]), @"");
    insta::assert_snapshot!(folder.run(&["show", "run:intak"]), @"");
}

#[test]
fn the_page_is_written_once_and_checked() {
    let folder = Folder::new("labels: {catalogue: {'team|<b>': {summary: {en: 'The *team*'}}}}");
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md", "--check"]), @"");
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md"]), @"");
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md"]), @"");
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md", "--check"]), @"");
    let page = std::fs::read_to_string(folder.path("docs/labels.md")).unwrap();
    assert!(page.contains("\n* team|\\<b> — The \\*team\\*\n"));
    assert!(page.contains("\n| `team\\|<b>` | `TEAM_B_LABEL` |"));
    countersign_files::write_atomically(&folder.path("docs/labels.md"), b"# Old\n").unwrap();
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md", "--check"]), @"");
    insta::assert_snapshot!(folder.run(&["docs", "docs"]), @"");
}

#[test]
fn names_are_classified() {
    let names =
        ["run:intake:revise", "RUN:QA", "run:x", "ai-high", "[ai-model-gpt-5.2]", "\u{1b}x"];
    let folder = Folder::new("");
    insta::assert_snapshot!(folder.run(&[&["classify"], &names[..]].concat()), @"");
    insta::assert_snapshot!(folder.run(&["classify", "run:x", "--format", "json"]), @"");
}

#[test]
fn a_broken_configuration_names_its_line() {
    let folder = Folder::new("labels:\n  catalogue:\n    run:dev: {colour: red}\n");
    insta::assert_snapshot!(folder.run(&["list"]), @"");
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Folder::new("").run(&["completions", shell]);
        assert!(script.starts_with("exit 0\n") && script.contains("classify"), "{shell}");
    }
}
