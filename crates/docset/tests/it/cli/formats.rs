//! What findings look like.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::Value;

use super::harness::{Repo, altered, index};

const FORMATS: [&str; 6] = ["human", "concise", "json", "github", "sarif", "markdown"];

/// A document with a finding that can be fixed, one with a second place nearby and
/// one that is not in ASCII; its id is that of another document.
const FAULTY: &str = "\
---
doc_id: IDX-0001
type: index
title: Обзор
status: Draft
owner_role: KM
created_at: 2026-01-05
updated_at: 2026-01-02
---

# Обзор

## TL;DR

Смотри [сюда](нет.md).
";

fn small() -> Repo {
    Repo::new(&[("docs/a.md", &index("IDX-0001", "")), ("docs/b.md", FAULTY)])
}

/// One document at a path from a stranger.
fn hostile_path() -> Repo {
    let text = index("IDX-0001", "\n[x](no.md)\n");
    Repo::new(&[("docs/a,b:c%.md", &text), ("docs/сам по себе.md", "# Nothing\n")])
}

fn parsed(repo: &Repo, format: &str) -> Value {
    let outcome = repo.check(&["--format", format]);
    assert_eq!((outcome.code, &*outcome.stderr), (1, ""));
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap().try_into().unwrap()
}

#[test]
fn the_human_format_shows_the_lines_second_places_and_help() {
    assert_snapshot!(small().check(&[]));
}

#[test]
fn an_excerpt_of_several_lines_has_no_trace_of_carriage_returns() {
    let repo = Repo::new(&[("docs/b.md", &FAULTY.replace('\n', "\r\n"))]);
    let shown = repo.check(&[]).stdout;
    assert!(shown.contains("created here"), "the finding of two lines is there: {shown}");
    assert!(!shown.contains(['\r', '\u{fffd}']), "{shown}");
}

#[test]
fn the_concise_format_has_a_line_for_each_finding() {
    assert_snapshot!(small().concise(&[]), @"
    exit 1
    --- stdout
    docs/a.md:2:9: error[duplicate-id] the id `IDX-0001` belongs to 2 documents
    docs/b.md:2:9: error[duplicate-id] the id `IDX-0001` belongs to 2 documents
    docs/b.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    docs/b.md:8:13: error[dates-out-of-order] `updated_at` (2026-01-02) is before `created_at` (2026-01-05)
    docs/b.md:15:8: error[broken-link] there is no `docs/нет.md`
    2 documents: 5 errors (1 can be fixed with `--fix`)
    ");
}

#[test]
fn the_github_format_has_a_command_for_each_finding() {
    assert_snapshot!(small().check(&["--format", "github"]), @"
    exit 1
    --- stdout
    ::error title=docset duplicate-id,file=docs/a.md,line=2,col=9,endLine=2,endColumn=17::the id `IDX-0001` belongs to 2 documents%0Agive the newer one the next free id
    ::error title=docset duplicate-id,file=docs/b.md,line=2,col=9,endLine=2,endColumn=17::the id `IDX-0001` belongs to 2 documents%0Agive the newer one the next free id
    ::error title=docset invalid-status,file=docs/b.md,line=5,col=9,endLine=5,endColumn=14::the type `index` has no status `Draft`%0Awrite it as `draft`
    ::error title=docset dates-out-of-order,file=docs/b.md,line=8,col=13,endLine=8,endColumn=23::`updated_at` (2026-01-02) is before `created_at` (2026-01-05)%0Amend whichever of the two is wrong
    ::error title=docset broken-link,file=docs/b.md,line=15,col=8,endLine=15,endColumn=22::there is no `docs/нет.md`%0Amend the path, or remove the link
    2 documents: 5 errors (1 can be fixed with `--fix`)
    ");
}

#[test]
fn the_github_format_encodes_paths_from_strangers() {
    assert_snapshot!(hostile_path().check(&["--format", "github"]), @"
    exit 1
    --- stdout
    ::error title=docset broken-link,file=docs/a%2Cb%3Ac%25.md,line=17,col=1,endLine=17,endColumn=11::there is no `docs/no.md`%0Amend the path, or remove the link
    ::error title=docset missing-front-matter,file=docs/сам по себе.md,line=1,col=1,endLine=1,endColumn=10::document has no front matter%0Abegin with `---`, then `doc_id`, `type`, `title`, `status`, `owner_role` and the dates, then `---`; or list the file under `docs: plain:`
    2 documents: 2 errors
    ");
}

#[test]
fn the_github_format_lets_no_document_start_a_command() {
    let hostile = r#""x\n::warning::y%0A::error::z""#;
    let repo = Repo::new(&[("docs/a.md", &altered("IDX-0001", "draft", hostile))]);
    let outcome = repo.check(&["--format", "github"]);
    assert_snapshot!(outcome, @r"
    exit 1
    --- stdout
    ::error title=docset invalid-status,file=docs/a.md,line=5,col=9,endLine=5,endColumn=39::the type `index` has no status `x\n::warning::y%250A::error::z`%0Ause one of abandoned, approved, draft, in-review, obsolete, superseded
    1 document: 1 error
    ");
    assert_eq!(outcome.stdout.lines().filter(|line| line.starts_with("::")).count(), 1);
}

#[test]
fn the_markdown_format_is_a_table() {
    assert_snapshot!(small().check(&["--format", "markdown"]), @"
    exit 1
    --- stdout
    ### ❌ docset check

    2 documents: 5 errors (1 can be fixed with `--fix`)

    | | Place | Finding | Rule |
    |---|---|---|---|
    | error | docs/a.md:2 | the id `IDX-0001` belongs to 2 documents<br>give the newer one the next free id | duplicate-id |
    | error | docs/b.md:2 | the id `IDX-0001` belongs to 2 documents<br>give the newer one the next free id | duplicate-id |
    | error | docs/b.md:5 | the type `index` has no status `Draft`<br>write it as `draft` | invalid-status |
    | error | docs/b.md:8 | `updated_at` (2026-01-02) is before `created_at` (2026-01-05)<br>mend whichever of the two is wrong | dates-out-of-order |
    | error | docs/b.md:15 | there is no `docs/нет.md`<br>mend the path, or remove the link | broken-link |
    ");
}

#[test]
fn the_markdown_format_is_a_heading_when_all_is_well() {
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    assert_snapshot!(repo.check(&["--format", "markdown"]), @"
    exit 0
    --- stdout
    ### ✅ docset check

    1 document: nothing to report
    ");
}

#[test]
fn the_markdown_format_does_not_praise_a_run_that_checked_nothing() {
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    assert_snapshot!(repo.check(&["--format", "markdown", "docs/b.md"]), @"
    exit 2
    --- stdout
    ### ℹ️ docset check

    no document was checked


    --- stderr
    error: no document matches `docs/b.md`
    ");
}

#[test]
fn the_markdown_format_shows_hostile_text_as_text() {
    let front_matter = "\
---
doc_id: IDX-0001
type: \"``` @owner <img src=x> #1 | \"
title: Guide
status: \"a | b <b>c</b> @owner\"
owner_role: \"`<img src=x>` ![i](j) | @owner\"
created_at: 2026-01-01
updated_at: 2026-01-02
---

# Guide

## TL;DR

[x](<no|@owner.md>)
";
    let repo = Repo::new(&[
        ("docs/a.md", front_matter),
        // A run of back-ticks that nothing closes, and something behind it.
        ("docs/q```@owner/<b>`.md", &index("IDX-0002", "\n[x](no.md)\n")),
    ]);
    let outcome = repo.check(&["--format", "markdown"]);
    assert_snapshot!(outcome);
    for row in outcome.stdout.lines().filter(|line| line.starts_with("| error")) {
        let cells = row.replace("\\|", "").matches('|').count();
        assert_eq!(cells, 5, "a row has four cells: {row}");
        // What GitHub takes as code is what is between single back-ticks.
        assert!(!row.replace("\\`", "").contains("``"), "{row}");
        let outside_code: String = row.replace("\\`", "").split('`').step_by(2).collect();
        for live in ["@owner", "<img", "<b>", "#1", "![i]"] {
            assert!(!outside_code.contains(live), "`{live}` is live in {row}");
        }
    }
}

#[test]
fn json_keeps_its_contract() {
    let repo = small();
    let root = parsed(&repo, "json");
    assert_eq!(keys(&root), ["version", "tool", "summary", "diagnostics"]);
    assert_eq!(root["version"], 1);
    assert_eq!(root["tool"]["name"], "docset");
    let counts = ["documents", "errors", "warnings", "notes", "known", "gone", "fixed", "fixable"];
    assert_eq!(keys(&root["summary"]), counts);
    let values = counts.map(|name| number(&root["summary"][name]));
    assert_eq!(values, [2, 5, 0, 0, 0, 0, 0, 1]);
    let findings = root["diagnostics"].as_array().unwrap();
    assert_eq!(findings.len(), 5);
    for finding in findings {
        assert_eq!(
            keys(finding),
            [
                "rule",
                "severity",
                "path",
                "line",
                "column",
                "end_line",
                "end_column",
                "offset",
                "end_offset",
                "message",
                "label",
                "help",
                "related",
                "fix"
            ]
        );
    }
}

/// The text that a range marks, whose line and column must be those of its offset.
fn marked(repo: &Repo, range: &Value) -> String {
    let text = repo.read(range["path"].as_str().unwrap());
    let (start, end) = (number(&range["offset"]), number(&range["end_offset"]));
    for (offset, line, column) in [(start, "line", "column"), (end, "end_line", "end_column")] {
        let before = &text[..offset];
        assert_eq!(number(&range[line]), before.matches('\n').count() + 1);
        let in_line = before.rsplit('\n').next().unwrap().chars().count();
        assert_eq!(number(&range[column]), in_line + 1);
    }
    text[start..end].to_owned()
}

#[test]
fn offsets_in_json_slice_the_text_and_agree_with_lines_and_columns() {
    let repo = small();
    let root = parsed(&repo, "json");
    let findings = root["diagnostics"].as_array().unwrap();
    let texts: Vec<String> = findings.iter().map(|finding| marked(&repo, finding)).collect();
    assert_eq!(texts, ["IDX-0001", "IDX-0001", "Draft", "2026-01-02", "[сюда](нет.md)"]);
    let related: Vec<String> = findings
        .iter()
        .flat_map(|finding| finding["related"].as_array().unwrap())
        .map(|related| format!("{} {}", related["path"].as_str().unwrap(), marked(&repo, related)))
        .collect();
    assert_eq!(related, ["docs/b.md IDX-0001", "docs/a.md IDX-0001", "docs/b.md 2026-01-05"]);
}

#[test]
fn a_fix_in_json_is_edits_that_a_program_can_apply() {
    let repo = small();
    let root = parsed(&repo, "json");
    let with_fix = |finding: &&Value| !finding["fix"].is_null();
    let fixable: Vec<&Value> =
        root["diagnostics"].as_array().unwrap().iter().filter(with_fix).collect();
    let [finding] = fixable.as_slice() else { panic!("one finding has a fix: {fixable:?}") };
    assert_eq!(keys(&finding["fix"]), ["title", "safe", "edits"]);
    assert_eq!(finding["fix"]["safe"], true);
    let mut text = repo.read("docs/b.md");
    for edit in finding["fix"]["edits"].as_array().unwrap() {
        assert_eq!(keys(edit), ["offset", "end_offset", "text"]);
        let range = number(&edit["offset"])..number(&edit["end_offset"]);
        text.replace_range(range, edit["text"].as_str().unwrap());
    }
    assert_eq!(text, FAULTY.replace("Draft", "draft"));
}

#[test]
fn sarif_has_what_the_standard_requires() {
    let repo = small();
    let log = parsed(&repo, "sarif");
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().contains("sarif-2.1.0"));
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "docset");
    let rules = driver["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "no rule is listed twice");
    for rule in rules {
        for text in ["shortDescription", "help"] {
            assert!(!rule[text]["text"].as_str().unwrap().is_empty(), "{rule}");
        }
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    for result in results {
        assert_eq!(rules[number(&result["ruleIndex"])]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let [line, column, end_line, end_column] =
            ["startLine", "startColumn", "endLine", "endColumn"].map(|key| number(&region[key]));
        assert!(line >= 1 && column >= 1, "{region}");
        assert!((end_line, end_column) >= (line, column), "{region}");
    }
    let columns: Vec<usize> = results
        .iter()
        .map(|result| &result["locations"][0]["physicalLocation"]["region"]["startColumn"])
        .map(number)
        .collect();
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(columns, [9, 9, 9, 13, 8], "columns count characters, not bytes");
}

#[test]
fn sarif_encodes_paths_as_uris() {
    let log = parsed(&hostile_path(), "sarif");
    let results = log["runs"][0]["results"].as_array().unwrap();
    let uris: Vec<&str> = results
        .iter()
        .map(|result| &result["locations"][0]["physicalLocation"]["artifactLocation"])
        .map(|location| location["uri"].as_str().unwrap())
        .collect();
    assert_eq!(
        uris,
        [
            "docs/a%2Cb%3Ac%25.md",
            "docs/%D1%81%D0%B0%D0%BC%20%D0%BF%D0%BE%20%D1%81%D0%B5%D0%B1%D0%B5.md"
        ]
    );
}

#[test]
fn programs_get_a_whole_answer_when_there_is_nothing_to_report() {
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    for (format, pointer) in [("json", "/diagnostics"), ("sarif", "/runs/0/results")] {
        let outcome = repo.check(&["--format", format]);
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
        let value: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(value.pointer(pointer), Some(&Value::Array(Vec::new())), "{format}");
    }
}

#[test]
fn control_characters_of_documents_and_paths_are_shown_escaped() {
    let text = altered("IDX-0001", "draft", r#""\e[31mred\u202e""#);
    let repo = Repo::new(&[("docs/a\u{1b}[2J\n.md", &text)]);
    assert_snapshot!(repo.check(&[]), @r#"
    exit 1
    --- stdout
    error[invalid-status]: the type `index` has no status `\u{1b}[31mred\u{202e}`
     --> docs/a\u{1b}[2J\n.md:5:9
      |
    5 | status: "\e[31mred\u202e"
      |         ^^^^^^^^^^^^^^^^^
      |
      = help: use one of abandoned, approved, draft, in-review, obsolete, superseded

    1 document: 1 error
    "#);
    // GitHub takes a path as it is, and shows none of it as text.
    for format in FORMATS.into_iter().filter(|format| *format != "github") {
        let shown = repo.check(&["--format", format]).stdout;
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{format}: {shown}");
    }
}

#[test]
fn findings_can_be_written_to_a_file() {
    let repo = small();
    let outcome = repo.check(&["--format", "sarif", "--output", "reports/docset.sarif"]);
    assert_snapshot!(outcome, @"exit 1");
    let log: Value = serde_json::from_str(&repo.read("reports/docset.sarif")).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 5);
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let repo = small();
    assert_snapshot!(repo.check(&["--output", "docs/a.md/report"]), @"
    exit 2
    --- stderr
    error: cannot write `docs/a.md/report`
      caused by: File exists (os error 17)
    ");
}

#[test]
fn quiet_is_silent_only_when_there_is_nothing_to_report() {
    let repo = small();
    assert_eq!(repo.concise(&["--quiet"]), repo.concise(&[]));
    repo.write("docs/b.md", index("IDX-0002", ""));
    assert_snapshot!(repo.check(&["--quiet"]), @"exit 0");
}

#[test]
fn output_is_the_same_on_every_run_and_with_any_number_of_threads() {
    let repo = Repo::new(&[]);
    for at in 0..90 {
        // Ten documents share each id, one in three has a link to nowhere.
        let link = if at % 3 == 0 { format!("\n[x](no-{at}.md)\n") } else { String::new() };
        repo.write(&format!("docs/{}/{at}.md", at % 7), index(&format!("IDX-{}", at / 10), &link));
    }
    for format in FORMATS {
        let once = repo.check(&["--format", format, "--threads", "1"]);
        assert_eq!(once.code, 1);
        for threads in ["1", "4", "4"] {
            assert_eq!(repo.check(&["--format", format, "--threads", threads]), once);
        }
        assert_eq!(repo.check(&["--format", format]), once);
    }
}
