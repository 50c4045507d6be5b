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
    insta::assert_snapshot!(text, @r"
    exit 0
    need:input  need       NEED_INPUT_LABEL  Needs an answer or data from the owner
    need:pm     need       NEED_PM_LABEL     Needs the PM/BA agent
    need:sa     need       NEED_SA_LABEL     Needs the SA agent
    need:qa     need       NEED_QA_LABEL     Needs the QA agent
    need:sre    need       NEED_SRE_LABEL    Needs the SRE agent
    ");
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
    insta::assert_snapshot!(folder.run(&["show", "RUN_DEV_LABEL"]), @r"
    exit 0
    Start dev — Develop the issue
      description    development (code) of the issue
      key            run:dev
      class          trigger
      set by         the owner, or an approved request
      removed by     people, and agents as the policy allows
      starts         workflow wf_dev_issue (stage dev)
      excludes       20 other labels of the family stage
      undo           Remove the label before the run begins; afterwards set `run:abort`
      variable       RUN_DEV_LABEL
      colour         1d76db
      also known as  run:dev
    ");
    insta::assert_snapshot!(folder.run(&["show", "ai-high", "--format", "json"]), @r#"
    exit 0
    {
      "key": "[ai-reasoning-high]",
      "name": "[ai-reasoning-high]",
      "class": "reasoning",
      "stage": null,
      "revise": false,
      "starts": null,
      "value": "high",
      "family": "reasoning",
      "set_by": "policy",
      "removed_by": "policy",
      "summary": {
        "en": "Agents reason much",
        "ru": "Высокий уровень рассуждений"
      },
      "description": {
        "en": "Agents reason much",
        "ru": "Высокий уровень рассуждений"
      },
      "undo": {
        "en": "Remove the label; the default level is used",
        "ru": "Снять лейбл; будет уровень по умолчанию"
      },
      "color": "bfdadc",
      "variable": "AI_REASONING_HIGH_LABEL",
      "aliases": [
        "ai-reasoning-high"
      ]
    }
    "#);
    insta::assert_snapshot!(folder.run(&["show", "run:intak"]), @r"
    exit 2
    stderr:
    error: there is no label `run:intak`; did you mean `run:intake`?
    ");
}

#[test]
fn the_page_is_written_once_and_checked() {
    let folder = Folder::new("labels: {catalogue: {'team|<b>': {summary: {en: 'The *team*'}}}}");
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md", "--check"]), @r"
    exit 1
    docs/labels.md is not there; write it with `labels docs docs/labels.md`
    ");
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md"]), @r"
    exit 0
    docs/labels.md: written
    ");
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md"]), @r"
    exit 0
    docs/labels.md: up to date
    ");
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md", "--check"]), @"exit 0");
    let page = std::fs::read_to_string(folder.path("docs/labels.md")).unwrap();
    assert!(page.contains("\n* team|\\<b> — The \\*team\\*\n"));
    assert!(page.contains("\n| `team\\|<b>` | `TEAM_B_LABEL` |"));
    countersign_files::write_atomically(&folder.path("docs/labels.md"), b"# Old\n").unwrap();
    insta::assert_snapshot!(folder.run(&["docs", "docs/labels.md", "--check"]), @r"
    exit 1
    docs/labels.md is stale; write it with `labels docs docs/labels.md`
    ");
    insta::assert_snapshot!(folder.run(&["docs", "docs"]), @r"
    exit 2
    stderr:
    error: cannot read `docs`: it is no regular file
    ");
}

#[test]
fn names_are_classified() {
    let names =
        ["run:intake:revise", "RUN:QA", "run:x", "ai-high", "[ai-model-gpt-5.2]", "\u{1b}x"];
    let folder = Folder::new("");
    insta::assert_snapshot!(folder.run(&[&["classify"], &names[..]].concat()), @r"
    exit 1
    run:intake:revise: trigger, revision of the stage intake
    RUN:QA: trigger, stage qa; `run:qa` in other case
    run:x: trigger; no label of the catalogue, but the prefix is
    ai-high: reasoning, stands for high; another name of `[ai-reasoning-high]`
    [ai-model-gpt-5.2]: model, stands for gpt-5.2
    \u{1b}x: no label of the catalogue
    ");
    insta::assert_snapshot!(folder.run(&["classify", "run:x", "--format", "json"]), @r#"
    exit 0
    [
      {
        "name": "run:x",
        "class": "trigger",
        "label": null,
        "stage": null,
        "revise": false,
        "value": null,
        "found": "prefix",
        "set_by": "owner"
      }
    ]
    "#);
}

#[test]
fn a_broken_configuration_names_its_line() {
    let folder = Folder::new("labels:\n  catalogue:\n    run:dev: {colour: red}\n");
    insta::assert_snapshot!(folder.run(&["list"]), @r"
    exit 2
    stderr:
    error: countersign.yaml:3:15: unknown key `colour`
      help: did you mean `color`?
    ");
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Folder::new("").run(&["completions", shell]);
        assert!(script.starts_with("exit 0\n") && script.contains("classify"), "{shell}");
    }
}

#[test]
fn a_root_that_is_none_is_refused() {
    let folder = Folder::new("");
    for command in ["list", "docs", "lint-workflows"] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(folder.run(&[command, "--root", "nowhere"]), @"
            exit 2
            stderr:
            error: `nowhere` is no folder; name the root of a repository
            ");
        }
    }
}
