//! `docset new`: ids, paths, packages, and what happens when two run at once.

use std::collections::BTreeSet;
use std::process::Stdio;

use super::harness::{Outcome, Repo, index};

fn new(repo: &Repo, arguments: &[&str]) -> Outcome {
    repo.docset(&[&["new"], arguments].concat()).outcome()
}

/// The path that a successful run prints.
#[track_caller]
fn path(outcome: &Outcome) -> &str {
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome}");
    outcome.stdout.trim_end()
}

fn adr(id: &str) -> String {
    index(id, "").replace("type: index", "type: adr").replace("draft", "proposed")
}

#[test]
fn a_document_has_id_dates_owner_and_links() {
    let repo = Repo::new(&[]);
    let arguments =
        ["adr", "--title", "Keep tokens", "--issue", "41", "--issue", "7", "--pr", "52"];
    let outcome = new(&repo, &[&arguments[..], &["--date", "2026-02-06"]].concat());
    assert_eq!(path(&outcome), "docs/arch/adr-0001-keep-tokens.md");
    let text = repo.read(path(&outcome));
    assert!(text.starts_with(
        "---\ndoc_id: ADR-0001\ntype: adr\ntitle: Keep tokens\nstatus: proposed\nowner_role: SA\n\
         created_at: 2026-02-06\nupdated_at: 2026-02-06\nrelated_issues: [7, 41]\n\
         related_prs: [52]\n"
    ));
    let today = new(&repo, &["adr", "--title", "Today"]);
    let text = repo.read(path(&today));
    let day = text.split_once("created_at: ").unwrap().1.lines().next().unwrap().to_owned();
    assert!(day.as_str() > "2026-01-01" && day.len() == 10, "{day}");
}

#[test]
fn the_next_id_is_as_wide_as_the_last_one() {
    let repo = Repo::new(&[
        ("docs/decisions/a.md", &adr("ADR-098")),
        ("docs/decisions/b.md", &adr("ADR-099")),
        ("docs/old/c.md", &adr("ADR-003")),
        ("docs/old/alerts.md", &index("ALT-ALR-12", "").replace("type: index", "type: alerts")),
        ("docs/broken/rb-0041-no-front-matter.md", "# Runbook\n"),
    ]);
    for (kind, expected) in [
        ("adr", "docs/decisions/adr-100-x.md"),
        ("adr", "docs/decisions/adr-101-x.md"),
        ("alternatives", "docs/arch/alt-0001-x.md"),
        ("alerts", "docs/old/alt-alr-13-x.md"),
        ("runbook", "docs/ops/rb-0042-x.md"),
    ] {
        assert_eq!(path(&new(&repo, &[kind, "--title", "X"])), expected);
    }
    assert_eq!(
        path(&new(&repo, &["adr", "--title", "X", "--stage", "design"])),
        "docs/design/adr-102-x.md"
    );
}

#[test]
fn ids_of_other_branches_are_taken() {
    let repo = Repo::committed(&[("docs/a.md", &adr("ADR-0001"))]);
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    repo.write("docs/b.md", adr("ADR-0007").replace("ADR-0007", "\"ADR-0007\" # ours"));
    repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    assert!(!repo.exists("docs/b.md"));
    for key in ["grep.lineNumber", "grep.column", "grep.fullName", "submodule.recurse"] {
        repo.git(&["config", key, "true"]);
    }
    repo.git(&["config", "color.ui", "always"]);
    assert_eq!(path(&new(&repo, &["adr", "--title", "X"])), "docs/adr-0008-x.md");
}

#[test]
fn neither_git_nor_a_repository_is_needed() {
    let repo = Repo::unmarked(&[("docs/a.md", &adr("ADR-0001"))]);
    assert_eq!(path(&new(&repo, &["adr", "--title", "X"])), "docs/adr-0002-x.md");
    let outcome = repo.docset(&["new", "adr", "--title", "Y"]).env("PATH", "").outcome();
    assert_eq!(path(&outcome), "docs/adr-0003-y.md");
    // A repository without a commit, and one that is none.
    repo.git(&["init", "--quiet"]);
    assert_eq!(path(&new(&repo, &["adr", "--title", "Z"])), "docs/adr-0004-z.md");
}

#[test]
fn a_package_is_all_that_a_stage_produces() {
    let repo = Repo::new(&[]);
    let arguments = ["package", "vision", "--title", "Faster checkout", "--issue", "41"];
    let outcome = new(&repo, &arguments);
    assert_eq!(
        path(&outcome),
        "docs/vision/chr-0001-faster-checkout.md\ndocs/vision/rsk-0001-faster-checkout.md\n\
         docs/vision/met-0001-faster-checkout.md"
    );
    let text = repo.read("docs/vision/rsk-0001-faster-checkout.md");
    assert!(text.contains("\ntitle: \"Risk register: Faster checkout\"\n"), "{text}");
    assert!(text.contains("\nrelated_issues: [41]\n"));
    let found = repo.concise(&[]);
    let others = found.stdout.lines().filter(|line| !line.contains("left-over-placeholder"));
    assert_eq!(others.count(), 1, "only the summary: {found}");
}

#[test]
fn a_package_is_written_whole_or_not_at_all() {
    let repo = Repo::new(&[]);
    // Something that is no document is in the way of the last one, in a folder that
    // holds the documents of its type.
    let metrics = index("MET-0001", "").replace("type: index", "type: success-metrics");
    repo.write("docs/metrics/first.md", metrics);
    std::fs::create_dir(repo.path("docs/metrics/met-0002-x.md")).unwrap();
    let outcome = new(&repo, &["package", "vision", "--title", "X"]);
    assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{outcome}");
    assert!(outcome.stderr.contains("met-0002-x.md"), "{outcome}");
    assert!(!repo.exists("docs/vision"));
    assert_eq!(std::fs::read_dir(repo.path("docs/metrics")).unwrap().count(), 2);
    std::fs::remove_dir(repo.path("docs/metrics/met-0002-x.md")).unwrap();
    assert_eq!(path(&new(&repo, &["package", "vision", "--title", "X"])).lines().count(), 3);
}

#[test]
fn a_dry_run_prints_and_writes_nothing() {
    let repo = Repo::new(&[]);
    let outcome = new(&repo, &["package", "plan", "--title", "X", "--dry-run"]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(outcome.stdout.starts_with("# docs/plan/dod-0001-x.md\n---\ndoc_id: DOD-0001\n"));
    assert!(!repo.exists("docs"));
}

#[test]
fn runs_at_once_get_different_ids() {
    let repo = Repo::new(&[]);
    let runs: Vec<_> = (0..12)
        .map(|number| {
            let title = format!("Number {number}");
            let run = repo.docset(&["new", "adr", "--title", &title]);
            run.into_command().stdout(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut ids = BTreeSet::new();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert!(output.status.success());
        let text = repo.read(String::from_utf8(output.stdout).unwrap().trim_end());
        ids.insert(text.lines().nth(1).unwrap().to_owned());
    }
    assert_eq!(ids.len(), 12, "{ids:?}");
    assert_eq!(ids.last().map(String::as_str), Some("doc_id: ADR-0012"));
}

#[test]
fn a_type_of_the_adopters_own_needs_a_template() {
    let configuration = "docs:\n  types:\n    recipe: {prefixes: [RCP], owner_roles: [KM]}\n";
    let repo = Repo::new(&[("countersign.yaml", configuration)]);
    let outcome = new(&repo, &["recipe", "--title", "Soup"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("write `docs/templates/recipe.md`"), "{outcome}");
    repo.write("docs/templates/recipe.md", "---\ndoc_id: {{ id }}\ntype: {{ type }}\n---\n");
    assert_eq!(path(&new(&repo, &["recipe", "--title", "Soup"])), "docs/recipe/rcp-0001-soup.md");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let repo = Repo::new(&[]);
    for (arguments, reason) in [
        (&["adrr", "--title", "X"][..], "there is no document type `adrr`; did you mean `adr`?"),
        (&["adr", "--title", " \n"], "the title is empty"),
        (&["adr", "--title", "X", "--date", "6.2.2026"], "`6.2.2026` is no day"),
        (&["adr", "--title", "X", "--stage", "../.."], "no document comes from a stage `../..`"),
        (&["adr", "--title", "X", "--lang", "../en"], "there is no template for the type `adr`"),
        (&["adr", "vision", "--title", "X"], "a stage goes behind `package` only"),
        (&["package", "--title", "X"], "a package belongs to a stage"),
        (&["package", "visoin", "--title", "X"], "did you mean `vision`?"),
        (&["vision", "--title", "X"], "`docset new package vision` makes all documents of"),
        (&["adr", "--title", "X", "--issue", "9223372036854775808"], "is not in 1.."),
        (&["package", "any", "--title", "X"], "no document comes from a stage `any`"),
        (&["adr", "--title", "X", "--issue", "0"], "0 is not in 1.."),
    ] {
        let outcome = new(&repo, arguments);
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{arguments:?} {outcome}");
        assert!(outcome.stderr.contains(reason), "{arguments:?} {outcome}");
    }
    assert!(!repo.exists("docs"));
}
