//! The rules for labels in workflows, on whole small repositories.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_labels::Catalogue;
use countersign_labels::lint::{File, RULES, Scope, find, lint};
use countersign_markup::span::LineIndex;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lint")
}

/// The findings below `folder`, one a line, of all rules or of `rule`.
fn shown(folder: &Path, rule: Option<&str>) -> String {
    let root = folder.canonicalize().unwrap();
    let (files, scope) = find(&root, &[]).unwrap();
    findings(&files, scope, rule)
}

fn findings(files: &[File], scope: Scope, rule: Option<&str>) -> String {
    let mut text = String::new();
    for it in lint(&Catalogue::default(), files, scope) {
        if rule.is_some_and(|rule| rule != it.rule) {
            continue;
        }
        let source = &files.iter().find(|file| file.path == it.path).unwrap().text;
        let position = LineIndex::new(source).position(source, it.span.start);
        let marked = it.span.text(source).unwrap();
        let _ = writeln!(
            text,
            "{}:{}:{}: {}[{}] {}\n  at: {marked}\n  help: {}",
            it.path,
            position.line,
            position.column,
            it.severity,
            it.rule,
            it.message,
            it.help.unwrap_or_default(),
        );
    }
    text
}

fn one(text: &str) -> String {
    let file = File { path: Arc::from("w.yml"), text: text.to_owned() };
    findings(&[file], Scope::Part, None)
}

#[test]
fn each_rule_finds_what_is_bad_and_leaves_alone_what_is_good() {
    let mut text = String::new();
    for rule in RULES {
        let folder = fixtures().join(rule.id);
        let bad = shown(&folder.join("bad"), Some(rule.id));
        assert!(!bad.is_empty(), "{} finds nothing", rule.id);
        assert_eq!(shown(&folder.join("ok"), Some(rule.id)), "", "{}", rule.id);
        let _ = writeln!(text, "# {}\n\n{bad}", rule.id);
    }
    insta::assert_snapshot!(text);
}

#[test]
fn rules_are_listed_by_id() {
    assert!(RULES.is_sorted_by_key(|rule| rule.id));
}

#[test]
fn a_part_of_the_workflows_proves_no_silence() {
    let root = fixtures().join("unheard-trigger/bad").canonicalize().unwrap();
    let (files, scope) = find(&root, &[".github/workflows/b.yml".to_owned()]).unwrap();
    assert_eq!((files.len(), scope), (1, Scope::Part));
    assert_eq!(findings(&files, scope, Some("unheard-trigger")), "");
}

#[test]
fn a_place_is_exact_in_every_kind_of_scalar() {
    insta::assert_snapshot!(one("\u{feff}on: issues\r\njobs:\r\n  a:\r\n    if: >-\r\n      'é' == 'я' &&\r\n      github.event.label.name == 'run:prd'\r\n"), @r#"
    w.yml:6:34: error[literal-label-name] the label `run:prd` is spelt out
      at: 'run:prd'
      help: use its variable: `vars.RUN_PRD_LABEL`
    "#);
    insta::assert_snapshot!(one("on: issues\njobs: {a: {if: 'github.event.label.name == ''run:prd'''}}\n"), @r#"
    w.yml:2:44: error[literal-label-name] the label `run:prd` is spelt out
      at: ''run:prd''
      help: use its variable: `vars.RUN_PRD_LABEL`
    "#);
    insta::assert_snapshot!(one("on: issues\njobs: {a: {if: \"\\u0020github.event.label.name == 'run:prd'\"}}\n"), @r#"
    w.yml:2:50: error[literal-label-name] the label `run:prd` is spelt out
      at: 'run:prd'
      help: use its variable: `vars.RUN_PRD_LABEL`
    "#);
}

#[test]
fn an_anchor_and_its_aliases_are_one_finding() {
    let text = "on: push\njobs:\n  a: &a\n    if: inputs.x == 'run:prd'\n  b: *a\n  c: *a\n";
    assert_eq!(one(text).matches("literal-label-name").count(), 1);
}

#[test]
fn hostile_files_are_findings() {
    // Aliases that would multiply, deep nesting, control characters.
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]\n";
    insta::assert_snapshot!(one(bomb), @r#"
    w.yml:6:5: error[malformed-workflow] more than 200000 values, aliases counted as copies
      at: *e
      help: GitHub runs no such file; mend it
    "#);
    let deep = format!("a: {}{}\n", "[".repeat(100), "]".repeat(100));
    assert!(one(&deep).contains("malformed-workflow"), "{}", one(&deep));
    let odd = "on: push\njobs: {a: {if: \"github.event.label.name == 'a\\u001b\\u202eb'\"}}\n";
    insta::assert_snapshot!(one(odd), @r#"
    w.yml:2:44: error[literal-label-name] the label `a\u{1b}\u{202e}b` is spelt out, and no catalogue has it
      at: 'a\u001b\u202eb'
      help: add it to `labels: catalogue:` in countersign.yaml and use its variable
    "#);
    let chain = format!("on: push\njobs: {{a: {{if: \"{}a\"}}}}\n", "a||".repeat(5000));
    assert!(one(&chain).contains("1000 operators"), "{}", one(&chain));
}

#[test]
fn paths_stay_inside_the_repository() {
    let root = fixtures().join("unheard-trigger/ok").canonicalize().unwrap();
    let error = |path: &str| find(&root, &[path.to_owned()]).unwrap_err().to_string();
    insta::assert_snapshot!(error("../bad/.github/workflows/a.yml"), @"`../bad/.github/workflows/a.yml` leads to nothing in the repository");
    insta::assert_snapshot!(error("no/such/file.yml"), @"`no/such/file.yml` leads to nothing in the repository");
    let empty = tempfile::tempdir().unwrap();
    let error = find(&empty.path().canonicalize().unwrap(), &[]).unwrap_err();
    insta::assert_snapshot!(error, @"no workflow was found below .github/workflows, reusable-workflows, templates/github/workflows");
}

mod program {
    //! `labels lint-workflows` as its users run it.

    use std::process::{Command, Stdio};

    use super::fixtures;

    fn shown(fixture: &str, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_labels"))
            .arg("lint-workflows")
            .args(arguments)
            .current_dir(fixtures().join(fixture))
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .unwrap();
        format!(
            "exit {}\n{}{}",
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap()
        )
    }

    #[test]
    fn findings_show_the_source_and_what_to_do() {
        let file = ".github/workflows/start.yml";
        let root = ["--root", "."];
        let bad = shown("unknown-label-variable/bad", &[&root[..], &[file]].concat());
        insta::assert_snapshot!(bad, @r#"
        exit 1
        error[unknown-label-variable]: no label has the variable `RUN_INTKE_LABEL`
         --> .github/workflows/start.yml:6:9
          |
        6 |     if: vars.RUN_INTKE_LABEL != '' && github.event.label.name == vars.RUN_INTKE_LABEL
          |         ^^^^^^^^^^^^^^^^^^^^ not in the catalogue
          |
          = help: did you mean `vars.RUN_INTAKE_LABEL`?

        error[unknown-label-variable]: no label has the variable `RUN_INTKE_LABEL`
         --> .github/workflows/start.yml:6:66
          |
        6 |     if: vars.RUN_INTKE_LABEL != '' && github.event.label.name == vars.RUN_INTKE_LABEL
          |                                                                  ^^^^^^^^^^^^^^^^^^^^ not in the catalogue
          |
          = help: did you mean `vars.RUN_INTAKE_LABEL`?

        error[unknown-label-variable]: no label has the variable `SOMETHING_ELSE_ALTOGETHER_LABEL`
          --> .github/workflows/start.yml:10:22
           |
        10 |           LABEL: ${{ vars['SOMETHING_ELSE_ALTOGETHER_LABEL'] }}
           |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not in the catalogue
           |
           = help: `labels list` shows the variables; add the label to `labels: catalogue:` in countersign.yaml

        1 workflow: 3 errors
        "#);
        let ok = shown("unknown-label-variable/ok", &[&root[..], &[file]].concat());
        insta::assert_snapshot!(ok, @r#"
        exit 0
        1 workflow: nothing to report
        "#);
    }

    #[test]
    fn warnings_fail_only_past_the_number_that_is_allowed() {
        let tree = tempfile::tempdir().unwrap();
        let mut file = std::fs::File::create(tree.path().join("start.yml")).unwrap();
        let text = "on: {issues: {types: labeled}}\njobs: {a: {if: github.event.label.name == vars.RUN_PRD_LABEL}}\n";
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        let path = tree.path().join("start.yml");
        let root = tree.path().to_str().unwrap();
        let all = ["--root", root, "--format", "concise", path.to_str().unwrap()];
        insta::assert_snapshot!(shown("", &all), @r#"
        exit 0
        start.yml:2:16: warning[empty-label-comparison] true when the event has no label and `RUN_PRD_LABEL` is not set
        1 workflow: 1 warning
        "#);
        for (most, exit) in [("0", "exit 1\n"), ("1", "exit 0\n")] {
            let arguments = [&all[..], &["--max-warnings", most]].concat();
            assert!(shown("", &arguments).starts_with(exit), "{most}");
        }
    }

    #[test]
    fn a_format_for_github_marks_the_line() {
        let arguments = ["--root", ".", "--format", "github", ".github/workflows/start.yml"];
        insta::assert_snapshot!(shown("unknown-label-variable/bad", &arguments), @r#"
        exit 1
        ::error title=labels unknown-label-variable,file=.github/workflows/start.yml,line=6,col=9,endLine=6,endColumn=29::no label has the variable `RUN_INTKE_LABEL`%0Adid you mean `vars.RUN_INTAKE_LABEL`?
        ::error title=labels unknown-label-variable,file=.github/workflows/start.yml,line=6,col=66,endLine=6,endColumn=86::no label has the variable `RUN_INTKE_LABEL`%0Adid you mean `vars.RUN_INTAKE_LABEL`?
        ::error title=labels unknown-label-variable,file=.github/workflows/start.yml,line=10,col=22,endLine=10,endColumn=61::no label has the variable `SOMETHING_ELSE_ALTOGETHER_LABEL`%0A`labels list` shows the variables; add the label to `labels: catalogue:` in countersign.yaml
        1 workflow: 3 errors
        "#);
    }

    #[test]
    fn nothing_to_look_at_is_no_success() {
        let text = shown("", &["--root", "."]);
        insta::assert_snapshot!(text, @r#"
        exit 2
        error: no workflow was found below .github/workflows, reusable-workflows, templates/github/workflows
        "#);
    }
}
