//! Commands that tell: `explain`, `rules`, `types`, `schema`, `completions`, help.

use insta::assert_snapshot;
use serde_json::Value;

use super::harness::{Outcome, Repo};

fn docset(arguments: &[&str]) -> Outcome {
    Repo::new(&[]).docset(arguments).outcome()
}

fn json(arguments: &[&str]) -> Value {
    let outcome = docset(arguments);
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn texts<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|item| item[key].as_str().unwrap()).collect()
}

#[test]
fn explain_prints_the_page_of_every_rule() {
    let rules = json(&["rules", "--format", "json"]);
    let ids = texts(&rules, "id");
    assert!(ids.len() >= 25, "{ids:?}");
    for id in ids {
        let outcome = docset(&["explain", id]);
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{id}");
        let title = format!("# {id}");
        assert_eq!(outcome.stdout.lines().next(), Some(&*title));
    }
}

#[test]
fn explain_names_the_rule_that_was_probably_meant() {
    assert_snapshot!(docset(&["explain", "broken-lnk"]), @"
    exit 2
    --- stderr
    error: there is no rule `broken-lnk`; did you mean `broken-link`?
    ");
    assert_snapshot!(docset(&["explain", "nothing-like-it"]), @"
    exit 2
    --- stderr
    error: there is no rule `nothing-like-it`; `docset rules` lists them
    ");
}

#[test]
fn rules_are_listed_with_the_severity_that_the_configuration_gives_them() {
    let repo = Repo::new(&[("countersign.yaml", "docs: {rules: {broken-link: off}}\n")]);
    let listed = repo.docset(&["rules"]).outcome();
    let line = listed.stdout.lines().find(|line| line.starts_with("broken-link"));
    assert_snapshot!(line.unwrap(), @"broken-link               off      a link, anchor or back-ticked path that leads nowhere");
    let list = repo.docset(&["rules", "--format=json"]).outcome().stdout;
    let list: Value = serde_json::from_str(&list).unwrap();
    let rule = list.as_array().unwrap().iter().find(|rule| rule["id"] == "broken-link").unwrap();
    let keys: Vec<&str> = rule.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "severity", "default_severity", "summary", "options"]);
    assert_eq!((&rule["severity"], &rule["default_severity"]), (&"off".into(), &"error".into()));
}

#[test]
fn rules_are_listed_by_id() {
    let rules = json(&["rules", "--format", "json"]);
    let ids = texts(&rules, "id");
    assert!(ids.is_sorted(), "{ids:?}");
}

#[test]
fn types_are_listed_one_per_line() {
    let types = json(&["types", "--format", "json"]);
    let listed = docset(&["types"]).stdout;
    let names: Vec<&str> =
        listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, texts(&types, "name"));
    assert!(names.contains(&"adr"));
}

#[test]
fn one_type_is_shown_with_all_that_it_needs() {
    assert_snapshot!(docset(&["types", "adr"]), @"
    exit 0
    --- stdout
    adr — Architecture decision record
      ids                    ADR-0001
      owner                  SA
      stage                  arch
      statuses               abandoned, accepted, deprecated, proposed, rejected, superseded
      needs                  doc_id, type, title, status, owner_role, created_at, updated_at
      may have               version, related_issues, related_prs, related_docsets, related_adrs, supersedes, superseded_by, approvals
      sections               Context, Decision, Consequences
      approved by the owner  yes
      begins with a summary  yes
      most lines             400
    ");
}

#[test]
fn a_type_that_does_not_exist_is_refused() {
    assert_snapshot!(docset(&["types", "adrr"]), @"
    exit 2
    --- stderr
    error: there is no document type `adrr`; did you mean `adr`?
    ");
    assert_snapshot!(docset(&["schema", "adrr"]), @"
    exit 2
    --- stderr
    error: there is no document type `adrr`; did you mean `adr`?
    ");
}

#[test]
fn there_is_a_schema_for_every_type() {
    let types = json(&["types", "--format", "json"]);
    for name in texts(&types, "name") {
        let schema = json(&["schema", name]);
        assert!(schema["$schema"].is_string(), "{name}");
        let required: Vec<&str> =
            schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(required.contains(&"doc_id"), "{name}: {required:?}");
        assert!(schema["properties"]["status"].is_object(), "{name}");
    }
}

#[test]
fn there_is_a_schema_for_the_configuration_even_where_that_is_broken() {
    let repo = Repo::new(&[("countersign.yaml", "docs: [\n")]);
    let outcome = repo.docset(&["schema", "config"]).outcome();
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    assert!(serde_json::from_str::<Value>(&outcome.stdout).unwrap().is_object());
}

#[test]
fn completions_are_scripts_that_know_the_commands() {
    for (shell, mark) in [
        ("bash", "complete -F _docset"),
        ("zsh", "#compdef docset"),
        ("fish", "complete -c docset"),
    ] {
        let outcome = docset(&["completions", shell]);
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{shell}");
        assert!(outcome.stdout.contains(mark), "{shell}");
        assert!(outcome.stdout.contains("changed-since"), "{shell}");
    }
    let outcome = docset(&["completions", "fsh"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("'fish'"), "{}", outcome.stderr);
}

#[test]
fn the_help_of_every_command_has_examples() {
    let help = docset(&["--help"]);
    assert!(help.stdout.contains("Exit codes: 0 "), "{help}");
    let commands = ["check", "adopt", "explain", "rules", "types", "schema", "completions"];
    for command in commands {
        assert!(help.stdout.contains(&format!("\n  {command} ")), "{command} is listed");
        let outcome = docset(&[command, "--help"]);
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
        let example = format!("Examples:\n  docset {command}");
        assert!(outcome.stdout.contains(&example), "{outcome}");
    }
    assert!(docset(&["check", "--help"]).stdout.contains("Exit codes: 0 "));
}

#[test]
fn arguments_that_make_no_sense_exit_with_2() {
    for arguments in [
        &["chek"][..],
        &[],
        &["check", "--threads", "0"],
        &["check", "--max-warnings", "-1"],
        &["check", "--format", "xml"],
        &["check", "--baseline", "a", "--no-baseline"],
        &["check", "--fix", "--write-baseline"],
        &["explain"],
    ] {
        let outcome = docset(arguments);
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{arguments:?}");
        assert!(!outcome.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_version_is_told() {
    let outcome = docset(&["--version"]);
    let version = concat!("docset ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!((outcome.code, &*outcome.stdout), (0, version));
}
